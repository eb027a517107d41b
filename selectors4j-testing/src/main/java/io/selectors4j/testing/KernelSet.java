package io.selectors4j.testing;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.internal.simulation.SimulatedKernelSet;
import io.selectors4j.internal.simulation.Simulations;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The set of one simulated selector. EPOLL watches the open file that a number had when it was added; POLL and SELECT
/// look the number up in each wait.
final class KernelSet implements SimulatedKernelSet {

    private final Kernel kernel;
    private final Backend backend;

    /// The entries by number.
    private final Map<Integer, Entry> entries = new TreeMap<>();

    private final List<Event> events = new ArrayList<>();
    private boolean signalled;
    private long deadline;
    private boolean interrupted;

    KernelSet(Kernel kernel, Backend backend) {
        this.kernel = kernel;
        this.backend = backend;
    }

    private record Event(long token, int mask) {}

    /// A watched number.
    private static final class Entry {
        final int fd;
        OpenFile file;
        Interest events = Interest.NONE;
        long token;
        boolean armed;
        long seenEdges;
        long seenSpurious;
        boolean spurious;

        Entry(int fd, OpenFile file) {
            this.fd = fd;
            this.file = file;
        }

        void arm(OpenFile newFile, long newToken, Interest newEvents) {
            file = newFile;
            token = newToken;
            events = newEvents;
            armed = !newEvents.isEmpty();
            seenEdges = -1;
            seenSpurious = newFile.spurious();
            spurious = false;
        }

        /// Notes the file that the number refers to now.
        void look(OpenFile current) {
            if (!file.equals(current)) {
                file = current;
                seenSpurious = current.spurious();
            }
        }
    }

    @Override
    public Backend backend() {
        return backend;
    }

    @Override
    public boolean isOwn(Pollable fileobj) {
        return fileobj instanceof SimulatedDescriptor own
                ? own.kernel().equals(kernel)
                : !Simulations.isOfSystem(fileobj);
    }

    @Override
    public void requireOpen(int fd) throws IOException {
        try (var _ = kernel.acquire()) {
            kernel.requireFile("register", fd);
        }
    }

    @Override
    public void add(int fd, long token, Interest interest) throws IOException {
        arm(Operation.REGISTER, fd, token, interest);
    }

    @Override
    public void modify(int fd, long token, Interest interest) throws IOException {
        arm(Operation.MODIFY, fd, token, interest);
    }

    private void arm(Operation operation, int fd, long token, Interest interest) throws IOException {
        try (var _ = kernel.acquire()) {
            Entry entry = entries.get(fd);
            if (interest.isEmpty() && entry != null) {
                entry.arm(entry.file, token, interest); // also if the number is closed
                return;
            }
            OpenFile file = kernel.requireFile(operation.call(), fd);
            file.checkFault(operation, fd);
            entries.computeIfAbsent(fd, number -> new Entry(number, file)).arm(file, token, interest);
            kernel.changed();
        }
    }

    @Override
    public void remove(int fd) {
        try (var _ = kernel.acquire()) {
            entries.remove(fd);
            kernel.changed();
        }
    }

    @Override
    public void disarm(int fd) {
        try (var _ = kernel.acquire()) {
            Entry entry = entries.get(fd);
            if (entry != null) {
                entry.armed = false;
            }
        }
    }

    @Override
    public int await(long nanos) throws IOException {
        try (var _ = kernel.acquire()) {
            kernel.checkFault(Operation.SELECT, backend.name());
            if (kernel.chance(kernel.settings.spurious)) {
                addSpurious();
            }
            return kernel.clock.await(this, nanos);
        } finally {
            if (interrupted) { // without the lock: the thread's own lock comes before it
                interrupted = false;
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Remembers that the selecting thread was interrupted.
    void setInterrupted() {
        interrupted = true;
    }

    /// Makes the next collect report a key without a reason.
    private void addSpurious() {
        List<Entry> armed = entries.values().stream()
                .filter(entry -> entry.armed && Poll.requested(entry.events) != 0 && file(entry) != null)
                .toList();
        if (!armed.isEmpty()) {
            armed.get(kernel.random().nextInt(armed.size())).spurious = true;
        }
    }

    void setDeadline(long newDeadline) {
        deadline = newDeadline;
    }

    long deadline() {
        return deadline;
    }

    /// Returns whether [#collect] would find an event.
    boolean isReady() {
        return signalled || entries.values().stream().anyMatch(entry -> mask(entry) != 0);
    }

    /// Collects the events, in an order of chance.
    ///
    /// @return the number of events, and one more after a signal
    int collect() {
        events.clear();
        for (Entry entry : entries.values()) {
            int mask = mask(entry);
            if (mask != 0) {
                events.add(new Event(entry.token, mask));
                entry.spurious = false;
                entry.seenEdges = entry.file.edges();
                entry.seenSpurious = entry.file.spurious();
            }
        }
        Collections.shuffle(events, kernel.random());
        int count = events.size() + (signalled ? 1 : 0);
        signalled = false;
        return count;
    }

    /// Returns the file that a wait looks at, or null if it is closed.
    private @Nullable OpenFile file(Entry entry) {
        if (backend != Backend.EPOLL) {
            return kernel.file(entry.fd);
        }
        return entry.file.isClosed() ? null : entry.file;
    }

    /// Returns the flags to report, or 0.
    private int mask(Entry entry) {
        if (!entry.armed) {
            return 0;
        }
        OpenFile file = file(entry);
        if (file == null) {
            return backend == Backend.EPOLL ? 0 : Poll.NVAL;
        }
        entry.look(file);
        int mask = Poll.reported(backend, file.mask(), entry.events);
        if (entry.events.isEdgeTriggered() && entry.seenEdges == file.edges()) {
            mask = 0;
        }
        if (entry.spurious || entry.seenSpurious < file.spurious()) {
            mask |= Poll.requested(entry.events) & ~Poll.RDHUP;
        }
        return mask;
    }

    @Override
    public void drain(EventConsumer consumer) {
        for (Event event : events) {
            consumer.accept(event.token, event.mask);
        }
        events.clear();
    }

    @Override
    public void signal() {
        try (var _ = kernel.acquire()) {
            signalled = true;
            kernel.changed();
        }
    }

    @Override
    public long nanoTime() {
        try (var _ = kernel.acquire()) {
            return kernel.clock.now();
        }
    }

    @Override
    public void close() {
        try (var _ = kernel.acquire()) {
            entries.clear();
        }
    }

    /// Describes the keys.
    String describe() {
        StringBuilder text = new StringBuilder("selector with ");
        entries.values()
                .forEach(entry -> text.append(entry.fd)
                        .append(' ')
                        .append(file(entry))
                        .append(' ')
                        .append(entry.events)
                        .append(entry.armed || entry.events.isEmpty() ? ", " : " (fired), "));
        return entries.isEmpty() ? "selector without keys" : text.substring(0, text.length() - 2);
    }
}
