package io.selectors4j.stress.model;

import io.selectors4j.AlreadyRegisteredException;
import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Pollable;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.stress.Limits;
import io.selectors4j.testing.BackendUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A selector on one backend, and the model of its expected state.
final class ModelExecutor implements AutoCloseable {

    private final BackendUnderTest backend;
    private final Selector<Integer> selector;
    private final Oracle oracle = Oracle.create();

    /// The registrations by number.
    private final Map<Integer, Entry> table = new TreeMap<>();

    /// The data of registered objects that were closed and have not been unregistered since.
    private final IdentityHashMap<Pollable, Integer> remembered = new IdentityHashMap<>();

    /// The numbers whose readiness is not checked.
    private final Set<Integer> confused = new HashSet<>();

    private boolean wakeupPending;

    /// A registration.
    private static final class Entry {

        final Pollable object;
        final int fd;
        Interest events;
        int data;

        /// Whether the number was closed or reused since the registration. Its readiness then depends on the backend.
        boolean unspecified;

        /// Whether the registration is enabled. A one-shot registration is disabled by an event until it is modified.
        boolean armed = true;

        /// Whether an event has occurred since the last select, for an edge-triggered registration.
        boolean edgePending = true;

        Entry(Pollable object, int fd, Interest events, int data) {
            this.object = object;
            this.fd = fd;
            this.events = events;
            this.data = data;
        }

        @SuppressWarnings("ReferenceEquality") // the very object
        boolean isOf(Pollable other) {
            return object == other;
        }

        @Override
        public String toString() {
            return object + " " + events + " data " + data + (unspecified ? " unspecified" : "")
                    + (armed ? "" : " disarmed");
        }
    }

    ModelExecutor(BackendUnderTest backend) throws IOException {
        this.backend = backend;
        selector = backend.open();
    }

    boolean supports(Interest events) {
        return backend.supports(events);
    }

    /// Marks the registration of a number whose open file was closed or replaced.
    void unspecified(int fd) {
        Entry entry = table.get(fd);
        if (entry != null) {
            entry.unspecified = true;
        }
    }

    /// Marks two numbers of one socket. The WSAPoll of Wine 10.0 confuses the flags of two sockets of one call that are
    /// duplicates, after a hang-up.
    void duplicated(int fd, int other) {
        if (Platform.IS_WINDOWS && backend == BackendUnderTest.POLL) {
            confused.add(fd);
            confused.add(other);
        }
    }

    /// Marks a number that the system has assigned to a duplicate, if it is registered from the time before.
    void assigned(int number, int original) {
        if (table.containsKey(number)) {
            duplicated(number, original);
        }
    }

    /// Records an event.
    ///
    /// @param bytes whether the event concerns only readability
    void edgePending(int fd, boolean bytes) {
        Entry entry = table.get(fd);
        if (entry != null) {
            entry.edgePending = !bytes || entry.events.contains(Interest.READ);
        }
    }

    /// Records the closing of a library object.
    void onClosed(Pollable object, int fd) {
        Entry entry = table.get(fd);
        if (entry != null && entry.isOf(object)) {
            table.remove(fd);
            remembered.put(object, entry.data);
        }
    }

    /// Returns the registration of the object itself, or else of its number.
    private @Nullable Entry find(Pollable object) {
        int number = object.fileno();
        Entry byNumber = number < 0 ? null : table.get(number);
        boolean bare = !(object instanceof ModelFd.Custom) && object.equals(Pollable.borrow(Math.max(number, 0)));
        if (!bare) {
            for (Entry entry : table.values()) {
                if (entry.isOf(object)) {
                    return entry;
                }
            }
        }
        return byNumber;
    }

