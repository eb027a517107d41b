package io.selectors4j.internal.sys;

import io.selectors4j.Pollable;
import java.util.Objects;
import java.util.Set;

/// Asks objects for their descriptors, once and with care: the answer is a user's code.
public final class Descriptors {

    /// The packages of the library's own objects.
    private static final Set<String> OWN = Set.of(
            "io.selectors4j", "io.selectors4j.fd", "io.selectors4j.os", "io.selectors4j.tty", "io.selectors4j.watch");

    private Descriptors() {}

    /// The descriptor of an object that is about to be passed to the kernel.
    ///
    /// @param fileobj the object
    /// @return its descriptor
    /// @throws IllegalArgumentException if it is negative, which says that the object is closed
    public static int requireFd(Pollable fileobj) {
        int fd = Objects.requireNonNull(fileobj, "fileobj").fileno();
        if (fd < 0) {
            throw fd == -1
                    ? closedException(fileobj)
                    : new IllegalArgumentException("invalid file descriptor " + fd + " of " + describe(fileobj));
        }
        return fd;
    }

    /// What to throw for an object that is closed.
    ///
    /// @param fileobj the object
    /// @return a new exception
    public static IllegalArgumentException closedException(Pollable fileobj) {
        return new IllegalArgumentException("invalid file descriptor -1 of " + describe(fileobj) + ", which is closed");
    }

    /// What an exception calls an object: that of a user's class by the class and the number, since what it says of itself may be a
    /// secret, or fail.
    ///
    /// @param fileobj the object
    /// @return such as `Connection[fd=5]`
    public static String describe(Pollable fileobj) {
        Class<?> type = fileobj.getClass();
        if (OWN.contains(type.getPackageName())) {
            return fileobj.toString();
        }
        String name = type.getName();
        return name.substring(name.lastIndexOf('.') + 1) + "[fd=" + fdOrMinusOne(fileobj) + "]";
    }

    /// The descriptor of an object that may have been closed.
    ///
    /// @param fileobj the object
    /// @return its descriptor; negative if it has none any more, or refuses to tell
    public static int fdOrMinusOne(Pollable fileobj) {
        try {
            return fileobj.fileno();
        } catch (RuntimeException e) {
            return -1;
        }
    }
}
