package io.selectors4j.stress.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.stress.Limits;
import io.selectors4j.stress.Watchdog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("ci")
class WatchdogTest {

    private final Watchdog watchdog = new Watchdog(Duration.ofMillis(200));

    @Test
    @Timeout(Limits.TEST_SECONDS)
    void failure_namesTheThreadsAndTheirLocks() throws Exception {
        ReentrantLock one = new ReentrantLock();
        Object two = new Object();
        CountDownLatch both = new CountDownLatch(2);
        FutureTask<Void> platform = new FutureTask<>(() -> {
            one.lock();
            both.countDown();
            both.await();
            synchronized (two) {
                return null;
            }
        });
        FutureTask<Void> virtual = new FutureTask<>(() -> {
            synchronized (two) {
                both.countDown();
                both.await();
                one.lockInterruptibly();
                return null;
            }
        });
        Thread blocked = Thread.ofPlatform().daemon().name("a platform thread").start(platform);
        Thread parked = Thread.ofVirtual().name("a virtual thread").start(virtual);
        while (blocked.getState() != Thread.State.BLOCKED
                || !one.hasQueuedThread(parked)
                || parked.getState() != Thread.State.WAITING) {
            assertThat(platform.isDone() || virtual.isDone()).isFalse();
            Thread.onSpinWait();
        }

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> watchdog.await("the first one", platform))
                .withMessageStartingWith("the first one makes no progress")
                .withMessageContaining("\"a platform thread\"")
                .withMessageContaining("\"a virtual thread\"")
                .withMessageContaining("- waiting to lock <java.lang.Object@")
                .withMessageContaining("- locked <java.lang.Object@")
                .withMessageContaining("- parking to wait for <java.util.concurrent.locks.ReentrantLock");

        parked.interrupt(); // ends both threads
        assertThat(new Watchdog(Limits.WAIT).await("the first one", platform)).isNull();
    }

    @Test
    void progress_extendsTheWait() throws Exception {
        int[] polls = {0};
        CompletableFuture<String> future = new CompletableFuture<>() {
            @Override
            public String get(long timeout, TimeUnit unit) throws TimeoutException {
                if (polls[0]++ == 20) {
                    return "done";
                }
                watchdog.recordProgress();
                throw new TimeoutException();
            }
        };
        assertThat(watchdog.await("it", future)).isEqualTo("done");
    }

    @Test
    void failedTask_rethrowsItsException() {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() ->
                        watchdog.await("it", CompletableFuture.failedFuture(new IllegalStateException("a reason"))))
                .withCause(new IllegalStateException("a reason"));
    }
}
