package io.selectors4j.internal.selector;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Pollable;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.ParkedThread;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The tests that a poller passes on each system's backend, with a simulated kernel.
abstract class AbstractPollerBackendTest {

    private static final long SHORT = Duration.ofMillis(50).toNanos();

    final PollerBackend backend;
    final Poller poller;
    private final List<ConnectedPair> pairs = new ArrayList<>();

    AbstractPollerBackendTest(PollerBackend backend) {
        this.backend = backend;
        poller = Poller.start(backend);
    }

    /// Returns the first exception or wrong call in the simulated kernel, or null.
    abstract @Nullable Object failure();

    @AfterEach
    void closeAll() throws IOException {
        for (ConnectedPair pair : pairs) {
            pair.close();
        }
        backend.close();
        assertThat(failure()).isNull();
    }

    final ConnectedPair pair(ConnectedPair.Kind kind) throws IOException {
        ConnectedPair pair = kind.open();
        pairs.add(pair);
        return pair;
    }

    final ParkedThread<Integer> waitFor(Pollable fileobj, int events) throws InterruptedException {
        return ParkedThread.start(
                        Thread.ofPlatform(), () -> pollerWait(fileobj, events).await(Deadline.FOREVER))
                .awaitParked();
    }

    final PollerWait pollerWait(Pollable fileobj, int events) {
        return new PollerWait(fileobj.fileno(), events, poller);
    }

    @Test
    void ready_isReportedAtOnce() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.PIPE);
        pair.write(1);
        assertThat(pollerWait(pair.reader(), PollFlags.POLLIN).await(Deadline.FOREVER))
                .isEqualTo(PollFlags.POLLIN);
        assertThat(pollerWait(pair.writer(), PollFlags.POLLOUT).await(Deadline.FOREVER))
                .isEqualTo(PollFlags.POLLOUT);
    }

    @Test
    void becomingReady_wakes() throws Exception {
        ConnectedPair pair = pair(ConnectedPair.Kind.SOCKET_PAIR);
        ParkedThread<Integer> waiting = waitFor(pair.reader(), PollFlags.POLLIN);
        pair.write(1);
        assertThat(waiting.result()).isEqualTo(PollFlags.POLLIN);
    }

    @Test
    void nextWait_seesPersistingCondition() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.PIPE);
        pair.write(1);
        for (int i = 0; i < 3; i++) {
            assertThat(pollerWait(pair.reader(), PollFlags.POLLIN).await(Deadline.FOREVER))
                    .isEqualTo(PollFlags.POLLIN);
        }
    }

    @Test
    void timeout_endsWait() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.PIPE);
        long start = System.nanoTime();
        assertThat(pollerWait(pair.reader(), PollFlags.POLLIN).await(SHORT)).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT);
    }

    @Test
    void twoWaits_getTheirOwnEvents() throws Exception {
        ConnectedPair pair = pair(ConnectedPair.Kind.SOCKET_PAIR);
        ParkedThread<Integer> reading = waitFor(pair.reader(), PollFlags.POLLIN);
        assertThat(pollerWait(pair.reader(), PollFlags.POLLOUT).await(Deadline.FOREVER))
                .isEqualTo(PollFlags.POLLOUT);
        assertThat(reading.task().isDone()).isFalse();
        pair.write(1);
        assertThat(reading.result()).isEqualTo(PollFlags.POLLIN);
    }

    @Test
    void closeOfPeer_wakes() throws Exception {
        ConnectedPair pair = pair(ConnectedPair.Kind.SOCKET_PAIR);
        ParkedThread<Integer> reading = waitFor(pair.reader(), PollFlags.POLLIN);
        pair.writer().close();
        assertThat(reading.result()).isEqualTo(PollFlags.POLLIN | PollFlags.POLLRDHUP);
    }

    @Test
    void closingObject_endsWait() throws Exception {
        ConnectedPair pair = pair(ConnectedPair.Kind.PIPE);
        CompletableFuture<PollerWait> started = new CompletableFuture<>();
        ParkedThread<Integer> reading = ParkedThread.start(Thread.ofPlatform(), () -> {
            PollerWait pollerWait = pollerWait(pair.reader(), PollFlags.POLLIN);
            started.complete(pollerWait);
            return pollerWait.await(Deadline.FOREVER);
        });
        PollerWait pollerWait = started.join();
        reading.awaitParked();
        pollerWait.onClosing(pair.reader(), pair.reader().fileno());
        assertThat(reading.result()).isEqualTo(PollerWait.CLOSED);
    }

    @Test
    void manyRounds_loseNoEvent() throws Exception {
        ConnectedPair pair = pair(ConnectedPair.Kind.PIPE);
        int rounds = 2_000;
        ParkedThread<Integer> reading = ParkedThread.start(Thread.ofPlatform(), () -> {
            int read = 0;
            while (read < rounds) {
                pollerWait(pair.reader(), PollFlags.POLLIN).await(Deadline.FOREVER);
                read += pair.drain();
            }
            return read;
        });
        for (int i = 0; i < rounds; i++) {
            pair.write(1);
        }
        assertThat(reading.result()).isEqualTo(rounds);
    }
}
