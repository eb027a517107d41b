package io.selectors4j;

import java.util.concurrent.atomic.AtomicInteger;

/// Whether the selecting thread is blocked, and whether it was woken. Each blocking wait is signalled at most once, and
/// no wakeup is lost.
final class WakeupState {

    private static final int RUNNING = 0;
    private static final int BLOCKED = 1;
    private static final int NOTIFIED = 2;

    private final AtomicInteger state = new AtomicInteger(RUNNING);

    /// Wakes the blocked thread, or the next one that is about to block. Called by any thread.
    ///
    /// @return whether the caller has to send the signal
    boolean wake() {
        return state.getAndSet(NOTIFIED) == BLOCKED;
    }

    /// Wakes, and sends the signal if necessary. After a failure the thread counts as not woken, so the next call tries
    /// again. Called by any thread.
    ///
    /// @return 0, or `-errno` if the signal could not be sent
    int wake(Waker waker) {
        return wake() ? signal(waker) : 0;
    }

    /// Sends the signal of a [#wake] that returned true. After a failure the thread counts as not woken.
    ///
    /// @return 0, or `-errno` if the signal could not be sent
    int signal(Waker waker) {
        int result = waker.signal();
        if (result < 0) {
            state.compareAndSet(NOTIFIED, BLOCKED);
        }
        return result;
    }

    /// Returns whether a wakeup is pending: [#beginBlocking] would return false.
    boolean isNotified() {
        return state.get() == NOTIFIED;
    }

    /// Called by the selecting thread before it blocks.
    ///
    /// @return false if a wakeup is pending: the thread must not block
    boolean beginBlocking() {
        // BLOCKED is left over from a wait that ended with a StackOverflowError.
        return state.compareAndExchange(RUNNING, BLOCKED) != NOTIFIED;
    }

    /// Called by the selecting thread after it blocked. A signal of this wait may arrive later; it then means nothing.
    ///
    /// @return whether the thread was woken
    boolean endBlocking() {
        return state.getAndSet(RUNNING) == NOTIFIED;
    }
}
