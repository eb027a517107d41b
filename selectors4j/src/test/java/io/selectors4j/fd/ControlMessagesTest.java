package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.fd.ControlMessage.Credentials;
import io.selectors4j.fd.ControlMessage.ExtendedError;
import io.selectors4j.fd.ControlMessage.PacketInfo;
import io.selectors4j.fd.ControlMessage.Raw;
import io.selectors4j.fd.ControlMessage.SegmentSize;
import io.selectors4j.fd.ControlMessage.TimeToLive;
import io.selectors4j.fd.ControlMessage.Timestamp;
import io.selectors4j.fd.ControlMessage.TypeOfService;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.os.Poll;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Control messages of Linux, on real sockets.
@Tag("linux")
class ControlMessagesTest {

    private static final int SO_TIMESTAMPNS = LinuxConstants.SO_TIMESTAMPNS;

    private static SocketFd udp(String host) throws IOException {
        InetAddress address = InetAddress.ofLiteral(host);
        SocketFd socket = SocketFd.open(
                host.contains(":") ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET,
                SocketFd.Type.DATAGRAM);
        socket.bind(new InetSocketAddress(address, 0));
        return socket;
    }

    private static ByteBuffer[] buffers(int... sizes) {
        return Arrays.stream(sizes).mapToObj(ByteBuffer::allocate).toArray(ByteBuffer[]::new);
    }

