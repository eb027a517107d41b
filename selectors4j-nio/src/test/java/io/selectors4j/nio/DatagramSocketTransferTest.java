package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Sends and receives of the [DatagramSocket] of a channel.
class DatagramSocketTransferTest extends DatagramSocketTest {

    private static final Duration TIMEOUT = Duration.ofMillis(30);

    DatagramSocketTransferTest(ProviderUnderTest underTest) {
        super(underTest);
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
}
