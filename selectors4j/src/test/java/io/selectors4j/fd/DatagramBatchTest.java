package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.testing.Background;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("linux")
class DatagramBatchTest {

    private static final int CAPACITY = 5;

    private SocketFd server;
    private SocketFd client;
    private final DatagramBatch batch = DatagramBatch.allocate(CAPACITY, 100);

    @BeforeEach
    void open() throws IOException {
        server = udp("127.0.0.1");
        client = udp("127.0.0.1");
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        client.close();
    }

    private static SocketFd udp(String host) throws IOException {
        SocketFd socket = SocketFd.open(
                host.contains(":") ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET,
                SocketFd.Type.DATAGRAM);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(host), 0));
        return socket;
    }

    private void send(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            client.sendTo(ByteBuffer.allocate(10 + i).put(0, (byte) i), server.localAddress(), 0);
        }
    }

    @Test
    void batch_isReceivedAndSentBack() throws IOException {
        send(3);
        assertThat(batch.receive(server, 0)).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            assertThat(batch.buffer(i).position()).isZero();
            assertThat(batch.buffer(i).limit()).isEqualTo(10 + i);
            assertThat(batch.buffer(i).get(0)).isEqualTo((byte) i);
            assertThat(batch.address(i)).isEqualTo(client.localAddress());
            assertThat(batch.isTruncated(i)).isFalse();
            batch.buffer(i).put(0, (byte) (100 + i)).position(i); // leaves out the first bytes
        }
        assertThat(batch.send(server, 0, 3, 0)).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            assertThat(batch.buffer(i).hasRemaining()).isFalse();
            ByteBuffer answer = ByteBuffer.allocate(100);
            assertThat(client.receiveFrom(answer, 0)).isEqualTo(server.localAddress());
            assertThat(answer.position()).isEqualTo(10);
            assertThat(answer.get(0)).isEqualTo((byte) (i == 0 ? 100 : 0));
        }
    }

    @Test
    void moreMessagesThanRoom_areLeftForTheNextCall() throws IOException {
        send(CAPACITY + 2);
        assertThat(batch.receive(server, 0)).isEqualTo(CAPACITY);
        assertThat(batch.receive(server, 0)).isEqualTo(2);
        assertThat(batch.buffer(1).get(0)).isEqualTo((byte) (CAPACITY + 1));
        server.setBlocking(false);
        assertThat(batch.receive(server, 0)).isZero();
        assertThat(batch.receive(server, SocketFd.MSG_DONTWAIT)).isZero();
    }

    @Test
    void blockingReceive_waitsForOneMessage() throws Exception {
        try (Background<Integer> receiving = Background.start(() -> batch.receive(server, 0))) {
            receiving.awaitAsleep();
            send(1);
            assertThat(receiving.result()).isOne();
        }
    }

    @Test
    void closeDuringABlockingReceive_endsIt() throws Exception {
        server.connect(client.localAddress()); // so a shutdown wakes it on every kernel
        try (Background<Integer> receiving = Background.start(() -> batch.receive(server, 0))) {
            receiving.awaitAsleep();
            server.close();
            assertThat(receiving.failure()).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void messages_goToTheirAddresses(String host) throws IOException {
        try (SocketFd sender = udp(host);
                SocketFd one = udp(host);
                SocketFd two = udp(host)) {
            SocketAddress[] addresses = {one.localAddress(), two.localAddress(), one.localAddress()};
            for (int i = 0; i < addresses.length; i++) {
                batch.buffer(i).clear().putInt(i).flip();
                batch.setAddress(i, addresses[i], sender);
                assertThat(batch.address(i)).isEqualTo(addresses[i]);
            }
            assertThat(batch.send(sender, 1, 2, 0)).isEqualTo(2);
            assertThat(batch.send(sender, 0, 1, 0)).isOne();
            assertThat(received(one)).isEqualTo(2);
            assertThat(received(one)).isZero();
            assertThat(received(two)).isOne();
            batch.setAddress(0, null, sender);
            assertThat(batch.address(0)).isNull();
            SocketFdTest.assertErrno("EDESTADDRREQ", () -> batch.send(sender, 0, 1, 0));
            sender.connect(two.localAddress());
            batch.buffer(0).clear().putInt(9).flip();
            assertThat(batch.send(sender, 0, 1, 0)).isOne();
            assertThat(received(two)).isEqualTo(9);
        }
    }

    private static int received(SocketFd socket) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        assertThat((Object) Objects.requireNonNull(socket.receiveFrom(buffer, 0)))
                .isNotNull();
        return buffer.flip().getInt();
    }

    @Test
    void messageThatFails_stopsTheOthers() throws IOException {
        DatagramBatch large = DatagramBatch.allocate(3, 65_536);
        for (int i = 0; i < 3; i++) {
            large.buffer(i).clear().limit(i == 1 ? 65_536 : 5);
            large.setAddress(i, client.localAddress(), server);
        }
        assertThat(large.send(server, 0, 3, 0)).isOne();
        assertThat(large.buffer(1).remaining()).isEqualTo(65_536);
        SocketFdTest.assertErrno("EMSGSIZE", () -> large.send(server, 1, 2, 0));
        assertThat(large.send(server, 2, 1, 0)).isOne();
    }

    @Test
    void longMessage_isCut_andAnEmptyOneIsAMessage() throws IOException {
        client.sendTo(ByteBuffer.allocate(300), server.localAddress(), 0);
        client.sendTo(ByteBuffer.allocate(0), server.localAddress(), 0);
        client.sendTo(ByteBuffer.allocate(300), server.localAddress(), 0);
        assertThat(batch.receive(server, SocketFd.MSG_TRUNC)).isEqualTo(3);
        assertThat(batch.isTruncated(0)).isTrue();
        assertThat(batch.buffer(0).remaining()).isEqualTo(100);
        assertThat(batch.isTruncated(1)).isFalse();
        assertThat(batch.buffer(1).remaining()).isZero();
        assertThat(batch.send(server, 1, 1, 0)).isOne();
        assertThat(client.receiveFrom(ByteBuffer.allocate(9), 0)).isEqualTo(server.localAddress());
    }

    @Test
    void unixSockets_keepBoundaries() throws IOException {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.SEQPACKET)) {
            for (int i = 0; i < 3; i++) {
                batch.buffer(i).clear().limit(i + 1);
            }
            assertThat(batch.send(pair.first(), 0, 3, 0)).isEqualTo(3);
            DatagramBatch target = DatagramBatch.allocate(4, 10);
            assertThat(target.receive(pair.second(), 0)).isEqualTo(3);
            assertThat(target.buffer(2).remaining()).isEqualTo(3);
        }
    }

    @Test
    void fullSocket_leavesTheRest() throws IOException {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.DATAGRAM)) {
            pair.first().setBlocking(false);
            int total = 0;
            int sent;
            do {
                for (int i = 0; i < CAPACITY; i++) {
                    batch.buffer(i).clear();
                }
                sent = batch.send(pair.first(), 0, CAPACITY, 0);
                total += sent;
                assertThat(total).isLessThan(1_000_000);
            } while (sent == CAPACITY);
            assertThat(total).isPositive();
            assertThat(batch.send(pair.first(), sent, CAPACITY - sent, 0)).isZero();
            assertThat(batch.buffer(CAPACITY - 1).remaining()).isEqualTo(100);
        }
    }

    @Test
    void badArguments_areRefused() throws IOException {
        for (int[] bad : new int[][] {{0, 1}, {1025, 1}, {1, 0}, {1, (1 << 16) + 1}, {-1, -1}}) {
            assertThatIllegalArgumentException().isThrownBy(() -> DatagramBatch.allocate(bad[0], bad[1]));
        }
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> batch.buffer(CAPACITY));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> batch.address(-1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> batch.send(server, 1, CAPACITY, 0));
        assertThat(batch.capacity()).isEqualTo(CAPACITY);
        assertThat(batch.send(server, 0, 0, 0)).isZero();
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            assertThatIllegalArgumentException().isThrownBy(() -> batch.receive(pair.first(), 0));
            assertThatIllegalArgumentException().isThrownBy(() -> batch.send(pair.first(), 0, 1, 0));
        }
        server.close();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> batch.receive(server, 0));
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> batch.send(server, 0, 0, 0));
    }
}
