package io.selectors4j.internal.doctor;

import io.selectors4j.Await;
import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Tests of the library on this system. A test that passes takes some milliseconds, and returns a sentence with the
/// times that it has measured. A test that fails throws an exception, after ten seconds if an event does not come: a
/// busy machine can be late.
final class SelfTest {

    /// How the sentence of a passed test begins.
    static final String PASSED = "passed";

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final int WAITS = 9;
    private static final long NANOS_PER_MICRO = 1_000;

    private SelfTest() {}

    /// Tests a backend: a socket becomes ready, another thread wakes the selecting thread, and short waits end.
    static String of(Backend backend) throws IOException {
        try (Selector<String> selector = backend.open();
                SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            selector.register(pair.first(), Interest.READ, "");
            require(selector.selectNow().isEmpty(), "a socket without data is ready");
            pair.second().write(ByteBuffer.allocate(1));
            long start = System.nanoTime();
            require(selector.select(LIMIT).size() == 1, "a socket with data is not ready");
            long ready = System.nanoTime() - start;
            pair.first().read(ByteBuffer.allocate(1));

            Thread waker = Thread.ofPlatform().daemon().start(selector::wakeup);
            start = System.nanoTime();
            require(selector.select(LIMIT).isEmpty(), "a socket is ready after its data were read");
            long woken = System.nanoTime() - start;
            require(woken < LIMIT.toNanos(), "another thread has not woken the selector");
            join(waker);

            long[] waits = new long[WAITS];
            for (int i = 0; i < WAITS; i++) {
                start = System.nanoTime();
                require(selector.select(SHORT).isEmpty(), "a socket is ready after its data were read");
                waits[i] = System.nanoTime() - start;
            }
            Arrays.sort(waits);
            require(waits[0] >= SHORT.toNanos(), "a wait of " + SHORT.toNanos() + " ns took " + waits[0] + " ns");
            return PASSED + ": ready after " + millis(ready) + ", woken after " + millis(woken)
                    + ", a wait of 1 ms takes " + millis(waits[WAITS / 2]);
        }
    }

    /// Tests a wait of a virtual thread, which leaves its carrier.
    static String ofVirtualThreads() throws IOException {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            Callable<Boolean> wait = () -> Await.readable(pair.first(), LIMIT);
            FutureTask<Boolean> waiting = new FutureTask<>(wait);
            Thread.ofVirtual().start(waiting);
            FutureTask<Boolean> writing = new FutureTask<>(() -> pair.second().write(ByteBuffer.allocate(1)) == 1);
            long start = System.nanoTime();
            Thread.ofVirtual().start(writing);
            require(result(writing), "a virtual thread could not write");
            require(result(waiting), "a virtual thread was not told of data");
            return PASSED + ": ready after " + millis(System.nanoTime() - start);
        }
    }

    private static boolean result(FutureTask<Boolean> task) throws IOException {
        try {
            return task.get(2 * LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IOException("a virtual thread did not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void join(Thread thread) throws IOException {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void require(boolean holds, String failure) throws IOException {
        if (!holds) {
            throw new IOException(failure);
        }
    }

    private static String millis(long nanos) {
        return BigDecimal.valueOf(nanos / NANOS_PER_MICRO, 3) + " ms";
    }
}
