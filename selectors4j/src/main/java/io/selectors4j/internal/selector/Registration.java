package io.selectors4j.internal.selector;

import io.selectors4j.Pollable;
import io.selectors4j.SelectorKey;
import org.jspecify.annotations.Nullable;

/// One registration from `register` to `unregister`. Another registration of the same number is another object with
/// another generation.
///
/// @param <A> type of the key's data
public final class Registration<A extends @Nullable Object> {

    private final int fd;
    private final long generation;
    private volatile SelectorKey<A> key;
    private volatile boolean live = true;
    private int slot = -1;

    /// Makes a registration.
    ///
    /// @param key the key
    /// @param generation how many registrations the selector had before
    public Registration(SelectorKey<A> key, long generation) {
        this.fd = key.fd();
        this.generation = generation;
        this.key = key;
    }

    /// The descriptor's number at the time of registration.
    ///
    /// @return the number
    public int fd() {
        return fd;
    }

    /// How many registrations the selector had before this one.
    ///
    /// @return the generation
    public long generation() {
        return generation;
    }

    /// What goes to the kernel and comes back with an event: number and generation.
    ///
    /// @return the lower 32 bits of the generation above the number
    public long token() {
        return generation << Integer.SIZE | fd;
    }

    /// The key as it is now.
    ///
    /// @return the key
    public SelectorKey<A> key() {
        return key;
    }

    /// Replaces the key.
    ///
    /// @param changed the key with another interest or other data
    public void setKey(SelectorKey<A> changed) {
        key = changed;
    }

    /// Whether this is the registration of one very object: an equal one may be another owner of the number.
    ///
    /// @param fileobj the object
    /// @return whether it was registered
    @SuppressWarnings("ReferenceEquality")
    public boolean isOf(Pollable fileobj) {
        return key.fileobj() == fileobj;
    }

    /// Whether this has not been unregistered.
    ///
    /// @return whether events may still be delivered
    public boolean isLive() {
        return live;
    }

    /// Ends the registration: nothing is delivered from now on.
    public void end() {
        live = false;
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
}
