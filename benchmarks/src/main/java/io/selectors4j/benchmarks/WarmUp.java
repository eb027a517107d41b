package io.selectors4j.benchmarks;

import java.util.concurrent.TimeUnit;

/// Repeats the measured work before a [Task]'s first round, so that it is compiled.
public final class WarmUp {

    private long nanos;

    /// The work to repeat.
    @FunctionalInterface
    public interface Action {

        /// Runs a round of the kind that is measured afterwards.
        void run() throws Exception;
    }

    /// Creates a warm-up.
    ///
    /// @param millis the shortest duration, an argument of the task
    public WarmUp(String millis) {
        nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis));
    }

    /// Repeats an action for the duration at the first call. Later calls do nothing.
    public void with(Action action) throws Exception {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            action.run();
        }
        nanos = 0;
    }
}
