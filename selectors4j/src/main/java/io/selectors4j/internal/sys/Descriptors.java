package io.selectors4j.internal.sys;

import io.selectors4j.Pollable;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Calls [Pollable#fileno] of user objects, whose code may fail or return anything.
public final class Descriptors {

    /// The packages of the library's own classes.
    private static final Set<String> OWN = Set.of(
            "io.selectors4j",
            "io.selectors4j.fd",
            "io.selectors4j.os",
            "io.selectors4j.testing",
            "io.selectors4j.tty",
            "io.selectors4j.watch");

    /// Returns whether an object is simulated; null as long as the program has no simulation.
    private static volatile @Nullable Predicate<Pollable> simulated;

    private Descriptors() {}

    /// Sets the function that recognizes the objects of a simulation, whose numbers mean nothing to the kernel.
    public static void setSimulated(Predicate<Pollable> predicate) {
        simulated = predicate;
    }

    /// Returns whether an object is simulated.
    public static boolean isSimulated(Pollable fileobj) {
        Predicate<Pollable> predicate = simulated;
        return predicate != null && predicate.test(fileobj);
    }

    /// Returns the descriptor of an object that is about to be passed to the kernel. Calls `fileno` once.
    ///
    /// @throws IllegalArgumentException if it is negative, which means that the object is closed; or if it is simulated
    public static int requireFd(Pollable fileobj) {
        if (isSimulated(fileobj)) {
            throw new IllegalArgumentException(
                    describe(fileobj) + " is simulated: only a selector of its simulation can wait for it");
        }
        return requireSimulatedFd(fileobj);
    }

    /// Returns the descriptor of an object that may be simulated. Calls `fileno` once.
    ///
    /// @throws IllegalArgumentException if it is negative, which means that the object is closed
    public static int requireSimulatedFd(Pollable fileobj) {
        int fd = Objects.requireNonNull(fileobj, "fileobj").fileno();
        if (fd < 0) {
            throw fd == -1
                    ? closedException(fileobj)
                    : new IllegalArgumentException("invalid file descriptor " + fd + " of " + describe(fileobj));
        }
        return fd;
    }

    /// Returns a new exception for an object that is closed.
    public static IllegalArgumentException closedException(Pollable fileobj) {
        return new IllegalArgumentException("invalid file descriptor -1 of " + describe(fileobj) + ", which is closed");
    }

    /// Describes an object in the message of an exception. An object of a user class is described by its class and
    /// descriptor, such as `Connection[fd=5]`: its `toString` may fail or reveal a secret.
    public static String describe(Pollable fileobj) {
        Class<?> type = fileobj.getClass();
        if (OWN.contains(type.getPackageName())) {
            return fileobj.toString();
        }
        String name = type.getName();
        return name.substring(name.lastIndexOf('.') + 1) + "[fd=" + fdOrMinusOne(fileobj) + "]";
    }

    /// Returns the descriptor of an object that may be closed; negative if it has none, or if `fileno` fails.
    public static int fdOrMinusOne(Pollable fileobj) {
        try {
            return fileobj.fileno();
        } catch (RuntimeException e) {
            return -1;
        }
    }
}
