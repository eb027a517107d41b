package io.selectors4j.benchmarks.echo;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// What a [Generator] has measured.
///
/// @param times how long each message took to come back, in nanoseconds
/// @param nanos how long all that took
record Load(Histogram times, long nanos) {

    private static final double MEDIAN = 50;
    private static final double HIGH = 99;
    private static final double HIGHEST = 99.9;

    /// As an answer of a [io.selectors4j.benchmarks.Task]: messages a second, and how many microseconds half, 99 % and
    /// 99.9 % of the messages took at the most.
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
