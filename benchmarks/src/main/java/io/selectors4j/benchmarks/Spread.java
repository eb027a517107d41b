package io.selectors4j.benchmarks;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// The median and the quartiles of several measurements.
///
/// @param low the first quartile
/// @param median the median
/// @param high the third quartile
public record Spread(double low, double median, double high) {

    private static final double LOW = 0.25;
    private static final double MIDDLE = 0.5;
    private static final double HIGH = 0.75;

    /// Returns the spread of values.
    public static Spread of(Collection<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("there are no measurements");
        }
        double[] sorted = values.stream().mapToDouble(value -> value).sorted().toArray();
        return new Spread(quantile(sorted, LOW), quantile(sorted, MIDDLE), quantile(sorted, HIGH));
    }

    /// Returns the geometric mean of several spreads, each part by itself.
    public static Spread mean(List<Spread> cases) {
        return new Spread(
                mean(cases.stream().mapToDouble(Spread::low).toArray()),
                mean(cases.stream().mapToDouble(Spread::median).toArray()),
                mean(cases.stream().mapToDouble(Spread::high).toArray()));
    }

    private static double mean(double... values) {
        return Math.exp(Arrays.stream(values).map(Math::log).average().orElseThrow());
    }

    private static double quantile(double[] sorted, double share) {
        double rank = share * (sorted.length - 1);
        int below = (int) rank;
        double above = sorted[Math.min(below + 1, sorted.length - 1)];
        return sorted[below] + (rank - below) * (above - sorted[below]);
    }
}
