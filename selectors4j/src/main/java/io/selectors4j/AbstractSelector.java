package io.selectors4j;

import io.selectors4j.internal.jfr.Jfr;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.Descriptors;
import io.selectors4j.internal.sys.Fcntl;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The wait of a selector: what the backends share of the contract of [Selector], without the system calls. The
/// [KeyRegistry] does the other half. A backend supplies three groups of methods:
///
/// 1. [#addToKernel], [#modifyInKernel], [#removeFromKernel], [#disarm], [#reregister] keep the kernel set equal to the
///    registry;
/// 2. [#prepareWait], [#await], [#drainEvents] are one wait;
/// 3. [#release] closes the backend's descriptors.
///
/// The registry's lock is held in all of them except `await` and `release`.
///
/// @param <A> type of the data attached to the keys
abstract class AbstractSelector<A extends @Nullable Object> implements Selector<A> {

    private static final AtomicInteger LAST_ID = new AtomicInteger();

    /// The number of waits of a busy selector between two reads of the clock, a power of two.
    private static final int WAITS_BETWEEN_READS = 64;

    final KeyRegistry<A> registry = new KeyRegistry<>(this);
    final KeyTable<A> table = registry.table;

    /// Wakes the selecting thread; its descriptor is part of every wait.
    final Waker waker;

    private final WakeupState wakeup = new WakeupState();
    private final InterruptHook interrupts;
    private final SelectingThread selecting = new SelectingThread();
    private final ReadyQueue<A> ready = new ReadyQueue<>(table, registry.lock);
    private final PollFirstStrategy pollFirst = new PollFirstStrategy();

    final Counters counters = new Counters();
    private final UnhandledKeys<A> unhandled = new UnhandledKeys<>(this);
    private final int id = LAST_ID.incrementAndGet();

    /// The version of the table at which the last wait began; belongs to the selecting thread.
    private long waitVersion;

    AbstractSelector(Waker waker) {
        this.waker = waker;
        interrupts = new InterruptHook(wakeup, waker);
    }

    /// Adds a registration, whose interest is not empty, to the kernel set.
    abstract void addToKernel(Registration<A> registration) throws IOException;

    /// Changes the interest of a registration from the key's to another one. One of the two may be empty.
    ///
    /// @param version the registration's [Registration#version] if this method succeeds
    abstract void modifyInKernel(Registration<A> registration, Interest events, long version) throws IOException;

    /// Removes a registration, whose interest may be empty, from the kernel set. Its descriptor may be closed, and the
    /// number may have another owner.
    abstract void removeFromKernel(Registration<A> registration);

    /// Called when a one-shot registration is reported: it stays silent until it is modified.
    abstract void disarm(Registration<A> registration);

    /// Adds a registration again: its object has another open file under the same number.
    void reregister(Registration<A> registration) throws IOException {}

    /// Prepares a wait for the current kernel set. Does nothing here: the kernel has the set.
    void prepareWait() throws IOException {}

    /// Waits.
    ///
    /// @param nanos the longest wait, or [Deadline#FOREVER]
    /// @return 0 after the timeout; otherwise the count for [#drainEvents]
    abstract int await(long nanos) throws IOException;

    /// Adds the events of a wait to a queue, except those of keys that were unregistered meanwhile.
    abstract void drainEvents(int found, ReadyQueue<A> into) throws IOException;

    /// Closes the backend's descriptors.
    abstract void release();

    /// Returns descriptions of what the kernel watches, by [Registration#token], in a map for the caller. Empty if the
    /// backend cannot ask.
    Map<Long, String> kernelEntries() {
        return new TreeMap<>();
    }

    /// Returns the number of an object's descriptor for [#register].
    ///
    /// @throws IllegalArgumentException if it is negative, or if another kind of selector has to wait for the object
    int requireFd(Pollable fileobj) {
        return Descriptors.requireFd(fileobj);
    }

    /// Returns whether the number of an object is one of this selector's kernel.
    boolean isOfKernel(Pollable fileobj) {
        return !Descriptors.isSimulated(fileobj);
    }

    private void requireOfKernel(Pollable fileobj) {
        if (!isOfKernel(fileobj)) {
            throw new NotRegisteredException(fileobj);
        }
    }

    /// Checks that a number is an open descriptor.
    ///
    /// @throws NativeIOException EBADF if it is not
    void requireOpen(int fd) throws IOException {
        Fcntl.requireOpen(fd);
    }

    /// Returns the time at which a wait begins, for [#remaining].
    long startOf(long nanos) {
        return Deadline.start(nanos);
    }

    /// Returns the remaining nanoseconds of a wait, not negative, or [Deadline#FOREVER].
    long remaining(long nanos, long start) {
        return Deadline.remaining(nanos, start);
    }

    void requireSupport(Interest events) {
        backend().requireSupport(events);
    }

    /// Returns whether a blocked wait sees a change of the kernel set by itself.
    boolean isLive() {
        return false;
    }

