package io.selectors4j.testing;

import io.selectors4j.internal.simulation.Simulations;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The state of a simulation: the numbers of the descriptors, the faults, the source of chance, and the clock. One lock
/// guards all of it. The locks of the selectors come before it, and no code of the user runs with it.
final class Kernel {

    /// As in a process, whose first three numbers are the standard streams.
    private static final int FIRST_FD = 3;

    final ReentrantLock lock = new ReentrantLock();
    final Simulation.Builder settings;
    final SimulatedClock clock;

    private final Random random;

    private final Map<Operation, Queue<String>> faults = new EnumMap<>(Operation.class);

    private @Nullable OpenFile[] table = new OpenFile[16];

    Kernel(Simulation.Builder settings) {
        this.settings = settings;
        random = new Random(settings.seed);
        clock = new SimulatedClock(this);
    }

    /// A lock that is held until it is closed.
    interface Held extends AutoCloseable {

        @Override
        void close();
    }

    /// Acquires the lock.
    Held acquire() {
        lock.lock();
        return lock::unlock;
    }

    /// Wakes the threads that wait, to look again.
    void changed() {
        clock.changed.signalAll();
    }

    /// Returns true with a probability.
    boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    Random random() {
        return random;
    }

    /// Returns the number of bytes that a call moves of those that it could.
    int transferred(int possible) {
        return possible > 1 && chance(settings.shortTransfers) ? 1 + random.nextInt(possible) : possible;
    }

    void failNext(Operation operation, String errno) {
        Simulations.requireErrno(errno);
        faults.computeIfAbsent(operation, _ -> new ArrayDeque<>()).add(errno);
    }

    /// Throws the exception that a test has planned for the next call of any descriptor or selector.
    void checkFault(Operation operation, String arguments) throws IOException {
        Queue<String> planned = faults.get(operation);
        String errno = planned == null ? null : planned.poll();
        OpenFile.throwIf(errno, operation.call() + "(" + arguments + ")");
    }

    /// Gives a file the lowest free number.
    ///
    /// @throws IOException EMFILE at the limit of open files
    int open(OpenFile file) throws IOException {
        int fd = FIRST_FD;
        while (file(fd) != null) {
            fd++;
        }
        if (fd >= FIRST_FD + settings.maxDescriptors) {
            throw Simulations.failure("open(" + file + ")", "EMFILE");
        }
        open(file, fd);
        return fd;
    }

    /// Gives a file a number, which is free.
    void open(OpenFile file, int fd) {
        if (fd >= table.length) {
            table = Arrays.copyOf(table, 2 * fd);
        }
        table[fd] = file;
        file.acquire();
    }

    /// Returns the file that a number refers to, or null if the number is not open.
    @Nullable
    OpenFile file(int fd) {
        return fd >= 0 && fd < table.length ? table[fd] : null;
    }

    /// Returns the file that a number refers to.
    ///
    /// @throws IOException EBADF if the number is not open
    OpenFile requireFile(String call, int fd) throws IOException {
        OpenFile file = file(fd);
        if (file == null) {
            throw Simulations.failure(call + "(fd=" + fd + ")", "EBADF");
        }
        return file;
    }

    /// Closes a number that is open.
    void close(int fd) {
        OpenFile file = table[fd];
        table[fd] = null;
        if (file != null) {
            file.release();
        }
    }

    /// Describes the open descriptors.
    String describe() {
        StringBuilder text = new StringBuilder();
        for (int fd = 0; fd < table.length; fd++) {
            OpenFile file = table[fd];
            if (file != null) {
                text.append(text.isEmpty() ? "" : ", ").append(fd).append(' ').append(file);
            }
        }
        return text.toString();
    }
}
