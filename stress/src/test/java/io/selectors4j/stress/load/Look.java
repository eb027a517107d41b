package io.selectors4j.stress.load;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Waits for what another process does, by looking.
final class Look {

    private static final int LOOKS = 1_200;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private Look() {}

    /// Something that becomes true.
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /// Waits for it, for a minute.
    static void until(String description, Condition condition) throws IOException, InterruptedException {
        until(description, LOOKS, condition);
    }

    /// Waits for it.
    ///
    /// @param looks how often to look, where that takes its time
    static void until(String description, int looks, Condition condition) throws IOException, InterruptedException {
        for (int i = 0; i < looks; i++) {
            if (condition.holds()) {
                return;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new AssertionError("still not: " + description);
    }
}