    /// Returns whether an [#await] without blocking costs little, however many keys there are, and needs no
    /// [#prepareWait].
    boolean isPollCheap() {
        return false;
    }

    /// Unregisters this selector from the selectors that watch it.
    void deregisterSelf() {}

    /// Wakes the selecting thread if it is a parked virtual one, without a signal.
    ///
    /// @return false if it is not parked
    boolean wakeParked() {
        return false;
    }

    /// Ends the wait of a parked virtual thread, whatever happened to the descriptors that would wake it.
    void endPark() {}

    /// Called at the end of a select that leaves events to the next one, because a handler threw.
    void onEventsLeft() {}

    /// Notifies the selectors that watch this one, after [#drainEvents]. Called without the lock: the watch graph can
    /// change concurrently and may briefly contain a cycle, until the kernel rejects it with ELOOP.
    void notifyWatchers() throws IOException {}

    @Override
    public final SelectorKey<A> register(Pollable fileobj, Interest events, A data) throws IOException {
        Objects.requireNonNull(events, "events");
        int fd = requireFd(fileobj);
        if (events.isEmpty()) {
            throw new IllegalArgumentException(
                    "no events to wait for on " + Descriptors.describe(fileobj) + " (fd " + fd + ")");
        }
        requireSupport(events);
        waker.requireOther(fd);
        SelectorKey<A> key = new SelectorKey<>(fileobj, fd, events, data);
        registry.register(key);
        return key;
    }

    @Override
    public final SelectorKey<A> unregister(Pollable fileobj) {
        requireOfKernel(Objects.requireNonNull(fileobj, "fileobj"));
        return registry.unregister(fileobj);
    }

    @Override
    public final SelectorKey<A> modify(Pollable fileobj, Interest events, A data) throws IOException {
        Objects.requireNonNull(fileobj, "fileobj");
        requireSupport(Objects.requireNonNull(events, "events"));
        requireOfKernel(fileobj);
        return registry.modify(fileobj, events, data);
    }

    @Override
    public final SelectorKey<A> getKey(Pollable fileobj) {
        requireOfKernel(Objects.requireNonNull(fileobj, "fileobj"));
        return registry.getKey(fileobj);
    }

    @Override
    public final Map<Pollable, SelectorKey<A>> getMap() {
        registry.ensureOpen();
        return new KeyMap<>(table, registry.lock);
    }

    @Override
    public final <X extends Exception> int select(@Nullable Duration timeout, ReadyHandler<A, X> handler)
            throws IOException, X {
        Objects.requireNonNull(handler, "handler");
        long nanos = Math.max(0, Deadline.nanos(timeout));
        Object event = null;
        SelectorCounters before = SelectorCounters.NONE;
        acquireSelect();
        try {
            event = Jfr.beginSelect(); // not before: after a StackOverflowError here, no thread could select any more
            before = event == null ? before : counters.snapshot();
            long start = startOf(nanos);
            long remaining = nanos;
            while (true) {
                boolean last = false;
                if (!ready.hasDeliverable() && !pollFirst(remaining)) {
                    last = waitForEvents(remaining);
                }
                if (event != null && (last || ready.hasDeliverable())) {
                    endSelect(event, before, nanos);
                    event = null;
                }
                int count = ready.dispatch(handler);
                if (count > 0) {
                    counters.events += count;
                    unhandled.selected(ready);
                    return count;
                }
                if (last) {
                    registry.ensureOpen(); // a concurrent close has dropped the events
                    return 0;
                }
                counters.emptyWaits++;
                Jfr.emptyWait(id, backend().name());
                remaining = remaining(nanos, start);
            }
        } finally {
            try {
                if (event != null) {
                    endSelect(event, before, nanos);
                }
                if (!ready.isEmpty() || registry.wasReady()) {
                    onEventsLeft();
                }
            } finally {
                selecting.current = null; // not a method: after a StackOverflowError a call could fail
            }
            if (registry.isClosed()) {
                releaseIfIdle();
            }
        }
    }

    private void endSelect(Object event, SelectorCounters before, long nanos) {
        boolean woken = counters.wakeups != before.wakeups();
        Jfr.endSelect(
                event,
                id,
                backend().name(),
                nanos,
                keyCount(),
                ready.size(),
                counters.waits - before.waits(),
                ready.size() > 0
                        ? "ready"
                        : !isOpen()
                                ? "closed"
                                : !woken ? "timeout" : Thread.currentThread().isInterrupted() ? "interrupt" : "wakeup");
    }

    /// Makes the calling thread the selecting one.
    ///
    /// @throws IllegalStateException if another thread selects
    final void acquireSelect() {
        registry.ensureOpen();
        Thread other = selecting.acquire();
        if (other != null) {
            registry.ensureOpen();
            throw SelectingThread.refusal(other, this);
        }
    }

