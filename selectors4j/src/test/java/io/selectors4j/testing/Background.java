package io.selectors4j.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A thread that does one thing, such as to wait in a select, and what came of it.
///
/// @param <T> type of the result
public final class Background<T extends @Nullable Object> {

    private static final Set<String> WAITS = Set.of("pselect", "ppoll", "epoll_wait", "epoll_pwait", "epoll_pwait2");
    private static final long PATIENCE_SECONDS = 30;

    private final FutureTask<T> task;
    private final Thread thread;
    private volatile int tid;

    private Background(Callable<T> action) {
        task = new FutureTask<>(() -> {
            tid = Libc.gettid();
            return action.call();
        });
        thread = Thread.ofPlatform().daemon().name("background").unstarted(task);
    }

    /// Starts a thread.
    public static <T extends @Nullable Object> Background<T> start(Callable<T> action) {
        Background<T> background = new Background<>(action);
        background.thread.start();
        return background;
    }

    /// The thread.
    public Thread thread() {
        return thread;
    }

    /// The thread's number for the kernel; known once the thread runs.
    public int tid() throws InterruptedException {
        while (tid == 0) {
            Thread.sleep(1);
        }
        return tid;
    }

    /// Waits until the thread sleeps in a system call that waits for descriptors.
    public Background<T> awaitAsleep() throws InterruptedException, IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!isAsleep()) {
            if (task.isDone()) {
                throw new AssertionError("ended instead of waiting: " + describe());
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("does not wait: " + Arrays.toString(thread.getStackTrace()));
            }
            Thread.sleep(1);
        }
        return this;
    }

    private boolean isAsleep() throws IOException, InterruptedException {
        if (Arrays.stream(thread.getStackTrace())
                .map(StackTraceElement::getMethodName)
                .noneMatch(WAITS::contains)) {
            return false;
        }
        // proc(5): the state follows the command's name, which is in parentheses.
        Path stat = Path.of("/proc/self/task/" + tid() + "/stat");
        String line = Files.exists(stat) ? Files.readString(stat) : "";
        return line.contains(") S ");
    }

    /// What the thread returned, when it ends.
    public T result() throws Exception {
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            AssertionError error = new AssertionError("still running");
            error.setStackTrace(thread.getStackTrace());
            throw error;
        }
    }

    /// What the thread threw, when it ends.
    public Throwable failure() throws Exception {
        try {
            T result = result();
            throw new AssertionError("ended with " + result);
        } catch (Exception e) {
            return e;
        }
    }

    /// Fails if the thread ends within a while.
    public void expectRunning(Duration time) throws InterruptedException {
        if (thread.join(time)) {
            throw new AssertionError("ended: " + describe());
        }
    }

    private String describe() throws InterruptedException {
        try {
            return "with " + task.get();
        } catch (ExecutionException e) {
            return "with " + e.getCause();
        }
    }
}
