package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The [MulticastSocket] of a channel.
@SuppressWarnings({"deprecation", "removal"})
class MulticastSocketTest extends DatagramSocketTest {

    private static final InetAddress GROUP = InetAddress.ofLiteral("239.255.7.5");

    MulticastSocketTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    private MulticastSocket open() throws IOException {
        return (MulticastSocket) openSocket();
    }

    private static NetworkInterface loopback() throws IOException {
        return NetworkInterface.getByInetAddress(LOOPBACK);
    }

    @Test
    void timeToLive_canBeSet() throws IOException {
        MulticastSocket socket = open();
        assertThat(socket.getTimeToLive()).isOne();
        socket.setTimeToLive(255);
        assertThat(socket.getTimeToLive()).isEqualTo(255);
        assertThat(socket.getTTL()).isEqualTo((byte) 255);
        socket.setTTL((byte) 200);
        assertThat(socket.getTimeToLive()).isEqualTo(200);
        assertThatThrownBy(() -> socket.setTimeToLive(256))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Invalid TTL/hop value");
    }

    @Test
    void loopbackMode_isTheOppositeOfTheOption() throws IOException {
        MulticastSocket socket = open();
        assertThat(socket.getLoopbackMode()).isFalse();
        socket.setLoopbackMode(true);
        assertThat(socket.getLoopbackMode()).isTrue();
        assertThat(socket.getOption(StandardSocketOptions.IP_MULTICAST_LOOP)).isFalse();
    }

    @Test
    void networkInterface_isPlaceholderUntilItIsSet() throws IOException {
        MulticastSocket socket = open();
        assertThat(socket.getNetworkInterface().getIndex()).isZero();
        assertThat(socket.getInterface().isAnyLocalAddress()).isTrue();
        socket.setNetworkInterface(loopback());
        assertThat(socket.getNetworkInterface()).isEqualTo(loopback());
        assertThat(loopback().inetAddresses()).contains(socket.getInterface());
        assertThatThrownBy(() -> socket.setNetworkInterface(null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void interface_canBeSetByAddress() throws IOException {
        MulticastSocket socket = open();
        socket.setInterface(LOOPBACK);
        assertThat(socket.getInterface()).isEqualTo(LOOPBACK);
        assertThat(socket.getNetworkInterface()).isEqualTo(loopback());
        assertThatThrownBy(() -> socket.setInterface(null))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Invalid value 'null'");
        assertThatThrownBy(() -> socket.setInterface(InetAddress.ofLiteral("192.0.2.1")))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessageStartingWith("No network interface found with address");
    }

    @Test
    void oldForms_joinAndLeave() throws IOException {
        MulticastSocket socket = open();
        socket.bind(null);
        socket.setNetworkInterface(loopback());
        socket.joinGroup(GROUP);
        assertThatThrownBy(() -> socket.joinGroup(GROUP))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Already a member of group");
        socket.send(packet("hello", new InetSocketAddress(GROUP, socket.getLocalPort())), (byte) 3);
        assertThat(socket.getTimeToLive()).isOne();
        DatagramPacket received = packet(10);
        socket.receive(received);
        assertThat(text(received)).isEqualTo("hello");
        socket.leaveGroup(GROUP);
        assertThatThrownBy(() -> socket.leaveGroup(GROUP))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Not a member of group");
        assertThatThrownBy(() -> socket.joinGroup(LOOPBACK))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Not a multicast address");
    }

    /// Whether it can be joined depends on the routes of the machine.
    @ParameterizedTest
    @ValueSource(strings = {"ff01::7", "ff02::fb", "ff05::2", "224.0.0.251"})
    void group_isJoinedWithoutAnInterface(String group) throws IOException {
        InetAddress address = InetAddress.ofLiteral(group);
        assertThat(joins(openUnbound(), address))
                .isEqualTo(joins(own(ProviderUnderTest.jdk().openDatagramChannel()), address));
    }

    @SuppressWarnings("NullAway") // null lets the system choose
    private static boolean joins(DatagramChannel channel, InetAddress group) throws IOException {
        MulticastSocket socket = (MulticastSocket) channel.socket();
        try {
            socket.joinGroup(new InetSocketAddress(group, 0), null);
        } catch (SocketException e) {
            return false;
        }
        socket.leaveGroup(new InetSocketAddress(group, 0), null);
        return true;
    }

    @Test
    void closedSocket_refusesOperations() throws IOException {
        DatagramChannel channel = openUnbound();
        MulticastSocket socket = (MulticastSocket) channel.socket();
        channel.close();
        assertThatThrownBy(() -> socket.setTimeToLive(1))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Socket is closed");
        assertThatThrownBy(socket::getNetworkInterface)
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Socket is closed");
    }
}
