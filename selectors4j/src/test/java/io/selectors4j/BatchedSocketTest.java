package io.selectors4j;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.fd.SocketFd;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Batched sockets: the same reads and writes, whose bytes move during the waits. [io.selectors4j.contract] has their
/// readiness.
class BatchedSocketTest extends BatchedSocketFixture {

    private static final int LARGE = 1 << 20;

    BatchedSocketTest(ConnectedPair.Kind kind) throws IOException {
        super(kind);
    }

    @Nested
    class Bytes {

        @Test
        void received_areReadAfterTheSelect() throws IOException {
            selector.register(socket, Interest.READ, "data");
            peer.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            ByteBuffer target = ByteBuffer.allocate(10);
            assertThat(socket.read(target)).isZero(); // before the first select
            expectReady(selector, socket, Interest.READ);

            assertThat(socket.available()).isEqualTo(3);
            assertThat(socket.read(target.limit(2))).isEqualTo(2);
            expectReady(selector, socket, Interest.READ); // one byte is left
            assertThat(socket.read(target.limit(10))).isEqualTo(1);
            assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            assertThat(socket.read(ByteBuffer.allocate(1))).isZero();
            expectNothing(selector);
        }

        @Test
        void written_areSentWithTheNextSelect() throws IOException {
            ByteBuffer source = ByteBuffer.wrap(new byte[] {1, 2, 3});
            assertThat(socket.write(source)).isEqualTo(3);
            assertThat(socket.write(ByteBuffer.wrap(new byte[] {4}))).isEqualTo(1);
            assertThat(peer.read(ByteBuffer.allocate(10))).isZero();

            assertThat(readFromPeer(4)).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
        }

        @Test
        void severalBuffers_areReadAndWritten() throws IOException {
            ByteBuffer[] sources = {
                ByteBuffer.wrap(new byte[] {1, 2}), ByteBuffer.allocateDirect(0), ByteBuffer.wrap(new byte[] {3})
            };
            assertThat(socket.write(sources)).isEqualTo(3);
            assertThat(readFromPeer(3)).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));

