package io.selectors4j;

/// A descriptor known by its number alone.
record RawDescriptor(int fileno) implements Pollable {

    RawDescriptor {
        if (fileno < 0) {
            throw new IllegalArgumentException("invalid file descriptor " + fileno);
        }
    }

    @Override
    public String toString() {
        return "fd " + fileno;
    }
}
