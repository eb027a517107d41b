package io.selectors4j;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/// Which thread selects with a selector: one at a time, and none once the selector's descriptors were given back.
final class SelectingThread {

    /// Stands for the selecting thread once the descriptors were given back.
    private static final Thread CLOSED = new Thread("retired");

    private static final AtomicReferenceFieldUpdater<SelectingThread, @Nullable Thread> CURRENT =
            AtomicReferenceFieldUpdater.newUpdater(SelectingThread.class, Thread.class, "current");

    /// The thread that selects. Who has selected sets it to null itself: there may be no stack left for a call.
    volatile @Nullable Thread current;

    /// The current thread begins to select, if it can.
    ///
    /// @return null if it can; otherwise the thread that does already
    @Nullable
    Thread acquire() {
        while (!CURRENT.compareAndSet(this, null, Thread.currentThread())) {
            Thread other = current;
            if (other != null) {
                return other;
            }
        }
        return null;
    }

    /// What to throw if it cannot.
    ///
    /// @param other the thread that does already
    /// @param selector the selector
    /// @return a new exception, which names both threads
    static IllegalStateException refusal(Thread other, Object selector) {
        Thread me = Thread.currentThread();
        return new IllegalStateException(
                other.equals(me)
                        ? me + " is selecting with " + selector + " already: a handler cannot select"
                        : me + " cannot select: " + other + " is selecting with " + selector
                                + ", and one thread at a time can");
    }

    /// Nobody is to select any more.
    ///
    /// @return whether nobody does now; true for one caller only
    boolean acquireForClose() {
        return CURRENT.compareAndSet(this, null, CLOSED);
    }
}
