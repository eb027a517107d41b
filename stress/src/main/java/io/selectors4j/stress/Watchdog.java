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

/// Fails a test in which nothing moves any more, with what all its threads are doing, virtual ones too, and which locks they have.
public final class Watchdog {

    /// Longer than anything that works stands still, on a machine that does other things too.
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration GLANCE = Duration.ofMillis(50);

    private final long glances;
    private final LongAdder moves = new LongAdder();

    /// Makes a watchdog.
    ///
    /// @param patience how long nothing may move
    public Watchdog(Duration patience) {
        glances = patience.dividedBy(GLANCE);
    }

    /// Something has moved. From any thread.
    public void moved() {
        moves.increment();
    }

    /// Waits for a result, as long as something moves.
    ///
    /// What counts is how often this has looked in vain: if the whole process is stopped for a while, that is no fault of its threads.
    ///
    /// @param <T> type of the result
    /// @param what whose result it is, for the message
    /// @param future the result
    /// @return the result
    /// @throws Exception whatever the task has thrown, as its cause
    public <T> T await(String what, Future<T> future) throws Exception {
        long before = moves.sum();
        for (long left = glances; left > 0; left--) {
            try {
                return future.get(GLANCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long now = moves.sum();
                left = now == before ? left : glances;
                before = now;
            }
        }
        throw new AssertionError(what + " does not end, and nothing moves any more:\n" + dump());
    }

    /// What all threads are doing, and who waits for whose lock.
    ///
    /// @return a text of many lines
    /// @throws IOException if there is no room for a temporary file, in which the virtual machine writes it
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
