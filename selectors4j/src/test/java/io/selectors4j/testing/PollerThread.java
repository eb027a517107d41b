package io.selectors4j.testing;

import io.selectors4j.Await;
import io.selectors4j.fd.EventFd;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// The library's thread that waits for virtual threads.
public final class PollerThread {

    private PollerThread() {}

    /// Starts the thread, unless it runs. It keeps its descriptors open.
    public static void start() throws ExecutionException, InterruptedException {
        FutureTask<Boolean> wait = new FutureTask<>(() -> {
            try (EventFd event = EventFd.open(0)) {
                return Await.readable(event, Duration.ofMillis(1));
            }
        });
        Thread.ofVirtual().start(wait);
        if (wait.get()) {
            throw new AssertionError("a counter of 0 is readable");
        }
    }
}
