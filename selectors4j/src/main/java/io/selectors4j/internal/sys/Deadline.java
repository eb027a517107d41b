package io.selectors4j.internal.sys;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Timeout arithmetic: converts a [Duration] to nanoseconds, and computes the remaining time after an interruption. All
/// operations saturate and round up, so that no wait ends early.
public final class Deadline {

    /// A wait without a timeout. Also the result for a duration of more than 292 years.
    public static final long FOREVER = Long.MAX_VALUE;

    private static final long NANOS_PER_MILLI = 1_000_000;

    /// The longest timeout of one system call, in nanoseconds; the caller then waits again. macOS and the BSDs fail
    /// with EINVAL for more than 100,000,000 s, and libkqueue counts milliseconds in 32 bits.
    static final long LONGEST_CALL = 1_000_000L * 1_000_000_000;

    /// The longest timeout in milliseconds that fits an `int`, in nanoseconds.
    static final long LONGEST_MILLIS = Integer.MAX_VALUE * NANOS_PER_MILLI;

    private static final Duration LONGEST = Duration.ofNanos(FOREVER);

    private Deadline() {}

    /// Converts a timeout to nanoseconds. Null, which means no timeout, becomes [#FOREVER]; a negative timeout stays
    /// negative.
    public static long nanos(@Nullable Duration timeout) {
        if (timeout == null || timeout.compareTo(LONGEST) >= 0) {
            return FOREVER;
        }
        // -LONGEST is in range, so only smaller values can overflow.
        return timeout.toSeconds() < -LONGEST.toSeconds() ? -FOREVER : timeout.toNanos();
    }

    /// Returns the start time for [#remaining]. It reads the clock only if a positive timeout requires it.
    public static long start(long nanos) {
        return nanos == 0 || nanos == FOREVER ? 0 : System.nanoTime();
    }

    /// Returns the remaining nanoseconds of a wait, not negative, or [#FOREVER].
    public static long remaining(long nanos, long start) {
        return nanos == 0 || nanos == FOREVER ? nanos : Math.max(0, nanos - (System.nanoTime() - start));
    }

    /// Converts nanoseconds, not negative, to the milliseconds of `epoll_wait`, rounded up; [#FOREVER] becomes -1. At
    /// most [Integer#MAX_VALUE] (24.9 days), after which the caller must wait again.
    public static int millis(long nanos) {
        if (nanos == FOREVER) {
            return -1;
        }
        long millis = nanos / NANOS_PER_MILLI + (nanos % NANOS_PER_MILLI == 0 ? 0 : 1);
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    /// Waits for a time. An interrupt does not end the wait, and stays set.
    static void pause(long nanos) {
        boolean interrupted = false;
        long start = System.nanoTime();
        for (long left = nanos; left > 0; left = nanos - (System.nanoTime() - start)) {
            LockSupport.parkNanos(left);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
