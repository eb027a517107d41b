package io.selectors4j.internal.sys;

import io.selectors4j.internal.bsd.KeventArray;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Timespec;
import org.jspecify.annotations.Nullable;

/// Waits with `kevent`, to the nanosecond. One thread at a time; a virtual one parks meanwhile.
public final class KqueueWait {

    private final ErrnoCapture state = new ErrnoCapture();
    private final Timespec timespec = new Timespec();

    /// Hands changes over, if there are some, and waits until an event is pending or the time is over. A signal does not
    /// end the wait.
    ///
    /// @param libc the functions
    /// @param kq the kqueue
    /// @param changes the changes, or null
    /// @param count how many there are
    /// @param events where to put the events, or null for none
    /// @param max how many at most; with 0 this does not wait
    /// @param nanos the longest wait, or [Deadline#FOREVER]
    /// @return how many events there are; 0 if the time is over; `-errno`
    public int await(
            KqueueLibc libc,
            int kq,
            @Nullable KeventArray changes,
            int count,
            @Nullable KeventArray events,
            int max,
            long nanos) {
        return max > 0 && BlockingCalls.isNeeded(nanos)
                ? BlockingCalls.call(() -> awaitOnThisThread(libc, kq, changes, count, events, max, nanos))
                : awaitOnThisThread(libc, kq, changes, count, events, max, nanos);
    }

    private int awaitOnThisThread(
            KqueueLibc libc,
            int kq,
            @Nullable KeventArray changes,
            int count,
            @Nullable KeventArray events,
            int max,
            long nanos) {
        long start = Deadline.start(nanos);
        long left = nanos;
        int news = count;
        while (true) {
            long part = left == Deadline.FOREVER ? left : Math.min(left, Deadline.LONGEST_CALL);
            Timespec timeout = part == Deadline.FOREVER ? null : timespec.set(part);
            int result = libc.kevent(state, kq, changes, news, events, max, timeout);
            // kevent(2): when it fails with EINTR, all changes have been made. To hand them over again would add and
            // trigger things twice.
            boolean again = result == -Errno.EINTR || (result == 0 && max > 0 && part < left);
            if (!again) {
                return result;
            }
            news = 0;
            left = Deadline.left(nanos, start);
        }
    }
}