    private static ReceivedMessage receive(SocketFd socket, int room) throws IOException {
        ReceivedMessage message = new ReceivedMessage();
        assertThat(socket.receiveMessage(buffers(room), message, 0)).isTrue();
        return message;
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void datagram_arrivesWithWhatWasAskedFor(String host) throws IOException {
        boolean v6 = host.contains(":");
        try (SocketFd receiver = udp(host);
                SocketFd sender = udp(host)) {
            receiver.setOption(Constants.SOL_SOCKET, SO_TIMESTAMPNS, 1);
            if (v6) {
                receiver.setOption(Constants.IPPROTO_IPV6, LinuxConstants.IPV6_RECVPKTINFO, 1);
                receiver.setOption(Constants.IPPROTO_IPV6, LinuxConstants.IPV6_RECVHOPLIMIT, 1);
                receiver.setOption(Constants.IPPROTO_IPV6, LinuxConstants.IPV6_RECVTCLASS, 1);
            } else {
                receiver.setOption(Constants.IPPROTO_IP, LinuxConstants.IP_PKTINFO, 1);
                receiver.setOption(Constants.IPPROTO_IP, LinuxConstants.IP_RECVTTL, 1);
                receiver.setOption(Constants.IPPROTO_IP, LinuxConstants.IP_RECVTOS, 1);
            }
            Instant before = Instant.now();
            List<ControlMessage> sent = List.of(new TimeToLive(9), new TypeOfService(0x28));
            assertThat(sender.sendMessage(buffers(3, 0, 4), receiver.localAddress(), sent, 0))
                    .isTrue();
            ReceivedMessage message = receive(receiver, 100);

            assertThat(message.count()).isEqualTo(7);
            assertThat(message.sender()).isEqualTo(sender.localAddress());
            int index = NetworkInterface.getByInetAddress(InetAddress.ofLiteral(host))
                    .getIndex();
            InetAddress local = InetAddress.ofLiteral(host);
            assertThat(message.control())
                    .hasSize(4)
                    .contains(new TimeToLive(9), new TypeOfService(0x28), new PacketInfo(local, index, local))
                    .anySatisfy(control -> assertThat(control)
                            .isInstanceOfSatisfying(
                                    Timestamp.class,
                                    stamp -> assertThat(stamp.time())
                                            .isBetween(before.minusSeconds(1), before.plusSeconds(600))));
        }
    }

    /// A server on the wildcard address answers from the address that the client asked.
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void packetInfo_choosesTheSource(String wildcard) throws IOException {
        try (SocketFd server = udp(wildcard);
                SocketFd client = udp("127.0.0.1")) {
            server.setOption(Constants.IPPROTO_IP, LinuxConstants.IP_PKTINFO, 1);
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            SocketAddress asked = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.77"), port);
            client.sendTo(ByteBuffer.allocate(5), asked, 0);
            ReceivedMessage question = receive(server, 100);
            PacketInfo info = (PacketInfo) question.control().getFirst();
            assertThat(info.local()).isEqualTo(InetAddress.ofLiteral("127.0.0.77"));
            server.sendMessage(buffers(6), Objects.requireNonNull(question.sender()), List.of(info), 0);
            assertThat(receive(client, 100).sender()).isEqualTo(asked);
        }
    }

    @Test
    void credentials_areThoseOfTheSender() throws IOException {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.DATAGRAM)) {
            pair.second().setOption(NativeSocketOptions.SO_PASSCRED, true);
            pair.first().send(ByteBuffer.allocate(1), 0);
            Credentials sender =
                    (Credentials) receive(pair.second(), 1).control().getFirst();
            PeerCredentials peer = pair.second().peerCredentials();
            assertThat(sender.sender()).isEqualTo(peer);
            pair.first().sendMessage(buffers(1), null, List.of(sender), 0);
            assertThat(receive(pair.second(), 1).control()).containsExactly(sender);
            Credentials nobody = new Credentials(new PeerCredentials(Integer.MAX_VALUE, peer.uid(), peer.gid()));
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> pair.first().sendMessage(buffers(1), null, List.of(nobody), 0))
                    .withMessageMatching("sendmsg\\(fd=\\d+\\): (EPERM|ESRCH).*");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void errorQueue_hasTheErrorAndItsOffender(String host) throws IOException {
        boolean v6 = host.contains(":");
        SocketAddress gone;
        try (SocketFd closed = udp(host)) {
            gone = closed.localAddress();
        }
        try (SocketFd sender = udp(host);
                ReceivedMessage message = new ReceivedMessage()) {
            sender.setOption(
                    v6 ? Constants.IPPROTO_IPV6 : Constants.IPPROTO_IP,
                    v6 ? LinuxConstants.IPV6_RECVERR : LinuxConstants.IP_RECVERR,
                    1);
            assertThat(sender.receiveMessage(buffers(100), message, SocketFd.MSG_ERRQUEUE))
                    .isFalse();
            sender.sendTo(ByteBuffer.allocate(12), gone, 0);
            Poll poll = Poll.create();
            poll.register(sender, 0);
            assertThat(poll.poll(Duration.ofMinutes(1)).getFirst().revents()).isEqualTo(Poll.POLLERR);

            assertThat(sender.receiveMessage(buffers(100), message, SocketFd.MSG_ERRQUEUE))
                    .isTrue();
            assertThat(message.count()).isEqualTo(12);
            assertThat(message.sender()).isEqualTo(gone);
            assertThat(message.flags() & SocketFd.MSG_ERRQUEUE).isNotZero();
            ExtendedError error = (ExtendedError) message.control().getFirst();
            assertThat(error)
                    .isEqualTo(new ExtendedError(
                            Errno.number("ECONNREFUSED"),
                            v6 ? ExtendedError.SO_EE_ORIGIN_ICMP6 : ExtendedError.SO_EE_ORIGIN_ICMP,
                            v6 ? 1 : 3, // destination unreachable
                            v6 ? 4 : 3, // port unreachable
                            0,
                            0,
                            InetAddress.ofLiteral(host)));
            assertThat(error.errnoName()).isEqualTo("ECONNREFUSED");
            assertThat(sender.receiveMessage(buffers(100), message, SocketFd.MSG_ERRQUEUE))
                    .isFalse();
            assertThat(message.control()).isEmpty();
        }
    }

