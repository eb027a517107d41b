package io.selectors4j.testing;

import static io.selectors4j.testing.Expect.PATIENCE;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A platform thread that performs one task, usually a blocking system call, and its result.
///
/// After the task the thread stays alive until its result is taken or it is closed, so that signals can be sent to it.
///
/// @param <T> type of the result
public final class Background<T extends @Nullable Object> implements AutoCloseable {

    private static final Pattern BINDING =
            Pattern.compile("io\\.selectors4j\\.internal\\.((linux|posix|bsd)\\.(Linux|Posix|Kqueue)|windows\\.)\\w+");

    private static final boolean IS_LINUX = Platform.CURRENT.os() == Os.LINUX;

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final CompletableFuture<Integer> tid = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private Background(String name, Callable<T> task) {
        thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> {
            if (IS_LINUX) {
                tid.complete(Libc.gettid());
            }
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

    /// Runs a task on a thread that ends with it. Used for irreversible changes of a thread, for example a seccomp
    /// filter.
    public static <T extends @Nullable Object> T run(Callable<T> task) throws Exception {
        try (Background<T> started = start(task)) {
            return started.result();
        }
    }

    /// Returns the thread, for interrupts and messages.
    public Thread thread() {
        return thread;
    }

    /// Returns the kernel's id of the thread.
    public int tid() {
        try {
            return tid.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the thread does not start", e);
        }
    }

    /// Waits until the thread is blocked in a system call of the library.
    public Background<T> awaitAsleep() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int asleep = 0;
        while (asleep < 5) {
            if (!isRunning()) {
                throw new AssertionError("ended instead of waiting: " + outcome());
            }
            if (System.nanoTime() - deadline > 0) {
                throw timedOut("the thread does not block in a system call");
            }
            LockSupport.parkNanos(Duration.ofMillis(4).toNanos());
            asleep = isBlocked() && isInBinding() ? asleep + 1 : 0;
        }
        return this;
    }

    /// Waits until the thread is off the processor, most likely in the system call that it repeats. For tests that
    /// count, and for which [#awaitAsleep] takes too long.
    public void awaitBlocked() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int blocked = 0;
        while (blocked < 3) {
            if (System.nanoTime() - deadline > 0) {
                throw timedOut("the thread does not block");
            }
            blocked = isBlocked() ? blocked + 1 : 0;
        }
    }

    /// Returns whether the task has not ended.
    public boolean isRunning() {
        return !result.isDone();
    }

    /// Returns whether the task ends within a time.
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

    /// Fails if the task ends within a time.
    public void expectRunning(Duration time) throws InterruptedException {
        if (endsWithin(time)) {
            throw new AssertionError("ended: " + outcome());
        }
    }

    /// Waits for the task and returns its result.
    ///
    /// @throws Exception the exception of the task
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
            throw timedOut("the thread does not end");
        }
    }

    /// Waits for the task and returns its exception.
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
                throw timedOut("the thread does not end");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            // ends the thread
        }
    }

    private AssertionError timedOut(String message) {
        AssertionError error = new AssertionError(message + "; it is in state " + state());
        error.setStackTrace(thread.getStackTrace());
        return error;
    }

    private String outcome() {
        return result.isCompletedExceptionally() ? result.exceptionNow().toString() : "" + result.resultNow();
    }

    /// Returns whether the thread is off the processor. Without proc(5), a thread that is in a binding each time it is
    /// looked at counts as blocked.
    private boolean isBlocked() {
        return IS_LINUX ? state().equals('S') : isInBinding();
    }

    private boolean isInBinding() {
        if (TestSimulation.CURRENT != null) {
            return TestSimulation.CURRENT.isBlocked(thread);
        }
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length > 0 && BINDING.matcher(stack[0].getClassName()).matches();
    }

    /// Returns the state of the thread: a letter of proc(5), which follows the command's name in parentheses.
    private Object state() {
        if (!IS_LINUX) {
            return thread.getState();
        }
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
