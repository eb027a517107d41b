package io.selectors4j;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.fd.Fd;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/// Sockets that were batched, and still have bytes that were not read or not sent. For what selectors report, see
/// [io.selectors4j.contract.UnreadBytesContractTest].
class UnbatchedSocketTest extends BatchedSocketFixture {

    UnbatchedSocketTest(ConnectedPair.Kind kind) throws IOException {
        super(kind);
    }

    /// Receives bytes from the peer until all are in memory of the library.
    private void receive(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        peer.write(bytes);
        try (Fd kernel = Fd.borrow(socket.fileno())) {
            while (kernel.available() > 0 || socket.available() < count) {
                selector.selectNow();
            }
        }
    }

    private ByteBuffer readFromSocket(IoUringSelector<String> ring, int count) throws IOException {
        ByteBuffer result = ByteBuffer.allocate(count);
        while (result.hasRemaining()) {
            assertThat(socket.read(result)).isGreaterThanOrEqualTo(0);
            ring.selectNow();
        }
        return result.flip();
    }

    @Test
    void batchedAgain_unreadBytesComeFirst() throws IOException {
        receive(bytes(5000, 1));
        selector.unbatch(socket);
        peer.write(bytes(1000, 2));
        selector.batch(socket);
        selector.register(socket, Interest.READ, "data");
        expectReady(selector, socket, Interest.READ);
        assertThat(readFromSocket(selector, 5000)).isEqualTo(bytes(5000, 1));
        expectReady(selector, socket, Interest.READ);
        assertThat(readFromSocket(selector, 1000)).isEqualTo(bytes(1000, 2));
        expectNothing(selector);
    }

    @Test
    void batchedByAnother_unreadBytesComeFirst() throws IOException {
        receive(bytes(5000, 1));
        selector.close();
        try (IoUringSelector<String> other = IoUringSelector.open()) {
            other.batch(socket);
            other.register(socket, Interest.READ, "data");
            peer.write(bytes(1000, 2));
            expectReady(other, socket, Interest.READ);
            assertThat(readFromSocket(other, 5000)).isEqualTo(bytes(5000, 1));
            assertThat(readFromSocket(other, 1000)).isEqualTo(bytes(1000, 2));
            expectNothing(other);
        }
    }

    @Test
    void batchedByAnother_unsentBytesComeFirst() throws IOException {
        int filled = fill(bytes(20_000_000, 1));
        selector.unbatch(socket);
        try (IoUringSelector<String> other = IoUringSelector.open()) {
            other.batch(socket);
            other.register(socket, Interest.WRITE, "data");
            ByteBuffer received = ByteBuffer.allocate(filled);
            while (received.hasRemaining()) {
                other.selectNow();
                assertThat(peer.read(received)).isGreaterThanOrEqualTo(0);
            }
            assertThat(received.flip()).isEqualTo(bytes(20_000_000, 1).limit(filled));
            expectReady(other, socket, Interest.WRITE);
            socket.write(bytes(10, 2));
            other.selectNow();
            peer.setBlocking(true);
            ByteBuffer last = ByteBuffer.allocate(10);
            assertThat(peer.read(last)).isEqualTo(10);
            assertThat(last.flip()).isEqualTo(bytes(10, 2));
        }
    }

    @Test
    void shutdownBeforeBatch_takesEffectAfterTheBytes() throws IOException {
        int filled = fill(bytes(20_000_000, 1));
        socket.shutdownOutput();
        assertThatThrownBy(() -> socket.write(ByteBuffer.allocate(1))).isInstanceOf(NativeIOException.class);
        selector.unbatch(socket); // perhaps with room for all bytes by now
        selector.batch(socket);
        assertThat(readFromPeer(filled)).isEqualTo(bytes(20_000_000, 1).limit(filled));
        selector.selectNow();
        peer.setBlocking(true);
        assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void resetBeforeBatch_isStillReported() throws IOException {
        if (kind == ConnectedPair.Kind.TCP) {
            receive(bytes(10, 1));
            socket.write(bytes(10, 1));
            selector.selectNow();
            peer.close(); // with a byte that it has not read
            selector.register(socket, Interest.READ, "data");
            while (!expectReady(selector, socket, Interest.READ).isError()) {
                selector.selectNow();
            }
            selector.unregister(socket);
            selector.unbatch(socket);
            selector.batch(socket);
            selector.register(socket, Interest.READ, "data");
            assertThat(expectReady(selector, socket, Interest.READ).isError()).isTrue();
            assertThat(socket.read(ByteBuffer.allocate(100))).isEqualTo(10);
            assertThatThrownBy(() -> socket.read(ByteBuffer.allocate(1))).hasMessageContaining("ECONNRESET");
            assertThat(socket.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void await_seesUnreadBytes() throws Exception {
        receive(bytes(10, 1));
        selector.unbatch(socket);
        assertThat(Await.readable(socket, null)).isTrue();
        assertThat(Await.ready(socket, Interest.READ_WRITE, PATIENCE))
                .returns(Interest.READ_WRITE, readiness -> readiness.events());
        assertThat(socket.read(ByteBuffer.allocate(100))).isEqualTo(10);
        assertThat(Await.ready(socket, Interest.READ_WRITE, PATIENCE))
                .returns(Interest.WRITE, readiness -> readiness.events());
    }

    @Test
    void readToTheEnd_socketIsAnOrdinaryOne() throws IOException {
        receive(bytes(10, 1));
        selector.unbatch(socket);
        assertThatThrownBy(() -> socket.setBlocking(true)).isInstanceOf(UnsupportedOperationException.class);
        assertThat(socket.read(ByteBuffer.allocate(100))).isEqualTo(10);
        socket.setBlocking(true);
        socket.dup().close();
        peer.write(bytes(10, 2));
        assertThat(socket.read(ByteBuffer.allocate(100))).isEqualTo(10);
        socket.setBlocking(false);
        selector.batch(socket);
        selector.register(socket, Interest.READ, "data");
        peer.write(bytes(10, 3));
        expectReady(selector, socket, Interest.READ);
    }
}
