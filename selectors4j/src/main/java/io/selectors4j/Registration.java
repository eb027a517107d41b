package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.selector.CloseListeners;
import io.selectors4j.internal.sys.Descriptors;
import org.jspecify.annotations.Nullable;

/// One registration, from `register` to `unregister`. Another registration of the same number is another object with
/// another generation. Guarded by the registry's lock.
///
/// @param <A> type of the key's data
final class Registration<A extends @Nullable Object> {

    /// The state of a registration in the kernel set of its backend.
    enum State {
        /// The kernel set does not contain the descriptor.
        ABSENT,
        /// The kernel reports events.
        WATCHED,
        /// The kernel has reported a one-shot event, and reports nothing more until the descriptor is armed again.
        FIRED,
        /// EPOLL, simulated: the kernel set contains the descriptor without events.
        PAUSED,
        /// IO_URING: the socket is batched, and the kernel set does not contain it.
        BATCHED,
        /// KQUEUE: the kernel refuses the descriptor, so `select` watches it.
        FALLBACK,
        /// AFD: other code has closed the socket, and each select reports it.
        INVALID
    }

    private final int fd;
    private final long generation;
    private final @Nullable CloseListeners listeners;
    private final boolean closesUnnoticed;
    private final long registeredAt = System.nanoTime();
    private SelectorKey<A> key;
    private long version;
    private State state = State.ABSENT;
    private int pollIndex = -1;
    private int pendingEvents;
    private boolean needsDirectPoll;
    private boolean reportedUnhandled;

    /// Creates a registration that is in no kernel set.
    ///
    /// @param generation the version of the table at the time of registration
    /// @param listeners the close listeners of the key's object, or null if the library does not learn of its close
    Registration(SelectorKey<A> key, long generation, @Nullable CloseListeners listeners) {
        this.fd = key.fd();
        this.generation = generation;
        this.listeners = listeners;
        this.closesUnnoticed = listeners != null && listeners.closesUnnoticed();
        this.key = key;
        this.version = generation;
    }

    int fd() {
        return fd;
    }

    /// Returns the version of the table at the time of registration.
    long generation() {
        return generation;
    }

    /// Returns the time of [System#nanoTime] at the registration.
    long registeredAt() {
        return registeredAt;
    }

    /// Returns whether [UnhandledKeys] has reported this registration.
    boolean isReportedUnhandled() {
        return reportedUnhandled;
    }

    void setReportedUnhandled() {
        reportedUnhandled = true;
    }

    @Nullable
    CloseListeners listeners() {
        return listeners;
    }

    /// Returns whether the object's close is noticed only by asking for its number.
    boolean closesUnnoticed() {
        return closesUnnoticed;
    }

    /// Returns whether the object was closed without notice: its number may have another owner. An object without close
    /// listeners is the user's, who unregisters it.
    boolean isClosedUnnoticed() {
        return closesUnnoticed && Descriptors.fdOrMinusOne(key.fileobj()) != fd;
    }

    /// Checks that an object still has its number, before the number is added to the kernel set again.
    ///
    /// @param events the interest from now on
    /// @throws NativeIOException EBADF if the object has another number or none
    void requireSameFd(Interest events) throws NativeIOException {
        boolean idle = state == State.ABSENT || key.events().isEmpty();
        if (idle && !events.isEmpty() && Descriptors.fdOrMinusOne(key.fileobj()) != fd) {
            throw new NativeIOException(
                    "modify(fd=" + fd + ", " + events + ")",
                    Errno.EBADF,
                    "the registered object no longer has this descriptor");
        }
    }

    /// Returns the value that the kernel stores with the descriptor and returns with each event: the lower 32 bits of
    /// [#version], above the number.
    long token() {
        return token(version);
    }

    /// Returns the [#token] of another version.
    long token(long otherVersion) {
        return otherVersion << Integer.SIZE | fd;
    }

    SelectorKey<A> key() {
        return key;
    }

    void setKey(SelectorKey<A> replacement) {
        key = replacement;
    }

    Interest events() {
        return key.events();
    }

    /// Returns the version of the table at the last change of the interest; at first [#generation].
    long version() {
        return version;
    }

    void setVersion(long newVersion) {
        version = newVersion;
    }

    /// Returns whether an object is the very one that was registered. An equal one may be another owner of the number.
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(Pollable fileobj) {
        return key.fileobj() == fileobj;
    }

    State state() {
        return state;
    }

    void setState(State newState) {
        state = newState;
    }

    /// Returns the index in the array of `poll` (POLL) or the number of the poll of AFD (AFD), or -1.
    int pollIndex() {
        return pollIndex;
    }

    void setPollIndex(int index) {
        pollIndex = index;
    }

    /// KQUEUE: returns the POLL* flags of the events that one wait has reported so far.
    int pendingEvents() {
        return pendingEvents;
    }

    void setPendingEvents(int mask) {
        pendingEvents = mask;
    }

    /// EPOLL: returns whether a poll through another epoll instance can lose an event of this descriptor.
    boolean needsDirectPoll() {
        return needsDirectPoll;
    }

    void setNeedsDirectPoll(boolean needed) {
        needsDirectPoll = needed;
    }
}
