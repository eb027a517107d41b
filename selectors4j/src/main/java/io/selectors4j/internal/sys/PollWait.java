package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.posix.PollFds;
import io.selectors4j.internal.posix.PosixIssue8;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.posix.SigSet;
import io.selectors4j.internal.posix.Timespec;
import org.jspecify.annotations.Nullable;

/// Waits with `ppoll`, to the nanosecond; on macOS, which lacks it, with `poll`, whose milliseconds are rounded up. One
/// thread at a time; a virtual one parks meanwhile.
public final class PollWait {

    private final ErrnoCapture state = new ErrnoCapture();
    private final Timespec timespec = new Timespec();
    private final boolean millisOnly;

    /// The longest wait that one call is asked for, in nanoseconds.
    private final long longest;

    /// Waits in the way of this system.
    public PollWait() {
        this(Platform.CURRENT.os() == Platform.Os.MACOS, Deadline.LONGEST_CALL);
    }

    PollWait(boolean millisOnly, long longest) {
        this.millisOnly = millisOnly;
        this.longest = millisOnly ? Math.min(longest, Deadline.LONGEST_MILLIS) : longest;
    }

    /// The name of the call, for messages.
    ///
    /// @return `ppoll` or `poll`
    public String call() {
        return millisOnly ? "poll" : "ppoll";
    }

    /// Waits until a descriptor is ready or the time is over. A signal does not end the wait, unless there is a mask:
    /// then it is what the caller waits for.
    ///
    /// @param fds what to wait for; holds the answer afterwards
    /// @param nanos the longest wait, or [Deadline#FOREVER]
    /// @param mask the signals blocked meanwhile, or null to leave that as it is
    /// @return how many entries have an answer; 0 if the time is over; `-errno`
    /// @throws UnsupportedOperationException if there is a mask, and this system has only `poll`
    public int await(PollFds fds, long nanos, @Nullable SigSet mask) {
        if (mask != null && millisOnly) {
            throw new UnsupportedOperationException("poll() takes no signal mask, and ppoll() is missing on "
                    + Platform.CURRENT.os() + ": Select takes one");
        }
        return BlockingCalls.isNeeded(nanos)
                ? BlockingCalls.call(() -> awaitOnThisThread(fds, nanos, mask))
                : awaitOnThisThread(fds, nanos, mask);
    }

    private int once(PollFds fds, long nanos, @Nullable SigSet mask) {
        if (millisOnly) {
            return PosixLibc.poll(state, fds, fds.size(), Deadline.millis(nanos));
        }
        return PosixIssue8.ppoll(state, fds, fds.size(), nanos == Deadline.FOREVER ? null : timespec.set(nanos), mask);
    }

    private int awaitOnThisThread(PollFds fds, long nanos, @Nullable SigSet mask) {
        long start = Deadline.start(nanos);
        long left = nanos;
        while (true) {
            long part = left == Deadline.FOREVER ? left : Math.min(left, longest);
            int result = once(fds, part, mask);
            if (result == -Errno.EINTR) {
                if (mask != null) {
                    return 0;
                }
            } else if (result != 0 || part == left) {
                return result;
            }
            left = Deadline.left(nanos, start);
        }
    }
}
