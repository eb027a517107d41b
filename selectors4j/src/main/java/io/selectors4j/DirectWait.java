package io.selectors4j;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.selector.CloseListener;
import io.selectors4j.internal.selector.PollerWait;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.SingleFdPoll;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One wait of a platform thread for one descriptor, in a poll(2) of its own. It saves the two switches of threads of a
/// [PollerWait], where the poller's thread wakes the waiting one. An eventfd ends the poll when the object is closed or
/// the thread is interrupted; it exists as long as the wait. Used once.
///
/// Only on Linux: poll(2) of macOS does not support all devices.
final class DirectWait implements CloseListener, Closeable {

    /// The largest number of concurrent waits, since each needs a descriptor. Further ones park.
    static final int MAX_WAITS = 64;

    private static final AtomicInteger WAITS = new AtomicInteger();

    private final int fd;
    private final int events;
    private final Waker waker;
    private final WakeupState state = new WakeupState();
    private final InterruptHook interruptHook;
    private volatile boolean isClosed;

    private DirectWait(int fd, int events) throws NativeIOException {
        this.fd = fd;
        this.events = events;
        waker = Waker.create();
        try {
            interruptHook = new InterruptHook(state, waker);
        } catch (Throwable t) {
            waker.close();
            throw t;
        }
    }

    /// Creates a wait of the calling thread.
    ///
    /// @param events POLL* flags to wait for
    /// @return the wait; null if the thread has to park: it is virtual, there are many waits, or the system has no
    ///     descriptor left
    static @Nullable DirectWait open(int fd, int events) {
        if (Platform.CURRENT.os() != Platform.Os.LINUX || Thread.currentThread().isVirtual()) {
            return null;
        }
        DirectWait opened = null;
        int waits = WAITS.incrementAndGet();
        try {
            opened = waits <= MAX_WAITS ? new DirectWait(fd, events) : null;
        } catch (NativeIOException e) {
            // EMFILE, ENFILE, ENOMEM
        } finally {
            if (opened == null) {
                WAITS.decrementAndGet();
            }
        }
        return opened;
    }

    /// Waits until the descriptor is ready, the timeout is over, the thread is interrupted, or the object is closed.
    ///
    /// @param nanos the longest wait, or [Deadline#FOREVER]
    /// @return POLL* flags; 0 after the timeout or an interrupt, which leaves the interrupt status set;
    ///     [PollerWait#CLOSED]
    /// @throws NativeIOException if the kernel refuses to wait
    int await(long nanos) throws NativeIOException {
        long start = Deadline.start(nanos);
        long remaining = nanos;
        while (true) {
            int mask = awaitOnce(remaining);
            if (isClosed) {
                return PollerWait.CLOSED;
            }
            remaining = Deadline.remaining(nanos, start);
            if (mask != 0 || remaining <= 0 || Thread.currentThread().isInterrupted()) {
                return mask;
            }
            waker.drain(); // woken, because the object has another open file
        }
    }

    /// Waits until the descriptor is ready, the timeout is over, or the thread is woken.
    private int awaitOnce(long nanos) throws NativeIOException {
        interruptHook.beginBlocking();
        try {
            return state.beginBlocking() ? SingleFdPoll.await(fd, events, waker.fileno(), nanos) : 0;
        } finally {
            state.endBlocking();
            interruptHook.endBlocking();
        }
    }

    @Override
    public void onClosing(Pollable fileobj, int number) {
        isClosed = true;
        Waker.requireWoken(state.wake(waker));
    }

    @Override
    public void onReplaced(Pollable fileobj, int number) throws IOException {
        Waker.requireWoken(state.wake(waker));
    }

    @Override
    public void close() {
        waker.close();
        WAITS.decrementAndGet();
    }
}
