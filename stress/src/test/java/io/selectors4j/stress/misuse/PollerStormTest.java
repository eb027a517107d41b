package io.selectors4j.stress.misuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Await;
import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.KqueueSelectors;
import io.selectors4j.Pollable;
import io.selectors4j.Selector;
import io.selectors4j.fd.EventFd;
import io.selectors4j.stress.Budget;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.OpenFiles;
import io.selectors4j.testing.PollerThread;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many virtual threads wait in selects and awaits, through the library's one poller thread. Meanwhile all objects and
/// selectors are closed from several threads in random order, and the threads are interrupted. All threads end, and no
/// descriptor is left open.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class PollerStormTest {

    private static final RunCounts COUNTS = new RunCounts("misuse");
    private static final int EVENTS = 6;
    private static final int SELECTORS = 8;
    private static final int AWAITS = 12;
    private static final int STORMS = 3;

    private static final long PAUSE_NANOS = 100_000;

    /// How often each thread is interrupted.
    private static final int INTERRUPTS = 2;

    private final AtomicLong waits = new AtomicLong();

    @Test
    void closingEverything_endsAllWaits() throws Exception {
        long seed = Budget.seed();
        COUNTS.seed(seed);
        Budget budget = Budget.percent(2);
        PollerThread.start();
        Map<Integer, String> before = OpenFiles.list();
        long rounds = 0;
        do {
            Random random = new Random(seed + rounds);
            try {
                new Round(random).run();
            } catch (Exception | AssertionError e) {
                throw new AssertionError("-Dstress.seed=" + (seed + rounds), e);
            }
            rounds++;
        } while (budget.hasTime());
        assertThat(OpenFiles.since(before)).isEmpty();
        await(Thread.ofVirtual());
        await(Thread.ofPlatform());
        COUNTS.add("storms of closing", rounds);
        COUNTS.add("waits in them", waits.get());
    }

    /// Requires that the poller thread is alive.
    private static void await(Thread.Builder builder) throws Exception {
        try (EventFd event = EventFd.open(0)) {
            List<Boolean> outcomes = new ArrayList<>();
            Thread thread = builder.start(() -> {
                try {
                    outcomes.add(Await.readable(event, Limits.WAIT));
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            Thread.sleep(1); // the thread may or may not have parked
            event.write(1);
            thread.join();
            assertThat(outcomes).containsExactly(true);
        }
    }

    private interface ThrowingTask {
        void run() throws IOException, InterruptedException;
    }

    private final class Round {
        private final Random random;
        private final List<Closeable> objects = new ArrayList<>();
        private final List<Thread> threads = new ArrayList<>();
        private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

        Round(Random random) {
            this.random = random;
        }

        void run() throws Exception {
            List<Pollable> pollables = new ArrayList<>();
            for (int i = 0; i < EVENTS; i++) {
                EventFd event = EventFd.open(random.nextInt(4) == 0 ? 1 : 0);
                objects.add(event);
                pollables.add(event);
            }
            for (int i = 0; i < SELECTORS; i++) {
                Selector<String> selector = open();
                objects.add(selector);
                for (Pollable pollable : pollables) {
                    if (random.nextInt(3) == 0) {
                        selector.register(pollable, Interest.READ, "data");
                    }
                }
                // The kernel nests epoll sets up to five deep.
                if (selector instanceof Pollable nested && i < 3 && random.nextBoolean()) {
                    pollables.add(nested);
                }
                start(() -> select(selector));
            }
            for (int i = 0; i < AWAITS; i++) {
                Pollable pollable = pollables.get(random.nextInt(pollables.size()));
                start(() -> await(pollable));
            }
            storm();
            for (Thread thread : threads) {
                assertThat(thread.join(Limits.WAIT))
                        .withFailMessage(() -> thread + " did not end: " + List.of(thread.getStackTrace()))
                        .isTrue();
            }
            assertThat(failures).isEmpty();
        }

        private Selector<String> open() throws IOException {
            return switch (random.nextInt(6)) {
                case 0 -> Backend.POLL.open();
                case 1 -> Backend.SELECT.open();
                case 2 -> KqueueSelectors.open(FdKind.Kernel.LIBC);
                default -> Backend.EPOLL.open();
            };
        }

        private void start(ThrowingTask body) {
            threads.add(Thread.ofVirtual().name("waiting " + threads.size()).start(() -> {
                try {
                    body.run();
                } catch (IOException | InterruptedException | RuntimeException | Error e) {
                    failures.add(e);
                }
            }));
        }

        /// Selects until the selector is closed. Ready objects stay ready.
        private void select(Selector<String> selector) throws IOException {
            try {
                while (true) {
                    selector.select();
                    Thread.interrupted();
                    waits.incrementAndGet();
                    LockSupport.parkNanos(PAUSE_NANOS); // threads that only yield would starve others
                }
            } catch (ClosedSelectorException e) {
                assertThat(selector.isOpen()).isFalse();
            }
        }

        /// Waits until the object is closed.
        private void await(Pollable pollable) throws IOException {
            while (true) {
                try {
                    Await.readable(pollable, null);
                    waits.incrementAndGet();
                    LockSupport.parkNanos(PAUSE_NANOS); // threads that only yield would starve others
                } catch (InterruptedException e) {
                    waits.incrementAndGet();
                } catch (AsynchronousCloseException e) {
                    return; // closed meanwhile
                } catch (IllegalArgumentException e) {
                    assertThat(pollable.fileno()).isEqualTo(-1);
                    return;
                }
            }
        }

        private void storm() throws InterruptedException {
            List<Runnable> acts = new ArrayList<>();
            for (Closeable object : objects) {
                acts.add(() -> close(object));
                acts.add(() -> close(object)); // possibly by two threads at once
            }
            for (Thread thread : threads) {
                for (int i = 0; i < INTERRUPTS; i++) {
                    acts.add(thread::interrupt);
                }
            }
            Collections.shuffle(acts, random);
            ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>(acts);
            CountDownLatch begin = new CountDownLatch(1);
            List<Thread> storms = new ArrayList<>();
            for (int i = 0; i < STORMS; i++) {
                boolean virtual = random.nextBoolean();
                Thread.Builder builder =
                        virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
                storms.add(builder.name("storm " + i).start(() -> {
                    try {
                        begin.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    for (Runnable act = queue.poll(); act != null; act = queue.poll()) {
                        act.run();
                    }
                }));
            }
            Thread.sleep(Duration.ofNanos(random.nextInt(2_000_000)));
            begin.countDown();
            for (Thread storm : storms) {
                assertThat(storm.join(Limits.WAIT))
                        .withFailMessage(() -> storm + " did not end: " + List.of(storm.getStackTrace()))
                        .isTrue();
            }
        }

        private void close(Closeable object) {
            try {
                object.close();
            } catch (IOException | RuntimeException | Error e) {
                failures.add(e);
            }
        }
    }
}
