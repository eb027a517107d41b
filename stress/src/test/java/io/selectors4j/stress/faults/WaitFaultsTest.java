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

/// Every call of a wait fails in every way. The wait ends with its result or with a clear exception, and the next wait
/// finds all events. On virtual threads, the library's own threads make the calls.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class WaitFaultsTest {

    private static final RunCounts COUNTS = new RunCounts("faults");

    private static void everyCallFails(FaultRun.Scenario scenario) throws Exception {
        COUNTS.add("faults injected", FaultRun.everyCallFails(Fault.ALL, scenario));
    }

    /// The same with the poller thread. EPERM is excluded: the poller would take the file as always ready, but no
    /// kernel reports EPERM for a pipe.
    private static void everyCallFailsBesideThePoller(FaultRun.Scenario scenario) throws Exception {
        List<Fault> realistic =
                Fault.ALL.stream().filter(fault -> fault.errno() != Errno.EPERM).toList();
        startPoller();
        COUNTS.add("faults injected", FaultRun.everyCallFails(realistic, run -> {
            scenario.run(run);
            startPoller();
        }));
    }

    /// Starts the poller with a first wait, or again after a failure.
    private static void startPoller() throws Exception {
        try (ConnectedPair pair = ConnectedPair.Kind.PIPE.open()) {
            assertThat(on(true, () -> Await.readable(pair.reader(), Duration.ofMillis(1))))
                    .isFalse();
        }
    }

    private static <T, X extends Exception> T make(FaultRun run, ThrowingSupplier<T, X> step) throws X {
        return run.orRetry(run.call(step), step);
    }

    @Test
    void select_everyCallFails() throws Exception {
        everyCallFails(run -> {
            try (ConnectedPair pair = ConnectedPair.Kind.PIPE.open()) {
                List<Pollable> reader = List.of(pair.reader());
                Duration moment = Duration.ofNanos(10_000);
                assertThat(make(run, () -> Select.select(reader, List.of(), List.of(), moment))
                                .isEmpty())
                        .isTrue();
                pair.write(1);
                assertThat(make(run, () -> Select.select(reader, List.of(), List.of(), Limits.WAIT))
                                .readable())
                        .isEqualTo(reader);
            }
        });
    }

    @Test
    void poll_everyCallFails() throws Exception {
        everyCallFails(run -> {
            try (ConnectedPair pair = ConnectedPair.Kind.PIPE.open()) {
                Poll poll = Poll.create();
                poll.register(pair.reader(), Poll.POLLIN);
                List<PollEvent> none = make(run, () -> poll.poll(Duration.ofNanos(10_000)));
                assertThat(none).isEmpty();
                pair.write(1);
                List<PollEvent> found = make(run, () -> poll.poll(Limits.WAIT));
                assertThat(found)
                        .singleElement()
                        .matches(event -> event.fd() == pair.reader().fileno());
            }
        });
    }

    @Test
    void epoll_everyCallFails() throws Exception {
        everyCallFails(run -> {
            try (ConnectedPair pair = ConnectedPair.Kind.PIPE.open();
                    Epoll epoll = make(run, Epoll::create)) {
                ThrowingSupplier<Boolean, Exception> register = () -> {
                    epoll.register(pair.reader(), Epoll.EPOLLIN | Epoll.EPOLLET);
                    return true;
                };
                assertThat(make(run, register)).isTrue();
                List<EpollEvent> none = make(run, () -> epoll.poll(Duration.ofNanos(10_000)));
                assertThat(none).isEmpty();
                pair.write(1);
                List<EpollEvent> found = make(run, () -> epoll.poll(Limits.WAIT));
                assertThat(found)
                        .singleElement()
                        .matches(event -> event.fd() == pair.reader().fileno());
            }
        });
    }

    @Test
    void awaitOnPlatformThread_everyCallFails() throws Exception {
        await(false);
    }

    @Test
    void awaitOnVirtualThread_everyCallFails() throws Exception {
        await(true);
    }

    private static void await(boolean virtual) throws Exception {
        everyCallFailsBesideThePoller(run -> {
            try (ConnectedPair pair = ConnectedPair.Kind.PIPE.open()) {
                assertThat(make(run, () -> on(virtual, () -> Await.readable(pair.reader(), Duration.ofMillis(1)))))
                        .isFalse();
                ThrowingSupplier<Boolean, Exception> wait = () -> Await.readable(pair.reader(), Limits.WAIT);
                assertThat(make(run, () -> whileWaiting(virtual, wait, () -> pair.write(1))))
                        .isTrue();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("io.selectors4j.stress.TestedBackends#failingWithErrno")
    void selectOnVirtualThread_everyCallFails(BackendUnderTest backend) throws Exception {
        everyCallFailsBesideThePoller(run -> {
            try (ConnectedPair pair = ConnectedPair.Kind.PIPE.open();
                    Selector<String> selector = backend.open()) {
                selector.register(pair.reader(), Interest.READ, "data");
                ThrowingSupplier<List<ReadyKey<String>>, Exception> wait = () -> selector.select(Limits.WAIT);
                List<ReadyKey<String>> ready = make(run, () -> whileWaiting(true, wait, () -> pair.write(1)));
                assertThat(ready)
                        .singleElement()
                        .matches(key -> key.key().fileobj().equals(pair.reader()));
                pair.drain();
                assertThat(make(run, () -> on(true, () -> selector.select(Duration.ofMillis(1)))))
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

    /// Makes a call on another thread, and runs an action as soon as the thread blocks.
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
            Thread.onSpinWait(); // a thread in a system call is RUNNABLE
        }
        FaultInjector.withoutFaults(() -> {
            action.run();
            return true;
        });
        try {
            T value = outcome.get();
            assertThat(System.nanoTime() - start)
                    .as("the wait ended only at its timeout")
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
