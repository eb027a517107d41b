package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.posix.SigSet;
import io.selectors4j.internal.posix.Timespec;
import org.jspecify.annotations.Nullable;

/// Waits with `epoll_pwait2`, to the nanosecond; where the kernel or the C library lacks it, with `epoll_wait`, whose
/// milliseconds are rounded up. That it is lacking is found out once. One thread at a time; a virtual one parks
/// meanwhile.
public final class EpollWait {

    private final ErrnoCapture state = new ErrnoCapture();
    private final Timespec timespec = new Timespec();
    private boolean millisOnly;

    /// Waits until a descriptor is ready or the time is over. A signal does not end the wait, unless there is a mask:
    /// then it is what the caller waits for.
    ///
    /// @param epfd the epoll instance
    /// @param events where to put the events
    /// @param max how many events at most, positive and not more than fit
    /// @param nanos the longest wait, or [Deadline#FOREVER]
    /// @param mask the signals blocked meanwhile, or null to leave that as it is
    /// @return how many events there are; 0 if the time is over; `-errno`
    public int await(int epfd, EpollEventArray events, int max, long nanos, @Nullable SigSet mask) {
        return BlockingCalls.isNeeded(nanos)
                ? BlockingCalls.call(() -> awaitOnThisThread(epfd, events, max, nanos, mask))
                : awaitOnThisThread(epfd, events, max, nanos, mask);
    }

    private int awaitOnThisThread(int epfd, EpollEventArray events, int max, long nanos, @Nullable SigSet mask) {
        long start = Deadline.start(nanos);
        long left = nanos;
        while (true) {
            boolean fine = left != 0 && left != Deadline.FOREVER && !millisOnly;
            // Not in methods of their own: too many on the way, and the compiler leaves the objects of a call on the
            // heap.
            int result = fine
                    ? LinuxLibc.epoll_pwait2(state, epfd, events, max, timespec.set(left), mask)
                    : mask == null
                            ? LinuxLibc.epoll_wait(state, epfd, events, max, Deadline.millis(left))
                            : LinuxLibc.epoll_pwait(state, epfd, events, max, Deadline.millis(left), mask);
            if (result > 0) {
                return result;
            }
            // EPERM is what the seccomp filters of older container engines answer to a call they do not know.
            if (fine && (result == -Errno.ENOSYS || result == -Errno.EPERM)) {
                millisOnly = true;
            } else if (result == -Errno.EINTR) {
                if (mask != null) {
                    return 0;
                }
            } else if (result < 0 || fine || Deadline.millis(left) != Integer.MAX_VALUE) {
                return result;
            }
            left = Deadline.left(nanos, start);
        }
    }
}
