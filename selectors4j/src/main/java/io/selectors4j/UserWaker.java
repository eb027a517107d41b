package io.selectors4j;

import io.selectors4j.internal.sys.KqueueInstance;

/// The waker of kqueue: EVFILT_USER, an event without a descriptor. The kernel reports it once for each trigger.
final class UserWaker implements Waker {

    /// The identifier of the event. Each filter has its own identifiers, so this is not descriptor 0.
    private static final long IDENT = 0;

    private final KqueueInstance kqueue;

    /// Creates a waker for an event that [#prepare] has added.
    UserWaker(KqueueInstance kqueue) {
        this.kqueue = kqueue;
    }

    /// Adds the event to a kqueue, with a token as its user data.
    ///
    /// @return false if the system has no EVFILT_USER: NetBSD before 10 and OpenBSD before 7.8
    static boolean prepare(KqueueInstance kqueue, long token) {
        return kqueue.hasUser() && kqueue.addUser(IDENT, token) >= 0;
    }

    @Override
    public int fileno() {
        return -1;
    }

    @Override
    public int signal() {
        int result = kqueue.trigger(IDENT);
        return kqueue.fileno() < 0 ? 0 : result; // EBADF after a close, when no thread waits any more
    }

    @Override
    public void drain() {
        // EV_CLEAR resets the event
    }

    @Override
    public void close() {
        // the event ends with its kqueue
    }
}