            selector.register(socket, Interest.READ, "data");
            peer.write(ByteBuffer.wrap(new byte[] {4, 5, 6}));
            expectReady(selector, socket, Interest.READ);
            ByteBuffer[] targets = {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(0), ByteBuffer.allocateDirect(9)};
            assertThat(socket.read(targets)).isEqualTo(3);
            assertThat(targets[0].get(0)).isEqualTo((byte) 4);
            assertThat(targets[2].get(1)).isEqualTo((byte) 6);
            assertThat(socket.read(targets)).isZero();
        }

        @Test
        void manyBytes_arriveInOrderBothWays() throws Exception {
            selector.register(socket, Interest.READ_WRITE, "data");
            Background<ByteBuffer> echo = Background.start(() -> {
                ByteBuffer all = ByteBuffer.allocateDirect(LARGE);
                peer.setBlocking(true);
                while (all.hasRemaining()) {
                    int from = all.position();
                    peer.read(all);
                    peer.write(all.duplicate().flip().position(from));
                }
                return all.flip();
            });
            ByteBuffer source = bytes(LARGE, 1);
            ByteBuffer target = ByteBuffer.allocate(LARGE);
            Random random = new Random(2);
            while (target.hasRemaining()) {
                selector.select(PATIENCE, (_, readiness) -> {
                    if (readiness.isReadable()) {
                        int limit = target.limit();
                        target.limit(Math.min(LARGE, target.position() + random.nextInt(20_000)));
                        socket.read(target);
                        target.limit(limit);
                    }
                    if (readiness.isWritable() && source.hasRemaining()) {
                        ByteBuffer part =
                                source.slice(source.position(), Math.min(source.remaining(), random.nextInt(20_000)));
                        source.position(source.position() + socket.write(part));
                    }
                });
            }
            assertThat(target.flip()).isEqualTo(bytes(LARGE, 1));
            assertThat(echo.result()).isEqualTo(bytes(LARGE, 1));
        }

        /// The socket takes a bounded number of unread bytes, and the peer is stopped.
        @Test
        void unreadBytes_stopThePeer() throws Exception {
            socket.setOption(StandardSocketOptions.SO_RCVBUF, 10_000);
            int sent = 0;
            int refusals = 0;
            while (refusals < 100) {
                int count = peer.write(ByteBuffer.allocate(1000));
                sent += count;
                assertThat(sent).isLessThan(4 << 20);
                refusals = count == 0 ? refusals + 1 : 0;
                selector.selectNow((_, _) -> {});
                Thread.sleep(count == 0 ? 1 : 0);
            }

            selector.register(socket, Interest.READ, "data");
            int received = 0;
            ByteBuffer target = ByteBuffer.allocate(3000);
            while (received < sent) {
                expectReady(selector, socket, Interest.READ);
                received += socket.read(target.clear());
            }
            expectNothing(selector);
        }

        /// A peer that does not read: the writes end, and go on when it reads.
        @Test
        void unsentBytes_stopTheWriter() throws IOException {
            ByteBuffer source = bytes(64 << 20, 3);
            int written = fill(source);
            assertThat(written).isLessThan(source.limit());
            selector.register(socket, Interest.WRITE, "data");
            expectNothing(selector);

            assertThat(readFromPeer(written)).isEqualTo(source.duplicate().flip());
            expectReady(selector, socket, Interest.WRITE);
        }
    }

    @Nested
    class EndAndErrors {

        @Test
        void endOfTheData_isReadAfterTheBytes() throws IOException {
            selector.register(socket, Interest.READ, "data");
            peer.write(ByteBuffer.allocate(2));
            peer.close();
            expectReady(selector, socket, Interest.READ);
            ByteBuffer target = ByteBuffer.allocate(2);
            assertThat(socket.read(target)).isEqualTo(2);
            List<ReadyKey<String>> ready = selector.select(PATIENCE);
            assertThat(ready).hasSize(1);
            assertThat(ready.getFirst().readiness().isReadClosed()).isTrue();
            assertThat(socket.read(target.clear())).isEqualTo(-1);
            assertThat(socket.read(target.clear())).isEqualTo(-1);
        }

        @Test
        void shutdownOutput_comesAfterTheBytes() throws IOException {
            socket.write(bytes(5000, 1));
            socket.shutdownOutput();
            assertThat(readFromPeer(5000)).isEqualTo(bytes(5000, 1));
            assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> socket.write(ByteBuffer.allocate(1)))
                    .withMessageContaining("EPIPE");

            selector.register(socket, Interest.READ, "data");
            peer.write(ByteBuffer.allocate(1));
            expectReady(selector, socket, Interest.READ);
        }

        @Test
        void close_comesAfterTheBytes() throws IOException {
            Map<Integer, String> before = OpenFiles.list();
            int fd = socket.fileno();
            selector.selectNow((_, _) -> {}); // the receive is in progress
            socket.write(bytes(5000, 1));
            socket.close();
            assertThat(socket.fileno()).isEqualTo(-1);
            assertThat(OpenFiles.list()).doesNotContainKey(fd);
            assertThat(before).containsKey(fd);
            assertThatExceptionOfType(ClosedChannelException.class)
                    .isThrownBy(() -> socket.read(ByteBuffer.allocate(1)));
            assertThat(readFromPeer(5000)).isEqualTo(bytes(5000, 1));
            assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }

        /// The descriptor stays open until the rest is sent.
        @Test
        void closeWithAFullSendBuffer_sendsTheRest() throws IOException {
            int written = fill(bytes(64 << 20, 1));
            int fd = socket.fileno();
            socket.close();
            assertThat(OpenFiles.list()).containsKey(fd);
            readFromPeer(written);
            selector.selectNow((_, _) -> {});
            assertThat(OpenFiles.list()).doesNotContainKey(fd);
        }

        @Test
        void close_endsTheRegistration() throws IOException {
            selector.register(socket, Interest.READ, "data");
            peer.write(ByteBuffer.allocate(1));
            expectReady(selector, socket, Interest.READ);
            socket.close();
            assertThat(selector.getMap()).isEmpty();
            expectNothing(selector);
        }

        /// A Unix socket ignores the option.
        @Test
        void closeWithLingerZero_resetsTheConnection() throws IOException {
            Map<Integer, String> before = OpenFiles.list();
            int fd = socket.fileno();
            selector.selectNow((_, _) -> {}); // the receive is in progress
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            socket.close();
            assertThat(before).containsKey(fd);
            assertThat(OpenFiles.list()).doesNotContainKey(fd);
            if (kind == ConnectedPair.Kind.TCP) {
                assertThatExceptionOfType(NativeIOException.class)
                        .isThrownBy(() -> peer.read(ByteBuffer.allocate(1)))
                        .withMessageContaining("ECONNRESET");
            } else {
                assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
            expectNothing(selector);
        }

        @Test
        void resetConnection_isReportedAndThrown() throws IOException {
            if (kind == ConnectedPair.Kind.TCP) {
                selector.register(socket, Interest.READ, "data");
                expectNothing(selector);
                ((SocketFd) peer).setOption(StandardSocketOptions.SO_LINGER, 0);
                peer.close();
                List<ReadyKey<String>> ready = selector.select(PATIENCE);
                assertThat(ready).hasSize(1);
                assertThat(ready.getFirst().readiness().isError()).isTrue();
                assertThatExceptionOfType(NativeIOException.class)
                        .isThrownBy(() -> socket.read(ByteBuffer.allocate(1)))
                        .withMessage("recv(fd=" + socket.fileno() + "): ECONNRESET (104) Connection reset by peer");
                assertThat(socket.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
        }

        @Test
        void peerThatIsGone_makesWritesFail() throws IOException {
            peer.close();
            assertThatExceptionOfType(NativeIOException.class).isThrownBy(() -> {
                for (int i = 0; i < 1000; i++) {
                    socket.write(ByteBuffer.allocate(1));
                    selector.selectNow((_, _) -> {});
                }
            });
        }
    }
}