    @Test
    void segments_areDatagrams_andReceivedTogether() throws IOException {
        try (SocketFd receiver = udp("127.0.0.1");
                SocketFd sender = udp("127.0.0.1")) {
            List<ControlMessage> size = List.of(new SegmentSize(100));
            assertThat(sender.sendMessage(buffers(250), receiver.localAddress(), size, 0))
                    .isTrue();
            assertThat(List.of(
                            receive(receiver, 1000).count(),
                            receive(receiver, 1000).count(),
                            receive(receiver, 1000).count()))
                    .containsExactly(100L, 100L, 50L);
            receiver.setOption(LinuxConstants.IPPROTO_UDP, LinuxConstants.UDP_GRO, 1);
            sender.sendMessage(buffers(250), receiver.localAddress(), size, 0);
            ReceivedMessage message = receive(receiver, 1000);
            assertThat(message.count()).isEqualTo(250);
            assertThat(message.control()).isEqualTo(size);
        }
    }

    @Test
    void rawMessage_isSentAsItIs_andUnknownOnesAreRaw() throws IOException {
        try (SocketFd receiver = udp("127.0.0.1");
                SocketFd sender = udp("127.0.0.1")) {
            receiver.setOption(Constants.IPPROTO_IP, LinuxConstants.IP_RECVTTL, 1);
            receiver.setOption(Constants.SOL_SOCKET, 29, 1); // SO_TIMESTAMP: a struct timeval
            byte[] ttl = ByteBuffer.allocate(4)
                    .order(java.nio.ByteOrder.nativeOrder())
                    .putInt(33)
                    .array();
            Raw raw = Raw.of(Constants.IPPROTO_IP, Constants.IP_TTL, ttl);
            sender.sendMessage(buffers(1), receiver.localAddress(), List.of(raw), 0);
            List<ControlMessage> control = receive(receiver, 1).control();
            assertThat(control).contains(new TimeToLive(33));
            assertThat(control)
                    .filteredOn(message -> message instanceof Raw)
                    .singleElement()
                    .satisfies(message -> {
                        assertThat(((Raw) message).level()).isEqualTo(Constants.SOL_SOCKET);
                        assertThat(((Raw) message).type()).isEqualTo(29);
                        assertThat(((Raw) message).data()).hasSize(16);
                    });
            assertThat(raw)
                    .isEqualTo(Raw.of(Constants.IPPROTO_IP, Constants.IP_TTL, ttl))
                    .hasSameHashCodeAs(Raw.of(Constants.IPPROTO_IP, Constants.IP_TTL, ttl))
                    .isNotEqualTo(Raw.of(Constants.IPPROTO_IP, Constants.IP_TTL, new byte[4]))
                    .hasToString("Raw[level=0, type=2, data=4 bytes]");
        }
    }

    @Test
    void messageThatIsTooLong_isTruncated() throws IOException {
        try (SocketFd receiver = udp("127.0.0.1");
                SocketFd sender = udp("127.0.0.1");
                ReceivedMessage message = new ReceivedMessage()) {
            for (int i = 0; i < 2; i++) {
                sender.sendTo(ByteBuffer.allocate(50), receiver.localAddress(), 0);
            }
            receiver.receiveMessage(buffers(10, 10), message, 0);
            assertThat(message.isTruncated()).isTrue();
            assertThat(message.count()).isEqualTo(20);
            ByteBuffer[] small = buffers(10);
            receiver.receiveMessage(small, message, SocketFd.MSG_TRUNC);
            assertThat(message.count()).isEqualTo(50);
            assertThat(small[0].hasRemaining()).isFalse();
            sender.sendTo(ByteBuffer.allocate(0), receiver.localAddress(), 0);
            assertThat(receiver.receiveMessage(new ByteBuffer[0], message, 0)).isTrue();
            assertThat(message.count()).isZero();
            assertThat(message.isTruncated()).isFalse();
            assertThat(message.sender()).isEqualTo(sender.localAddress());
        }
    }

