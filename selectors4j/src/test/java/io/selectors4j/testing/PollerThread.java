package io.selectors4j.testing;

import io.selectors4j.Await;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// The library's thread that waits for virtual threads.
public final class PollerThread {

    private PollerThread() {}

    /// Starts the thread, unless it runs. It keeps its descriptors open.
    public static void start() throws ExecutionException, InterruptedException {
        FutureTask<Boolean> wait = new FutureTask<>(() -> {
            try (ConnectedPair pair = ConnectedPair.Kind.UNBATCHED.open()) {
                return Await.readable(pair.reader(), Duration.ofMillis(1));
            }
        });
        Thread.ofVirtual().start(wait);
        if (wait.get()) {
            throw new AssertionError("a pair without data is readable");
        }
    }
}
