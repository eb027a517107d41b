package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Multicast groups on the loopback interface. It lacks the flag MULTICAST, so it has no route for IPv6 groups: their
/// memberships are compared with `/proc/net/igmp6`.
class MulticastTest {

    private static final InetAddress LOCALHOST = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress OTHER_HOST = InetAddress.ofLiteral("127.0.0.2");
    private static final InetAddress IPV6_GROUP = InetAddress.ofLiteral("ff15::1234");
    private static final Duration LONG = Duration.ofMinutes(1);

    private final InetAddress group = randomGroup();

    /// Returns a group that no other process of this machine is likely to use.
    private static InetAddress randomGroup() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return InetAddress.ofLiteral("239.255." + random.nextInt(256) + "." + random.nextInt(1, 255));
    }

    private static SocketFd receiver(StandardProtocolFamily family) throws IOException {
        SocketFd receiver = SocketFd.open(family, SocketFd.Type.DATAGRAM);
        receiver.bind(new InetSocketAddress(InetAddress.ofLiteral(wildcard(family)), 0));
        receiver.setBlocking(false);
        return receiver;
    }

    private static String wildcard(StandardProtocolFamily family) {
        return family == StandardProtocolFamily.INET6 ? "::" : "0.0.0.0";
    }

    private void send(SocketFd receiver, int value) throws IOException {
        int port = ((InetSocketAddress) receiver.localAddress()).getPort();
        try (SocketFd sender = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
            sender.setOption(StandardSocketOptions.IP_MULTICAST_IF, SocketOptionsTest.loopback());
            ByteBuffer message = ByteBuffer.allocate(1).put(0, (byte) value);
            assertThat(sender.sendTo(message, new InetSocketAddress(group, port), 0))
                    .isEqualTo(1);
        }
    }

    /// Requires that a message of the group arrives.
    private void assertReceives(SocketFd receiver) throws Exception {
        send(receiver, 1);
        assertThat(Await.readable(receiver, LONG)).isTrue();
        ByteBuffer target = ByteBuffer.allocate(9);
        assertThat(receiver.receive(target, 0)).isEqualTo(1);
        assertThat(target.get(0)).isEqualTo((byte) 1);
    }

    /// Requires that a message of the group does not arrive before one that is sent to the receiver later. Loopback
    /// keeps the order.
    private void assertReceivesNothing(SocketFd receiver) throws Exception {
        send(receiver, 1);
        int port = ((InetSocketAddress) receiver.localAddress()).getPort();
        try (SocketFd sender = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
            sender.sendTo(ByteBuffer.allocate(1), new InetSocketAddress(LOCALHOST, port), 0);
        }
        assertThat(Await.readable(receiver, LONG)).isTrue();
        ByteBuffer target = ByteBuffer.allocate(9);
        assertThat(receiver.receive(target, 0)).isEqualTo(1);
        assertThat(target.get(0)).isZero();
        assertThat(receiver.receive(target, 0)).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void member_receivesUntilItLeaves(StandardProtocolFamily family) throws Exception {
        try (SocketFd receiver = receiver(family)) {
            receiver.joinGroup(group, SocketOptionsTest.loopback());
            assertReceives(receiver);
            SocketFdTest.assertErrno("EADDRINUSE", () -> receiver.joinGroup(group, SocketOptionsTest.loopback()));
            receiver.leaveGroup(group, SocketOptionsTest.loopback());
            assertReceivesNothing(receiver);
            SocketFdTest.assertErrno("EADDRNOTAVAIL", () -> receiver.leaveGroup(group, SocketOptionsTest.loopback()));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void memberForOneSource_receivesFromItOnly(StandardProtocolFamily family) throws Exception {
        try (SocketFd receiver = receiver(family)) {
            receiver.joinGroup(group, SocketOptionsTest.loopback(), OTHER_HOST);
            assertReceivesNothing(receiver);
            receiver.joinGroup(group, SocketOptionsTest.loopback(), LOCALHOST);
            assertReceives(receiver);
            receiver.leaveGroup(group, SocketOptionsTest.loopback(), LOCALHOST);
            assertReceivesNothing(receiver);
            receiver.leaveGroup(group, SocketOptionsTest.loopback(), OTHER_HOST);
            SocketFdTest.assertErrno(
                    "EINVAL", () -> receiver.leaveGroup(group, SocketOptionsTest.loopback(), LOCALHOST));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void blockedSource_isNotReceived(StandardProtocolFamily family) throws Exception {
        try (SocketFd receiver = receiver(family)) {
            receiver.joinGroup(group, SocketOptionsTest.loopback());
            receiver.blockSource(group, SocketOptionsTest.loopback(), LOCALHOST);
            assertReceivesNothing(receiver);
            SocketFdTest.assertErrno(
                    "EADDRNOTAVAIL", () -> receiver.blockSource(group, SocketOptionsTest.loopback(), LOCALHOST));
            receiver.unblockSource(group, SocketOptionsTest.loopback(), LOCALHOST);
            assertReceives(receiver);
            SocketFdTest.assertErrno(
                    "EADDRNOTAVAIL", () -> receiver.unblockSource(group, SocketOptionsTest.loopback(), LOCALHOST));
        }
    }

    @Test
    void ipv6Group_isJoinedOnTheInterface() throws Exception {
        InetAddress source = InetAddress.ofLiteral("::2");
        try (SocketFd receiver = receiver(StandardProtocolFamily.INET6)) {
            assertThat(isListed(IPV6_GROUP)).isFalse();
            receiver.joinGroup(IPV6_GROUP, SocketOptionsTest.loopback());
            assertThat(isListed(IPV6_GROUP)).isTrue();
            receiver.blockSource(IPV6_GROUP, SocketOptionsTest.loopback(), source);
            receiver.unblockSource(IPV6_GROUP, SocketOptionsTest.loopback(), source);
            SocketFdTest.assertErrno("EADDRINUSE", () -> receiver.joinGroup(IPV6_GROUP, SocketOptionsTest.loopback()));
            receiver.leaveGroup(IPV6_GROUP, SocketOptionsTest.loopback());
            assertThat(isListed(IPV6_GROUP)).isFalse();
            receiver.joinGroup(IPV6_GROUP, SocketOptionsTest.loopback(), source);
            assertThat(isListed(IPV6_GROUP)).isTrue();
            receiver.leaveGroup(IPV6_GROUP, SocketOptionsTest.loopback(), source);
            assertThat(isListed(IPV6_GROUP)).isFalse();
        }
    }

    /// Returns whether the kernel lists a group for the loopback interface.
    private static boolean isListed(InetAddress group) throws IOException {
        String address = HexFormat.of().formatHex(group.getAddress());
        int index = SocketOptionsTest.loopback().getIndex();
        return Files.readAllLines(Path.of("/proc/net/igmp6")).stream()
                .map(line -> line.strip().split("\\s+"))
                .anyMatch(fields -> Integer.parseInt(fields[0]) == index && fields[2].equals(address));
    }

    @Test
    void wrongArgument_isRefused() throws Exception {
        try (SocketFd udp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
                SocketFd udp6 = SocketFd.open(StandardProtocolFamily.INET6, SocketFd.Type.DATAGRAM);
                SocketFd.Pair unix = SocketFd.pair(SocketFd.Type.DATAGRAM)) {
            NetworkInterface loopback = SocketOptionsTest.loopback();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> udp.joinGroup(LOCALHOST, loopback))
                    .withMessageContaining("127.0.0.1");
            assertThatIllegalArgumentException().isThrownBy(() -> udp.joinGroup(IPV6_GROUP, loopback));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> unix.first().joinGroup(group, loopback))
                    .withMessageContaining("UNIX");
            for (String source : List.of("::1", "0.0.0.0", "224.0.0.1")) {
                InetAddress address = InetAddress.ofLiteral(source);
                assertThatIllegalArgumentException().isThrownBy(() -> udp6.joinGroup(group, loopback, address));
                assertThatIllegalArgumentException().isThrownBy(() -> udp6.leaveGroup(group, loopback, address));
                assertThatIllegalArgumentException().isThrownBy(() -> udp6.blockSource(group, loopback, address));
                assertThatIllegalArgumentException().isThrownBy(() -> udp6.unblockSource(group, loopback, address));
            }
            assertThatIllegalArgumentException().isThrownBy(() -> udp6.joinGroup(IPV6_GROUP, loopback, LOCALHOST));
        }
    }

    @Test
    void closedSocket_isRefused() throws Exception {
        SocketFd udp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
        udp.close();
        NetworkInterface loopback = SocketOptionsTest.loopback();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> udp.joinGroup(group, loopback));
    }
}
