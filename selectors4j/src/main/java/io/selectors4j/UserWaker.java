package io.selectors4j;

import io.selectors4j.internal.sys.KqueueInstance;

/// A waker of kqueue: EVFILT_USER, an event that needs no descriptor. It is reported once each time it is triggered.
final class UserWaker implements Waker {

    /// Filters have numbers of their own: this is not descriptor 0.
    private static final long IDENT = 0;

    private final KqueueInstance kqueue;

    /// Makes a waker of an event that [#prepare] has put in.
    ///
    /// @param kqueue where the selecting thread waits
    UserWaker(KqueueInstance kqueue) {
        this.kqueue = kqueue;
    }

    /// Puts the event in.
    ///
    /// @param kqueue where the selecting thread waits
    /// @param token the event's user data
    /// @return whether the system has such events: NetBSD before 10 and OpenBSD before 7.8 have not
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
        return kqueue.fileno() < 0 ? 0 : result; // EBADF if it is closed: then nobody waits any more
    }

    @Override
    public void drain() {
        // EV_CLEAR has done it
    }

    @Override
    public void close() {
        // goes with the kqueue
    }
}
