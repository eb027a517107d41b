package io.selectors4j.internal.sys;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The arithmetic of timeouts: a [Duration] outside, nanoseconds inside, and the time that is left after an interruption.
/// Everything saturates, and what is rounded is rounded up, so that no wait ends early.
public final class Deadline {

    /// Wait without end. Also what a duration beyond 292 years comes to.
    public static final long FOREVER = Long.MAX_VALUE;

    private static final long NANOS_PER_MILLI = 1_000_000;

    /// The longest wait that one call is asked for, in nanoseconds; the caller waits again afterwards. macOS and the BSDs answer
    /// EINVAL to more than 100,000,000 s, and libkqueue counts milliseconds in 32 bits.
    static final long LONGEST_CALL = 1_000_000L * 1_000_000_000;

    /// The longest wait in milliseconds that fits an `int`, in nanoseconds.
    static final long LONGEST_MILLIS = Integer.MAX_VALUE * NANOS_PER_MILLI;

    private static final Duration LONGEST = Duration.ofNanos(FOREVER);

    private Deadline() {}

    /// Converts a timeout.
    ///
    /// @param timeout the timeout; null for no end
    /// @return nanoseconds, or [#FOREVER]; negative for a negative timeout
    public static long nanos(@Nullable Duration timeout) {
        if (timeout == null || timeout.compareTo(LONGEST) >= 0) {
            return FOREVER;
        }
        // The mirror image of LONGEST is in range, so only what lies below can overflow.
        return timeout.toSeconds() < -LONGEST.toSeconds() ? -FOREVER : timeout.toNanos();
    }

    /// When a wait begins. Reads the clock only if that has to be known afterwards.
    ///
    /// @param nanos the whole wait in nanoseconds, or [#FOREVER]
    /// @return for [#left]
    public static long start(long nanos) {
        return nanos == 0 || nanos == FOREVER ? 0 : System.nanoTime();
    }

    /// The time that is left.
    ///
    /// @param nanos the whole wait in nanoseconds, or [#FOREVER]
    /// @param start what [#start] returned at its begin
    /// @return nanoseconds, not negative, or [#FOREVER]
    public static long left(long nanos, long start) {
        return nanos == 0 || nanos == FOREVER ? nanos : Math.max(0, nanos - (System.nanoTime() - start));
    }

    /// Converts to the unit of `epoll_wait`.
    ///
    /// @param nanos nanoseconds, not negative, or [#FOREVER]
    /// @return milliseconds, rounded up; -1 for [#FOREVER]; at most [Integer#MAX_VALUE] (24.9 days), after which the
    ///     caller has to wait again
    public static int millis(long nanos) {
        if (nanos == FOREVER) {
            return -1;
        }
        long millis = nanos / NANOS_PER_MILLI + (nanos % NANOS_PER_MILLI == 0 ? 0 : 1);
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }
}
