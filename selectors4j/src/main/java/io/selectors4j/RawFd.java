package io.selectors4j;

/// A borrowed descriptor, known by its number alone.
record RawFd(int fileno) implements Pollable {

    /// Throws an [IllegalArgumentException] if the number is negative.
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
