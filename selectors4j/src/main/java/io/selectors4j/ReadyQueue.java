package io.selectors4j;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What one wait has found, until it is handed out: a queue that is filled, emptied, and filled again, without allocating once it is large
/// enough. What is not wanted any more by the time of its turn is left out. The selecting thread's own.
///
/// An event is a number and what that is ready for. Its key comes from the table; unless something has changed in the selector
/// meanwhile, nothing else has to be looked at, which the kernel would have thrown out of the caches since.
///
/// @param <A> type of the data attached to the keys
final class ReadyQueue<A extends @Nullable Object> {

    private final KeyTable<A> table;

    /// Guards the table.
    private final Object lock;

    /// The number of a readiness above that of a descriptor.
    private long[] events = new long[64];

    /// The next event to hand out.
    private int next;

    private int end;

    /// How many changes the selector had had when the events were looked at.
    private long changes;

    ReadyQueue(KeyTable<A> table, Object lock) {
        this.table = table;
        this.lock = lock;
    }

    /// What is appended from here on was found by one wait. With the lock held until all is; and only if nothing is left.
    void begin() {
        next = 0;
        end = 0;
        changes = table.version();
    }

    /// Appends an event.
    ///
    /// @param fd the number of a registration
    /// @param readiness the number of what it is ready for
    void add(int fd, int readiness) {
        if (end == events.length) {
            events = Arrays.copyOf(events, 2 * end);
        }
        events[end++] = event(fd, readiness);
    }

    /// Whether nothing is left.
    boolean isEmpty() {
        return next == end;
    }

    /// Whether something is left that is still wanted. What comes before it is dropped.
    boolean hasDeliverable() {
        while (!isEmpty()) {
            if (revalidate() != null) {
                return true;
            }
            next++;
        }
        return false;
    }

    /// Hands everything out. What is left if the handler throws is for the next time.
    ///
    /// As long as nothing changes, the next key is read before the handler is called: afterwards, the places where it stands are out
    /// of the caches.
    ///
    /// @return how many events
    <X extends Exception> int dispatch(ReadyHandler<A, X> handler) throws X {
        long[] events = this.events;
        KeyTable<A> table = this.table;
        @Nullable SelectorKey<A>[] keys = table.liveKeys();
        long changes = this.changes;
        int end = this.end;
        int count = 0;
        long event = events[next < end ? next : 0];
        SelectorKey<A> key = keys[fd(event)];
        for (int i = next; i < end; i++) {
            VarHandle.loadLoadFence(); // whoever has put another key there has counted the change before
            if (key == null || table.version() != changes) {
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

    /// Looks at the registration itself, and at what it waits for by now.
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

    /// Whether another registration has the number of an event now; or the kernel has looked once more since, because what it
    /// reports once was asked for anew.
    private boolean isStale(Registration<A> registration) {
        Interest interest = registration.events();
        boolean once = interest.isOneShot() || interest.isEdgeTriggered();
        return registration.generation() >= changes || (once && registration.version() >= changes);
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
