package io.selectors4j.internal.selector;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Platform;

/// What the selecting thread waits on besides, and by which others wake it.
public interface Waker {

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
    void signal();

    /// Makes the descriptor unreadable again. For the selecting thread; not needed where it is watched edge-triggered.
    ///
    /// @throws NativeIOException EBADF if the descriptor was closed behind this object's back
    void drain() throws NativeIOException;

    /// Closes the descriptor.
    void close();
}
