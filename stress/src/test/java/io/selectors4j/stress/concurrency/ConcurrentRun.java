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

/// One selector, its selecting thread, and worker threads that change the registrations, until the selector is closed.
final class ConcurrentRun {

    private static final int WORKERS = 6;

    final BackendUnderTest backend;
    final Selector<RegisteredPair> selector;

    /// The thread with the write lock is alone with the selecting thread, so no other worker wakes it.
    final ReentrantReadWriteLock soloLock = new ReentrantReadWriteLock();

    private final Random random;
    private final Random selectingRandom;
    private final Watchdog watchdog;
    private final Counts counts;
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    private final AtomicLong wakeups = new AtomicLong();
    private final FutureTask<Void> selecting = new FutureTask<>(this::select);
    private final Thread selectingThread;
    private volatile long returns;

    /// Incremented before and after each handler call, so it is odd during a call.
    private volatile long handlerSequence;

    private volatile boolean closed;
    private long emptySelects;

    /// The counts of a test.
    record Counts(AtomicLong lifecycles, AtomicLong tokens, AtomicLong events, AtomicLong wakeups, AtomicLong closes) {

        Counts() {
            this(new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong());
        }
    }

    /// An exception that a handler throws now and then. The next select dispatches the remaining keys.
    private static final class HandlerException extends Exception {
        private static final long serialVersionUID = 1;
    }

    /// Creates a run. The selecting thread is virtual if the seed is even.
    ConcurrentRun(BackendUnderTest backend, long seed, Watchdog watchdog, Counts counts) throws IOException {
        this.backend = backend;
        this.watchdog = watchdog;
        this.counts = counts;
        random = new Random(seed);
        selectingRandom = new Random(random.nextLong());
        selector = backend.open();
        selectingThread = (seed % 2 == 0
                        ? Thread.ofVirtual()
                        : Thread.ofPlatform().daemon())
                .name("selecting")
                .unstarted(selecting);
    }

    /// Runs the threads until the selector is closed.
    ///
    /// @param lifecycles the number of objects that each worker registers, one after the other
    void run(int lifecycles) throws Exception {
        boolean midway = random.nextBoolean();
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            int index = i;
            long seed = random.nextLong();
            FutureTask<Void> task = new FutureTask<>(() -> work(new Random(seed), lifecycles, midway && index == 0));
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
        assertThat(emptySelects)
                .as("selects that returned without keys or wakeup")
                .isLessThanOrEqualTo(wakeups.get());
        counts.wakeups.addAndGet(wakeups.get());
        counts.closes.incrementAndGet();
    }

    private Void work(Random threadRandom, int lifecycles, boolean closes) throws Exception {
        try {
            for (int i = 0; i < lifecycles; i++) {
                if (closes && i == lifecycles / 2) {
                    close();
                }
                boolean alone = threadRandom.nextInt(4) == 0;
                var lock = alone ? soloLock.writeLock() : soloLock.readLock();
                lock.lock();
                try {
                    new LifecycleThread(this, threadRandom).run();
                } finally {
                    lock.unlock();
                }
                counts.lifecycles.incrementAndGet();
                recordProgress();
            }
        } catch (ClosedSelectorException e) {
            if (!closed) {
                throw e;
            }
        } catch (Throwable t) {
            close(); // ends the waits of the other threads
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

    /// Returns a number that is incremented before and after each handler call.
    long handlerSequence() {
        return handlerSequence;
    }

    /// Returns the sequence number of the current handler call, or else of the next call.
    static long handlerCallAt(long handlerSequence) {
        return handlerSequence | 1;
    }

    void wakeup() {
        wakeups.incrementAndGet();
        selector.wakeup();
    }

    /// Wakes the selecting thread and waits until its select has returned.
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
                    int count = selector.select(timeout, this::onReady);
                    emptySelects += timeout == null && count == 0 ? 1 : 0;
                } catch (HandlerException e) {
                    // the next select dispatches the remaining keys
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
    private void onReady(SelectorKey<RegisteredPair> key, Readiness readiness) throws IOException, HandlerException {
        handlerSequence++;
        counts.events.incrementAndGet();
        try {
            if (!readiness.isReadable()) {
                throw new AssertionError(readiness + " was not requested: " + key);
            }
            if (key.data().dispatch(handlerSequence)) {
                unregister(key);
            }
            switch (selectingRandom.nextInt(16)) {
                case 0 -> throw new HandlerException();
                case 1 -> pauseBriefly();
                default -> {
                    // continue with the next key
                }
            }
        } finally {
            handlerSequence++;
        }
    }

    /// Lets other threads change the remaining keys.
    private void pauseBriefly() {
        LockSupport.parkNanos(selectingRandom.nextInt(500_000));
    }

    /// Unregisters a reader at end of stream, which is always ready.
    private void unregister(SelectorKey<RegisteredPair> key) {
        try {
            selector.unregister(key.fileobj());
        } catch (NotRegisteredException e) {
            // its owner has unregistered it
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
