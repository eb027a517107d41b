package io.selectors4j;

import java.util.concurrent.atomic.AtomicInteger;

/// Whether the selecting thread sleeps and whether somebody woke it: one signal a sleep, however many wake it, and none
/// lost.
final class WakeupState {

    private static final int RUNNING = 0;
    private static final int BLOCKED = 1;
    private static final int NOTIFIED = 2;

    private final AtomicInteger state = new AtomicInteger(RUNNING);

    /// Wakes the sleeping thread, or else the next one to fall asleep. From any thread.
    ///
    /// @return whether the caller has to send the signal
    boolean wake() {
        return state.getAndSet(NOTIFIED) == BLOCKED;
    }

    /// The same with the signal, if one has to be sent. If that fails, nobody was woken, and whoever wakes next tries again. From any
    /// thread.
    ///
    /// @param waker what the thread waits on
    /// @return 0, or `-errno` if it could not be sent
    int wake(Waker waker) {
        int result = wake() ? waker.signal() : 0;
        if (result < 0) {
            state.compareAndSet(NOTIFIED, BLOCKED);
        }
        return result;
    }

    /// Whether somebody has woken the thread, which has not learned of it yet.
    ///
    /// @return whether [#beginBlocking] would return false
    boolean isNotified() {
        return state.get() == NOTIFIED;
    }

    /// The selecting thread is about to wait.
    ///
    /// @return false if it was woken before and must not wait
    boolean beginBlocking() {
        return state.compareAndSet(RUNNING, BLOCKED);
    }

    /// The selecting thread has waited. A signal that was sent meanwhile may arrive later still, and then stands for
    /// nothing.
    ///
    /// @return whether it was woken
    boolean endBlocking() {
        return state.getAndSet(RUNNING) == NOTIFIED;
    }
}