    /// More buffers than IOV_MAX, of all kinds, with control data.
    @Test
    void manyBuffers_areOneMessage() throws IOException {
        try (SocketFd receiver = udp("127.0.0.1");
                SocketFd sender = udp("127.0.0.1");
                Arena one = Arena.ofShared();
                Arena two = Arena.ofShared()) {
            receiver.setOption(Constants.IPPROTO_IP, LinuxConstants.IP_RECVTTL, 1);
            ByteBuffer[] sources = new ByteBuffer[2000];
            ByteBuffer[] targets = new ByteBuffer[2000];
            for (int i = 0; i < sources.length; i++) {
                sources[i] = buffer(i % 4, 3, one, two)
                        .put(new byte[] {(byte) i, 1, 2})
                        .flip();
                targets[i] = buffer((i + 1) % 4, 3, one, two);
            }
            sender.sendMessage(sources, receiver.localAddress(), List.of(new TimeToLive(3)), 0);
            ReceivedMessage message = new ReceivedMessage();
            receiver.receiveMessage(targets, message, 0);
            assertThat(message.count()).isEqualTo(6000);
            assertThat(message.control()).containsExactly(new TimeToLive(3));
            assertThat(sources).noneMatch(ByteBuffer::hasRemaining);
            assertThat(targets).noneMatch(ByteBuffer::hasRemaining);
            for (int i = 0; i < targets.length; i++) {
                assertThat(targets[i].get(0)).isEqualTo((byte) i);
            }
        }
    }

    private static ByteBuffer buffer(int kind, int size, Arena one, Arena two) {
        return switch (kind) {
            case 0 -> ByteBuffer.allocate(size);
            case 1 -> ByteBuffer.allocateDirect(size);
            case 2 -> one.allocate(size).asByteBuffer();
            default -> two.allocate(size).asByteBuffer();
        };
    }

    @Test
    void controlMessagesThatCannotBeSent_areRefused() throws IOException {
        ExtendedError error = new ExtendedError(1, 1, 0, 0, 0, 0, null);
        InetAddress loopback6 = InetAddress.ofLiteral("::1");
        try (SocketFd socket = udp("127.0.0.1")) {
            SocketAddress self = socket.localAddress();
            for (ControlMessage message :
                    List.of(new Timestamp(Instant.EPOCH), error, new PacketInfo(loopback6, 0, null))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> socket.sendMessage(buffers(1), self, List.of(message), 0))
                        .withMessageContaining(message.toString());
            }
            SocketFdTest.assertErrno(
                    "EINVAL", () -> socket.sendMessage(buffers(1), self, List.of(new TimeToLive(0)), 0));
            SocketFdTest.assertErrno("EDESTADDRREQ", () -> socket.sendMessage(buffers(1), null, List.of(), 0));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TimeToLive(256))
                .withMessageContaining("256");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TypeOfService(-1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SegmentSize(0))
                .withMessageContaining("not 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new SegmentSize(65_536));
    }

    @Test
    void controlDataThatWereCut_areRaw() throws IOException {
        try (SocketFd receiver = udp("127.0.0.1");
                SocketFd sender = udp("127.0.0.1")) {
            receiver.setOption(Constants.SOL_SOCKET, SO_TIMESTAMPNS, 1);
            sender.sendTo(ByteBuffer.allocate(1), receiver.localAddress(), 0);
            ReceivedMessage message = new ReceivedMessage(24);
            receiver.receiveMessage(buffers(1), message, 0);
            assertThat(message.isControlTruncated()).isTrue();
            assertThat(message.control()).singleElement().isInstanceOfSatisfying(Raw.class, raw -> {
                assertThat(raw.type()).isEqualTo(SO_TIMESTAMPNS);
                assertThat(raw.data()).hasSize(8);
            });
        }
    }
}
