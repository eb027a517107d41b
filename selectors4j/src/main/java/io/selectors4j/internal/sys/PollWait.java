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

/// Waits with `ppoll`, with a timeout in nanoseconds. macOS lacks it and uses `poll`, with milliseconds rounded up;
/// Windows has `WSAPoll`, the same. An instance serves one thread at a time. A virtual thread parks while a platform
/// thread waits.
public final class PollWait {

    private final ErrnoCapture state = new ErrnoCapture();
    private final Timespec timespec = new Timespec();
    private final boolean millisOnly;

    /// The longest timeout of one call, in nanoseconds.
    private final long longest;

    /// The wait of Windows, or null.
    private final @Nullable SocketPoll socketPoll;

    /// Creates a wait with the call of this system.
    public PollWait() {
        this(Platform.IS_WINDOWS || Platform.CURRENT.os() == Platform.Os.MACOS, Deadline.LONGEST_CALL, false);
    }

    /// Creates a wait with the call of this system, for a selector: on Windows, a hang-up alone does not end a wait for
    /// writing.
    public static PollWait forSelector() {
        return new PollWait(
                Platform.IS_WINDOWS || Platform.CURRENT.os() == Platform.Os.MACOS, Deadline.LONGEST_CALL, true);
    }

    PollWait(boolean millisOnly, long longest) {
        this(millisOnly, longest, false);
    }

    private PollWait(boolean millisOnly, long longest, boolean ignoresHangups) {
        socketPoll = Platform.IS_WINDOWS ? new SocketPoll(ignoresHangups) : null;
        this.millisOnly = millisOnly;
        this.longest = millisOnly ? Math.min(longest, Deadline.LONGEST_MILLIS) : longest;
    }

    /// Returns the name of the call, `ppoll`, `poll` or `WSAPoll`, for messages.
    public String call() {
        return Platform.IS_WINDOWS ? "WSAPoll" : millisOnly ? "poll" : "ppoll";
    }

    /// Waits until a descriptor is ready or the timeout expires. A signal ends the wait only if there is a mask.
    ///
    /// @param fds the descriptors to wait for; holds the returned events afterwards
    /// @param nanos the timeout, or [Deadline#FOREVER]
    /// @param mask the signals that are blocked during the wait, or null for the current mask
    /// @return the number of entries with events; 0 after the timeout, or after a signal; `-errno`
    /// @throws UnsupportedOperationException if there is a mask, and this system has `poll` only
    public int await(PollFds fds, long nanos, @Nullable SigSet mask) {
        if (mask != null && millisOnly) {
            throw new UnsupportedOperationException("poll() takes no signal mask, and ppoll() is missing on "
                    + Platform.CURRENT.os() + ": Select takes one");
        }
        return BlockingCalls.isNeeded(nanos)
                ? BlockingCalls.call(() -> awaitOnThisThread(fds, nanos, mask))
                : awaitOnThisThread(fds, nanos, mask);
    }

    private int poll(PollFds fds, long nanos, @Nullable SigSet mask) {
        if (millisOnly) {
            return PosixLibc.poll(state, fds, fds.size(), Deadline.millis(nanos));
        }
        return PosixIssue8.ppoll(state, fds, fds.size(), nanos == Deadline.FOREVER ? null : timespec.set(nanos), mask);
    }

    private int awaitOnThisThread(PollFds fds, long nanos, @Nullable SigSet mask) {
        if (socketPoll != null) {
            return socketPoll.await(state, fds, nanos);
        }
        long start = Deadline.start(nanos);
        long remaining = nanos;
        while (true) {
            long part = remaining == Deadline.FOREVER ? remaining : Math.min(remaining, longest);
            int result = poll(fds, part, mask);
            if (result == -Errno.EINTR) {
                if (mask != null) {
                    return 0;
                }
            } else if (result != 0 || part == remaining) {
                return result;
            }
            remaining = Deadline.remaining(nanos, start);
        }
    }
}
