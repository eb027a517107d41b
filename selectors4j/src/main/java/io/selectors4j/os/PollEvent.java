package io.selectors4j.os;

import io.selectors4j.internal.sys.PollFlags;

/// An event that `poll` reports for one descriptor: Python's pair `(fd, event)`.
///
/// @param fd the descriptor
/// @param revents the POLL* flags that are set
public record PollEvent(int fd, int revents) {

    /// Tells whether all of the given flags are set.
    ///
    /// @param flags POLL* flags
    /// @return whether all of them are set
    public boolean has(int flags) {
        return (revents & flags) == flags;
    }

    /// Returns the descriptor and the names of the flags.
    @Override
    public String toString() {
        return "PollEvent[fd=" + fd + ", revents=" + PollFlags.nameOfSystem(revents) + "]";
    }
}
