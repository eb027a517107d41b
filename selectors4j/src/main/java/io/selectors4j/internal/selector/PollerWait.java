package io.selectors4j.internal.selector;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.jfr.Jfr;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.SingleFdPoll;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One wait of one thread for one descriptor. The thread parks, so a virtual thread leaves its carrier, and the
/// [Poller] unparks it. Used once.
public final class PollerWait implements CloseListener {

    /// The result of [#await] if the object was closed during the wait.
    public static final int CLOSED = Integer.MIN_VALUE;

    /// The result of [#await] after [#wake].
    public static final int WOKEN = Integer.MIN_VALUE + 1;

    /// The result of [#await] if the poller cannot watch the descriptor: the kernel's answer for epoll instances that
    /// are nested too deep.
    public static final int NOT_POLLABLE = -Errno.ELOOP;

    private final int fd;
    private final int events;
    private final Thread thread = Thread.currentThread();
    private final Poller poller;

    /// The result, or 0 while there is none. Written with the lock of a [PollerStripe] held.
    private volatile int result;

    /// The next wait for the same descriptor. Guarded by that lock.
    @Nullable
    PollerWait next;

    /// Creates a wait of the calling thread.
    ///
    /// @param events POLL* flags to wait for
    /// @throws IOException if the poller cannot start: EMFILE or ENFILE at a limit of open files, ENOMEM
    public PollerWait(int fd, int events) throws IOException {
        this(fd, events, Poller.shared());
    }

    PollerWait(int fd, int events, Poller poller) {
        this.fd = fd;
        this.events = events;
        this.poller = poller;
    }

    /// Describes the system call that watches the descriptor, such as `epoll_ctl(ADD, fd=5)`.
    public String describe() {
        return poller.describe(fd);
    }

    int fd() {
        return fd;
    }

    int events() {
        return events;
    }

    boolean isOfVirtualThread() {
        return thread.isVirtual();
    }

    boolean isDone() {
        return result != 0;
    }

    /// Waits until the descriptor is ready, the timeout is over, the thread is interrupted, or the wait is canceled. A
    /// descriptor that the kernel does not watch is always ready for some events, and gets ready for nothing else.
    ///
    /// @param nanos the longest wait, or [Deadline#FOREVER]
    /// @return POLL* flags; 0 after the timeout or an interrupt, which leaves the interrupt status set; the result of
    ///     [#cancel]; `-errno` if the kernel refuses to watch the descriptor
    /// @throws NativeIOException if the system has no memory left
    public int await(long nanos) throws NativeIOException {
        long start = Deadline.start(nanos);
        Object event = Jfr.beginPark();
        try {
            int refusal = poller.add(this);
            if (refusal == -Errno.EPERM) {
                int mask = SingleFdPoll.await(fd, events, 0);
                if (mask != 0) {
                    return mask;
                }
            } else if (refusal < 0) {
                return refusal;
            }
            long remaining = nanos;
            while (result == 0 && remaining > 0 && !Thread.currentThread().isInterrupted()) {
                if (remaining == Deadline.FOREVER) {
                    LockSupport.park(poller);
                } else {
                    LockSupport.parkNanos(poller, remaining);
                }
                remaining = Deadline.remaining(nanos, start);
            }
        } finally {
            if (result == 0) {
                poller.remove(this);
            }
            Jfr.endPark(event, fd, events, result);
        }
        return result;
    }

    /// Ends the wait with a result, before or after it has begun, unless it has one. Called by any thread.
    ///
    /// @param canceled the result of [#await]: [#CLOSED] or [#NOT_POLLABLE]
    public void cancel(int canceled) {
        poller.cancel(this, canceled);
    }

    /// Ends the wait with [#WOKEN], before or after it has begun, unless it has a result. Makes no system call for the
    /// descriptor: it stays in the kernel set, and its next event is ignored if no other wait began until then. Called
    /// by any thread.
    ///
    /// @return false if the wait has a result
    public boolean wake() {
        return poller.wake(this, WOKEN);
    }

    /// Removes a descriptor from the poller, where it stays after a wait. Current waits for it end with
    /// [#NOT_POLLABLE].
    ///
    /// @return whether the poller had the descriptor
    public static boolean evict(int fd) {
        Poller poller = Poller.sharedIfStarted();
        return poller != null && poller.evict(fd, NOT_POLLABLE);
    }

    /// Sets the result, which is not 0, and unparks the thread.
    void complete(int newResult) {
        result = newResult;
        LockSupport.unpark(thread);
    }

    @Override
    public void onClosing(Pollable fileobj, int number) {
        cancel(CLOSED);
    }

    @Override
    public void onReplaced(Pollable fileobj, int number) throws IOException {
        poller.restartPoll(number);
    }
}
