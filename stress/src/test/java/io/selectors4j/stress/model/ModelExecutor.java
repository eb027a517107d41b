package io.selectors4j.stress.model;

import io.selectors4j.AlreadyRegisteredException;
import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Pollable;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.stress.Limits;
import io.selectors4j.testing.BackendUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A selector on one backend, and the model of what it has to do.
final class ModelExecutor implements AutoCloseable {

    private final BackendUnderTest subject;
    private final Selector<Integer> selector;
    private final Oracle oracle = new Oracle();

    /// What is registered, by number.
    private final Map<Integer, Registered> table = new TreeMap<>();

    /// The data of what was registered when it closed, and has not been unregistered since.
    private final IdentityHashMap<Pollable, Integer> departed = new IdentityHashMap<>();

    private boolean awake;

    /// A registration.
    private static final class Registered {

        final Pollable object;
        final int fd;
        Interest events;
        int data;

        /// Whether its number has been closed since, or was given to another open file: then what becomes of it is the
        /// backend's business, for as long as it is registered.
        boolean dirty;

        /// Whether it is reported at all: one-shots are not until they are modified.
        boolean armed = true;

        /// Whether something has happened since the last look, if it is edge-triggered.
        boolean edge = true;

        Registered(Pollable object, int fd, Interest events, int data) {
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
            return object + " " + events + " data " + data + (dirty ? " dirty" : "") + (armed ? "" : " disarmed");
        }
    }

    ModelExecutor(BackendUnderTest subject) throws IOException {
        this.subject = subject;
        selector = subject.open();
    }

    boolean supports(Interest events) {
        return subject.supports(events);
    }

    /// What is registered under a number has lost its open file.
    void dirty(int fd) {
        Registered registered = table.get(fd);
        if (registered != null) {
            registered.dirty = true;
        }
    }

    /// Something has arrived at a number.
    ///
    /// @param bytes whether it concerns only those who read
    void edge(int fd, boolean bytes) {
        Registered registered = table.get(fd);
        if (registered != null) {
            registered.edge = !bytes || registered.events.contains(Interest.READ);
        }
    }

    /// An object of the library's has closed.
    void left(Pollable object, int fd) {
        Registered registered = table.get(fd);
        if (registered != null && registered.isOf(object)) {
            table.remove(fd);
            departed.put(object, registered.data);
        }
    }

    /// What a selector finds for an object: the object itself, or else what has its number.
    private @Nullable Registered find(Pollable object) {
        int number = object.fileno();
        Registered byNumber = number < 0 ? null : table.get(number);
        boolean bare = !(object instanceof ModelFd.Custom) && object.equals(Pollable.borrow(Math.max(number, 0)));
        if (!bare) {
            for (Registered registered : table.values()) {
                if (registered.isOf(object)) {
                    return registered;
                }
            }
        }
        return byNumber;
    }

    /// Registers; whatever is wrong with the call is what the exception says.
    ///
    /// @param isOpen whether the object's number is open
    void register(Pollable object, Interest events, int data, boolean isOpen) throws IOException {
        int fd = object.fileno();
        Registered there = table.get(fd);
        boolean alive = there != null && there.object.fileno() == fd;
        Class<? extends Exception> expected = fd < 0 || events.isEmpty()
                ? IllegalArgumentException.class
                : !supports(events)
                        ? UnsupportedOperationException.class
                        : alive ? AlreadyRegisteredException.class : isOpen ? null : NativeIOException.class;
        call(expected, "register(" + object + ", " + events + ")", () -> {
            SelectorKey<Integer> key = selector.register(object, events, data);
            Registered registered = new Registered(object, fd, events, data);
            require(registered.isOf(key.fileobj()) && key.fd() == fd && key.data() == data, "the key is " + key);
            table.put(fd, registered);
        });
    }

    void modify(Pollable object, Interest events, int data) throws IOException {
        Registered registered = find(object);
        String call = "modify(" + object + ", " + events + ")";
        if (!events.isEmpty() && !supports(events)) {
            call(UnsupportedOperationException.class, call, () -> selector.modify(object, events, data));
            return;
        }
        if (registered == null) {
            call(NotRegisteredException.class, call, () -> selector.modify(object, events, data));
            return;
        }
        boolean done;
        try {
            SelectorKey<Integer> key = selector.modify(object, events, data);
            require(key.fd() == registered.fd && key.events() == events && key.data() == data, "the key is " + key);
            done = true;
        } catch (NativeIOException e) {
            require(registered.dirty, call + " of an open descriptor failed: " + e);
            done = false;
        }
        if (done) {
            if (events != registered.events || events.isOneShot()) {
                registered.armed = true;
                registered.edge = true;
            }
            registered.events = events;
            registered.data = data;
        }
    }

