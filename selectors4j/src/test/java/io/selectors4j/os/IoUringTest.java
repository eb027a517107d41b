package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Submission, waiting and closing.
class IoUringTest extends IoUringFixture {

    @Test
    void descriptor_isReadableWhileThereIsACompletion() throws Exception {
        try (Selector<Object> selector = Backend.POLL.open()) {
            selector.register(ring, Interest.READ, "ring");
            Expect.expectNothing(selector);
            ring.nop(0, 1);
            ring.submit();
            Expect.expectReady(selector, ring, Interest.READ);
            assertThat(awaitOne(1)).isZero();
            Expect.expectNothing(selector);
        }
        assertThat(Libc.isCloseOnExec(ring.fileno())).isTrue();
        assertThat(ring).hasToString("IoUring[fd=" + ring.fileno() + "]");
    }

    @Test
    void preparedRequest_waitsForTheSubmission() throws Exception {
        b.write(ByteBuffer.wrap(new byte[1]));
        ByteBuffer target = direct(1).put(0, (byte) 9);
        ring.recv(a, target, 0, 0, 1);
        assertThat(a.available()).isEqualTo(1);
        assertThat(ring.submit()).isEqualTo(1);
        assertThat(ring.submit()).isZero();
        assertThat(awaitOne(1)).isEqualTo(1);
        assertThat(target.get(0)).isZero();
    }

    @Test
    void fullQueue_isSubmitted() throws Exception {
        for (int i = 0; i < 5 * ENTRIES + 3; i++) {
            ring.nop(0, i);
        }
        assertThat(ring.submit()).isEqualTo(3);
        assertThat(await(5 * ENTRIES + 3)).hasSize(5 * ENTRIES + 3);
    }

    @Test
    void chainThatFillsTheQueue_isNotSplit() throws Exception {
        for (int i = 0; i < ENTRIES; i++) {
            ring.nop(IoUring.IOSQE_IO_LINK, i);
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> ring.nop(0, 100))
                .withMessageContaining("the submission queue of 8 entries is full");
        assertThat(await(ENTRIES)).hasSize(ENTRIES);
    }

    @Test
    void moreCompletionsThanTheQueueHolds_areNotLost() throws Exception {
        int count = 1000;
        try (IoUring small = IoUring.create(2, 2)) {
            for (int i = 0; i < count; i++) {
                small.nop(0, i);
                small.submit();
            }
            BitSet received = new BitSet();
            IoUringCompletions one = new IoUringCompletions(1);
            while (received.cardinality() < count) {
                assertThat(small.submitAndWait(LONG, one)).isEqualTo(1);
                assertThat(received.get((int) one.data(0))).isFalse();
                received.set((int) one.data(0));
            }
            assertThat(small.submitAndWait(NOW, one)).isZero();
        }
    }

    @Test
    void refusedRequest_doesNotStopTheOthers() throws Exception {
        ring.nop(0, 1);
        ring.fsync(a, 1 << 20, 0, 2);
        ring.nop(0, 3);
        assertThat(ring.submit()).isEqualTo(3);
        assertThat(await(3))
                .containsEntry(1L, 0)
                .containsEntry(2L, errno("EINVAL"))
                .containsEntry(3L, 0);
    }

