package io.selectors4j.internal;

import io.selectors4j.testing.Libc;
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

/// A platform thread that computes something, mostly in a system call that waits. Closing it makes sure that it has ended.
public final class TestThread<T extends @Nullable Object> implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final CompletableFuture<Integer> tid = new CompletableFuture<>();
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final Thread thread;

    private TestThread(String name, Callable<T> task) {
        thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> {
            tid.complete(Libc.gettid());
            try {
                result.complete(task.call());
            } catch (Throwable t) {
                result.completeExceptionally(t);
            }
            stayForSignals();
        });
    }

    /// Starts a thread.
    public static <T extends @Nullable Object> TestThread<T> start(Callable<T> task) {
        return start("test-thread", task);
    }

    /// Starts a thread with a name.
    public static <T extends @Nullable Object> TestThread<T> start(String name, Callable<T> task) {
        TestThread<T> started = new TestThread<>(name, task);
        started.thread.start();
        return started;
    }

    /// Runs something on a thread of its own, which ends with it: for what cannot be undone, such as a seccomp filter.
    public static <T extends @Nullable Object> T run(Callable<T> task) throws Exception {
        try (TestThread<T> started = start(task)) {
            return started.join();
        }
    }

    /// The thread's number for the kernel.
    public int tid() {
        return get(tid);
    }

    /// Waits until the thread sleeps in a system call of the library: what it was asked to do has begun and cannot go on.
    public TestThread<T> awaitAsleep() {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        int asleep = 0;
        while (asleep < 5) {
            if (result.isDone()) {
                throw new AssertionError("the thread ended instead of waiting: " + outcome());
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the thread does not fall asleep");
            }
            LockSupport.parkNanos(Duration.ofMillis(4).toNanos());
            asleep = state() == 'S' && isInBinding() ? asleep + 1 : 0;
        }
        return this;
    }

    /// Whether the thread has not ended.
    public boolean isRunning() {
        return !result.isDone();
    }

    /// The thread's name and number as they appear in messages.
    public Thread thread() {
        return thread;
    }

    /// Until somebody joins: a signal must not be sent to a thread that has ended.
    private void stayForSignals() {
        try {
            mayEnd.await();
        } catch (InterruptedException e) {
            // then it ends
        }
    }

    /// Waits for the end of the thread.
    ///
    /// @return what it computed
    /// @throws Exception what it threw
    public T join() throws Exception {
        try {
            T value = result.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
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
            throw new AssertionError("the thread does not end; it is in state " + state(), e);
        }
    }

    @Override
    public void close() {
        mayEnd.countDown();
        try {
            if (!thread.join(LONGEST)) {
                throw new AssertionError("the thread does not end; it is in state " + state());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String outcome() {
        return result.isCompletedExceptionally() ? result.exceptionNow().toString() : "" + result.resultNow();
    }

    private boolean isInBinding() {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length > 0
                && stack[0].getClassName().matches("io\\.selectors4j\\.internal\\.(linux|posix)\\.(Linux|Posix)\\w+");
    }

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

    private static <V> V get(CompletableFuture<V> future) {
        try {
            return future.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the thread does not start", e);
        }
    }
}