    void unregister(Pollable object) throws IOException {
        Registered registered = find(object);
        Integer data = registered != null ? (Integer) registered.data : departed.remove(object);
        Class<? extends Exception> expected = data == null ? NotRegisteredException.class : null;
        call(expected, "unregister(" + object + ")", () -> {
            SelectorKey<Integer> key = selector.unregister(object);
            require(key.data().equals(data), "the key is " + key);
        });
        if (registered != null) {
            table.remove(registered.fd);
        }
    }

    void wakeup() {
        selector.wakeup();
        awake = true;
    }

    /// Selects on a thread that is interrupted.
    void interrupt() throws IOException {
        Thread.currentThread().interrupt();
        try {
            check(select(Limits.WAIT));
            require(Thread.currentThread().isInterrupted(), "the interrupt is lost");
        } finally {
            Thread.interrupted();
        }
        awake = false;
    }

    /// Looks whether what is ready is what the model and poll(2) say.
    void look() throws IOException {
        check(select(Duration.ZERO));
    }

    /// The same with a select that waits, if nothing is ready, for a wake-up that has come, or for a millisecond.
    void await() throws IOException {
        check(select(awake ? Limits.WAIT : Duration.ofMillis(1)));
        awake = false;
    }

    /// Arms all that is reported once, anew.
    private void rearm() throws IOException {
        for (Registered registered : List.copyOf(table.values())) {
            Interest events = registered.events;
            if (!registered.dirty && (events.isOneShot() || events.isEdgeTriggered())) {
                modify(registered.object, Interest.NONE, registered.data);
                modify(registered.object, events, registered.data);
            }
        }
    }

    /// The same with a handler that throws: the rest comes with the next select, also what is reported once.
    void interrupted(int after) throws IOException {
        rearm();
        Map<Integer, Readiness> found = new TreeMap<>();
        try {
            selector.select(Duration.ZERO, (key, readiness) -> {
                take(found, key, readiness);
                if (found.size() > after) {
                    throw new InterruptedHandler();
                }
            });
        } catch (InterruptedHandler e) {
            require(found.size() == after + 1, "the handler was called again");
        }
        boolean all = found.size() <= after;
        if (!all) {
            // What is left, or, if that was all, everything once more.
            Map<Integer, Readiness> rest = select(Duration.ZERO);
            for (Map.Entry<Integer, Readiness> entry : rest.entrySet()) {
                Readiness before = found.putIfAbsent(entry.getKey(), entry.getValue());
                Registered registered = Objects.requireNonNull(table.get(entry.getKey()));
                require(before == null || !registered.events.isOneShot(), "reported twice: " + registered);
            }
        }
        check(found);
    }

    private static final class InterruptedHandler extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private Map<Integer, Readiness> select(Duration timeout) throws IOException {
        Map<Integer, Readiness> found = new TreeMap<>();
        long start = System.nanoTime();
        selector.select(timeout, (key, readiness) -> take(found, key, readiness));
        require(System.nanoTime() - start < Limits.WAIT.toNanos(), "nothing has ended a wait of " + timeout);
        return found;
    }

    private void take(Map<Integer, Readiness> found, SelectorKey<Integer> key, Readiness readiness) {
        Registered registered = table.get(key.fd());
        require(
                registered != null && registered.isOf(key.fileobj()) && key.data() == registered.data,
                "ready is " + key + ", registered " + registered);
        require(found.put(key.fd(), readiness) == null, "twice in one batch: " + key);
    }

    private void check(Map<Integer, Readiness> found) {
        for (Registered registered : table.values()) {
            Readiness readiness = found.get(registered.fd);
            if (!registered.dirty) {
                String complaint = complaint(registered, readiness);
                require(complaint == null, complaint + ": " + registered);
            }
            registered.edge = false; // what has happened before the last look was reported, or made nothing ready
            if (readiness != null) {
                registered.armed &= !registered.events.isOneShot();
            }
        }
    }

