package io.selectors4j.benchmarks.sleep;

import io.selectors4j.benchmarks.Task;
import io.selectors4j.benchmarks.WarmUp;
import java.io.IOException;
import java.util.Arrays;

/// Waits with nothing ready, in Java. The arguments of a round are `NANOSECONDS COUNT`: the timeout and the number of
/// waits.
abstract class SleepTask implements Task {

    private static final double MICRO = 1000;

    private final WarmUp warmUp;

    SleepTask(String warmUpMillis) {
        warmUp = new WarmUp(warmUpMillis);
    }

    @Override
    public String round(String... args) throws Exception {
        long nanos = Long.parseLong(args[0]);
        long[] elapsed = new long[Integer.parseInt(args[1])];
        warmUp.with(() -> run(nanos, elapsed));
        run(nanos, elapsed);
        Arrays.sort(elapsed);
        long median = elapsed[elapsed.length / 2];
        return "elapsed=" + median / MICRO + " late=" + (median - nanos) / MICRO + " waits=" + elapsed.length;
    }

    private void run(long nanos, long[] elapsed) throws IOException {
        for (int i = 0; i < elapsed.length; i++) {
            long start = System.nanoTime();
            select(nanos);
            elapsed[i] = System.nanoTime() - start;
        }
    }

    /// Waits until the timeout.
    abstract void select(long nanos) throws IOException;
}
