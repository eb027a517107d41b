package io.selectors4j;

/// A descriptor known by its number alone.
///
/// @param fileno the number
record RawFd(int fileno) implements Pollable {

    /// Refuses what no descriptor can be.
    ///
    /// @param fileno the number
    RawFd {
        if (fileno < 0) {
            throw new IllegalArgumentException("invalid file descriptor " + fileno);
        }
    }

    @Override
    public String toString() {
        return "fd " + fileno;
    }
}
