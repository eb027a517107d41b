package io.selectors4j;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.fd.Fd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.fd.Transfer;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Batched sockets and their selector: threads, the ways back to ordinary sockets, and refused calls.
class BatchedSelectorTest extends BatchedSocketFixture {

    BatchedSelectorTest(ConnectedPair.Kind kind) throws IOException {
        super(kind);
    }

    @Nested
    class Threads {

        /// The kernel ties the ring to the first selecting thread; the bytes of its requests must not get lost.
        @Test
        void anotherThreadSelects_noByteIsLost() throws Exception {
            selector.register(socket, Interest.READ, "data");
            int sent = 0;
            List<Byte> received = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                peer.write(ByteBuffer.wrap(new byte[] {(byte) sent++}));
                socket.write(ByteBuffer.wrap(new byte[] {(byte) i}));
                Thread.Builder builder = i % 3 == 2 ? Thread.ofVirtual() : Thread.ofPlatform();
                FutureTask<Boolean> select = new FutureTask<>(() -> {
                    selector.select(PATIENCE, (_, _) -> {
                        ByteBuffer target = ByteBuffer.allocate(10);
                        socket.read(target);
                        target.flip();
                        while (target.hasRemaining()) {
                            received.add(target.get());
                        }
                    });
                    return true;
                });
                builder.start(select).join();
                assertThat(select.get()).isTrue();
            }
            assertThat(received).hasSize(20);
            for (int i = 0; i < 20; i++) {
                assertThat(received.get(i)).isEqualTo((byte) i);
            }
            assertThat(readFromPeer(20).get(19)).isEqualTo((byte) 19);
        }

        @Test
        void writeDuringAWait_isSentAtOnce() throws Exception {
            Background<Integer> select = Background.start(() -> selector.select(PATIENCE, (_, _) -> {}))
                    .awaitAsleep();
            socket.write(ByteBuffer.allocate(3));
            awaitAvailable(3);
            selector.wakeup();
            assertThat(select.result()).isZero();
        }

        @Test
        void batchDuringAWait_takesEffect() throws Exception {
            try (ConnectedPair other = kind.open()) {
                Background<Integer> select = Background.start(() -> selector.select(PATIENCE, (_, _) -> {}))
                        .awaitAsleep();
                selector.batch((SocketFd) other.reader());
                selector.register(other.reader(), Interest.READ, "other");
                other.write(1);
                assertThat(select.result()).isEqualTo(1);
            }
        }

