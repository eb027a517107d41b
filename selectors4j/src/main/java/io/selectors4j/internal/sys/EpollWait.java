package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.posix.SigSet;
import io.selectors4j.internal.posix.Timespec;
import org.jspecify.annotations.Nullable;

/// Waits with `epoll_pwait2`, to the nanosecond. If the kernel or the C library lacks it, waits with `epoll_wait`,
/// whose milliseconds are rounded up; one failed call finds that out. For one thread at a time.
public final class EpollWait {

    private final ErrnoCapture state = new ErrnoCapture();
    private final Timespec timespec = new Timespec();
    private boolean millisOnly;

    /// Waits until a descriptor is ready or the timeout is over, on a helper thread if the calling thread is virtual.
    ///
    /// @param epfd the epoll instance
    /// @param events receives the events
    /// @param max the largest number of events, positive and at most the capacity
    /// @param nanos the longest wait, or [Deadline#FOREVER]
    /// @param mask the signals blocked during the wait, or null; with a mask, a signal ends the wait, and 0 is returned
    /// @return the number of events; 0 after the timeout; `-errno`
    public int await(int epfd, EpollEventArray events, int max, long nanos, @Nullable SigSet mask) {
        return BlockingCalls.isNeeded(nanos)
                ? BlockingCalls.call(() -> awaitOnThisThread(epfd, events, max, nanos, mask))
                : awaitOnThisThread(epfd, events, max, nanos, mask);
    }

    /// Waits like [#await], always in a system call of the calling thread.
    public int awaitOnThisThread(int epfd, EpollEventArray events, int max, long nanos, @Nullable SigSet mask) {
        long start = Deadline.start(nanos);
        long left = nanos;
        while (true) {
            boolean fine = left != 0 && left != Deadline.FOREVER && !millisOnly;
            // Not in methods of their own: beyond the inlining depth of the compiler, the objects of a call are
            // allocated.
            int result = fine
                    ? LinuxLibc.epoll_pwait2(state, epfd, events, max, timespec.set(left), mask)
                    : mask == null
                            ? LinuxLibc.epoll_wait(state, epfd, events, max, Deadline.millis(left))
                            : LinuxLibc.epoll_pwait(state, epfd, events, max, Deadline.millis(left), mask);
            if (result > 0) {
                return result;
            }
            // The seccomp filters of older container engines answer EPERM to an unknown call.
            if (fine && (result == -Errno.ENOSYS || result == -Errno.EPERM)) {
                millisOnly = true;
            } else if (result == -Errno.EINTR) {
                if (mask != null) {
                    return 0;
                }
            } else if (result < 0 || fine || Deadline.millis(left) != Integer.MAX_VALUE) {
                return result;
            }
            left = Deadline.remaining(nanos, start);
        }
    }
}
