package io.selectors4j.testing;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.sys.DescriptorFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Numbers of descriptors that a test closes and assigns again without the library's knowledge. After a number is
/// closed, the system does not assign it by itself.
///
/// The Unixes assign the lowest free number first, so the numbers here are high. Windows assigns numbers that it
/// chooses: the lowest or the latest one that is free. So several sockets are opened before each number. They are
/// closed after it, and the system assigns their numbers first.
public final class RawNumbers implements AutoCloseable {

    private static final int FIRST = 3_000;

    /// The number of sockets whose numbers Windows assigns before one that was closed.
    private static final int SPARE = 32;

    /// The number of attempts to get a number.
    private static final int MAX_ATTEMPTS = 20_000;

    private int next = FIRST;
    private final Map<Integer, List<Integer>> open = new HashMap<>();

    /// Duplicates a descriptor.
    ///
    /// @return the number
    public int dup(int fd) {
        if (!Platform.IS_WINDOWS || TestSimulation.CURRENT != null) {
            int number = next++;
            dupOnto(fd, number);
            return number;
        }
        List<Integer> spare = new ArrayList<>();
        for (int i = 0; i < SPARE; i++) {
            spare.add(socket());
        }
        int number = Libc.dup(fd);
        open.put(number, spare);
        return number;
    }

    private static int socket() {
        int socket =
                DescriptorFactory.current().socket(ErrnoCapture.current(), Constants.AF_INET, Constants.SOCK_STREAM, 0);
        if (socket < 0) {
            throw new AssertionError("WSASocketW: " + Libc.strerror(-socket));
        }
        return socket;
    }

    /// Duplicates a descriptor onto a given number, which may be open or closed.
    public void dupOnto(int fd, int number) {
        if (TestSimulation.CURRENT != null) {
            TestSimulation.CURRENT.dupOnto(fd, number);
            open.put(number, List.of());
            return;
        }
        if (!Platform.IS_WINDOWS) {
            Libc.dupOnto(fd, number);
            open.put(number, List.of());
            return;
        }
        if (!assign(fd, number, MAX_ATTEMPTS)) {
            throw new AssertionError("Windows does not assign " + number + " again");
        }
        open.computeIfAbsent(number, key -> List.of());
    }

    /// Duplicates a descriptor onto a given number, which may be open or closed, without owning it. Windows assigns
    /// another number if the given one was assigned meanwhile.
    ///
    /// @return whether the number is a duplicate now; otherwise it is closed
    public static boolean tryDupOnto(int fd, int number) {
        TestSimulation.requireSystem();
        if (Platform.IS_WINDOWS) {
            return assign(fd, number, SPARE);
        }
        Libc.dupOnto(fd, number);
        return true;
    }

    /// Duplicates a descriptor until Windows assigns a given number. Closes the other duplicates.
    private static boolean assign(int fd, int number, int attempts) {
        if (Libc.isOpen(number)) {
            Libc.close(number);
        }
        List<Integer> others = new ArrayList<>();
        int assigned = Libc.dup(fd);
        while (assigned != number && others.size() < attempts) {
            others.add(assigned);
            assigned = Libc.dup(fd);
        }
        boolean done = assigned == number;
        if (!done) {
            Libc.close(assigned);
        }
        others.forEach(Libc::close);
        return done;
    }

    /// Leaves a number to another owner.
    public void release(int number) {
        Objects.requireNonNull(open.remove(number)).forEach(Libc::close);
    }

    /// Closes a number.
    public void close(int number) {
        if (!open.containsKey(number)) {
            throw new AssertionError("not open: " + number);
        }
        if (TestSimulation.CURRENT != null) {
            TestSimulation.CURRENT.close(number);
        } else {
            Libc.close(number);
        }
        release(number);
    }

    @Override
    public void close() {
        List.copyOf(open.keySet()).forEach(this::close);
    }
}