        @Test
        void closeDuringAWait_endsTheConnection() throws Exception {
            Background<Integer> select = Background.start(() -> selector.select(PATIENCE, (_, _) -> {}))
                    .awaitAsleep();
            socket.close();
            peer.setBlocking(true);
            assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            selector.wakeup();
            assertThat(select.result()).isZero();
        }
    }

    @Nested
    class SelectorCloses {

        @Test
        void bytes_areKept() throws IOException {
            selector.register(socket, Interest.READ, "data");
            peer.write(bytes(5000, 1));
            expectReady(selector, socket, Interest.READ);
            socket.write(bytes(5000, 2));
            selector.close();

            ByteBuffer fromSocket = ByteBuffer.allocate(5000);
            assertThat(peer.read(fromSocket)).isEqualTo(5000);
            assertThat(fromSocket.flip()).isEqualTo(bytes(5000, 2));
            peer.write(bytes(1000, 3));
            assertThat(readFromSocket(5000)).isEqualTo(bytes(5000, 1));
            assertThat(readFromSocket(1000)).isEqualTo(bytes(1000, 3));
        }

        @Test
        void socket_canBeRegisteredElsewhere() throws IOException {
            selector.register(socket, Interest.READ, "data");
            selector.close();
            try (Selector<String> other = Selector.open()) {
                other.register(socket, Interest.READ, "data");
                peer.write(ByteBuffer.allocate(1));
                expectReady(other, socket, Interest.READ);
            }
            socket.setBlocking(true);
            assertThat(socket.read(ByteBuffer.allocate(10))).isEqualTo(1);
            try (SocketFd copy = socket.dup()) {
                copy.write(ByteBuffer.allocate(1));
            }
        }

        @Test
        void anotherThread_mayClose() throws Exception {
            peer.write(ByteBuffer.allocate(1));
            Background.start(() -> selector.selectNow((_, _) -> {})).result();
            socket.write(ByteBuffer.allocate(2));
            selector.close();
            assertThat(socket.read(ByteBuffer.allocate(10))).isEqualTo(1);
            assertThat(peer.read(ByteBuffer.allocate(10))).isEqualTo(2);
        }

        @Test
        void nothing_staysOpen() throws IOException {
            Map<Integer, String> before = OpenFiles.list();
            for (int i = 0; i < 50; i++) {
                try (ConnectedPair other = kind.open();
                        IoUringSelector<String> opened = IoUringSelector.open()) {
                    opened.batch((SocketFd) other.reader());
                    opened.register(other.reader(), Interest.READ, "data");
                    other.write(1);
                    expectReady(opened, other.reader(), Interest.READ);
                }
            }
            assertThat(OpenFiles.since(before)).isEmpty();
        }
    }

    @Nested
    class Refused {

        @Test
        void otherSelectors_andAwait() throws IOException {
            try (Selector<String> other = Selector.open()) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> other.register(socket, Interest.READ, "data"))
                        .withMessageContaining("batched");
            }
            assertThatIllegalStateException()
                    .isThrownBy(() -> Await.readable(socket, PATIENCE))
                    .withMessageContaining("batched");
            try (IoUringSelector<String> other = IoUringSelector.open()) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> other.batch(socket))
                        .withMessageContaining("batched");
            }
            selector.batch(socket); // it is one already
        }

        @Test
        void otherSockets() throws IOException {
            try (SocketFd.Pair blocking = SocketFd.pair(SocketFd.Type.STREAM);
                    SocketFd.Pair datagrams = SocketFd.pair(SocketFd.Type.DATAGRAM);
                    SocketFd unconnected = SocketFd.open(SocketFd.AF_INET, SocketFd.Type.STREAM, 0);
                    ConnectedPair registered = kind.open();
                    SocketFd borrowed = SocketFd.borrow(registered.writer().fileno())) {
                datagrams.first().setBlocking(false);
                unconnected.setBlocking(false);
                assertThatIllegalArgumentException().isThrownBy(() -> selector.batch(blocking.first()));
                assertThatIllegalArgumentException().isThrownBy(() -> selector.batch(datagrams.first()));
                assertThatIllegalArgumentException().isThrownBy(() -> selector.batch(borrowed));
                assertThatExceptionOfType(NativeIOException.class)
                        .isThrownBy(() -> selector.batch(unconnected))
                        .withMessageContaining("ENOTCONN");
                selector.register(registered.reader(), Interest.READ, "data");
                assertThatIllegalStateException()
                        .isThrownBy(() -> selector.batch((SocketFd) registered.reader()))
                        .withMessageContaining("registered");
                expectNothing(selector);
                registered.write(1);
                expectReady(selector, registered.reader(), Interest.READ);
            }
        }

        @Test
        void calls() {
            ByteBuffer buffer = ByteBuffer.allocate(1);
            assertThatThrownBy(() -> selector.register(socket, Interest.PRIORITY, "data"))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("out-of-band");
            assertThatThrownBy(() -> socket.setBlocking(true)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(socket::dup).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> socket.dup2(socket.fileno())).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> socket.sendFile(socket, 0, 1)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> Transfer.copy(socket, socket, 1))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> Transfer.splice(socket, -1, socket, -1, 1, 0))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("batched");
            assertThatThrownBy(() -> socket.send(buffer, SocketFd.MSG_OOB))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> socket.receive(buffer, SocketFd.MSG_PEEK))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("batched");
            assertThat(selector.getMap()).isEmpty();
        }

        @Test
        void closedObjects() throws IOException {
            socket.close();
            assertThatThrownBy(() -> selector.batch(socket)).isInstanceOf(ClosedChannelException.class);
            try (ConnectedPair other = kind.open()) {
                selector.close();
                assertThatThrownBy(() -> selector.batch((SocketFd) other.reader()))
                        .isInstanceOf(ClosedSelectorException.class);
            }
        }
    }

    @Nested
    class Unbatched {

        @Test
        void bytes_areKept() throws IOException {
            selector.register(socket, Interest.READ, "data");
            peer.write(bytes(5000, 1));
            expectReady(selector, socket, Interest.READ);
            socket.write(bytes(5000, 2));
            selector.unregister(socket);
            selector.unbatch(socket);

            peer.write(bytes(1000, 3));
            assertThat(readFromSocket(5000)).isEqualTo(bytes(5000, 1));
            assertThat(readFromSocket(1000)).isEqualTo(bytes(1000, 3));
            assertThat(readFromPeer(5000)).isEqualTo(bytes(5000, 2));
        }

        @Test
        void socket_canBeBatchedAgain() throws IOException {
            for (int i = 0; i < 20; i++) {
                selector.unbatch(socket);
                selector.unbatch(socket); // it is none any more
                socket.setBlocking(true);
                socket.setBlocking(false);
                selector.batch(socket);
                selector.register(socket, Interest.READ, "data");
                peer.write(bytes(100, i));
                expectReady(selector, socket, Interest.READ);
                ByteBuffer target = ByteBuffer.allocate(100);
                assertThat(socket.read(target)).isEqualTo(100);
                assertThat(target.flip()).isEqualTo(bytes(100, i));
                selector.unregister(socket);
            }
        }

        @Test
        void registeredSocket_isRefused() throws IOException {
            selector.register(socket, Interest.READ, "data");
            assertThatIllegalStateException().isThrownBy(() -> selector.unbatch(socket));
            peer.write(ByteBuffer.allocate(1));
            expectReady(selector, socket, Interest.READ);
        }

        /// Another thread may close the socket before, and the number of the socket may have another owner.
        @Test
        void closedSocketWithReusedNumber_isIgnored() throws IOException {
            int number = socket.fileno();
            socket.close();
            peer.dup2(number);
            try (Fd other = Fd.fromFd(number)) {
                selector.register(other, Interest.READ, "data");
                selector.unbatch(socket);
                selector.unregister(other);
            }
        }

        @Test
        void duringASelect_isRefused() throws Exception {
            Background<Integer> select = Background.start(() -> selector.select(PATIENCE, (_, _) -> {}))
                    .awaitAsleep();
            assertThatIllegalStateException().isThrownBy(() -> selector.unbatch(socket));
            selector.wakeup();
            assertThat(select.result()).isZero();
        }
    }

    /// A program may register another object that has the number of the socket.
    @Test
    void objectWithTheNumber_isReadyForTheBytes() throws IOException {
        Pollable own = Pollable.borrow(socket.fileno());
        selector.register(own, Interest.READ, "data");
        peer.write(ByteBuffer.allocate(3));
        expectReady(selector, own, Interest.READ);
        assertThat(socket.read(ByteBuffer.allocate(10))).isEqualTo(3);
        expectNothing(selector);
        socket.close();
        selector.unregister(own);
        expectNothing(selector);
    }
}
