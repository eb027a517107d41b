package io.selectors4j.stress.load;

import io.selectors4j.stress.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Waits for a change in another process by polling a condition.
final class Eventually {

    private static final Duration INTERVAL = Duration.ofMillis(50);

    private Eventually() {}

    /// A condition that becomes true.
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /// Waits until a condition holds.
    static void until(String description, Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Limits.WAIT.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + Limits.WAIT + ": " + description);
            }
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
    }
}
