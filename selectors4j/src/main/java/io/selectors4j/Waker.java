package io.selectors4j;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.Platform;

/// Wakes the selecting thread. Its descriptor, if it has one, is part of every wait.
interface Waker {

    /// Creates the waker of this system.
    ///
    /// @throws NativeIOException if the system has no descriptors left
    static Waker create() throws NativeIOException {
        return Platform.CURRENT.os() == Platform.Os.LINUX ? new EventfdWaker() : new PipeWaker();
    }

    /// Returns the descriptor that the selecting thread watches for reading; negative if the waker has none.
    int fileno();

    /// Wakes the selecting thread: makes the descriptor readable. Does nothing after [#close]. Any thread may call it.
    ///
    /// @return 0; or `-errno` if other code has closed the descriptor, so that no thread is woken
    int signal();

    /// Makes the descriptor unreadable again. The selecting thread calls it, unless the descriptor is watched
    /// edge-triggered.
    ///
    /// @throws NativeIOException EBADF if other code has closed the descriptor
    void drain() throws NativeIOException;

    /// Closes the descriptor.
    void close();

    /// Returns whether a descriptor is one of this waker.
    default boolean isOwn(int fd) {
        return fd == fileno();
    }

    /// Throws an [IllegalArgumentException] if a descriptor to register is this waker's. To unregister it later would
    /// stop the selector from watching its own waker.
    default void requireOther(int fd) {
        if (isOwn(fd)) {
            throw new IllegalArgumentException("fd " + fd + " is the descriptor that wakes this selector;"
                    + " if it was opened for another purpose, other code has closed the selector's descriptor before");
        }
    }

    /// Throws an [IllegalStateException] if a signal has failed.
    ///
    /// @param result the result of [#signal]
    static void requireWoken(int result) {
        if (result < 0) {
            throw new IllegalStateException(
                    "the selecting thread cannot be woken: other code has closed the selector's own descriptor ("
                            + Errno.name(-result) + ")");
        }
    }
}
