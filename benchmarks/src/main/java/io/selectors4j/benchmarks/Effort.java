package io.selectors4j.benchmarks;

/// How much time is spent.
///
/// @param rounds how often each contender is asked
/// @param scale of the work in one round, where 1 is a good deal
public record Effort(int rounds, double scale) {

    private static final int WARM_UP = 2000;

    /// For a table and a chart.
    public static final Effort FULL = new Effort(7, 1);

    /// For `./bench ratios`.
    public static final Effort RATIOS = new Effort(9, 0.5);

    /// For a first look.
    public static final Effort QUICK = new Effort(3, 0.2);

    /// Whether it works at all.
    public static final Effort SMOKE = new Effort(1, 0.01);

    /// An amount of work.
    ///
    /// @param full how much of it is done with [#FULL]
    /// @return at least 1
    public int work(int full) {
        return (int) Math.max(1, full * scale);
    }

    /// Whether it is only to be seen that everything works.
    public boolean isSmoke() {
        return equals(SMOKE);
    }

    /// Whether it is for a first look: a benchmark may leave out situations.
    public boolean isQuick() {
        return equals(QUICK);
    }

    /// For how long a [Task] warms up: two seconds, but in a hurry.
    ///
    /// @return milliseconds
    public int warmUpMillis() {
        return (int) Math.min(WARM_UP, 2 * WARM_UP * scale);
    }
}
