package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import org.junit.jupiter.api.Test;

/// Addresses, options and state of the [DatagramSocket] of a channel.
class DatagramSocketAdaptorTest extends DatagramSocketTest {

    DatagramSocketAdaptorTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    @Test
    void socket_isOneObject() throws IOException {
        DatagramChannel channel = openUnbound();
        DatagramSocket socket = channel.socket();
        assertThat(channel.socket()).isSameAs(socket);
        assertThat(socket.getChannel()).isSameAs(channel);
    }

    @Test
    void unboundSocket_hasNoAddresses() throws IOException {
        DatagramSocket socket = openSocket();
        assertThat(socket.isBound()).isFalse();
        assertThat(socket.isConnected()).isFalse();
        assertThat(socket.isClosed()).isFalse();
        assertThat(socket.getLocalAddress().isAnyLocalAddress()).isTrue();
        assertThat(socket.getLocalPort()).isZero();
        assertThat(socket.getLocalSocketAddress()).isNull();
        assertThat(socket.getInetAddress()).isNull();
        assertThat(socket.getPort()).isEqualTo(-1);
        assertThat(socket.getRemoteSocketAddress()).isNull();
    }

    @Test
    void bind_setsAddresses() throws IOException {
        DatagramSocket socket = openSocket();
        socket.bind(new InetSocketAddress(LOOPBACK, 0));
        assertThat(socket.isBound()).isTrue();
        assertThat(socket.getLocalAddress()).isEqualTo(LOOPBACK);
        assertThat(socket.getLocalPort()).isPositive();
        assertThat(socket.getLocalSocketAddress()).isEqualTo(socket.getChannel().getLocalAddress());
        DatagramSocket toAny = openSocket();
        toAny.bind(null);
        assertThat(toAny.getLocalAddress().isAnyLocalAddress()).isTrue();
    }

    @Test
    void bind_thatIsInvalid_fails() throws IOException {
        DatagramSocket socket = openBoundSocket();
        assertSocketFails(() -> socket.bind(null), "Already bound");
        DatagramSocket other = openSocket();
        assertThatThrownBy(() -> other.bind(socket.getLocalSocketAddress()))
                .isExactlyInstanceOf(BindException.class)
                .hasMessage("Address already in use");
        assertSocketFails(
                () -> other.bind(InetSocketAddress.createUnresolved("host.invalid", 1)), "Unresolved address");
        assertThatThrownBy(() -> other.bind(UnixDomainSocketAddress.of("socket")))
                .isExactlyInstanceOf(UnsupportedAddressTypeException.class);
    }

    @Test
    void connect_setsAddresses() throws IOException {
        DatagramSocket peer = openBoundSocket();
        DatagramSocket socket = openSocket();
        socket.connect(LOOPBACK, peer.getLocalPort());
        assertThat(socket.isConnected()).isTrue();
        assertThat(socket.isBound()).isTrue();
        assertThat(socket.getInetAddress()).isEqualTo(LOOPBACK);
        assertThat(socket.getPort()).isEqualTo(peer.getLocalPort());
        assertThat(socket.getRemoteSocketAddress()).isEqualTo(peer.getLocalSocketAddress());
        socket.disconnect();
        assertThat(socket.isConnected()).isFalse();
        assertThat(socket.getRemoteSocketAddress()).isNull();
        assertThat(socket.isBound()).isTrue();
        socket.disconnect();
    }

    @Test
    void connect_again_changesPeer() throws IOException {
        DatagramSocket first = openBoundSocket();
        DatagramSocket second = openBoundSocket();
        DatagramSocket socket = openSocket();
        socket.connect(first.getLocalSocketAddress());
        socket.connect(second.getLocalSocketAddress());
        assertThat(socket.getRemoteSocketAddress()).isEqualTo(second.getLocalSocketAddress());
        send(first, "first", socket);
        send(second, "second", socket);
        DatagramPacket received = packet(10);
        socket.receive(received);
        assertThat(text(received)).isEqualTo("second");
    }

