package io.selectors4j.nio.it;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/// Waits for conditions of another process.
public final class Waiting {

    private Waiting() {}

    /// Waits until a condition holds. An exception of the condition counts as false.
    ///
    /// @param name the name of the condition
    /// @param limit the time to wait
    /// @param condition the condition
    /// @throws InterruptedException if the calling thread was interrupted
    public static void until(String name, Duration limit, Callable<Boolean> condition) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        Exception last = new IllegalStateException("false");
        while (System.nanoTime() < end) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                last = e;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError(name + ": not within " + limit.toSeconds() + " seconds", last);
    }
}
