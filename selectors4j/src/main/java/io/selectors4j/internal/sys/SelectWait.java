package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.FdSets;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.posix.SigSet;
import io.selectors4j.internal.posix.Timespec;
import org.jspecify.annotations.Nullable;

/// Waits with `pselect`, to the nanosecond. One thread at a time; a virtual one parks meanwhile.
public final class SelectWait {

    private final ErrnoCapture state = new ErrnoCapture();
    private final Timespec timespec = new Timespec();

    /// The longest wait that one call is asked for, in nanoseconds.
    private final long longest;

    /// Waits in the way of this system.
    public SelectWait() {
        this(Deadline.LONGEST_CALL);
    }

    SelectWait(long longest) {
        this.longest = longest;
    }

    /// Waits until a descriptor is ready or the time is over. A signal does not end the wait, unless there is a mask:
    /// then it is what the caller waits for.
    ///
    /// @param sets what to wait for, prepared; holds the answer afterwards
    /// @param nanos the longest wait, or [Deadline#FOREVER]
    /// @param mask the signals blocked meanwhile, or null to leave that as it is
    /// @return how many bits are set in the answer; 0 if the time is over; `-errno`
    public int await(FdSets sets, long nanos, @Nullable SigSet mask) {
        return BlockingCalls.isNeeded(nanos)
                ? BlockingCalls.call(() -> awaitOnThisThread(sets, nanos, mask))
                : awaitOnThisThread(sets, nanos, mask);
    }

    private int awaitOnThisThread(FdSets sets, long nanos, @Nullable SigSet mask) {
        long start = Deadline.start(nanos);
        long left = nanos;
        while (true) {
            long part = left == Deadline.FOREVER ? left : Math.min(left, longest);
            if (part < left) {
                sets.save();
            }
            Timespec timeout = part == Deadline.FOREVER ? null : timespec.set(part);
            int result = PosixLibc.pselect(state, sets.returnedNfds(), sets, timeout, mask);
            if (result == -Errno.EINTR) { // the kernel left the sets as they were
                if (mask != null) {
                    sets.clearReturned();
                    return 0;
                }
            } else if (result != 0 || part == left) {
                return result;
            } else {
                sets.restore();
            }
            left = Deadline.left(nanos, start);
        }
    }
}