    /// Registers an object, and checks the exception of an invalid call.
    ///
    /// @param isOpen whether the object's number is open
    void register(Pollable object, Interest events, int data, boolean isOpen) throws IOException {
        int fd = object.fileno();
        Entry there = table.get(fd);
        boolean alive = there != null && there.object.fileno() == fd;
        Class<? extends Exception> expected = fd < 0 || events.isEmpty()
                ? IllegalArgumentException.class
                : !supports(events)
                        ? UnsupportedOperationException.class
                        : alive ? AlreadyRegisteredException.class : isOpen ? null : NativeIOException.class;
        call(expected, "register(" + object + ", " + events + ")", () -> {
            SelectorKey<Integer> key = selector.register(object, events, data);
            Entry entry = new Entry(object, fd, events, data);
            require(entry.isOf(key.fileobj()) && key.fd() == fd && key.data() == data, "the key is " + key);
            table.put(fd, entry);
        });
    }

    void modify(Pollable object, Interest events, int data) throws IOException {
        Entry entry = find(object);
        String call = "modify(" + object + ", " + events + ")";
        if (!events.isEmpty() && !supports(events)) {
            call(UnsupportedOperationException.class, call, () -> selector.modify(object, events, data));
            return;
        }
        if (entry == null) {
            call(NotRegisteredException.class, call, () -> selector.modify(object, events, data));
            return;
        }
        boolean done;
        try {
            SelectorKey<Integer> key = selector.modify(object, events, data);
            require(key.fd() == entry.fd && key.events() == events && key.data() == data, "the key is " + key);
            done = true;
        } catch (NativeIOException e) {
            require(entry.unspecified, call + " of an open descriptor failed: " + e);
            done = false;
        }
        if (done) {
            if (events != entry.events || events.isOneShot()) {
                entry.armed = true;
                entry.edgePending = true;
            }
            entry.events = events;
            entry.data = data;
        }
    }

    void unregister(Pollable object) throws IOException {
        Entry entry = find(object);
        Integer data = entry != null ? (Integer) entry.data : remembered.remove(object);
        Class<? extends Exception> expected = data == null ? NotRegisteredException.class : null;
        call(expected, "unregister(" + object + ")", () -> {
            SelectorKey<Integer> key = selector.unregister(object);
            require(key.data().equals(data), "the key is " + key);
        });
        if (entry != null) {
            table.remove(entry.fd);
        }
    }

    void wakeup() {
        selector.wakeup();
        wakeupPending = true;
    }

    /// Selects on an interrupted thread.
    void interrupt() throws IOException {
        Thread.currentThread().interrupt();
        try {
            check(select(Limits.WAIT));
            require(Thread.currentThread().isInterrupted(), "the interrupt is lost");
        } finally {
            Thread.interrupted();
        }
        wakeupPending = false;
    }

    /// Selects without blocking, and compares the ready keys with the model and poll(2).
    void selectAndCheck() throws IOException {
        check(select(Duration.ZERO));
    }

    /// [#selectAndCheck] with a select that blocks until a pending wakeup, or for a millisecond.
    void waitAndCheck() throws IOException {
        check(select(wakeupPending ? Limits.WAIT : Duration.ofMillis(1)));
        wakeupPending = false;
    }

    /// Enables all one-shot and edge-triggered registrations again.
    private void rearm() throws IOException {
        for (Entry entry : List.copyOf(table.values())) {
            Interest events = entry.events;
            if (!entry.unspecified && (events.isOneShot() || events.isEdgeTriggered())) {
                modify(entry.object, Interest.NONE, entry.data);
                modify(entry.object, events, entry.data);
            }
        }
    }