    @Test
    void userData_isKept() throws Exception {
        long[] all = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x0123_4567_89AB_CDEFL};
        for (long data : all) {
            ring.nop(0, data);
        }
        assertThat(await(all.length).keySet()).contains(0L, 1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    @Test
    void timeout_isNeverShort() throws Exception {
        for (long nanos : new long[] {1, 300_000, 1_000_001, 20_000_000}) {
            long start = System.nanoTime();
            assertThat(ring.submitAndWait(Duration.ofNanos(nanos), completions)).isZero();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, Long.MAX_VALUE})
    void wait_endsWithTheCompletion(long seconds) throws Exception {
        ring.recv(a, direct(1), 0, 0, 1);
        try (Background<Integer> waiting =
                Background.start(() -> ring.submitAndWait(Duration.ofSeconds(seconds), completions))) {
            waiting.awaitAsleep();
            b.write(ByteBuffer.wrap(new byte[1]));
            assertThat(waiting.result()).isEqualTo(1);
        }
        try (Background<Integer> waiting = Background.start(() -> ring.submitAndWait(null, completions))) {
            waiting.awaitAsleep();
            ring.nop(0, 5);
            ring.submit(); // another thread
            assertThat(waiting.result()).isEqualTo(1);
        }
    }

    @Test
    void signalAndInterrupt_doNotEndTheWait() throws Exception {
        ring.recv(a, direct(1), 0, 0, 1);
        try (Background<Boolean> waiting = Background.start(() -> {
            assertThat(ring.submitAndWait(LONG, completions)).isEqualTo(1);
            return Thread.interrupted();
        })) {
            waiting.awaitAsleep();
            Runnable interrupt = Libc.interruptOn(io.selectors4j.internal.posix.Signals.number("SIGUSR2"));
            try {
                for (int i = 0; i < 20; i++) {
                    Libc.tgkill(waiting.tid(), io.selectors4j.internal.posix.Signals.number("SIGUSR2"));
                }
            } finally {
                waiting.awaitAsleep();
                interrupt.run();
            }
            waiting.thread().interrupt();
            waiting.awaitAsleep();
            b.write(ByteBuffer.wrap(new byte[1]));
            assertThat(waiting.result()).isTrue();
        }
    }

    @Test
    void eventfd_countsCompletions() throws Exception {
        try (EventFd counter = EventFd.open(0)) {
            counter.setBlocking(false);
            ring.registerEventfd(counter);
            ring.nop(0, 1);
            ring.nop(0, 2);
            await(2);
            assertThat(counter.read()).isPositive();
            assertErrno("EBUSY", () -> ring.registerEventfd(counter));
            ring.unregisterEventfd();
            ring.nop(0, 3);
            await(1);
            assertThat(counter.read()).isZero();
            assertErrno("ENXIO", ring::unregisterEventfd);
            assertErrno("EINVAL", () -> ring.registerEventfd(a));
        }
    }

    @Test
    void close_refusesAllCalls() throws Exception {
        ring.nop(0, 1);
        ring.close();
        ring.close();
        assertThat(ring.closed()).isTrue();
        assertThat(ring.fileno()).isEqualTo(-1);
        assertThat(ring).hasToString("IoUring[closed]");
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> ring.nop(0, 1),
                () -> ring.recv(a, direct(1), 0, 0, 1),
                ring::submit,
                () -> ring.submitAndWait(NOW, completions),
                () -> ring.registerFiles(List.of(a)),
                ring::unregisterFiles,
                () -> ring.registerBuffers(direct(1)),
                ring::unregisterBuffers,
                () -> ring.registerEventfd(a),
                ring::unregisterEventfd,
                () -> ring.provideBuffers(1, 1))) {
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(call);
        }
    }

    @Test
    void close_endsWaits() throws Exception {
        List<FutureTask<Integer>> waiting = new ArrayList<>();
        for (Thread.Builder builder : List.of(Thread.ofPlatform(), Thread.ofPlatform(), Thread.ofVirtual())) {
            waiting.add(new FutureTask<>(() -> ring.submitAndWait(null, new IoUringCompletions(1))));
            builder.start(waiting.getLast());
        }
        ring.recv(a, direct(1), 0, 0, 1);
        ring.submit();
        assertThat(ring.submitAndWait(Duration.ofMillis(20), completions)).isZero();
        ring.close();
        for (FutureTask<Integer> one : waiting) {
            assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
                    .isThrownBy(() -> one.get(60, TimeUnit.SECONDS))
                    .withCauseInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void closeDuringAWait_isAsynchronous() throws Exception {
        try (Background<Integer> waiting = Background.start(() -> ring.submitAndWait(null, completions))) {
            waiting.awaitAsleep();
            ring.close();
            assertThat(waiting.failure()).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    void close_closesConnectionsThatWereNotReceived() throws Exception {
        Map<Integer, String> before = OpenFiles.list();
        try (SocketFd server = SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50)) {
            ring.acceptMultishot(server, 0, 1);
            ring.submit();
            List<SocketFd> clients = new ArrayList<>();
            for (int i = 0; i < 40; i++) { // more than the queue of completions has room for
                clients.add(SocketFd.createConnection(server.localAddress()));
            }
            ring.nop(0, 2);
            ring.submit();
            ring.close();
            for (SocketFd client : clients) {
                client.close();
            }
        }
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    @Test
    void close_cancelsSuccessorsInAChain() throws Exception {
        WeakReference<ByteBuffer> buffer = chain();
        ring.close();
        Expect.spinUntil("the buffer is collected", () -> {
            System.gc();
            return buffer.get() == null;
        });
    }

    private WeakReference<ByteBuffer> chain() throws Exception {
        ByteBuffer buffer = direct(1);
        ring.timeout(LONG, IoUring.IOSQE_IO_HARDLINK, 1);
        ring.recv(a, buffer, 0, IoUring.IOSQE_IO_HARDLINK, 2);
        ring.recv(a, buffer, 0, 0, 3);
        ring.submit();
        return new WeakReference<>(buffer);
    }

    @Test
    void failingFileno_leavesTheRequestsPrepared() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        ring.nop(0, 1);
        ring.send(
                () -> {
                    if (calls.incrementAndGet() == 2) {
                        throw new AssertionError("a failure of the user");
                    }
                    return a.fileno();
                },
                direct("x"),
                0,
                0,
                2);
        assertThatExceptionOfType(AssertionError.class).isThrownBy(ring::submit);
        assertThat(await(2)).containsEntry(1L, 0).containsEntry(2L, 1);
    }

    @Test
    void submittingFileno_submitsOnce() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        ring.nop(0, 1);
        ring.send(
                () -> {
                    if (calls.incrementAndGet() == 2) {
                        try {
                            assertThat(ring.submit()).isEqualTo(3);
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    }
                    return a.fileno();
                },
                direct("x"),
                0,
                0,
                2);
        ring.nop(0, 3);
        assertThat(ring.submit()).isZero();
        assertThat(await(3)).containsEntry(1L, 0).containsEntry(2L, 1).containsEntry(3L, 0);
    }

    @Test
    void buffer_isKeptUntilTheCompletion() throws Exception {
        WeakReference<ByteBuffer> buffer = receive();
        for (int i = 0; i < 5; i++) {
            System.gc();
            assertThat(buffer.get()).isNotNull();
        }
        b.write(ByteBuffer.wrap(new byte[1]));
        assertThat(awaitOne(1)).isEqualTo(1);
        Expect.spinUntil("the buffer is collected", () -> {
            System.gc();
            return buffer.get() == null;
        });
    }

    private WeakReference<ByteBuffer> receive() throws Exception {
        ByteBuffer buffer = direct(1);
        ring.recv(a, buffer, 0, 0, 1);
        ring.submit();
        return new WeakReference<>(buffer);
    }

    @Test
    void slots_areUsedAgain() throws Exception {
        for (int round = 0; round < 50; round++) {
            for (int i = 0; i < 200; i++) {
                ring.nop(0, i);
            }
            assertThat(await(200)).hasSize(200);
        }
    }
}
