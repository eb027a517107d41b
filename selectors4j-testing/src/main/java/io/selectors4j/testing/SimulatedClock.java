package io.selectors4j.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The clock of a simulation, its schedule, and the threads that wait. The kernel's lock guards it.
final class SimulatedClock {

    static final long NEVER = Long.MAX_VALUE;

    private final Kernel kernel;

    /// Signalled after every change that a waiting thread may wait for.
    final Condition changed;

    private final PriorityQueue<Scheduled> schedule = new PriorityQueue<>();

    /// The selectors in a wait.
    private final List<KernelSet> waiting = new ArrayList<>();

    /// The threads of [Simulation#start] that run.
    private final Set<Thread> running = new HashSet<>();

    private int holds;

    /// The thread that runs a scheduled action.
    private @Nullable Thread actor;

    private long now;

    private long sequence;

    private final long origin = System.nanoTime();

    SimulatedClock(Kernel kernel) {
        this.kernel = kernel;
        changed = kernel.lock.newCondition();
    }

    /// An action and its time. Those of the same time run in the order in which they were scheduled.
    private record Scheduled(long time, long number, Simulation.Action action) implements Comparable<Scheduled> {
        @Override
        public int compareTo(Scheduled other) {
            return time == other.time ? Long.compare(number, other.number) : Long.compare(time, other.time);
        }
    }

    private boolean isReal() {
        return kernel.settings.realTime;
    }

    long now() {
        return isReal() ? System.nanoTime() - origin : now;
    }

    /// Returns the time after a delay, which is not negative.
    long after(long delay) {
        long time = now() + delay;
        return time < 0 ? NEVER : time;
    }

    void schedule(long time, Simulation.Action action) {
        schedule.add(new Scheduled(time, sequence++, action));
        kernel.changed();
    }

    void addHold() {
        try (var _ = kernel.acquire()) {
            holds++;
        }
    }

    void removeHold() {
        try (var _ = kernel.acquire()) {
            holds--;
            kernel.changed();
        }
    }

    void addThread(Thread thread) {
        try (var _ = kernel.acquire()) {
            running.add(thread);
        }
    }

    void removeThread(Thread thread) {
        try (var _ = kernel.acquire()) {
            running.remove(thread);
            kernel.changed();
        }
    }

    /// Moves the clock, and runs the actions until then.
    void advance(long nanos) throws IOException {
        long end = after(nanos);
        while (true) {
            runDue();
            long next = Math.min(end, nextAction());
            if (now >= next) {
                return;
            }
            now = next;
            kernel.changed();
        }
    }

    /// Waits until a set has events.
    ///
    /// @return 0 after the timeout; otherwise positive
    int await(KernelSet set, long nanos) throws IOException {
        Thread thread = Thread.currentThread();
        if (thread.equals(actor) && nanos > 0) {
            throw new IllegalStateException("a scheduled action must not wait: it would wait for the actions after it");
        }
        long deadline = after(nanos);
        set.setDeadline(deadline);
        boolean counted = running.remove(thread);
        waiting.add(set);
        try {
            while (true) {
                runDue();
                int found = set.collect();
                if (found > 0 || now() >= deadline) {
                    return found;
                }
                if (!isReal() && isStill()) {
                    jump();
                } else {
                    block(set, Math.min(deadline, nextAction()));
                }
            }
        } finally {
            waiting.remove(set);
            if (counted) {
                running.add(thread);
            }
            kernel.changed();
        }
    }

    /// Returns whether all threads wait, and none of them can go on.
    private boolean isStill() {
        if (holds > 0 || !running.isEmpty() || actor != null) {
            return false;
        }
        for (KernelSet set : waiting) {
            if (set.deadline() <= now || set.isReady()) {
                return false;
            }
        }
        return true;
    }

    /// Moves the clock to the next action or timeout.
    private void jump() {
        long next = nextAction();
        for (KernelSet set : waiting) {
            next = Math.min(next, set.deadline());
        }
        if (next == NEVER) {
            throw new SimulationDeadlockError("All selects wait without a timeout, no key is ready, and nothing is"
                    + " scheduled. Seed " + kernel.settings.seed + ", " + Simulation.time(now) + ", "
                    + waiting.stream().map(KernelSet::describe).collect(Collectors.joining("; "))
                    + ". Open: " + kernel.describe());
        }
        now = next;
        kernel.changed();
    }

    private long nextAction() {
        Scheduled next = schedule.peek();
        return next == null ? NEVER : next.time;
    }

    /// Runs the actions whose time has come, without the lock.
    private void runDue() throws IOException {
        while (actor == null && nextAction() <= now() && nextAction() != NEVER) {
            Simulation.Action action = schedule.remove().action;
            actor = Thread.currentThread();
            kernel.lock.unlock();
            try {
                action.run();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("a scheduled action has failed", e);
            } finally {
                kernel.lock.lock();
                actor = null;
                kernel.changed();
            }
        }
    }

    /// Blocks until a change. With real time, at most until a time. An interrupt does not end the wait: the selector's
    /// waker does.
    @SuppressWarnings("WaitNotInLoop") // the caller has the loop
    private void block(KernelSet set, long end) {
        try {
            if (isReal() && end != NEVER) {
                long _ = changed.awaitNanos(end - now());
            } else {
                changed.await();
            }
        } catch (InterruptedException e) {
            set.setInterrupted();
        }
    }
}
