package io.selectors4j;

import io.selectors4j.internal.selector.Batch;
import io.selectors4j.internal.selector.KeyTable;
import io.selectors4j.internal.selector.Registration;
import org.jspecify.annotations.Nullable;

/// Hands out what a wait has found, but for what is not wanted any more by then. The selecting thread's own.
///
/// @param <A> type of the data attached to the keys
final class Delivery<A extends @Nullable Object> {

    private final KeyTable<A> table;

    /// Guards the table.
    private final Object lock;

    /// What the last wait found and nobody has taken yet.
    private final Batch<A> batch = new Batch<>();

    Delivery(KeyTable<A> table, Object lock) {
        this.table = table;
        this.lock = lock;
    }

    /// Where a wait puts what it found. Once it is complete, [#settle] has to be called, with the lock held from the begin.
    Batch<A> batch() {
        return batch;
    }

    /// What a wait found is complete.
    void settle() {
        batch.settle(table.changes());
    }

    /// Whether nothing is left.
    boolean isEmpty() {
        return batch.isEmpty();
    }

    /// Whether something is left that is still wanted. What comes before it is dropped.
    boolean isWanted() {
        while (!batch.isEmpty()) {
            if (batch.isUpToDate(table.changes()) || update()) {
                return true;
            }
            batch.remove();
        }
        return false;
    }

    /// Brings the next event up to date.
    ///
    /// @return false if nobody is to hear of it any more
    private boolean update() {
        synchronized (lock) {
            Registration<A> registration = table.get(batch.key().fd());
            if (registration == null || batch.isStale(registration)) {
                return false;
            }
            int readiness = Readiness.number(Readiness.of(batch.readiness()).nativeMask(), registration.events());
            batch.replace(registration.key(), readiness);
            return readiness >= 0;
        }
    }

    /// Hands everything out. What is left if the handler throws is for the next time.
    ///
    /// @return how many events
    <X extends Exception> int handOut(ReadyHandler<A, X> handler) throws X {
        int count = 0;
        while (isWanted()) {
            SelectorKey<A> key = batch.key();
            Readiness readiness = Readiness.of(batch.readiness());
            batch.remove();
            count++;
            handler.ready(key, readiness);
        }
        return count;
    }
}
