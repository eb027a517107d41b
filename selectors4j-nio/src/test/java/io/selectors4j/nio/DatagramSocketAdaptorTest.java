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
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// The [DatagramSocket] of a datagram channel.
class DatagramSocketAdaptorTest extends DatagramTest {

    private static final Duration TIMEOUT = Duration.ofMillis(30);

    DatagramSocketAdaptorTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    private DatagramSocket openSocket() throws IOException {
        return openUnbound().socket();
    }

    private DatagramSocket openBoundSocket() throws IOException {
        return openBound().socket();
    }

    private static DatagramPacket packet(String text, SocketAddress target) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new DatagramPacket(bytes, bytes.length, target);
    }

    private static DatagramPacket packet(int length) {
        return new DatagramPacket(new byte[length], length);
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), packet.getOffset(), packet.getLength(), StandardCharsets.UTF_8);
    }

    private static void send(DatagramSocket socket, String text, DatagramSocket target) throws IOException {
        socket.send(packet(text, target.getLocalSocketAddress()));
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

    private static void assertSocketFails(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isExactlyInstanceOf(SocketException.class).hasMessage(message);
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
    void receive_setsPacket() throws IOException {
        DatagramSocket receiver = openBoundSocket();
        DatagramSocket sender = openBoundSocket();
        send(sender, "hello", receiver);
        byte[] data = "..........".getBytes(StandardCharsets.UTF_8);
        DatagramPacket packet = new DatagramPacket(data, 2, 7);
        receiver.receive(packet);
        assertThat(packet.getSocketAddress()).isEqualTo(sender.getLocalSocketAddress());
        assertThat(packet.getOffset()).isEqualTo(2);
        assertThat(text(packet)).isEqualTo("hello");
        assertThat(new String(data, StandardCharsets.UTF_8)).isEqualTo("..hello...");
    }

    @Test
    void receive_intoOnePacket_keepsBufferLength() throws IOException {
        DatagramSocket receiver = openBoundSocket();
        DatagramSocket sender = openBoundSocket();
        DatagramPacket packet = packet(10);
        for (String text : new String[] {"abc", "longer", "", "0123456789"}) {
            send(sender, text, receiver);
            receiver.receive(packet);
            assertThat(text(packet)).isEqualTo(text);
        }
    }

    @Test
    void receive_intoOnePacket_byTwoSockets_keepsLength() throws IOException {
        DatagramSocket first = openBoundSocket();
        DatagramSocket second = openBoundSocket();
        DatagramSocket sender = openBoundSocket();
        DatagramPacket packet = packet(10);
        send(sender, "abc", first);
        send(sender, "longer", second);
        first.receive(packet);
        second.receive(packet);
        assertThat(text(packet)).isEqualTo("longer");
    }

    @Test
    void receive_afterSetLength_isLimited() throws IOException {
        DatagramSocket receiver = openBoundSocket();
        DatagramSocket sender = openBoundSocket();
        DatagramPacket packet = packet(10);
        send(sender, "abc", receiver);
        send(sender, "longer", receiver);
        send(sender, "longer", receiver);
        receiver.receive(packet);
        packet.setLength(4);
        receiver.receive(packet);
        assertThat(text(packet)).isEqualTo("long");
        packet.setData(packet.getData(), 5, 5);
        receiver.receive(packet);
        assertThat(text(packet)).isEqualTo("longe");
    }

    @Test
    void receive_truncatesLongDatagram() throws IOException {
        DatagramSocket receiver = openBoundSocket();
        DatagramSocket sender = openBoundSocket();
        send(sender, "hello", receiver);
        send(sender, "hello", receiver);
        send(sender, "again", receiver);
        DatagramPacket packet = packet(3);
        receiver.receive(packet);
        assertThat(text(packet)).isEqualTo("hel");
        DatagramPacket empty = packet(0);
        receiver.receive(empty);
        assertThat(empty.getLength()).isZero();
        DatagramPacket last = packet(10);
        receiver.receive(last);
        assertThat(text(last)).isEqualTo("again");
    }

    @Test
    void receive_afterTimeout_fails() throws IOException {
        DatagramSocket socket = openBoundSocket();
        assertThat(socket.getSoTimeout()).isZero();
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        assertThat(socket.getSoTimeout()).isEqualTo((int) TIMEOUT.toMillis());
        long start = System.nanoTime();
        assertThatThrownBy(() -> socket.receive(packet(10)))
                .isExactlyInstanceOf(SocketTimeoutException.class)
                .hasMessage("Receive timed out");
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TIMEOUT.toNanos());
        assertThat(socket.isClosed()).isFalse();
        send(openBoundSocket(), "hello", socket);
        DatagramPacket packet = packet(10);
        socket.receive(packet);
        assertThat(text(packet)).isEqualTo("hello");
        assertThatThrownBy(() -> socket.setSoTimeout(-1))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("timeout < 0");
    }

    @Test
    void receive_bindsAnUnboundSocket() throws IOException {
        DatagramSocket socket = openSocket();
        socket.setSoTimeout(1);
        assertThatThrownBy(() -> socket.receive(packet(10))).isInstanceOf(SocketTimeoutException.class);
        assertThat(socket.isBound()).isTrue();
    }

    @Test
    void send_bindsAnUnboundSocket() throws IOException {
        DatagramSocket receiver = openBoundSocket();
        DatagramSocket sender = openSocket();
        byte[] data = "..hello..".getBytes(StandardCharsets.UTF_8);
        sender.send(new DatagramPacket(data, 2, 5, receiver.getLocalSocketAddress()));
        assertThat(sender.isBound()).isTrue();
        DatagramPacket packet = packet(10);
        receiver.receive(packet);
        assertThat(text(packet)).isEqualTo("hello");
        assertThat(packet.getPort()).isEqualTo(sender.getLocalPort());
    }

    @Test
    void send_ofConnectedSocket_needsNoAddress() throws IOException {
        DatagramSocket peer = openBoundSocket();
        DatagramSocket socket = openBoundSocket();
        socket.connect(peer.getLocalSocketAddress());
        DatagramPacket packet = new DatagramPacket("hello".getBytes(StandardCharsets.UTF_8), 5);
        socket.send(packet);
        assertThat(packet.getSocketAddress()).isEqualTo(peer.getLocalSocketAddress());
        socket.send(packet);
        DatagramPacket received = packet(10);
        peer.receive(received);
        assertThat(text(received)).isEqualTo("hello");
    }

    @Test
    void send_thatIsInvalid_fails() throws IOException {
        DatagramSocket peer = openBoundSocket();
        DatagramSocket socket = openBoundSocket();
        assertThatThrownBy(() -> socket.send(packet(1)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Address not set");
        assertSocketFails(() -> socket.send(packet("x", new InetSocketAddress(LOOPBACK, 0))), "Can't send to port 0");
        assertSocketFails(
                () -> socket.send(new DatagramPacket(new byte[70_000], 70_000, peer.getLocalSocketAddress())),
                "Message too long");
        socket.connect(peer.getLocalSocketAddress());
        assertThatThrownBy(() -> socket.send(packet("x", socket.getLocalSocketAddress())))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Connected and packet address differ");
    }

    @Test
    void refusedDatagram_isReportedToReceive() throws IOException {
        DatagramSocket socket = openBoundSocket();
        socket.connect(closedPort());
        socket.send(packet(1));
        assertThatThrownBy(() -> socket.receive(packet(10)))
                .isExactlyInstanceOf(PortUnreachableException.class)
                .hasMessage(null);
    }

    @Test
    void nonBlockingChannel_refusesSendAndReceive() throws IOException {
        DatagramSocket socket = openBoundSocket();
        socket.getChannel().configureBlocking(false);
        assertThatThrownBy(() -> socket.receive(packet(10))).isExactlyInstanceOf(IllegalBlockingModeException.class);
        assertThatThrownBy(() -> socket.send(packet("x", closedPort())))
                .isExactlyInstanceOf(IllegalBlockingModeException.class);
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

    private static void assertInvalid(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
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
