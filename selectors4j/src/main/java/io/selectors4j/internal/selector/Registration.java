package io.selectors4j.internal.selector;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.SelectorKey;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.sys.Filenos;
import org.jspecify.annotations.Nullable;

/// One registration from `register` to `unregister`. Another registration of the same number is another object with
/// another generation. Guarded by the selector's lock.
///
/// @param <A> type of the key's data
public final class Registration<A extends @Nullable Object> {

    private final int fd;
    private final long generation;
    private final @Nullable Membership membership;
    private final boolean silent;
    private SelectorKey<A> key;

    private long changed;
    private int slot = -1;
    private int pending;

    /// Makes a registration.
    ///
    /// @param key the key
    /// @param generation how many changes the selector had before
    /// @param membership that of the key's object, if it has one
    public Registration(SelectorKey<A> key, long generation, @Nullable Membership membership) {
        this.fd = key.fd();
        this.generation = generation;
        this.membership = membership;
        this.silent = membership != null && membership.isSilent();
        this.key = key;
        this.changed = generation;
    }

    /// The descriptor's number at the time of registration.
    ///
    /// @return the number
    public int fd() {
        return fd;
    }

    /// How many changes the selector had before this registration.
    ///
    /// @return the generation
    public long generation() {
        return generation;
    }

    /// The membership of the object.
    ///
    /// @return its membership, or null if closing it is not this library's business
    public @Nullable Membership membership() {
        return membership;
    }

    /// Whether the object does not leave its selectors when it closes.
    ///
    /// @return whether it has to be asked
    boolean isSilent() {
        return silent;
    }

    /// Whether the object was closed without leaving. Can be told of one only that others close: its number may be another one's by
    /// now. An object without a membership is a user's, who unregisters it.
    ///
    /// @return whether the descriptor is not the object's any more
    public boolean isGone() {
        return silent && Filenos.probe(key.fileobj()) != fd;
    }

    /// Makes sure that an object that is not waited for has not given its number away meanwhile.
    ///
    /// @param events what it is to be waited for
    /// @throws NativeIOException EBADF if it has
    public void requireOwn(Interest events) throws NativeIOException {
        boolean idle = slot < 0 || key.events().isEmpty();
        if (idle && !events.isEmpty() && Filenos.probe(key.fileobj()) != fd) {
            throw new NativeIOException(
                    "modify(fd=" + fd + ", " + events + ")",
                    Errno.EBADF,
                    "the object that was registered has this descriptor no more");
        }
    }

    /// What goes to the kernel and comes back with an event: number and last change.
    ///
    /// @return the lower 32 bits of [#changed] above the number
    public long token() {
        return token(changed);
    }

    /// What [#token] will be after a change.
    ///
    /// @param before how many changes the selector had before
    /// @return the lower 32 bits of that above the number
    public long token(long before) {
        return before << Integer.SIZE | fd;
    }

    /// The key as it is now.
    ///
    /// @return the key
    public SelectorKey<A> key() {
        return key;
    }

    /// Replaces the key.
    ///
    /// @param replacement the key with another interest or other data
    public void setKey(SelectorKey<A> replacement) {
        key = replacement;
    }

    /// What the key waits for.
    ///
    /// @return its interest
    public Interest events() {
        return key.events();
    }

    /// How many changes the selector had before the last one of this registration.
    ///
    /// @return the number, at first [#generation]
    public long changed() {
        return changed;
    }

    /// Notes a change.
    ///
    /// @param before how many changes the selector had before
    public void setChanged(long before) {
        changed = before;
    }

    /// Whether this is the registration of one very object: an equal one may be another owner of the number.
    ///
    /// @param fileobj the object
    /// @return whether it was registered
    @SuppressWarnings("ReferenceEquality")
    public boolean isOf(Pollable fileobj) {
        return key.fileobj() == fileobj;
    }

    /// The backend's own place for this registration.
    ///
    /// @return what [#setSlot] set, at first -1
    public int slot() {
        return slot;
    }

    /// Notes the backend's own place for this registration.
    ///
    /// @param index any number
    public void setSlot(int index) {
        slot = index;
    }

    /// What one wait has found so far, where the kernel says it in several events.
    ///
    /// @return POLL* flags
    public int pending() {
        return pending;
    }

    /// Notes what one wait has found so far.
    ///
    /// @param mask POLL* flags
    public void setPending(int mask) {
        pending = mask;
    }
}
