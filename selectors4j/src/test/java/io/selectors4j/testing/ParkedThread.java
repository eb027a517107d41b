package io.selectors4j.testing;

import static io.selectors4j.testing.Expect.PATIENCE;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// A thread, usually virtual, that performs one task in which it parks. [Background] is for tasks that block in a
/// system call.
///
/// @param thread the thread
/// @param task the task
/// @param <T> type of the result
public record ParkedThread<T>(Thread thread, FutureTask<T> task) {

    /// Starts a virtual thread.
    public static <T> ParkedThread<T> start(Callable<T> body) {
        return start(Thread.ofVirtual(), body);
    }

    /// Starts a thread.
    public static <T> ParkedThread<T> start(Thread.Builder builder, Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(body);
        return new ParkedThread<>(builder.start(task), task);
    }

    /// Waits until the thread is parked.
    public ParkedThread<T> awaitParked() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("the thread does not park: " + thread.getState());
            }
            Thread.sleep(1);
        }
        return this;
    }

    /// Waits for the task and returns its result.
    ///
    /// @throws Exception the exception of the task
    public T result() throws Exception {
        try {
            return task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
