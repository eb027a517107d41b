package io.selectors4j.testing;

import io.selectors4j.internal.simulation.Simulations;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// An open file of the simulation, to which one or several numbers refer. The kernel's lock guards it.
abstract class OpenFile {

    final Kernel kernel;

    private final Map<Operation, Queue<String>> faults = new EnumMap<>(Operation.class);

    private int references;

    /// The number of events so far, for keys that are edge-triggered.
    private long edges;

    /// The number of [#fireSpurious] so far.
    private long spurious;

    OpenFile(Kernel kernel) {
        this.kernel = kernel;
    }

    /// Returns the flags of poll(2) that hold now.
    abstract int mask();

    /// Called when the last number was closed.
    abstract void onLastClose();

    long edges() {
        return edges;
    }

    long spurious() {
        return spurious;
    }

    /// Notes an event, and wakes the waiting threads.
    final void fire() {
        edges++;
        kernel.changed();
    }

    final void fireSpurious() {
        spurious++;
        kernel.changed();
    }

    boolean isClosed() {
        return references == 0;
    }

    void acquire() {
        references++;
    }

    void release() {
        references--;
        if (references == 0) {
            onLastClose();
        }
        kernel.changed();
    }

    void failNext(Operation operation, String errno) {
        Simulations.requireErrno(errno);
        faults.computeIfAbsent(operation, _ -> new ArrayDeque<>()).add(errno);
    }

    /// Throws the exception that a test has planned for a call.
    void checkFault(Operation operation, int fd) throws IOException {
        Queue<String> planned = faults.get(operation);
        String errno = planned == null ? null : planned.poll();
        throwIf(errno, operation.call() + "(fd=" + fd + ")");
        kernel.checkFault(operation, "fd=" + fd);
    }

    static void throwIf(@Nullable String errno, String call) throws IOException {
        if (errno != null) {
            throw Simulations.failure(call, errno);
        }
    }
}
