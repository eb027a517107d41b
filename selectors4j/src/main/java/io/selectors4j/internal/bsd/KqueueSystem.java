package io.selectors4j.internal.bsd;

import io.selectors4j.internal.ffi.Platform.Os;
import org.jspecify.annotations.Nullable;

/// A system that has kqueue, with the differences between them: the struct and the constants.
public enum KqueueSystem {
    MACOS(Os.MACOS),
    FREEBSD(Os.FREEBSD),
    OPENBSD(Os.OPENBSD),
    NETBSD(Os.NETBSD),
    DRAGONFLY(Os.DRAGONFLY),
    /// The library that implements kqueue with epoll on Linux.
    LIBKQUEUE(Os.LINUX);

    private final Os os;

    KqueueSystem(Os os) {
        this.os = os;
    }

    /// Returns the kqueue of an operating system, or null if it has none.
    public static @Nullable KqueueSystem of(Os os) {
        for (KqueueSystem system : values()) {
            if (system.os == os) {
                return system;
            }
        }
        return null;
    }

    /// Returns the operating system.
    public Os os() {
        return os;
    }

    /// Returns the layout of `struct kevent`.
    public KeventLayout layout() {
        return switch (this) {
            case MACOS, OPENBSD, DRAGONFLY, LIBKQUEUE -> KeventLayout.SHORT;
            case FREEBSD -> KeventLayout.SHORT_EXTENDED;
            case NETBSD -> KeventLayout.WIDE;
        };
    }

    /// Returns the value of a constant, unsigned.
    ///
    /// @throws IllegalArgumentException if this system lacks it
    public int number(String name) {
        long number = KqueueConstantTable.find(this, name);
        if (number == KqueueConstantTable.NONE) {
            throw new IllegalArgumentException(this + " has no " + name);
        }
        return (int) number;
    }

    /// Returns whether EVFILT_EXCEPT with NOTE_OOB reports only out-of-band data. On macOS it reports other data as
    /// well, for as long as they are unread. FreeBSD and NetBSD have no EVFILT_EXCEPT.
    public boolean tellsUrgentData() {
        return this == OPENBSD || this == DRAGONFLY;
    }

    /// Returns whether kqueue is implemented by libkqueue instead of the kernel. libkqueue has limits:
    ///
    /// - a call with changes blocks while another thread waits for events of the same kqueue;
    /// - the descriptor of the kqueue is never ready when it is polled;
    /// - a descriptor must be removed from the kqueue before it is closed;
    /// - a receipt (EV_RECEIPT) lacks EV_ERROR before version 2.5.0.
    public boolean isLibkqueue() {
        return this == LIBKQUEUE;
    }

    /// Returns whether this system has a constant.
    public boolean has(String name) {
        return KqueueConstantTable.find(this, name) != KqueueConstantTable.NONE;
    }

    @Override
    public String toString() {
        return this == LIBKQUEUE ? "libkqueue" : os.toString();
    }
}
