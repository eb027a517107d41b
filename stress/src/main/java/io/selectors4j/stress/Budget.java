package io.selectors4j.stress;

import java.time.Duration;

/// How long a harness may go on, as a share of `-Dstress.minutes`; and with which seed.
public final class Budget {

    private static final long NANOS_PER_MINUTE = Duration.ofMinutes(1).toNanos();

    private final long end;

    private Budget(long nanos) {
        end = System.nanoTime() + nanos;
    }

    /// Begins to count.
    ///
    /// @param share the harness's part of all the time, in percent
    /// @return what is left from now on
    public static Budget percent(int share) {
        return new Budget(duration(share).toNanos());
    }

    /// How long a part of all the time is.
    ///
    /// @param share the part, in percent
    /// @return its length
    public static Duration duration(int share) {
        double minutes = Double.parseDouble(System.getProperty("stress.minutes", "1"));
        return Duration.ofNanos((long) (minutes * NANOS_PER_MINUTE * share / 100));
    }

    /// Whether there is time left.
    ///
    /// @return whether to go on
    public boolean isLeft() {
        return System.nanoTime() - end < 0;
    }

    /// The seed of what is random: `-Dstress.seed`, or another one each time.
    ///
    /// @return the seed, to be noted with [RunCounts#seed]
    public static long seed() {
        String given = System.getProperty("stress.seed", "");
        return given.isEmpty() ? System.nanoTime() & Integer.MAX_VALUE : Long.parseLong(given);
    }
}
