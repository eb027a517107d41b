package io.selectors4j.internal.sys;

import io.selectors4j.Pollable;

/// A descriptor known by its number alone.
///
/// @param fileno the number
public record RawDescriptor(int fileno) implements Pollable {

    /// Refuses what no descriptor can be.
    ///
    /// @param fileno the number
    public RawDescriptor {
        if (fileno < 0) {
            throw new IllegalArgumentException("invalid file descriptor " + fileno);
        }
    }

    @Override
    public String toString() {
        return "fd " + fileno;
    }
}