    @Test
    void connect_thatIsInvalid_fails() throws IOException {
        DatagramSocket socket = openSocket();
        assertThatThrownBy(() -> socket.connect(null, 1))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Address can't be null");
        assertThatThrownBy(() -> socket.connect(null))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Address can't be null");
        assertThatThrownBy(() -> socket.connect(LOOPBACK, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> socket.connect(LOOPBACK, 0))
                .isExactlyInstanceOf(UncheckedIOException.class)
                .cause()
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Can't connect to port 0");
        assertSocketFails(() -> socket.connect(new InetSocketAddress(LOOPBACK, 0)), "Can't connect to port 0");
        assertSocketFails(
                () -> socket.connect(InetSocketAddress.createUnresolved("host.invalid", 1)), "Unresolved address");
        assertThatThrownBy(() -> socket.connect(UnixDomainSocketAddress.of("socket")))
                .isExactlyInstanceOf(UnsupportedAddressTypeException.class);
        assertThat(socket.isConnected()).isFalse();
    }

    @Test
    void options_areThoseOfTheChannel() throws IOException {
        DatagramSocket socket = openSocket();
        socket.setSendBufferSize(20_000);
        assertThat(socket.getSendBufferSize()).isEqualTo(20_000);
        socket.setReceiveBufferSize(30_000);
        assertThat(socket.getReceiveBufferSize()).isEqualTo(30_000);
        for (boolean on : new boolean[] {true, false}) {
            socket.setReuseAddress(on);
            assertThat(socket.getReuseAddress()).isEqualTo(on);
            socket.setBroadcast(on);
            assertThat(socket.getBroadcast()).isEqualTo(on);
        }
        socket.setTrafficClass(16);
        assertThat(socket.getTrafficClass()).isEqualTo(16);
        assertThat(socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 3)).isSameAs(socket);
        assertThat(socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL)).isEqualTo(3);
        assertThat(socket.supportedOptions()).isEqualTo(socket.getChannel().supportedOptions());
    }

    @Test
    void options_thatAreInvalid_fail() throws IOException {
        DatagramSocket socket = openSocket();
        assertInvalid(() -> socket.setSendBufferSize(0), "Invalid send size");
        assertInvalid(() -> socket.setReceiveBufferSize(0), "Invalid receive size");
        assertInvalid(() -> socket.setTrafficClass(256), "Invalid IP_TOS value");
        assertThatThrownBy(() -> socket.setOption(StandardSocketOptions.TCP_NODELAY, true))
                .isExactlyInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void closedSocket_keepsSomeState() throws IOException {
        DatagramSocket peer = openBoundSocket();
        DatagramSocket socket = openBoundSocket();
        socket.connect(peer.getLocalSocketAddress());
        socket.close();
        socket.close();
        assertThat(socket.isClosed()).isTrue();
        assertThat(socket.getChannel().isOpen()).isFalse();
        assertThat(socket.isBound()).isTrue();
        assertThat(socket.isConnected()).isTrue();
        assertThat(socket.getInetAddress()).isEqualTo(LOOPBACK);
        assertThat(socket.getPort()).isEqualTo(peer.getLocalPort());
        assertThat(socket.getRemoteSocketAddress()).isEqualTo(peer.getLocalSocketAddress());
        assertThat(socket.getLocalAddress()).isNull();
        assertThat(socket.getLocalPort()).isEqualTo(-1);
        assertThat(socket.getLocalSocketAddress()).isNull();
    }

    @Test
    void closedSocket_refusesOperations() throws IOException {
        InetSocketAddress target = closedPort();
        DatagramSocket socket = openSocket();
        socket.close();
        assertSocketFails(() -> socket.bind(null), "Socket is closed");
        socket.connect(target); // does nothing
        socket.connect(LOOPBACK, target.getPort());
        assertThat(socket.isConnected()).isFalse();
        socket.disconnect();
        assertSocketFails(() -> socket.receive(packet(10)), "Socket closed");
        assertSocketFails(() -> socket.send(packet("x", target)), "Socket closed");
        assertSocketFails(() -> socket.setSoTimeout(1), "Socket is closed");
        assertSocketFails(socket::getSoTimeout, "Socket is closed");
        assertSocketFails(() -> socket.setSendBufferSize(1), "Socket is closed");
        assertSocketFails(socket::getReceiveBufferSize, "Socket is closed");
        assertSocketFails(() -> socket.setReuseAddress(true), "Socket is closed");
        assertSocketFails(socket::getBroadcast, "Socket is closed");
        assertSocketFails(() -> socket.joinGroup(group(), loopback()), "Socket is closed");
        assertSocketFails(() -> socket.leaveGroup(group(), loopback()), "Socket is closed");
        assertThatThrownBy(() -> socket.getOption(StandardSocketOptions.SO_SNDBUF))
                .isExactlyInstanceOf(ClosedChannelException.class);
    }

    private static SocketAddress group() throws IOException {
        return new InetSocketAddress(InetAddress.getByName("239.255.7.3"), 0);
    }

    private static NetworkInterface loopback() throws IOException {
        return NetworkInterface.getByInetAddress(LOOPBACK);
    }

    @Test
    void member_receivesUntilItLeaves() throws IOException {
        DatagramSocket receiver = openSocket();
        receiver.bind(null);
        receiver.joinGroup(group(), loopback());
        expectReceives(receiver);
        assertSocketFails(() -> receiver.joinGroup(group(), loopback()), "Already a member of group");
        receiver.leaveGroup(group(), loopback());
        assertSocketFails(() -> receiver.leaveGroup(group(), loopback()), "Not a member of group");
        receiver.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback());
        receiver.joinGroup(group(), null); // on the interface of the option
        expectReceives(receiver);
        receiver.leaveGroup(group(), loopback());
    }

    private void expectReceives(DatagramSocket receiver) throws IOException {
        DatagramChannel sender = own(provider.openDatagramChannel(StandardProtocolFamily.INET));
        sender.bind(new InetSocketAddress(LOOPBACK, 0));
        sender.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback());
        InetAddress group = ((InetSocketAddress) group()).getAddress();
        sender.socket().send(packet("hello", new InetSocketAddress(group, receiver.getLocalPort())));
        DatagramPacket packet = packet(10);
        receiver.receive(packet);
        assertThat(text(packet)).isEqualTo("hello");
    }

    @Test
    void groups_thatAreInvalid_fail() throws IOException {
        DatagramSocket socket = openSocket();
        SocketAddress unicast = new InetSocketAddress(LOOPBACK, 0);
        assertInvalid(
                () -> socket.joinGroup(UnixDomainSocketAddress.of("socket"), loopback()), "Unsupported address type");
        assertInvalid(
                () -> socket.joinGroup(InetSocketAddress.createUnresolved("host.invalid", 1), loopback()),
                "Unresolved address");
        assertSocketFails(() -> socket.joinGroup(unicast, loopback()), "Not a multicast address");
        assertSocketFails(() -> socket.leaveGroup(unicast, loopback()), "Not a multicast address");
        assertSocketFails(() -> socket.leaveGroup(group(), loopback()), "Not a member of group");
        assertSocketFails(() -> socket.leaveGroup(group(), null), "Not a member of group");
    }
}
