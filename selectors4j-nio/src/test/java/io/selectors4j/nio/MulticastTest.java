package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Multicast on the loopback interface: no datagram leaves this machine.
///
/// A test that a datagram is not received sends one to the receiver alone afterwards: the kernel keeps the order.
class MulticastTest extends DatagramTest {

    private static final InetAddress GROUP = address("239.255.7.1");
    private static final InetAddress OTHER_GROUP = address("239.255.7.2");
    private static final InetAddress IPV6_GROUP = address("ff11::7:1");
    private static final InetAddress SENDER = address("127.0.0.1");
    private static final InetAddress OTHER_SENDER = address("127.0.0.2");

    MulticastTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static NetworkInterface loopback() throws IOException {
        return NetworkInterface.getByInetAddress(SENDER);
    }

    private DatagramChannel openReceiver() throws IOException {
        return own(provider.openDatagramChannel()).bind(null);
    }

    private DatagramChannel openSender(InetAddress address) throws IOException {
        return own(provider.openDatagramChannel(StandardProtocolFamily.INET))
                .bind(new InetSocketAddress(address, 0))
                .setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback());
    }

    private void sendTo(InetAddress group, DatagramChannel receiver) throws IOException {
        sendTo(group, receiver, openSender(SENDER));
    }

    private static void sendTo(InetAddress group, DatagramChannel receiver, DatagramChannel sender) throws IOException {
        send(
                sender,
                "group",
                new InetSocketAddress(group, localAddress(receiver).getPort()));
    }

    /// Checks that a channel receives a datagram to the group.
    private void expectReceives(InetAddress group, DatagramChannel receiver) throws IOException {
        sendTo(group, receiver);
        assertThat(receive(receiver)).isEqualTo("group");
    }

    /// Checks that a channel receives none of the datagrams that were sent before.
    private void expectNothingBefore(DatagramChannel receiver) throws IOException {
        send(
                openSender(SENDER),
                "end",
                new InetSocketAddress(SENDER, localAddress(receiver).getPort()));
        assertThat(receive(receiver)).isEqualTo("end");
    }

    @Test
    void member_receivesUntilItDrops() throws IOException {
        for (StandardProtocolFamily family : List.of(StandardProtocolFamily.INET, StandardProtocolFamily.INET6)) {
            DatagramChannel receiver = own(provider.openDatagramChannel(family)).bind(null);
            sendTo(GROUP, receiver);
            expectNothingBefore(receiver);
            MembershipKey key = receiver.join(GROUP, loopback());
            expectReceives(GROUP, receiver);
            sendTo(OTHER_GROUP, receiver);
            expectNothingBefore(receiver);
            key.drop();
            assertThat(key.isValid()).isFalse();
            sendTo(GROUP, receiver);
            expectNothingBefore(receiver);
            MembershipKey again = receiver.join(GROUP, loopback());
            assertThat(again).isNotSameAs(key);
            expectReceives(GROUP, receiver);
        }
    }

    @Test
    void otherChannel_isNoMember() throws IOException {
        DatagramChannel member = openReceiver();
        DatagramChannel other = openReceiver();
        member.join(GROUP, loopback());
        sendTo(GROUP, other);
        expectNothingBefore(other);
    }

    @Test
    void member_ofSeveralGroups_receivesFromAll() throws IOException {
        DatagramChannel receiver = openReceiver();
        receiver.join(GROUP, loopback());
        MembershipKey other = receiver.join(OTHER_GROUP, loopback());
        expectReceives(GROUP, receiver);
        expectReceives(OTHER_GROUP, receiver);
        other.drop();
        sendTo(OTHER_GROUP, receiver);
        expectNothingBefore(receiver);
        expectReceives(GROUP, receiver);
    }

    @Test
    void ipv6Group_canBeJoinedAndLeft() throws IOException {
        DatagramChannel receiver =
                own(provider.openDatagramChannel(StandardProtocolFamily.INET6)).bind(null);
        MembershipKey key = receiver.join(IPV6_GROUP, loopback());
        assertThat(isIpv6GroupJoined()).isTrue();
        assertThat(key.group()).isEqualTo(IPV6_GROUP);
        assertThat(receiver.join(IPV6_GROUP, loopback())).isSameAs(key);
        key.block(address("::1"));
        key.unblock(address("::1"));
        key.drop();
        assertThat(isIpv6GroupJoined()).isFalse();
        MembershipKey ofSource = receiver.join(IPV6_GROUP, loopback(), address("::1"));
        assertThat(isIpv6GroupJoined()).isTrue();
        assertThat(ofSource.sourceAddress()).isEqualTo(address("::1"));
        ofSource.drop();
        assertThat(ofSource.isValid()).isFalse();
        assertThat(isIpv6GroupJoined()).isFalse();
    }

    /// Asks the kernel, because it has no route for IPv6 multicast on the loopback interface.
    private static boolean isIpv6GroupJoined() throws IOException {
        String group = HexFormat.of().formatHex(IPV6_GROUP.getAddress());
        return Files.readString(Path.of("/proc/net/igmp6")).contains(group);
    }

    @Test
    void key_describesMembership() throws IOException {
        DatagramChannel channel = openReceiver();
        MembershipKey key = channel.join(GROUP, loopback());
        assertThat(key.isValid()).isTrue();
        assertThat(key.group()).isEqualTo(GROUP);
        assertThat(key.networkInterface()).isEqualTo(loopback());
        assertThat(key.sourceAddress()).isNull();
        assertThat(key.channel()).isSameAs(channel);
        assertThat(key).hasToString("<239.255.7.1,lo>");
        MembershipKey ofSource = channel.join(OTHER_GROUP, loopback(), SENDER);
        assertThat(ofSource.sourceAddress()).isEqualTo(SENDER);
        assertThat(ofSource).hasToString("<239.255.7.2,lo,127.0.0.1>");
    }

    @Test
    void join_again_returnsSameKey() throws IOException {
        DatagramChannel channel = openReceiver();
        MembershipKey key = channel.join(GROUP, loopback());
        assertThat(channel.join(GROUP, loopback())).isSameAs(key);
        MembershipKey ofSource = channel.join(OTHER_GROUP, loopback(), SENDER);
        assertThat(channel.join(OTHER_GROUP, loopback(), SENDER)).isSameAs(ofSource);
        assertThat(channel.join(OTHER_GROUP, loopback(), OTHER_SENDER)).isNotSameAs(ofSource);
    }

    @Test
    void join_ofSource_receivesFromItOnly() throws IOException {
        DatagramChannel receiver = openReceiver();
        MembershipKey key = receiver.join(GROUP, loopback(), OTHER_SENDER);
        sendTo(GROUP, receiver, openSender(SENDER));
        expectNothingBefore(receiver);
        sendTo(GROUP, receiver, openSender(OTHER_SENDER));
        assertThat(receive(receiver)).isEqualTo("group");
        key.drop();
        sendTo(GROUP, receiver, openSender(OTHER_SENDER));
        expectNothingBefore(receiver);
    }

    @Test
    void joins_thatConflict_fail() throws IOException {
        DatagramChannel channel = openReceiver();
        channel.join(GROUP, loopback());
        channel.join(OTHER_GROUP, loopback(), SENDER);
        assertThatThrownBy(() -> channel.join(GROUP, loopback(), SENDER))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("Already have source-specific membership");
        assertThatThrownBy(() -> channel.join(OTHER_GROUP, loopback()))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("Already a member to receive all packets");
    }

    @Test
    void blockedSource_isNotReceived() throws IOException {
        DatagramChannel receiver = openReceiver();
        MembershipKey key = receiver.join(GROUP, loopback());
        assertThat(key.block(OTHER_SENDER)).isSameAs(key);
        assertThat(key.block(OTHER_SENDER)).isSameAs(key);
        DatagramChannel blocked = openSender(OTHER_SENDER);
        sendTo(GROUP, receiver, blocked);
        expectNothingBefore(receiver);
        expectReceives(GROUP, receiver);
        assertThat(key.unblock(OTHER_SENDER)).isSameAs(key);
        sendTo(GROUP, receiver, blocked);
        assertThat(receive(receiver)).isEqualTo("group");
        assertThatThrownBy(() -> key.unblock(OTHER_SENDER))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("not blocked");
    }

    @Test
    void blocks_thatAreInvalid_fail() throws IOException {
        DatagramChannel channel = openReceiver();
        MembershipKey key = channel.join(GROUP, loopback());
        assertInvalid(() -> key.block(address("0.0.0.0")), "Source address is a wildcard address");
        assertInvalid(() -> key.block(OTHER_GROUP), "Source address is multicast address");
        assertInvalid(() -> key.block(address("::1")), "Source address is different type to group");
        MembershipKey ofSource = channel.join(OTHER_GROUP, loopback(), SENDER);
        assertThatThrownBy(() -> ofSource.block(OTHER_SENDER))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("key is source-specific");
    }

    @Test
    void joins_thatAreInvalid_fail() throws IOException {
        DatagramChannel channel = openReceiver();
        DatagramChannel ipv4 = own(provider.openDatagramChannel(StandardProtocolFamily.INET));
        assertInvalid(() -> channel.join(SENDER, loopback()), "Group not a multicast address");
        assertInvalid(() -> ipv4.join(IPV6_GROUP, loopback()), "Only IPv6 sockets can join IPv6 multicast group");
        assertInvalid(
                () -> channel.join(GROUP, loopback(), address("0.0.0.0")), "Source address is a wildcard address");
        assertInvalid(() -> channel.join(GROUP, loopback(), OTHER_GROUP), "Source address is multicast address");
        assertInvalid(
                () -> channel.join(GROUP, loopback(), address("::1")), "Source address is different type to group");
        assertThatThrownBy(() -> channel.join(GROUP, null)).isExactlyInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.join(null, loopback())).isExactlyInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.join(GROUP, loopback(), null)).isExactlyInstanceOf(NullPointerException.class);
    }

    private static void assertInvalid(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void close_invalidatesKeys() throws IOException {
        DatagramChannel channel = openReceiver();
        MembershipKey key = channel.join(GROUP, loopback());
        key.block(OTHER_SENDER);
        MembershipKey ofSource = channel.join(OTHER_GROUP, loopback(), SENDER);
        channel.close();
        assertThat(key.isValid()).isFalse();
        assertThat(ofSource.isValid()).isFalse();
        key.drop();
        ofSource.drop();
        assertThatThrownBy(() -> key.block(SENDER))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("key is no longer valid");
        assertThatThrownBy(() -> key.unblock(OTHER_SENDER))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("key is no longer valid");
        assertThatThrownBy(() -> channel.join(GROUP, loopback())).isExactlyInstanceOf(ClosedChannelException.class);
    }

    @Test
    void membership_survivesConnectAndDisconnect() throws IOException {
        DatagramChannel receiver = openUnbound();
        MembershipKey key = receiver.join(GROUP, loopback());
        receiver.connect(openBound().getLocalAddress());
        receiver.disconnect();
        assertThat(key.isValid()).isTrue();
        expectReceives(GROUP, receiver);
    }
}
