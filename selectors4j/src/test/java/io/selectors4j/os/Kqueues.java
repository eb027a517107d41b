package io.selectors4j.os;

import io.selectors4j.internal.bsd.KqueueLibc;

/// Opens kqueues of a test's own kernel, for tests in other packages.
@SuppressWarnings("exports") // the tests are in the module of what they test
public final class Kqueues {

    private Kqueues() {}

    /// Makes an object of a descriptor.
    public static Kqueue fromFd(KqueueLibc libc, int fd) {
        return Kqueue.fromFd(libc, fd);
    }

    /// Allocates memory in the layout of the kernel's system.
    public static Kevents memory(KqueueLibc libc, int capacity) {
        return new Kevents(libc.system(), capacity);
    }
}
