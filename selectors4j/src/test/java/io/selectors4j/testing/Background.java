package io.selectors4j.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A platform thread that does one thing, mostly in a system call that waits, and what came of it.
///
/// When it is done, the thread itself stays until its result is asked for, or until it is closed, which makes sure that
/// it has ended: a signal can be sent to it all the time.
///
/// @param <T> type of the result
public final class Background<T extends @Nullable Object> implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final CompletableFuture<Integer> tid = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private Background(String name, Callable<T> task) {
        thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> {
            tid.complete(Libc.gettid());
            try {
                result.complete(task.call());
            } catch (Throwable t) {
                result.completeExceptionally(t);
            }
            awaitClose();
        });
    }

    /// Starts a thread.
    public static <T extends @Nullable Object> Background<T> start(Callable<T> task) {
        return start("background", task);
    }

    /// Starts a thread with a name.
    public static <T extends @Nullable Object> Background<T> start(String name, Callable<T> task) {
        Background<T> started = new Background<>(name, task);
        started.thread.start();
        return started;
    }

    /// Runs something on a thread of its own, which ends with it: for what cannot be undone, such as a seccomp filter.
    public static <T extends @Nullable Object> T run(Callable<T> task) throws Exception {
        try (Background<T> started = start(task)) {
            return started.result();
        }
    }

    /// The thread, for interrupts and for its name in messages.
    public Thread thread() {
        return thread;
    }

    /// The thread's number for the kernel.
    public int tid() {
        try {
            return tid.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the thread does not start", e);
        }
    }

    /// Waits until the thread sleeps in a system call of the library: what it was asked to do has begun and cannot go on.
    public Background<T> awaitAsleep() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int asleep = 0;
        while (asleep < 5) {
            if (!isRunning()) {
                throw new AssertionError("ended instead of waiting: " + outcome());
            }
            if (System.nanoTime() - deadline > 0) {
                throw stuck("the thread does not fall asleep");
            }
            LockSupport.parkNanos(Duration.ofMillis(4).toNanos());
            asleep = state() == 'S' && isInBinding() ? asleep + 1 : 0;
        }
        return this;
    }

    /// Waits until the thread is off the processor, most probably in the system call that it makes over and over: for tests
    /// that count, and cannot wait for [#awaitAsleep] each time.
    public void awaitBlocked() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int blocked = 0;
        while (blocked < 3) {
            if (System.nanoTime() - deadline > 0) {
                throw stuck("the thread does not block");
            }
            blocked = state() == 'S' ? blocked + 1 : 0;
        }
    }

    /// Whether it is not done.
    public boolean isRunning() {
        return !result.isDone();
    }

    /// Whether it is done within a while.
    public boolean endsWithin(Duration time) throws InterruptedException {
        try {
            result.get(time.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /// Fails if it is done within a while.
    public void expectRunning(Duration time) throws InterruptedException {
        if (endsWithin(time)) {
            throw new AssertionError("ended: " + outcome());
        }
    }

    /// What it returned, when it is done.
    ///
    /// @throws Exception what it threw
    public T result() throws Exception {
        try {
            T value = result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            close();
            return value;
        } catch (ExecutionException e) {
            close();
            switch (e.getCause()) {
                case Exception cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new AssertionError(e);
            }
        } catch (TimeoutException e) {
            throw stuck("the thread does not end");
        }
    }

    /// What it threw, when it is done.
    public Throwable failure() throws Exception {
        try {
            T value = result();
            throw new AssertionError("ended with " + value);
        } catch (Exception e) {
            return e;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            if (!thread.join(PATIENCE)) {
                throw stuck("the thread does not end");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            // then it ends
        }
    }

    private AssertionError stuck(String message) {
        AssertionError error = new AssertionError(message + "; it is in state " + state());
        error.setStackTrace(thread.getStackTrace());
        return error;
    }

    private String outcome() {
        return result.isCompletedExceptionally() ? result.exceptionNow().toString() : "" + result.resultNow();
    }

    private boolean isInBinding() {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length > 0
                && stack[0].getClassName()
                        .matches("io\\.selectors4j\\.internal\\.(linux|posix|bsd)\\.(Linux|Posix|Kqueue)\\w+");
    }

    /// The state that the kernel has the thread in. In proc(5) it follows the command's name, which is in parentheses.
    private char state() {
        Path stat = Path.of("/proc/self/task/" + tid() + "/stat");
        try {
            String line = Files.readString(stat);
            return line.charAt(line.lastIndexOf(')') + 2);
        } catch (IOException e) {
            if (result.isDone()) {
                return 'X';
            }
            throw new UncheckedIOException(e);
        }
    }
}