    /// What is wrong with what was found for a registration.
    private @Nullable String complaint(Registered registered, @Nullable Readiness readiness) {
        Interest events = registered.events;
        int asked = (events.contains(Interest.READ) ? Oracle.POLLIN | Oracle.POLLRDHUP : 0)
                | (events.contains(Interest.WRITE) ? Oracle.POLLOUT : 0)
                | (events.contains(Interest.PRIORITY) ? Oracle.POLLPRI : 0);
        int mask = oracle.poll(registered.fd, asked, 0);
        Interest ready = subject == BackendUnderTest.SELECT ? sets(mask, events) : flags(mask, events);
        boolean nothing = events.isEmpty() || !registered.armed || (ready.isEmpty() && !isCondition(mask));
        boolean hungUp = (mask & (Oracle.POLLERR | Oracle.POLLHUP)) != 0;
        if (readiness == null) {
            // Whether a hang-up concerns a filter of kqueue is for the kind of file to say.
            boolean vague = subject.isKqueue() && hungUp && (mask & Oracle.POLLIN) == 0;
            boolean due = !nothing && !vague && (!events.isEdgeTriggered() || registered.edge);
            return due ? "not reported, and ready for " + ready : null;
        }
        if (nothing) {
            return "reported as " + readiness;
        }
        // A filter of kqueue has its own end, and its own edge.
        boolean apart = subject.isKqueue() && (events.isEdgeTriggered() || hungUp || (mask & Oracle.POLLRDHUP) != 0);
        boolean fits = apart ? readiness.events().without(events).isEmpty() : readiness.events() == ready;
        return fits ? null : "reported as " + readiness + " instead of " + ready;
    }

    /// Hang-ups and errors reach whoever is registered, but for SELECT and KQUEUE, which have no words for them.
    private boolean isCondition(int mask) {
        return (subject == BackendUnderTest.POLL || subject.isEpoll())
                && (mask & (Oracle.POLLERR | Oracle.POLLHUP)) != 0;
    }

    private static Interest flags(int mask, Interest events) {
        int always = Oracle.POLLERR | Oracle.POLLHUP | Oracle.POLLNVAL;
        return interest(
                (mask & (Oracle.POLLIN | Oracle.POLLRDHUP | always)) != 0,
                (mask & (Oracle.POLLOUT | always)) != 0,
                (mask & Oracle.POLLPRI) != 0,
                events);
    }

    /// What the three sets of select(2) mean, in the flags of poll(2): POLLIN_SET, POLLOUT_SET, POLLEX_SET of
    /// fs/select.c.
    private static Interest sets(int mask, Interest events) {
        return interest(
                (mask & (Oracle.POLLIN | Oracle.POLLHUP | Oracle.POLLERR)) != 0,
                (mask & (Oracle.POLLOUT | Oracle.POLLERR)) != 0,
                (mask & Oracle.POLLPRI) != 0,
                events);
    }

    private static Interest interest(boolean read, boolean write, boolean priority, Interest events) {
        return part(read, Interest.READ, events)
                .or(part(write, Interest.WRITE, events))
                .or(part(priority, Interest.PRIORITY, events));
    }

    private static Interest part(boolean ready, Interest part, Interest events) {
        return ready && events.contains(part) ? part : Interest.NONE;
    }

    /// Looks whether the keys are what the model says.
    void compareKeys() {
        Map<Pollable, SelectorKey<Integer>> keys = selector.getMap();
        List<String> wrong = new ArrayList<>();
        for (Registered registered : table.values()) {
            SelectorKey<Integer> key = keys.get(registered.object);
            if (key == null || key.events() != registered.events || key.data() != registered.data) {
                wrong.add("the key of " + registered + " is " + key);
            }
        }
        require(wrong.isEmpty() && keys.size() == table.size(), wrong + ", keys are " + keys);
    }

    private interface Call {
        void make() throws IOException;
    }

    /// Makes a call that has to fail in one way, or not at all.
    private void call(@Nullable Class<? extends Exception> expected, String text, Call call) throws IOException {
        try {
            call.make();
        } catch (IOException | RuntimeException e) {
            require(expected != null && expected.isInstance(e), text + " threw " + e + ", not " + expected);
            return;
        }
        require(expected == null, text + " did not throw " + expected);
    }

    private void require(boolean condition, String complaint) {
        if (!condition) {
            throw new AssertionError(subject + ": " + Objects.requireNonNull(complaint));
        }
    }

    @Override
    public void close() {
        selector.close();
    }
}
