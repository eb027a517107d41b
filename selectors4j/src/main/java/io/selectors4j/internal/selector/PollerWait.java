package io.selectors4j.internal.selector;

import io.selectors4j.Pollable;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.sys.Deadline;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/// One thread's wait for one descriptor: the thread parks, which a virtual thread can do without its carrier, and the
/// [Poller] unparks it. To be used once.
public final class PollerWait implements CloseListeners.CloseListener {

    /// What [#await] returns if the object was closed meanwhile.
    public static final int CLOSED = Integer.MIN_VALUE;

    private final int fd;
    private final int events;
    private final Thread thread = Thread.currentThread();
    private final Poller poller;

    /// What came of it: 0 for nothing yet. Written with the watcher's lock held.
    private volatile int outcome;

    /// Makes a watch for the current thread.
    ///
    /// @param fd the descriptor
    /// @param events POLL* flags to wait for
    /// @throws IOException if the watcher does not run yet and there is no descriptor left for it
    public PollerWait(int fd, int events) throws IOException {
        this(fd, events, Poller.shared());
    }

    PollerWait(int fd, int events, Poller watcher) {
        this.fd = fd;
        this.events = events;
        this.poller = watcher;
    }

    /// The call that watches the descriptor, for messages.
    ///
    /// @return such as `epoll_ctl(ADD, fd=5)`
    public String describe() {
        return poller.describe(fd);
    }

    int fd() {
        return fd;
    }

    int events() {
        return events;
    }

    boolean isDone() {
        return outcome != 0;
    }

    /// Waits until the descriptor is ready, the time is over, the thread is interrupted, or the object is closed. What the kernel
    /// does not watch, since it is always ready, is never ready for anything else.
    ///
    /// @param nanos the longest wait, or [Deadline#FOREVER]
    /// @return POLL* flags; 0 if the time is over or the thread is interrupted, whose status stays set; [#CLOSED]; `-errno`
    ///     if the descriptor cannot be watched
    public int await(long nanos) {
        long start = Deadline.start(nanos);
        try {
            int refusal = poller.add(this);
            if (refusal < 0 && refusal != -Errno.EPERM) {
                return refusal;
            }
            long left = nanos;
            while (outcome == 0 && left > 0 && !Thread.currentThread().isInterrupted()) {
                if (left == Deadline.FOREVER) {
                    LockSupport.park(poller);
                } else {
                    LockSupport.parkNanos(poller, left);
                }
                left = Deadline.left(nanos, start);
            }
        } finally {
            if (outcome == 0) {
                poller.remove(this);
            }
        }
        return outcome;
    }

    /// Takes a descriptor out of the watcher's set, where it stays after a wait. Whoever waits for it is told that it cannot be
    /// watched.
    ///
    /// @param fd the descriptor
    /// @return whether it was in the set
    public static boolean evict(int fd) {
        Poller watcher = Poller.sharedIfStarted();
        return watcher != null && watcher.evict(fd, -Errno.ELOOP);
    }

    /// Ends the wait.
    ///
    /// @param result what [#await] is to return, not 0
    void complete(int result) {
        outcome = result;
        LockSupport.unpark(thread);
    }

    /// The object is closing.
    @Override
    public void onClosing(Pollable fileobj, int number) {
        poller.onClosing(this);
    }

    @Override
    public void onReplaced(Pollable fileobj, int number) throws IOException {
        poller.restartPoll(number);
    }
}