    /// Polls before a blocking wait, if [PollFirstStrategy] expects events. A thread that was woken goes on to the
    /// wait, which consumes the wakeup.
    ///
    /// @return whether there are events to dispatch
    private boolean pollFirst(long nanos) throws IOException {
        if (nanos == 0 || !isPollCheap() || wakeup.isNotified() || !pollFirst.shouldPoll()) {
            return false;
        }
        int found = await(0);
        counters.waits++;
        pollFirst.polled(found > 0);
        if (found > 0) {
            readClock(false);
            processEvents(found);
        }
        return found > 0;
    }

    /// Waits until an event, the timeout, a wakeup or an interrupt. A wait of no time consumes no wakeup: the next
    /// blocking wait does.
    ///
    /// @return whether the select returns even if there is nothing to dispatch
    private boolean waitForEvents(long nanos) throws IOException {
        if (nanos == 0) {
            beginWait(false);
            int found = await(0);
            counters.waits++;
            readClock(false);
            processEvents(found);
            return true;
        }
        boolean woken = false;
        try {
            int found;
            interrupts.beginBlocking();
            try {
                boolean blocking = wakeup.beginBlocking();
                beginWait(blocking);
                found = await(blocking && !registry.wasReady() ? nanos : 0);
            } finally {
                interrupts.endBlocking();
                woken = wakeup.endBlocking();
                counters.waits++;
                counters.wakeups += woken ? 1 : 0;
            }
            readClock(true);
            pollFirst.blocked(found > 0);
            processEvents(found);
            return woken || (found == 0 && !registry.wasReady());
        } catch (Throwable t) {
            if (woken) {
                wakeup.wake(); // a failed select leaves the wakeup to the next one
            }
            throw t;
        }
    }

    /// Reads the clock for the times of events. It costs a part of a wait that does not block, so most of these waits
    /// go without.
    private void readClock(boolean blocked) {
        if (blocked || counters.waits % WAITS_BETWEEN_READS == 0) {
            ready.setTime(System.nanoTime());
        }
    }

    private void beginWait(boolean blocking) throws IOException {
        waitVersion = registry.beginWait(blocking);
    }

    private void processEvents(int found) throws IOException {
        registry.endWait(found, ready);
        notifyWatchers();
    }

    /// Returns the registration that an event by number belongs to: not one that began after the wait.
    final @Nullable Registration<A> forWaitedFd(int fd) {
        Registration<A> registration = table.get(fd);
        return registration != null && registration.generation() < waitVersion ? registration : null;
    }

    /// Adds an event of a registration to a queue. If the object was closed without notice, the registration ends
    /// instead.
    final void addReady(Registration<A> registration, int mask, ReadyQueue<A> into) {
        if (registration.isClosedUnnoticed()) {
            registry.deregisterClosed(registration);
        } else {
            addReady(registration.key(), mask, into);
        }
    }

    /// Adds an event of a key to a queue, if the key waits for it.
    final void addReady(SelectorKey<A> key, int mask, ReadyQueue<A> into) {
        Interest events = key.events();
        if (into.add(key.fd(), mask, events) && events.isOneShot()) {
            disarm(Objects.requireNonNull(table.get(key.fd())));
        }
    }

    @Override
    public final void wakeup() {
        if (wakeup.wake() && !wakeParked()) {
            Waker.requireWoken(wakeup.signal(waker));
        }
    }

    @Override
    public final boolean clearWakeup() {
        acquireSelect();
        try {
            return wakeup.endBlocking();
        } finally {
            releaseSelect();
        }
    }

    /// Ends what [#acquireSelect] has begun.
    final void releaseSelect() {
        selecting.current = null;
        if (registry.isClosed()) {
            releaseIfIdle();
        }
    }

    @Override
    public final SelectorDump<A> dump() {
        List<String> strayEntries = new ArrayList<>();
        List<SelectorDump.Key<A>> keys = registry.dump(strayEntries);
        return new SelectorDump<>(name(), selecting.currentThread(), counters.snapshot(), keys, strayEntries);
    }

    /// Returns a number that no other selector of this process has.
    final int id() {
        return id;
    }

    /// Returns the name of this selector in messages and dumps.
    final String name() {
        return getClass().getSimpleName() + "#" + id;
    }

    /// Returns the number of registered keys.
    final int keyCount() {
        synchronized (registry.lock) {
            return table.size();
        }
    }

    @Override
    public final boolean isOpen() {
        return !registry.isClosed();
    }

    @Override
    public final void close() {
        if (!registry.beginClose()) {
            return;
        }
        try {
            deregisterSelf();
        } finally {
            registry.close();
            endPark();
            int woken = wakeup.wake(waker);
            releaseIfIdle();
            Waker.requireWoken(woken);
        }
    }

    /// Closes the descriptors, unless a thread is selecting: then that thread does, when it leaves.
    private void releaseIfIdle() {
        if (selecting.acquireForClose()) {
            release();
            waker.close();
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + registry;
    }
}
