package io.selectors4j;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/// The thread that selects: one at a time, and none after the selector's descriptors are closed.
final class SelectingThread {

    /// The value of [#current] after the descriptors are closed.
    private static final Thread CLOSED = new Thread("closed");

    private static final AtomicReferenceFieldUpdater<SelectingThread, @Nullable Thread> CURRENT =
            AtomicReferenceFieldUpdater.newUpdater(SelectingThread.class, Thread.class, "current");

    /// The selecting thread. `select` clears this field directly: after a StackOverflowError a method call could fail.
    volatile @Nullable Thread current;

    /// Makes the calling thread the selecting one.
    ///
    /// @return null on success; otherwise the thread that selects already
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

    /// Returns the selecting thread, or null.
    @Nullable
    Thread currentThread() {
        Thread thread = current;
        return CLOSED.equals(thread) ? null : thread;
    }

    /// Creates the exception for a select beside another one.
    ///
    /// @param other the thread that selects already
    static IllegalStateException refusal(Thread other, Object selector) {
        Thread me = Thread.currentThread();
        return new IllegalStateException(
                other.equals(me)
                        ? me + " is selecting with " + selector + " already: a handler cannot select"
                        : me + " cannot select: " + other + " is selecting with " + selector
                                + ", and one thread at a time can");
    }

    /// Refuses all further selects, if no thread is selecting.
    ///
    /// @return true once: the caller closes the descriptors
    boolean acquireForClose() {
        return CURRENT.compareAndSet(this, null, CLOSED);
    }
}
