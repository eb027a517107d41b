package io.selectors4j.stress;

import java.time.Duration;

/// The time budget of a harness, a share of `-Dstress.minutes`; and the random seed.
public final class Budget {

    private static final long NANOS_PER_MINUTE = Duration.ofMinutes(1).toNanos();

    private final long end;

    private Budget(long nanos) {
        end = System.nanoTime() + nanos;
    }

    /// Starts a budget.
    ///
    /// @param share the harness's share of the total time, in percent
    /// @return the budget, which starts now
    public static Budget percent(int share) {
        return new Budget(duration(share).toNanos());
    }

    /// Returns a share of the total time.
    ///
    /// @param share the share, in percent
    /// @return the duration
    public static Duration duration(int share) {
        double minutes = Double.parseDouble(System.getProperty("stress.minutes", "1"));
        return Duration.ofNanos((long) (minutes * NANOS_PER_MINUTE * share / 100));
    }

    /// Returns whether time remains.
    ///
    /// @return whether to continue
    public boolean hasTime() {
        return System.nanoTime() - end < 0;
    }

    /// Returns the random seed: `-Dstress.seed`, or a new seed each time.
    ///
    /// @return the seed; the harness passes it to [RunCounts#seed]
    public static long seed() {
        String given = System.getProperty("stress.seed", "");
        return given.isEmpty() ? System.nanoTime() & Integer.MAX_VALUE : Long.parseLong(given);
    }
}
