package io.selectors4j.benchmarks.sleep;

import io.selectors4j.benchmarks.Task;
import io.selectors4j.benchmarks.WarmUp;
import java.io.IOException;
import java.util.Arrays;

/// Waits with nothing ready, in Java. A round is `NANOSECONDS COUNT`: for how long, and how often.
abstract class SleepTask implements Task {

    private static final double MICRO = 1000;

    private final WarmUp warmUp;

    SleepTask(String warmUpMillis) {
        warmUp = new WarmUp(warmUpMillis);
    }

    @Override
    public String round(String... args) throws Exception {
        long nanos = Long.parseLong(args[0]);
        long[] taken = new long[Integer.parseInt(args[1])];
        warmUp.with(() -> run(nanos, taken));
        run(nanos, taken);
        Arrays.sort(taken);
        long median = taken[taken.length / 2];
        return "elapsed=" + median / MICRO + " late=" + (median - nanos) / MICRO + " waits=" + taken.length;
    }

    private void run(long nanos, long[] taken) throws IOException {
        for (int i = 0; i < taken.length; i++) {
            long start = System.nanoTime();
            select(nanos);
            taken[i] = System.nanoTime() - start;
        }
    }

    /// Waits for at least so long.
    abstract void select(long nanos) throws IOException;
}
