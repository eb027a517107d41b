package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.posix.FdSets;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.posix.SigSet;
import io.selectors4j.internal.posix.Timespec;
import org.jspecify.annotations.Nullable;

/// Waits with `pselect`, with a timeout in nanoseconds, on Windows with `select`, in microseconds. An instance serves
/// one thread at a time. A virtual thread parks while a platform thread waits.
public final class SelectWait {

    private final ErrnoCapture state = new ErrnoCapture();
    private final Timespec timespec = new Timespec();
    private final @Nullable SocketSelect socketSelect = Platform.IS_WINDOWS ? new SocketSelect() : null;

    /// The longest timeout of one call, in nanoseconds.
    private final long longest;

    /// Creates a wait.
    public SelectWait() {
        this(Deadline.LONGEST_CALL);
    }

    SelectWait(long longest) {
        this.longest = longest;
    }

    /// Waits until a descriptor is ready or the timeout expires. A signal ends the wait only if there is a mask.
    ///
    /// @param sets the prepared sets; holds the returned sets afterwards
    /// @param nanos the timeout, or [Deadline#FOREVER]
    /// @param mask the signals that are blocked during the wait, or null for the current mask
    /// @return the number of bits in the returned sets; 0 after the timeout, or after a signal; `-errno`
    public int await(FdSets sets, long nanos, @Nullable SigSet mask) {
        return BlockingCalls.isNeeded(nanos)
                ? BlockingCalls.call(() -> awaitOnThisThread(sets, nanos, mask))
                : awaitOnThisThread(sets, nanos, mask);
    }

    private int awaitOnThisThread(FdSets sets, long nanos, @Nullable SigSet mask) {
        if (socketSelect != null) {
            return socketSelect.await(state, sets, nanos);
        }
        long start = Deadline.start(nanos);
        long remaining = nanos;
        while (true) {
            long part = remaining == Deadline.FOREVER ? remaining : Math.min(remaining, longest);
            if (part < remaining) {
                sets.save();
            }
            Timespec timeout = part == Deadline.FOREVER ? null : timespec.set(part);
            int result = PosixLibc.pselect(state, sets.returnedNfds(), sets, timeout, mask);
            if (result == -Errno.EINTR) { // the kernel has not changed the sets
                if (mask != null) {
                    sets.clearReturned();
                    return 0;
                }
            } else if (result != 0 || part == remaining) {
                return result;
            } else {
                sets.restore();
            }
            remaining = Deadline.remaining(nanos, start);
        }
    }
}
