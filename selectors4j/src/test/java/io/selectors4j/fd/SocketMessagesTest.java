package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.os.Poll;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Jvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Datagrams, and the flags of send and receive.
class SocketMessagesTest {

    private static final InetSocketAddress LOOPBACK4 = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    private static final InetSocketAddress LOOPBACK6 = new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);
    private static final SocketAddress UNNAMED = UnixDomainSocketAddress.of("");

    @TempDir
    private Path directory;

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(ByteBuffer buffer) {
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }

    private static void awaitUrgent(SocketFd socket) throws IOException {
        Poll poll = Poll.create();
        poll.register(socket, Poll.POLLPRI);
        assertThat(poll.poll(Duration.ofMinutes(1))).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void datagrams_keepBoundariesAndSender(StandardProtocolFamily family) throws Exception {
        try (SocketFd one = SocketFd.open(family, SocketFd.Type.DATAGRAM);
                SocketFd two = SocketFd.open(family, SocketFd.Type.DATAGRAM)) {
            one.bind(address(family, "one"));
            two.bind(address(family, "two"));
            for (boolean direct : new boolean[] {false, true}) {
                assertThat(one.sendTo(bytes("first"), two.localAddress(), 0)).isEqualTo(5);
                assertThat(one.sendTo(bytes(""), two.localAddress(), 0)).isZero();
                assertThat(one.sendTo(bytes("third"), two.localAddress(), 0)).isEqualTo(5);
                for (String expected : List.of("first", "", "third")) {
                    ByteBuffer target = direct ? ByteBuffer.allocateDirect(50) : ByteBuffer.allocate(50);
                    assertThat(two.receiveFrom(target, 0)).isEqualTo(one.localAddress());
                    assertThat(text(target)).isEqualTo(expected);
                }
            }
            two.setBlocking(false);
            assertThat(two.receiveFrom(ByteBuffer.allocate(9), 0)).isNull();
            assertThat(two.receive(ByteBuffer.allocate(9), 0)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "UNIX", mode = EnumSource.Mode.EXCLUDE)
    void sendersInTurn_areNotMixedUp(StandardProtocolFamily family) throws Exception {
        InetAddress any = InetAddress.ofLiteral(family == StandardProtocolFamily.INET ? "0.0.0.0" : "::");
        List<String> hosts = List.of("127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.1");
        try (SocketFd receiver = SocketFd.open(family, SocketFd.Type.DATAGRAM)) {
            receiver.bind(new InetSocketAddress(any, 0));
            InetSocketAddress bound = (InetSocketAddress) receiver.localAddress();
            for (String host : hosts) {
                try (SocketFd sender = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
                    sender.bind(new InetSocketAddress(InetAddress.ofLiteral(host), 0));
                    sender.sendTo(
                            bytes("x"), new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), bound.getPort()), 0);
                    assertThat(receiver.receiveFrom(ByteBuffer.allocate(1), 0)).isEqualTo(sender.localAddress());
                }
            }
        }
    }

    private SocketAddress address(StandardProtocolFamily family, String name) {
        return switch (family) {
            case INET -> LOOPBACK4;
            case INET6 -> LOOPBACK6;
            case UNIX -> UnixDomainSocketAddress.of(directory.resolve(name));
        };
    }

    @Test
    void unnamedSender_isEmptyPath() throws Exception {
        try (SocketFd receiver = SocketFd.open(StandardProtocolFamily.UNIX, SocketFd.Type.DATAGRAM);
                SocketFd sender = SocketFd.open(StandardProtocolFamily.UNIX, SocketFd.Type.DATAGRAM);
                SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.DATAGRAM)) {
            receiver.bind(address(StandardProtocolFamily.UNIX, "receiver"));
            sender.sendTo(bytes("x"), receiver.localAddress(), 0);
            assertThat(receiver.receiveFrom(ByteBuffer.allocate(9), 0)).isEqualTo(UNNAMED);
            pair.first().send(bytes("y"), 0);
            assertThat(pair.second().receiveFrom(ByteBuffer.allocate(9), 0)).isEqualTo(UNNAMED);
        }
    }

    @Test
    void connectedDatagramSocket_needsNoAddresses() throws Exception {
        try (SocketFd one = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
                SocketFd two = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
            one.bind(LOOPBACK4);
            two.bind(LOOPBACK4);
            assertThat(one.connect(two.localAddress())).isTrue();
            assertThat(one.remoteAddress()).isEqualTo(two.localAddress());
            assertThat(one.write(bytes("x"))).isEqualTo(1);
            assertThat(one.write(bytes(""))).isZero();
            assertThat(two.read(ByteBuffer.allocate(9))).isEqualTo(1);
            assertThat(two.read(ByteBuffer.allocate(9)))
                    .as("an empty message is not the end")
                    .isZero();
            two.connect(one.localAddress());
            two.send(bytes("y"), 0);
            assertThat(one.receive(ByteBuffer.allocate(9), 0)).isEqualTo(1);
        }
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void messageWithoutReceiver_failsLater() throws Exception {
        try (SocketFd one = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
                SocketFd two = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
            two.bind(LOOPBACK4);
            one.connect(two.localAddress());
            two.close();
            one.send(bytes("x"), 0);
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> one.receiveFrom(ByteBuffer.allocate(9), 0))
                    .withMessageContaining("ECONNREFUSED");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void longMessage_isTruncated_lengthOnRequest(boolean direct) throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.DATAGRAM)) {
            ByteBuffer target = direct ? ByteBuffer.allocateDirect(10) : ByteBuffer.allocate(10);
            target.limit(4);
            pair.first().send(bytes("123456789"), 0);
            pair.first().send(bytes("abcdefghi"), 0);
            assertThat(pair.second().receive(target, SocketFd.MSG_TRUNC)).isEqualTo(9);
            assertThat(target.position()).isEqualTo(4);
            assertThat(text(target)).isEqualTo("1234");
            assertThat(target.clear().get(4)).as("beyond the limit").isZero();
            assertThat(pair.second().receive(target.clear().limit(4), 0)).isEqualTo(4);
            pair.second().setBlocking(false);
            assertThat(pair.second().receive(target.clear(), 0))
                    .as("the rest is lost")
                    .isZero();
        }
    }

    @Test
    void tooLongMessage_isRefused() throws Exception {
        try (SocketFd one = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
            one.bind(LOOPBACK4);
            ByteBuffer source = ByteBuffer.allocate(70_000);
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> one.sendTo(source, one.localAddress(), 0))
                    .withMessageContaining("EMSGSIZE");
            assertThat(source.position()).isZero();
        }
    }

    @Test
    void largeMessage_staysWhole() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.SEQPACKET)) {
            pair.first().setOption(StandardSocketOptions.SO_SNDBUF, 1_000_000);
            byte[] message = new byte[180_000];
            new Random(1).nextBytes(message);
            assertThat(pair.first().write(ByteBuffer.wrap(message))).isEqualTo(message.length);
            ByteBuffer target = ByteBuffer.allocate(message.length + 1);
            assertThat(pair.second().read(target)).isEqualTo(message.length);
            assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(message));
        }
    }

    @Test
    void peek_leavesData() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            pair.first().write(bytes("data"));
            for (int i = 0; i < 2; i++) {
                ByteBuffer target = ByteBuffer.allocate(9);
                assertThat(pair.second().receive(target, SocketFd.MSG_PEEK)).isEqualTo(4);
                assertThat(text(target)).isEqualTo("data");
            }
            assertThat(pair.second().receive(ByteBuffer.allocate(9), 0)).isEqualTo(4);
        }
    }

    @Test
    void dontwait_doesNotBlock() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            assertThat(pair.first().isBlocking()).isTrue();
            assertThat(pair.first().receive(ByteBuffer.allocate(1), SocketFd.MSG_DONTWAIT))
                    .isZero();
            assertThat(pair.first().receiveFrom(ByteBuffer.allocate(1), SocketFd.MSG_DONTWAIT))
                    .isNull();
            int sent;
            do {
                sent = pair.first().send(ByteBuffer.allocate(100_000), SocketFd.MSG_DONTWAIT);
            } while (sent > 0);
            assertThat(pair.first().send(bytes("x"), SocketFd.MSG_DONTWAIT)).isZero();
        }
    }

    @Test
    void waitall_fillsBuffer() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            ByteBuffer target = ByteBuffer.allocate(600_000); // more than one chunk
            try (Background<Integer> reading =
                    Background.start(() -> pair.second().receive(target, SocketFd.MSG_WAITALL))) {
                pair.first().write(ByteBuffer.allocate(400_000));
                pair.first().write(ByteBuffer.allocate(200_000));
                assertThat(reading.result()).isEqualTo(600_000);
            }
        }
    }

    @Test
    void outOfBandData_isReceived() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK4, 1);
                SocketFd client = SocketFd.createConnection(server.localAddress());
                SocketFd accepted = SocketFdTest.accept(server)) {
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> accepted.receive(ByteBuffer.allocate(1), SocketFd.MSG_OOB))
                    .withMessageContaining("EINVAL");
            client.send(bytes("!"), SocketFd.MSG_OOB);
            client.send(bytes("normal"), 0);
            awaitUrgent(accepted);
            ByteBuffer urgent = ByteBuffer.allocate(9);
            assertThat(accepted.receive(urgent, SocketFd.MSG_OOB)).isEqualTo(1);
            assertThat(text(urgent)).isEqualTo("!");
            ByteBuffer normal = ByteBuffer.allocate(9);
            assertThat(accepted.receive(normal, 0)).isEqualTo(6);
            assertThat(text(normal)).isEqualTo("normal");

            accepted.setOption(SocketFd.SO_OOBINLINE, true);
            client.send(bytes("?"), SocketFd.MSG_OOB);
            awaitUrgent(accepted);
            ByteBuffer inline = ByteBuffer.allocate(9);
            assertThat(accepted.receive(inline, 0)).isEqualTo(1);
            assertThat(text(inline)).isEqualTo("?");
        }
    }

    @Test
    void largeBuffers_passThroughSocket() throws Exception {
        byte[] data = new byte[4_000_000];
        new Random(2).nextBytes(data);
        for (boolean direct : new boolean[] {false, true}) {
            try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
                ByteBuffer source = (direct ? ByteBuffer.allocateDirect(data.length) : ByteBuffer.allocate(data.length))
                        .put(data)
                        .flip();
                try (Background<Integer> writing =
                        Background.start(() -> pair.first().write(source))) {
                    ByteBuffer target =
                            direct ? ByteBuffer.allocateDirect(data.length) : ByteBuffer.allocate(data.length);
                    while (target.hasRemaining()) {
                        assertThat(pair.second().read(target)).isPositive();
                    }
                    assertThat(writing.result()).isEqualTo(data.length);
                    assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(data));
                }
            }
        }
    }

    @Test
    void fullSocket_copiesNoLargeHeapBuffer() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            pair.first().setBlocking(false);
            ByteBuffer large = ByteBuffer.allocate(200_000_000);
            while (pair.first().write(large.limit(large.position() + 1000)) > 0) {
                // until the send buffer is full
            }
            large.clear();
            long before = Jvm.directMemory();
            for (int i = 0; i < 20; i++) {
                assertThat(pair.first().write(large)).isZero();
                assertThat(pair.first().read(large)).isZero();
            }
            // A copy of the whole buffer would take 200 MB of native memory.
            assertThat(Jvm.directMemory() - before).isLessThan(50_000_000);
        }
    }

    @Test
    void readOnlyTarget_isRefused() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.DATAGRAM)) {
            ByteBuffer readOnly = ByteBuffer.allocate(1).asReadOnlyBuffer();
            assertThatIllegalArgumentException().isThrownBy(() -> pair.first().receive(readOnly, 0));
            assertThatIllegalArgumentException().isThrownBy(() -> pair.first().receiveFrom(readOnly, 0));
            assertThatIllegalArgumentException().isThrownBy(() -> pair.first().read(readOnly));
        }
    }

    @Test
    void fullBuffer_leavesPacket() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.SEQPACKET)) {
            pair.first().send(bytes("one"), 0);
            assertThat(pair.second().receive(ByteBuffer.allocate(0), 0)).isZero();
            ByteBuffer buffer = ByteBuffer.allocate(10);
            assertThat(pair.second().receive(buffer, 0)).isEqualTo(3);
            assertThat(text(buffer)).isEqualTo("one");
        }
    }

    @Test
    void truncFlagOnStream_isRefused() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.first().receive(ByteBuffer.allocate(1), SocketFd.MSG_TRUNC))
                    .withMessageContaining("MSG_TRUNC");
        }
    }

    @Test
    void receiveFrom_connection_namesPeer() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK4, 1);
                SocketFd client = SocketFd.createConnection(server.localAddress());
                SocketFd accepted = Objects.requireNonNull(server.accept())) {
            client.send(bytes("x"), 0);
            assertThat(accepted.receiveFrom(ByteBuffer.allocate(1), 0)).isEqualTo(client.localAddress());
        }
    }
}
