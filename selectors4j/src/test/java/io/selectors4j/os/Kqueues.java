package io.selectors4j.os;

import io.selectors4j.internal.bsd.KqueueLibc;

/// Creates objects for a simulated kqueue, for tests in other packages.
@SuppressWarnings("exports") // the tests are in the module that they test
public final class Kqueues {

    private Kqueues() {}

    /// Adopts a descriptor.
    public static Kqueue fromFd(KqueueLibc libc, int fd) {
        return Kqueue.fromFd(libc, fd);
    }

    /// Allocates memory in the layout of the simulated system.
    public static Kevents memory(KqueueLibc libc, int capacity) {
        return new Kevents(libc.system(), capacity);
    }
}
