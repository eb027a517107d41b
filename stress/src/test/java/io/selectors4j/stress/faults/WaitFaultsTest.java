package io.selectors4j.stress.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Await;
import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.os.Epoll;
import io.selectors4j.os.EpollEvent;
import io.selectors4j.os.Poll;
import io.selectors4j.os.PollEvent;
import io.selectors4j.os.Select;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import io.selectors4j.testing.ConnectedPair;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever call of a wait fails, and however: the wait ends, with what it was for or with a clear error, and the next
/// one finds what there is. On virtual threads, too, where it is threads of the library's own that call.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class WaitFaultsTest {

    private static final RunCounts COUNTS = new RunCounts("faults");

    private static void everyCallFails(FaultRun.Scenario scenario) throws Exception {
        COUNTS.add("faults injected", FaultRun.everyCallFails(Fault.ALL, scenario));
    }

    /// The same where the thread takes part that watches for virtual threads. EPERM says to it that a file is always
    /// ready, so that no wait for anything else ever ends: no call says so of a pipe.
    private static void everyCallFailsBesideTheWatcher(FaultRun.Scenario scenario) throws Exception {
        List<Fault> honest =
                Fault.ALL.stream().filter(fault -> fault.errno() != Errno.EPERM).toList();
        startWatcher();
        COUNTS.add("faults injected", FaultRun.everyCallFails(honest, trial -> {
            scenario.run(trial);
            startWatcher();
        }));
    }

    /// The watcher is there with the first wait, and once more with the next one if it could not go on.
    private static void startWatcher() throws Exception {
        try (ConnectedPair link = ConnectedPair.Kind.PIPE.open()) {
            assertThat(on(true, () -> Await.readable(link.reader(), Duration.ofMillis(1))))
                    .isFalse();
        }
    }

    private static <T, X extends Exception> T make(FaultRun trial, ThrowingSupplier<T, X> step) throws X {
        return trial.orRetry(trial.step(step), step);
    }

    @Test
    void select() throws Exception {
        everyCallFails(trial -> {
            try (ConnectedPair link = ConnectedPair.Kind.PIPE.open()) {
                List<Pollable> reader = List.of(link.reader());
                Duration moment = Duration.ofNanos(10_000);
                assertThat(make(trial, () -> Select.select(reader, List.of(), List.of(), moment))
                                .isEmpty())
                        .isTrue();
                link.write(1);
                assertThat(make(trial, () -> Select.select(reader, List.of(), List.of(), Limits.WAIT))
                                .readable())
                        .isEqualTo(reader);
            }
        });
    }

    @Test
    void poll() throws Exception {
        everyCallFails(trial -> {
            try (ConnectedPair link = ConnectedPair.Kind.PIPE.open()) {
                Poll poll = Poll.create();
                poll.register(link.reader(), Poll.POLLIN);
                List<PollEvent> none = make(trial, () -> poll.poll(Duration.ofNanos(10_000)));
                assertThat(none).isEmpty();
                link.write(1);
                List<PollEvent> found = make(trial, () -> poll.poll(Limits.WAIT));
                assertThat(found)
                        .singleElement()
                        .matches(event -> event.fd() == link.reader().fileno());
            }
        });
    }

    @Test
    void epoll() throws Exception {
        everyCallFails(trial -> {
            try (ConnectedPair link = ConnectedPair.Kind.PIPE.open();
                    Epoll epoll = make(trial, Epoll::create)) {
                ThrowingSupplier<Boolean, Exception> register = () -> {
                    epoll.register(link.reader(), Epoll.EPOLLIN | Epoll.EPOLLET);
                    return true;
                };
                assertThat(make(trial, register)).isTrue();
                List<EpollEvent> none = make(trial, () -> epoll.poll(Duration.ofNanos(10_000)));
                assertThat(none).isEmpty();
                link.write(1);
                List<EpollEvent> found = make(trial, () -> epoll.poll(Limits.WAIT));
                assertThat(found)
                        .singleElement()
                        .matches(event -> event.fd() == link.reader().fileno());
            }
        });
    }

    @Test
    void awaitOnAPlatformThread() throws Exception {
        await(false);
    }

    @Test
    void awaitOnAVirtualThread() throws Exception {
        await(true);
    }

    private static void await(boolean virtual) throws Exception {
        everyCallFailsBesideTheWatcher(trial -> {
            try (ConnectedPair link = ConnectedPair.Kind.PIPE.open()) {
                assertThat(make(trial, () -> on(virtual, () -> Await.readable(link.reader(), Duration.ofMillis(1)))))
                        .isFalse();
                ThrowingSupplier<Boolean, Exception> wait = () -> Await.readable(link.reader(), Limits.WAIT);
                assertThat(make(trial, () -> whileWaiting(virtual, wait, () -> link.write(1))))
                        .isTrue();
            }
        });
    }

    static List<BackendUnderTest> backends() {
        return Backends.underTest().stream()
                .filter(backend -> !backend.isLibkqueue())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void selectOnAVirtualThread(BackendUnderTest backend) throws Exception {
        everyCallFailsBesideTheWatcher(trial -> {
            try (ConnectedPair link = ConnectedPair.Kind.PIPE.open();
                    Selector<String> selector = backend.open()) {
                selector.register(link.reader(), Interest.READ, "data");
                ThrowingSupplier<List<ReadyKey<String>>, Exception> wait = () -> selector.select(Limits.WAIT);
                List<ReadyKey<String>> ready = make(trial, () -> whileWaiting(true, wait, () -> link.write(1)));
                assertThat(ready)
                        .singleElement()
                        .matches(key -> key.key().fileobj().equals(link.reader()));
                link.drain();
                assertThat(make(trial, () -> on(true, () -> selector.select(Duration.ofMillis(1)))))
                        .isEmpty();
            }
        });
    }

    private interface Action {
        void run() throws Exception;
    }

    /// Makes a call on another thread.
    private static <T> T on(boolean virtual, ThrowingSupplier<T, Exception> step) throws Exception {
        return whileWaiting(virtual, step, () -> {});
    }

    /// Makes a call on another thread, and does something as soon as that waits.
    private static <T> T whileWaiting(boolean virtual, ThrowingSupplier<T, Exception> step, Action action)
            throws Exception {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        long start = System.nanoTime();
        Thread thread = (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(() -> {
            try {
                outcome.complete(step.run());
            } catch (Throwable t) {
                outcome.completeExceptionally(t);
            }
        });
        while (thread.getState() == Thread.State.RUNNABLE && !outcome.isDone() && isEarly(start)) {
            Thread.onSpinWait(); // in a system call it is RUNNABLE
        }
        FaultInjector.withoutFaults(() -> {
            action.run();
            return true;
        });
        try {
            T value = outcome.get();
            assertThat(System.nanoTime() - start)
                    .as("the wait took all its time")
                    .isLessThan(Limits.WAIT.toNanos());
            return value;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            thread.join();
        }
    }

    private static boolean isEarly(long start) {
        return System.nanoTime() - start < Duration.ofMillis(2).toNanos();
    }
}
