package io.selectors4j.os;

import io.selectors4j.internal.sys.PollFlags;

/// An event that epoll reports for one descriptor: Python's pair `(fd, event)`.
///
/// @param data the user data given to `register` or `modify`; the descriptor's number if none was given
/// @param events the EPOLL* flags that are set
public record EpollEvent(long data, int events) {

    /// Returns the descriptor, if it was registered without user data.
    ///
    /// @return the lower 32 bits of the data
    public int fd() {
        return (int) data;
    }

    /// Tells whether all of the given flags are set.
    ///
    /// @param flags EPOLL* flags
    /// @return whether all of them are set
    public boolean has(int flags) {
        return (events & flags) == flags;
    }

    /// Returns the data and the names of the flags.
    @Override
    public String toString() {
        return "EpollEvent[data=" + data + ", events=" + PollFlags.toString("EPOLL", events) + "]";
    }
}
