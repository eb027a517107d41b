package io.selectors4j;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The events of one wait, until they are dispatched to a handler. The queue is reused and allocates only to grow. It
/// belongs to the selecting thread.
///
/// An event is a descriptor and the number of a [Readiness], in one `long`. Its key comes from the [KeyTable]. As long
/// as the table's version stays the same, dispatching an event touches neither the lock nor the [Registration] (a
/// likely cache miss). After a change each event is validated again under the lock.
///
/// @param <A> type of the data attached to the keys
final class ReadyQueue<A extends @Nullable Object> {

    /// The number of events whose objects are loaded into the cache together.
    private static final int TOUCHED_TOGETHER = 16;

    private final KeyTable<A> table;

    /// Guards the table.
    private final Object lock;

    /// The value of [#watchedFd] for none.
    static final int NO_FD = -1;

    private long[] events = new long[64];

    /// Index of the next event to dispatch.
    private int next;

    private int end;

    /// The version of the table when the events were read.
    private long version;

    /// A result of [#touch] that nothing reads, so that the compiler does not remove its loads.
    @SuppressWarnings("unused")
    private int touched;

    /// A time of [System#nanoTime] before these events were read.
    private long time;

    /// A descriptor for [UnhandledKeys], or NO_FD.
    private int watchedFd = NO_FD;

    /// Whether the last wait had an event of that descriptor.
    private boolean hasWatched;

    /// Index of each descriptor's event plus one, while further events of the same wait are merged.
    private int @Nullable [] indexes;

    ReadyQueue(KeyTable<A> table, Object lock) {
        this.table = table;
        this.lock = lock;
    }

    /// Starts the events of a wait. Called with the lock held, which stays held until the last [#add], when the queue
    /// is empty.
    void begin() {
        next = 0;
        end = 0;
        version = table.version();
        indexes = null;
        hasWatched = false;
    }

    /// Sets the time of the events to come.
    void setTime(long nanoTime) {
        time = nanoTime;
    }

    /// Watches for events of a descriptor from the next wait on; [#NO_FD] for none.
    void watch(int fd) {
        watchedFd = fd;
    }

    int watchedFd() {
        return watchedFd;
    }

    /// Returns whether the last wait had an event of the watched descriptor.
    boolean hasWatched() {
        return hasWatched;
    }

    /// Returns the descriptor of one of the events of the last wait, another one for each turn.
    int fdOfTurn(int turn) {
        return end == 0 ? NO_FD : fd(events[Integer.remainderUnsigned(turn, end)]);
    }

    /// Returns the number of events that are left.
    int size() {
        return end - next;
    }

    /// Merges further events of the same wait: an [#add] for a descriptor that has an event extends that event.
    void beginMerge() {
        int[] merged = new int[table.length()];
        for (int i = next; i < end; i++) {
            merged[fd(events[i])] = i + 1;
        }
        indexes = merged;
    }

    /// Adds an event.
    ///
    /// @param fd the descriptor of a registration
    /// @param mask POLL* flags that the kernel reported
    /// @param interest the interest of the registration
    /// @return false if no flag concerns the interest
    boolean add(int fd, int mask, Interest interest) {
        int[] merged = indexes;
        int index = merged == null ? 0 : merged[fd];
        int known = index == 0 ? 0 : Readiness.of(readiness(events[index - 1])).nativeMask();
        int readiness = Readiness.number(known | mask, interest);
        if (readiness < 0) {
            return false;
        }
        table.setLastEvent(fd, time, readiness);
        hasWatched |= fd == watchedFd;
        if (index != 0) {
            events[index - 1] = event(fd, readiness);
            return true;
        }
        if (end == events.length) {
            events = Arrays.copyOf(events, 2 * end);
        }
        events[end++] = event(fd, readiness);
        if (merged != null) {
            merged[fd] = end;
        }
        return true;
    }

    boolean isEmpty() {
        return next == end;
    }

    /// Returns whether an event is left whose key still waits for it. Drops the events before it.
    boolean hasDeliverable() {
        while (!isEmpty()) {
            if (revalidate() != null) {
                return true;
            }
            next++;
        }
        return false;
    }

    /// Passes all events to a handler. If the handler throws, the events after the current one stay in the queue.
    ///
    /// While the version stays the same, the next key is read before the handler is called: the handler's work would
    /// evict it from the cache.
    ///
    /// @return the number of calls of the handler
    <X extends Exception> int dispatch(ReadyHandler<A, X> handler) throws X {
        long[] events = this.events;
        KeyTable<A> table = this.table;
        @Nullable SelectorKey<A>[] keys = table.liveKeys();
        long version = this.version;
        int end = this.end;
        int count = 0;
        long event = events[next < end ? next : 0];
        SelectorKey<A> key = keys[fd(event)];
        int untouched = end - next >= TOUCHED_TOGETHER ? next : end;
        for (int i = next; i < end; i++) {
            if (i == untouched) {
                untouched = touch(keys, i);
            }
            VarHandle.loadLoadFence(); // the version is incremented before a key is replaced
            if (key == null || table.version() != version) {
                break;
            }
            SelectorKey<A> current = key;
            Readiness readiness = Readiness.of(readiness(event));
            next = i + 1;
            if (i + 1 < end) {
                event = events[i + 1];
                key = keys[fd(event)];
            }
            count++;
            handler.ready(current, readiness);
        }
        while (!isEmpty()) {
            SelectorKey<A> current = revalidate();
            int readiness = readiness(events[next++]);
            if (current != null) {
                count++;
                handler.ready(current, Readiness.of(readiness));
            }
        }
        return count;
    }

    /// Loads the objects of the next events into the cache: keys, sockets and data. Together they take about as long as
    /// one of them; one by one, between the system calls of handlers, each would be waited for.
    ///
    /// @return the index after these events
    private int touch(@Nullable SelectorKey<A>[] keys, int first) {
        int last = Math.min(first + TOUCHED_TOGETHER, end);
        int equal = 0;
        for (int i = first; i < last; i++) {
            SelectorKey<A> key = keys[fd(events[i])];
            if (key != null) {
                Object data = key.data();
                if (data != null && data.getClass() == key.fileobj().getClass()) {
                    equal++;
                }
            }
        }
        touched = equal;
        return last;
    }

    /// Checks the next event against its registration, and reduces it to the registration's current interest.
    ///
    /// @return the key, or null if the event is stale
    private @Nullable SelectorKey<A> revalidate() {
        synchronized (lock) {
            int fd = fd(events[next]);
            Registration<A> registration = table.get(fd);
            if (registration == null || registration.isClosedUnnoticed() || isStale(registration)) {
                return null;
            }
            SelectorKey<A> key = registration.key();
            int readiness =
                    Readiness.number(Readiness.of(readiness(events[next])).nativeMask(), key.events());
            events[next] = event(fd, readiness);
            return readiness < 0 ? null : key;
        }
    }

    /// Returns whether the number has another registration since the wait; or whether a one-shot or edge-triggered key
    /// was modified since: then the kernel reports the condition again.
    private boolean isStale(Registration<A> registration) {
        Interest interest = registration.events();
        boolean reportedOnce = interest.isOneShot() || interest.isEdgeTriggered();
        return registration.generation() >= version || (reportedOnce && registration.version() >= version);
    }

    private static long event(int fd, int readiness) {
        return (long) readiness << Integer.SIZE | fd;
    }

    private static int fd(long event) {
        return (int) event;
    }

    private static int readiness(long event) {
        return (int) (event >>> Integer.SIZE);
    }
}
