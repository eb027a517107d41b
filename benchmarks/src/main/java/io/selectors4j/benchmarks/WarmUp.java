package io.selectors4j.benchmarks;

import java.util.concurrent.TimeUnit;

/// Lets the compiler do its work before a [Task]'s first round counts.
public final class WarmUp {

    private long nanos;

    /// What takes up the time.
    @FunctionalInterface
    public interface Action {

        /// Does a round of the kind that is going to be measured.
        void run() throws Exception;
    }

    /// A warm-up that is still to come.
    ///
    /// @param millis how long it takes at least; an argument of the task
    public WarmUp(String millis) {
        nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis));
    }

    /// Repeats something for as long as that, the first time that it is called, and does nothing from then on.
    public void with(Action action) throws Exception {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            action.run();
        }
        nanos = 0;
    }
}
