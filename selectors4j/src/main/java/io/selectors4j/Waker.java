package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.Platform;

/// What the selecting thread waits on besides, and by which others wake it.
interface Waker {

    /// Creates a waker.
    ///
    /// @return the one that suits this system
    /// @throws NativeIOException if there is no descriptor to be had
    static Waker create() throws NativeIOException {
        return Platform.CURRENT.os() == Platform.Os.LINUX ? new EventfdWaker() : new PipeWaker();
    }

    /// What the selecting thread waits on for reading.
    ///
    /// @return the descriptor; negative for a waker that has none
    int fileno();

    /// Wakes: makes the descriptor readable. Does nothing once it is closed. From any thread.
    ///
    /// @return 0, or `-errno` if nobody is woken, since the descriptor was closed behind this object's back
    int signal();

    /// Makes the descriptor unreadable again. For the selecting thread; not needed where it is watched edge-triggered.
    ///
    /// @throws NativeIOException EBADF if the descriptor was closed behind this object's back
    void drain() throws NativeIOException;

    /// Closes the descriptor.
    void close();

    /// Makes sure that a descriptor is not this one: whoever registered and unregistered it would take it away.
    ///
    /// @param fd any other descriptor
    /// @throws IllegalArgumentException if it is this one
    default void requireOther(int fd) {
        if (fd == fileno()) {
            throw new IllegalArgumentException("fd " + fd
                    + " is this selector's own, which it is woken by; whoever got it anew has closed that before");
        }
    }

    /// Makes sure that somebody was woken.
    ///
    /// @param result what [#signal] has returned
    /// @throws IllegalStateException if nobody was
    static void requireWoken(int result) {
        if (result < 0) {
            throw new IllegalStateException(
                    "the selecting thread cannot be woken: somebody else has closed the descriptor that this selector does it by ("
                            + Errno.name(-result) + ")");
        }
    }
}