    /// [#selectAndCheck] with a handler that throws. The next select dispatches the remaining keys, one-shot and
    /// edge-triggered ones included.
    void throwInHandler(int after) throws IOException {
        rearm();
        Map<Integer, Readiness> found = new TreeMap<>();
        try {
            selector.select(Duration.ZERO, (key, readiness) -> {
                collect(found, key, readiness);
                if (found.size() > after) {
                    throw new HandlerException();
                }
            });
        } catch (HandlerException e) {
            require(found.size() == after + 1, "the handler was called after it had thrown");
        }
        boolean all = found.size() <= after;
        if (!all) {
            // The remaining keys; if there were none, all ready keys again.
            Map<Integer, Readiness> rest = select(Duration.ZERO);
            for (Map.Entry<Integer, Readiness> more : rest.entrySet()) {
                Readiness before = found.putIfAbsent(more.getKey(), more.getValue());
                Entry entry = Objects.requireNonNull(table.get(more.getKey()));
                require(before == null || !entry.events.isOneShot(), "reported twice: " + entry);
            }
        }
        check(found);
    }

    private static final class HandlerException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private Map<Integer, Readiness> select(Duration timeout) throws IOException {
        Map<Integer, Readiness> found = new TreeMap<>();
        long start = System.nanoTime();
        selector.select(timeout, (key, readiness) -> collect(found, key, readiness));
        require(System.nanoTime() - start < Limits.WAIT.toNanos(), "no event within " + timeout);
        return found;
    }

    private void collect(Map<Integer, Readiness> found, SelectorKey<Integer> key, Readiness readiness) {
        Entry entry = table.get(key.fd());
        require(
                entry != null && entry.isOf(key.fileobj()) && key.data() == entry.data,
                "ready is " + key + ", registered " + entry);
        require(found.put(key.fd(), readiness) == null, "dispatched twice in one select: " + key);
    }

    private void check(Map<Integer, Readiness> found) {
        for (Entry entry : table.values()) {
            Readiness readiness = found.get(entry.fd);
            if (!entry.unspecified && !confused.contains(entry.fd)) {
                String mismatch = mismatch(entry, readiness);
                require(mismatch == null, mismatch + ": " + entry);
            }
            entry.edgePending = false; // earlier events were reported or had no effect
            if (readiness != null) {
                entry.armed &= !entry.events.isOneShot();
            }
        }
    }

    /// Returns the difference between the found readiness and the expected readiness, or null.
    private @Nullable String mismatch(Entry entry, @Nullable Readiness readiness) {
        Interest events = entry.events;
        int requested = (events.contains(Interest.READ) ? Oracle.POLLIN | Oracle.POLLRDHUP : 0)
                | (events.contains(Interest.WRITE) ? Oracle.POLLOUT : 0)
                | (events.contains(Interest.PRIORITY) ? Oracle.POLLPRI : 0);
        int mask = oracle.poll(entry.fd, requested, 0);
        Interest ready = backend == BackendUnderTest.SELECT ? sets(mask, events) : flags(mask, events);
        boolean nothing = events.isEmpty() || !entry.armed || (ready.isEmpty() && !isCondition(mask));
        boolean hungUp = (mask & (Oracle.POLLERR | Oracle.POLLHUP)) != 0;
        if (readiness == null) {
            // Whether a kqueue filter reports a hang-up depends on the type of file. AFD reports it to readers.
            boolean unspecified = hasOtherEvents() && hungUp && (mask & Oracle.POLLIN) == 0;
            boolean due = !nothing && !unspecified && (!events.isEdgeTriggered() || entry.edgePending);
            return due ? "not reported, and ready for " + ready : null;
        }
        if (nothing) {
            return "reported as " + readiness;
        }
        // Each kqueue filter has its own end of file and its own edge. AFD reports the end to readers.
        boolean separateFilters =
                hasOtherEvents() && (events.isEdgeTriggered() || hungUp || (mask & Oracle.POLLRDHUP) != 0);
        boolean fits = separateFilters
                ? readiness.events().without(events).isEmpty()
                : readiness.events() == ready && (!Platform.IS_WINDOWS || hasConditions(readiness, mask, events));
        return fits
                ? null
                : "reported as " + readiness + " instead of " + ready + ", poll " + Integer.toHexString(mask);
    }

    /// Returns whether the backend has events that differ from those of poll(2). AFD has those of `WSAPoll`.
    private boolean hasOtherEvents() {
        return backend.isKqueue() || backend == BackendUnderTest.AFD_SIMULATED;
    }

