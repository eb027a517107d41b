package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.selector.CloseListeners;
import io.selectors4j.internal.sys.Descriptors;
import org.jspecify.annotations.Nullable;

/// One registration from `register` to `unregister`. Another registration of the same number is another object with
/// another generation. Guarded by the selector's lock.
///
/// @param <A> type of the key's data
final class Registration<A extends @Nullable Object> {

    private final int fd;
    private final long generation;
    private final @Nullable CloseListeners listeners;
    private final boolean closesUnnoticed;
    private SelectorKey<A> key;

    private long version;
    private int slot = -1;
    private int pending;

    /// Makes a registration.
    ///
    /// @param key the key
    /// @param generation how many changes the selector had before
    /// @param membership that of the key's object, if it has one
    Registration(SelectorKey<A> key, long generation, @Nullable CloseListeners membership) {
        this.fd = key.fd();
        this.generation = generation;
        this.listeners = membership;
        this.closesUnnoticed = membership != null && membership.closesUnnoticed();
        this.key = key;
        this.version = generation;
    }

    /// The descriptor's number at the time of registration.
    ///
    /// @return the number
    int fd() {
        return fd;
    }

    /// How many changes the selector had before this registration.
    ///
    /// @return the generation
    long generation() {
        return generation;
    }

    /// The membership of the object.
    ///
    /// @return its membership, or null if closing it is not this library's business
    @Nullable
    CloseListeners listeners() {
        return listeners;
    }

    /// Whether the object does not leave its selectors when it closes.
    ///
    /// @return whether it has to be asked
    boolean closesUnnoticed() {
        return closesUnnoticed;
    }

    /// Whether the object was closed without leaving. Can be told of one only that others close: its number may be another one's by
    /// now. An object without a membership is a user's, who unregisters it.
    ///
    /// @return whether the descriptor is not the object's any more
    boolean isClosedUnnoticed() {
        return closesUnnoticed && Descriptors.fdOrMinusOne(key.fileobj()) != fd;
    }

    /// Makes sure that an object that is not waited for has not given its number away meanwhile.
    ///
    /// @param events what it is to be waited for
    /// @throws NativeIOException EBADF if it has
    void requireSameFd(Interest events) throws NativeIOException {
        boolean idle = slot < 0 || key.events().isEmpty();
        if (idle && !events.isEmpty() && Descriptors.fdOrMinusOne(key.fileobj()) != fd) {
            throw new NativeIOException(
                    "modify(fd=" + fd + ", " + events + ")",
                    Errno.EBADF,
                    "the object that was registered has this descriptor no more");
        }
    }

    /// What goes to the kernel and comes back with an event: number and last change.
    ///
    /// @return the lower 32 bits of [#version] above the number
    long token() {
        return token(version);
    }

    /// What [#token] will be after a change.
    ///
    /// @param before how many changes the selector had before
    /// @return the lower 32 bits of that above the number
    long token(long before) {
        return before << Integer.SIZE | fd;
    }

    /// The key as it is now.
    ///
    /// @return the key
    SelectorKey<A> key() {
        return key;
    }

    /// Replaces the key.
    ///
    /// @param replacement the key with another interest or other data
    void setKey(SelectorKey<A> replacement) {
        key = replacement;
    }

    /// What the key waits for.
    ///
    /// @return its interest
    Interest events() {
        return key.events();
    }

    /// How many changes the selector had before the last one of this registration.
    ///
    /// @return the number, at first [#generation]
    long version() {
        return version;
    }

    /// Notes a change.
    ///
    /// @param before how many changes the selector had before
    void setVersion(long before) {
        version = before;
    }

    /// Whether this is the registration of one very object: an equal one may be another owner of the number.
    ///
    /// @param fileobj the object
    /// @return whether it was registered
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(Pollable fileobj) {
        return key.fileobj() == fileobj;
    }

    /// The backend's own place for this registration.
    ///
    /// @return what [#setSlot] set, at first -1
    int slot() {
        return slot;
    }

    /// Notes the backend's own place for this registration.
    ///
    /// @param index any number
    void setSlot(int index) {
        slot = index;
    }

    /// What one wait has found so far, where the kernel says it in several events.
    ///
    /// @return POLL* flags
    int pending() {
        return pending;
    }

    /// Notes what one wait has found so far.
    ///
    /// @param mask POLL* flags
    void setPending(int mask) {
        pending = mask;
    }
}
