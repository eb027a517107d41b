package io.selectors4j.os;

import io.selectors4j.internal.sys.PollFlags;

/// What epoll found on one descriptor: Python's pair `(fd, event)`.
///
/// @param data the user data that were given with the descriptor; its number, if none were
/// @param events the EPOLL* flags that are set
public record EpollEvent(long data, int events) {

    /// The descriptor, if it was registered without user data of its own.
    ///
    /// @return the lower 32 bits of the data
    public int fd() {
        return (int) data;
    }

    /// Whether all of some flags are set.
    ///
    /// @param flags EPOLL* flags
    /// @return whether all of them are set
    public boolean has(int flags) {
        return (events & flags) == flags;
    }

    /// The data and the names of the flags.
    @Override
    public String toString() {
        return "EpollEvent[data=" + data + ", events=" + PollFlags.toString("EPOLL", events) + "]";
    }
}
