package io.selectors4j.internal.bsd;

import io.selectors4j.internal.ffi.Platform.Os;
import org.jspecify.annotations.Nullable;

/// A system that has kqueue, with all that differs between them but for the functions: the struct and the numbers.
public enum KqueueSystem {
    MACOS(Os.MACOS),
    FREEBSD(Os.FREEBSD),
    OPENBSD(Os.OPENBSD),
    NETBSD(Os.NETBSD),
    DRAGONFLY(Os.DRAGONFLY),
    /// The library for Linux that does kqueue with epoll.
    LIBKQUEUE(Os.LINUX);

    private final Os os;

    KqueueSystem(Os os) {
        this.os = os;
    }

    /// The kqueue of an operating system.
    ///
    /// @param os the operating system
    /// @return its kqueue; null if it has none
    public static @Nullable KqueueSystem of(Os os) {
        for (KqueueSystem system : values()) {
            if (system.os == os) {
                return system;
            }
        }
        return null;
    }

    /// The operating system that has it.
    ///
    /// @return the system
    public Os os() {
        return os;
    }

    /// Its `struct kevent`.
    ///
    /// @return the layout
    public KeventLayout layout() {
        return switch (this) {
            case MACOS, OPENBSD, DRAGONFLY, LIBKQUEUE -> KeventLayout.SHORT;
            case FREEBSD -> KeventLayout.SHORT_EXTENDED;
            case NETBSD -> KeventLayout.WIDE;
        };
    }

    /// The number of a constant that this system has.
    ///
    /// @param name its C name
    /// @return its number, unsigned
    /// @throws IllegalArgumentException if this system lacks it
    public int number(String name) {
        long number = KqueueConstantTable.find(this, name);
        if (number == KqueueConstantTable.NONE) {
            throw new IllegalArgumentException(this + " has no " + name);
        }
        return (int) number;
    }

    /// Whether EVFILT_EXCEPT with NOTE_OOB reports out-of-band data and nothing else. On macOS it reports other data as well,
    /// for as long as they are there, and FreeBSD and NetBSD have no such filter.
    ///
    /// @return whether it does
    public boolean tellsUrgentData() {
        return this == OPENBSD || this == DRAGONFLY;
    }

    /// Whether this is not the kernel's own kqueue, but a library's, which has limits that a kernel has not:
    ///
    /// - a call that changes something waits while another thread waits for events of the same kqueue;
    /// - the kqueue's own descriptor says nothing when it is polled;
    /// - it must be told to forget a descriptor before that is closed.
    ///
    /// @return whether it is libkqueue
    public boolean isLibkqueue() {
        return this == LIBKQUEUE;
    }

    /// Whether this system has a constant.
    ///
    /// @param name its C name
    /// @return whether there is a number
    public boolean has(String name) {
        return KqueueConstantTable.find(this, name) != KqueueConstantTable.NONE;
    }

    @Override
    public String toString() {
        return this == LIBKQUEUE ? "libkqueue" : os.toString();
    }
}
