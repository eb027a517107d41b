package io.selectors4j.nio.it;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/// Concurrent tasks.
public final class Load {

    /// One task.
    @FunctionalInterface
    public interface Task {
        /// Runs the task.
        ///
        /// @param number the number of the task, from 0
        /// @throws Exception if the task fails
        void run(int number) throws Exception;
    }

    private Load() {}

    /// Runs tasks and waits until all of them have ended. Closes the executor.
    ///
    /// @param executor runs the tasks
    /// @param count the number of tasks
    /// @param task the task
    /// @throws Exception if a task fails
    public static void run(ExecutorService executor, int count, Task task) throws Exception {
        try (executor) {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                futures.add(executor.submit(() -> {
                    task.run(number);
                    return null;
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } catch (ExecutionException e) {
            executor.shutdownNow();
            throw e;
        }
    }
}
