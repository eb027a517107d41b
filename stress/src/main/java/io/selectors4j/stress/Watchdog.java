package io.selectors4j.stress;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/// Fails a test that makes no progress, with a dump of all threads, virtual threads included, and their locks.
public final class Watchdog {

    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

    private final long polls;
    private final LongAdder progress = new LongAdder();

    /// Creates a watchdog.
    ///
    /// @param limit the time without progress after which a wait fails
    public Watchdog(Duration limit) {
        polls = limit.dividedBy(POLL_INTERVAL);
    }

    /// Records progress. Any thread may call this method.
    public void recordProgress() {
        progress.increment();
    }

    /// Waits for a result as long as there is progress.
    ///
    /// The limit counts polls without progress rather than time, so that a stopped process does not fail.
    ///
    /// @param <T> type of the result
    /// @param name the task's name in the failure message
    /// @param future the result
    /// @return the result
    /// @throws Exception an ExecutionException whose cause is the task's exception, or an InterruptedException
    public <T> T await(String name, Future<T> future) throws Exception {
        long before = progress.sum();
        for (long remaining = polls; remaining > 0; remaining--) {
            try {
                return future.get(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long now = progress.sum();
                remaining = now == before ? remaining : polls;
                before = now;
            }
        }
        throw new AssertionError(name + " makes no progress:\n" + dump());
    }

    /// Returns a dump of all threads and their locks.
    ///
    /// @return a text of many lines
    /// @throws IOException if the temporary file for the dump cannot be written
    public static String dump() throws IOException {
        Path directory = Files.createTempDirectory("threads");
        Path file = directory.resolve("dump");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
            return Files.readString(file);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }
}