    /// Returns whether a readiness tells apart the conditions that the backend does on Windows.
    private boolean hasConditions(Readiness readiness, int mask, Interest events) {
        int told = backend == BackendUnderTest.SELECT ? 0 : mask;
        boolean readClosed = (told & (Oracle.POLLRDHUP | Oracle.POLLHUP)) != 0;
        return readiness.isError() == ((told & Oracle.POLLERR) != 0)
                && readiness.isHangup() == ((told & Oracle.POLLHUP) != 0)
                && (!events.contains(Interest.READ) || readiness.isReadClosed() == readClosed);
    }

    /// Returns whether the backend reports hang-ups and errors to every registration. SELECT and KQUEUE do not, and AFD
    /// reports errors alone.
    private boolean isCondition(int mask) {
        if (backend.isAfd()) {
            return (mask & Oracle.POLLERR) != 0;
        }
        return (backend == BackendUnderTest.POLL || backend.isEpoll())
                && (mask & (Oracle.POLLERR | Oracle.POLLHUP)) != 0;
    }

    private Interest flags(int mask, Interest events) {
        int gone = backend.isAfd() ? Oracle.POLLERR : Oracle.POLLERR | Oracle.POLLHUP;
        int always = Oracle.POLLERR | Oracle.POLLHUP | Oracle.POLLNVAL;
        return interest(
                (mask & (Oracle.POLLIN | Oracle.POLLRDHUP | always)) != 0,
                (mask & (Oracle.POLLOUT | always)) != 0,
                (mask & Oracle.POLLPRI) != 0,
                (mask & gone) != 0,
                events);
    }

    /// Returns the interest of the three sets of select(2) for poll(2) flags: POLLIN_SET, POLLOUT_SET, POLLEX_SET of
    /// fs/select.c.
    private static Interest sets(int mask, Interest events) {
        return interest(
                (mask & (Oracle.POLLIN | Oracle.POLLHUP | Oracle.POLLERR)) != 0,
                (mask & (Oracle.POLLOUT | Oracle.POLLERR)) != 0,
                (mask & Oracle.POLLPRI) != 0,
                false,
                events);
    }

    private static Interest interest(boolean read, boolean write, boolean priority, boolean hangup, Interest events) {
        return part(read, Interest.READ, events)
                .or(part(write, Interest.WRITE, events))
                .or(part(priority, Interest.PRIORITY, events))
                .or(part(hangup, Interest.HANGUP, events));
    }

    private static Interest part(boolean ready, Interest part, Interest events) {
        return ready && events.contains(part) ? part : Interest.NONE;
    }

    /// Compares the selector's keys with the model.
    void compareKeys() {
        Map<Pollable, SelectorKey<Integer>> keys = selector.getMap();
        List<String> wrong = new ArrayList<>();
        for (Entry entry : table.values()) {
            SelectorKey<Integer> key = keys.get(entry.object);
            if (key == null || key.events() != entry.events || key.data() != entry.data) {
                wrong.add("the key of " + entry + " is " + key);
            }
        }
        require(wrong.isEmpty() && keys.size() == table.size(), wrong + ", keys are " + keys);
    }

    private interface Call {
        void make() throws IOException;
    }

    /// Makes a call that must throw the expected exception, or none.
    private void call(@Nullable Class<? extends Exception> expected, String text, Call call) throws IOException {
        try {
            call.make();
        } catch (IOException | RuntimeException e) {
            require(expected != null && expected.isInstance(e), text + " threw " + e + ", not " + expected);
            return;
        }
        require(expected == null, text + " did not throw " + expected);
    }

    private void require(boolean condition, String mismatch) {
        if (!condition) {
            throw new AssertionError(backend + ": " + Objects.requireNonNull(mismatch));
        }
    }

    @Override
    public void close() {
        selector.close();
    }
}
