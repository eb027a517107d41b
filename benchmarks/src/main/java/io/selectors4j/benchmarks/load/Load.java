package io.selectors4j.benchmarks.load;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// The measurements of a [Generator].
///
/// @param times the round-trip times of the messages, in nanoseconds
/// @param nanos the total time
record Load(Histogram times, long nanos) {

    private static final double MEDIAN = 50;
    private static final double HIGH = 99;
    private static final double HIGHEST = 99.9;

    /// Formats the figures for a [io.selectors4j.benchmarks.Task]: messages per second, and the percentiles of the
    /// round-trip time in microseconds.
    String figures() {
        double seconds = nanos / (double) TimeUnit.SECONDS.toNanos(1);
        return String.format(
                Locale.ROOT,
                "messages=%d rate=%.3f p50=%.3f p99=%.3f p999=%.3f",
                times.getTotalCount(),
                times.getTotalCount() / seconds,
                micros(MEDIAN),
                micros(HIGH),
                micros(HIGHEST));
    }

    private double micros(double percentile) {
        return times.getValueAtPercentile(percentile) / (double) TimeUnit.MICROSECONDS.toNanos(1);
    }
}
