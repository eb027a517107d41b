package io.selectors4j.nio;

import static io.selectors4j.testing.Expect.PATIENCE;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A thread, platform or virtual, that performs one blocking operation of a channel.
///
/// @param thread the thread
/// @param outcome how the operation ended
/// @param <T> type of the result
record BlockedCall<T extends @Nullable Object>(Thread thread, CompletableFuture<Outcome<T>> outcome)
        implements AutoCloseable {

    /// Successive observations in which the thread has to be blocked.
    private static final int OBSERVATIONS = 4;

    /// The kind of a thread.
    enum Kind {
        PLATFORM,
        VIRTUAL;

        private Thread.Builder builder() {
            return this == PLATFORM ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
        }
    }

    /// How an operation ended.
    ///
    /// @param value its result
    /// @param failure its exception; null if it returned
    /// @param interrupted the interrupt status of the thread afterwards
    record Outcome<T extends @Nullable Object>(
            @Nullable T value, @Nullable Throwable failure, boolean interrupted) {}

    /// Starts a thread.
    static <T extends @Nullable Object> BlockedCall<T> start(Kind kind, Callable<T> operation) {
        CompletableFuture<Outcome<T>> outcome = new CompletableFuture<>();
        Thread thread = kind.builder().start(() -> outcome.complete(perform(operation)));
        return new BlockedCall<>(thread, outcome);
    }

    private static <T extends @Nullable Object> Outcome<T> perform(Callable<T> operation) {
        try {
            T value = operation.call();
            return new Outcome<>(value, null, Thread.currentThread().isInterrupted());
        } catch (Throwable t) {
            return new Outcome<>(null, t, Thread.currentThread().isInterrupted());
        }
    }

    /// Waits until the thread is blocked in the operation, and fails if the operation ends.
    BlockedCall<T> awaitBlocked() throws InterruptedException {
        if (!blocks()) {
            throw new AssertionError("ended instead of blocking: " + outcome.join());
        }
        return this;
    }

    /// Waits until the thread is blocked in the operation or the operation has ended.
    ///
    /// @return whether the thread is blocked
    boolean blocks() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        int blocked = 0;
        while (blocked < OBSERVATIONS) {
            if (outcome.isDone()) {
                return false;
            }
            if (System.nanoTime() - end > 0) {
                throw timedOut("the thread does not block");
            }
            Thread.sleep(1);
            blocked = isWaiting() ? blocked + 1 : 0;
        }
        return true;
    }

    /// Returns whether the thread is parked, in a native method of the JDK's channels or in a system call of the
    /// library, below a method of a channel.
    private boolean isWaiting() {
        Thread.State state = thread.getState();
        StackTraceElement[] stack = thread.getStackTrace();
        if (stack.length == 0 || Arrays.stream(stack).noneMatch(BlockedCall::isOfProvider)) {
            return false;
        }
        boolean parked = state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
        boolean inSystemCall = isOfProvider(stack[0])
                && (stack[0].isNativeMethod() || stack[0].getClassName().startsWith("io.selectors4j.internal."));
        return parked || inSystemCall;
    }

    private static boolean isOfProvider(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.startsWith("sun.nio.ch.")
                || name.startsWith("io.selectors4j.internal.")
                || name.startsWith("io.selectors4j.nio.Fd");
    }

    /// Waits for the end of the operation.
    Outcome<T> end() throws Exception {
        if (!thread.join(PATIENCE)) {
            throw timedOut("the operation does not end");
        }
        return outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /// Waits for the result of the operation.
    @SuppressWarnings("NullAway") // without an exception there is a result
    T result() throws Exception {
        Outcome<T> ended = end();
        if (ended.failure() != null) {
            throw new AssertionError("failed", ended.failure());
        }
        return ended.value();
    }

    /// Waits for the exception of the operation.
    Throwable failure() throws Exception {
        Outcome<T> ended = end();
        if (ended.failure() == null) {
            throw new AssertionError("returned " + ended.value());
        }
        return ended.failure();
    }

    private AssertionError timedOut(String message) {
        AssertionError error = new AssertionError(message + "; it is in state " + thread.getState());
        error.setStackTrace(thread.getStackTrace());
        return error;
    }

    /// Waits for the thread. Interrupts it if the test has failed before it ended the operation.
    @Override
    public void close() {
        if (!outcome.isDone()) {
            thread.interrupt();
        }
        outcome.join();
    }
}
