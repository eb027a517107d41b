package io.selectors4j.stress.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.NotRegisteredException;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.Watchdog;
import io.selectors4j.testing.BackendUnderTest;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// One selector, the thread that selects with it, and some that change what is registered, until it is closed.
final class Round {

    private static final int WORKERS = 6;

    final BackendUnderTest subject;
    final Selector<Entry> selector;

    /// Who has it for writing is alone with the selecting thread, which then has nobody else to wake it.
    final ReentrantReadWriteLock quiet = new ReentrantReadWriteLock();

    private final Random random;
    private final Random selectingRandom;
    private final Watchdog watchdog;
    private final Counts counts;
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    private final AtomicLong wakeups = new AtomicLong();
    private final FutureTask<Void> selecting = new FutureTask<>(this::select);
    private final Thread selectingThread;
    private volatile long returns;

    /// Goes up when the handler is called and when it returns, so that it is odd while it runs.
    private volatile long moment;

    private volatile boolean closed;
    private long empty;

    /// What the rounds of a test have done.
    record Counts(AtomicLong lives, AtomicLong tokens, AtomicLong events, AtomicLong wakeups, AtomicLong closes) {

        Counts() {
            this(new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong());
        }
    }

    /// What a handler throws now and then: the rest is for the next select.
    private static final class HandlerException extends Exception {
        private static final long serialVersionUID = 1;
    }

    /// Makes a round; with a virtual thread that selects if its seed is even, and else with a platform thread.
    Round(BackendUnderTest subject, long seed, Watchdog watchdog, Counts counts) throws IOException {
        this.subject = subject;
        this.watchdog = watchdog;
        this.counts = counts;
        random = new Random(seed);
        selectingRandom = new Random(random.nextLong());
        selector = subject.open();
        selectingThread = (seed % 2 == 0
                        ? Thread.ofVirtual()
                        : Thread.ofPlatform().daemon())
                .name("selecting")
                .unstarted(selecting);
    }

    /// Plays it.
    ///
    /// @param lives how many objects each thread registers, one after the other
    void play(int lives) throws Exception {
        boolean midway = random.nextBoolean();
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            int index = i;
            long seed = random.nextLong();
            FutureTask<Void> task = new FutureTask<>(() -> work(new Random(seed), lives, midway && index == 0));
            tasks.add(task);
            Thread thread = (i % 2 == 0
                            ? Thread.ofVirtual()
                            : Thread.ofPlatform().daemon())
                    .name("worker " + i)
                    .unstarted(task);
            workers.add(thread);
        }
        selectingThread.start();
        workers.forEach(Thread::start);
        for (FutureTask<Void> task : tasks) {
            watchdog.await("a worker", task);
        }
        long start = System.nanoTime();
        close();
        watchdog.await("the selecting thread", selecting);
        assertThat(System.nanoTime() - start).as("close takes").isLessThan(Limits.WAIT.toNanos());
        assertThat(empty).as("selects without a reason to return").isLessThanOrEqualTo(wakeups.get());
        counts.wakeups.addAndGet(wakeups.get());
        counts.closes.incrementAndGet();
    }

    private Void work(Random own, int lives, boolean closes) throws Exception {
        try {
            for (int i = 0; i < lives; i++) {
                if (closes && i == lives / 2) {
                    close();
                }
                boolean alone = own.nextInt(4) == 0;
                var lock = alone ? quiet.writeLock() : quiet.readLock();
                lock.lock();
                try {
                    new LifecycleThread(this, own).run();
                } finally {
                    lock.unlock();
                }
                counts.lives.incrementAndGet();
                recordProgress();
            }
        } catch (ClosedSelectorException e) {
            if (!closed) {
                throw e;
            }
        } catch (Throwable t) {
            close(); // so that nobody waits for this thread
            throw t;
        }
        return null;
    }

    private void close() {
        closed = true;
        selector.close();
        workers.forEach(LockSupport::unpark);
    }

    void requireOpen() {
        if (closed) {
            throw new ClosedSelectorException();
        }
    }

    boolean isClosed() {
        return closed;
    }

    void recordProgress() {
        watchdog.recordProgress();
    }

    void received(int count) {
        counts.tokens.addAndGet(count);
    }

    /// A number that goes up when the handler is called, and when it returns.
    long moment() {
        return moment;
    }

    /// The moment of a call of the handler that is under way, or else about to be made.
    static long next(long moment) {
        return moment | 1;
    }

    void wakeup() {
        wakeups.incrementAndGet();
        selector.wakeup();
    }

    /// Wakes the selecting thread, and waits until its select has returned.
    void wakeupAndWait() {
        long before = returns;
        wakeup();
        while (returns == before) {
            requireOpen();
            LockSupport.park(this);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private Void select() throws Exception {
        try {
            while (true) {
                Duration timeout = switch (selectingRandom.nextInt(8)) {
                    case 0 -> Duration.ZERO;
                    case 1 -> Duration.ofNanos(selectingRandom.nextInt(1_000_000));
                    default -> null;
                };
                try {
                    int count = selector.select(timeout, this::take);
                    empty += timeout == null && count == 0 ? 1 : 0;
                } catch (HandlerException e) {
                    // the rest is for the next one
                }
                returns++;
                workers.forEach(LockSupport::unpark);
            }
        } catch (ClosedSelectorException e) {
            if (!closed) {
                throw e;
            }
        } catch (Throwable t) {
            close();
            throw t;
        }
        return null;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void take(SelectorKey<Entry> key, Readiness readiness) throws IOException, HandlerException {
        moment++;
        counts.events.incrementAndGet();
        try {
            if (!readiness.isReadable()) {
                throw new AssertionError(readiness + " is nothing that was asked for: " + key);
            }
            if (key.data().deliver(moment)) {
                leave(key);
            }
            switch (selectingRandom.nextInt(16)) {
                case 0 -> throw new HandlerException();
                case 1 -> linger();
                default -> {
                    // on to the next one
                }
            }
        } finally {
            moment++;
        }
    }

    /// Others do a lot meanwhile, to what is to be handed over next.
    private void linger() {
        LockSupport.parkNanos(selectingRandom.nextInt(500_000));
    }

    /// The end is always ready.
    private void leave(SelectorKey<Entry> key) {
        try {
            selector.unregister(key.fileobj());
        } catch (NotRegisteredException e) {
            // by its owner, just now
        } catch (ClosedSelectorException e) {
            requireClosed(e);
        }
    }

    private void requireClosed(ClosedSelectorException e) {
        if (!closed) {
            throw e;
        }
    }
}
