package io.selectors4j;

import static io.selectors4j.testing.Expect.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.Fd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Expect;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// A batched socket, its peer and its selector, for TCP and Unix sockets.
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("kinds")
@Timeout(value = Expect.TEST_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // an interrupt ends no loop
abstract class BatchedSocketFixture {

    final ConnectedPair.Kind kind;
    final ConnectedPair pair;
    final IoUringSelector<String> selector;

    /// The batched end.
    final SocketFd socket;

    /// The other end.
    final Fd peer;

    static Stream<ConnectedPair.Kind> kinds() {
        return Backend.IO_URING.isAvailable()
                ? Stream.of(ConnectedPair.Kind.TCP, ConnectedPair.Kind.SOCKET_PAIR)
                : Stream.empty();
    }

    BatchedSocketFixture(ConnectedPair.Kind kind) throws IOException {
        this.kind = kind;
        pair = kind.open();
        socket = (SocketFd) pair.reader();
        peer = (Fd) pair.writer();
        selector = IoUringSelector.open();
        selector.batch(socket);
    }

    @AfterEach
    void close() throws IOException {
        selector.close();
        pair.close();
    }

    static ByteBuffer bytes(int count, int seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /// Reads from the peer, with the selects that move the bytes, until there are so many.
    final ByteBuffer readFromPeer(int count) throws IOException {
        ByteBuffer result = ByteBuffer.allocate(count);
        long start = System.nanoTime();
        while (result.hasRemaining()) {
            requireTime(start, result);
            selector.selectNow((_, _) -> {});
            if (peer.read(result) < 0) {
                throw new AssertionError("end of the data after " + result.position() + " bytes");
            }
        }
        return result.flip();
    }

    /// Reads from the socket, without selects, until there are so many.
    final ByteBuffer readFromSocket(int count) throws IOException {
        ByteBuffer result = ByteBuffer.allocate(count);
        long start = System.nanoTime();
        while (result.hasRemaining()) {
            requireTime(start, result);
            assertThat(socket.read(result)).isNotNegative();
        }
        return result.flip();
    }

    /// Fails if a wait for bytes takes too long.
    static void requireTime(long start, ByteBuffer result) {
        assertThat(System.nanoTime() - start)
                .as("bytes are missing: %s", result)
                .isLessThan(PATIENCE.toNanos());
    }

    /// Writes until there is no room left.
    ///
    /// @return the number of bytes
    final int fill(ByteBuffer source) throws IOException {
        int refusals = 0;
        while (refusals < 10) {
            ByteBuffer part = source.slice(source.position(), 1000);
            int count = socket.write(part);
            source.position(source.position() + count);
            refusals = count == 0 ? refusals + 1 : 0;
            selector.selectNow((_, _) -> {});
        }
        return source.position();
    }

    /// Waits until the peer has so many bytes to read, without a select.
    final void awaitAvailable(int count) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (peer.available() < count) {
            assertThat(System.nanoTime() - start).isLessThan(PATIENCE.toNanos());
            Thread.sleep(1);
        }
    }
}
