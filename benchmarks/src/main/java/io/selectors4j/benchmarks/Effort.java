package io.selectors4j.benchmarks;

/// The amount of time that a benchmark takes.
///
/// @param rounds the number of rounds of each contender
/// @param scale the amount of work in one round, relative to [#FULL]
public record Effort(int rounds, double scale) {

    private static final int WARM_UP = 2000;

    /// For a table and a chart.
    public static final Effort FULL = new Effort(7, 1);

    /// For `./bench ratios`.
    public static final Effort RATIOS = new Effort(9, 0.5);

    /// For a first impression: `--quick`.
    public static final Effort QUICK = new Effort(3, 0.2);

    /// For tests that only check that the benchmarks work.
    public static final Effort SMOKE = new Effort(1, 0.01);

    /// Scales an amount of work.
    ///
    /// @param full the amount with [#FULL]
    /// @return at least 1
    public int work(int full) {
        return (int) Math.max(1, full * scale);
    }

    /// Tells whether this is [#SMOKE].
    public boolean isSmoke() {
        return equals(SMOKE);
    }

    /// Returns whether this is a quick measurement: a benchmark may leave out situations.
    public boolean isQuick() {
        return equals(QUICK);
    }

    /// Returns how long a [Task] warms up: two seconds, or less with a small scale.
    ///
    /// @return milliseconds
    public int warmUpMillis() {
        return (int) Math.min(WARM_UP, 2 * WARM_UP * scale);
    }
}
