package io.selectors4j.testing;

import static io.selectors4j.testing.Expect.PATIENCE;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// A thread, usually virtual, that performs one task in which it waits for one object: it parks, or polls the object's
/// descriptor. [Background] is for other tasks that block in a system call.
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

    /// Waits until the thread waits.
    public ParkedThread<T> awaitParked() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isParked() && !isPolling()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("the thread does not wait: " + thread.getState());
            }
            Thread.sleep(1);
        }
        return this;
    }

    private boolean isParked() {
        Thread.State state = thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    /// Returns whether a platform thread is in the system call of a DirectWait.
    private boolean isPolling() {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length > 0
                && stack[0].getMethodName().equals("ppoll")
                && Arrays.stream(stack).anyMatch(frame -> frame.getClassName().equals("io.selectors4j.DirectWait"));
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
