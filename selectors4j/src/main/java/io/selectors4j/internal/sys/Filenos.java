package io.selectors4j.internal.sys;

import io.selectors4j.Pollable;
import java.util.Objects;

/// Asks objects for their descriptors, once and with care: the answer is a user's code.
public final class Filenos {

    private Filenos() {}

    /// The descriptor of an object that is about to be passed to the kernel.
    ///
    /// @param fileobj the object
    /// @return its descriptor
    /// @throws IllegalArgumentException if it is negative, which says that the object is closed
    public static int require(Pollable fileobj) {
        int fd = Objects.requireNonNull(fileobj, "fileobj").fileno();
        if (fd < 0) {
            throw fd == -1
                    ? closed(fileobj)
                    : new IllegalArgumentException("invalid file descriptor " + fd + " of " + fileobj);
        }
        return fd;
    }

    /// What to throw for an object that is closed.
    ///
    /// @param fileobj the object
    /// @return a new exception
    public static IllegalArgumentException closed(Pollable fileobj) {
        return new IllegalArgumentException("invalid file descriptor -1 of " + fileobj + ", which is closed");
    }

    /// The descriptor of an object that may have been closed.
    ///
    /// @param fileobj the object
    /// @return its descriptor; negative if it has none any more, or refuses to tell
    public static int probe(Pollable fileobj) {
        try {
            return fileobj.fileno();
        } catch (RuntimeException e) {
            return -1;
        }
    }
}
