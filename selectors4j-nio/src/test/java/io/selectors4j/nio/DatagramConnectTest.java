package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.testing.Expect;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.junit.jupiter.api.Test;

/// Datagram channels that are connected, disconnected and refused.
class DatagramConnectTest extends DatagramTest {

    DatagramConnectTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    @Test
    void connect_setsBothAddresses() throws IOException {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openUnbound();
        assertThat(channel.connect(peer.getLocalAddress())).isSameAs(channel);
        assertThat(channel.isConnected()).isTrue();
        assertThat(channel.getRemoteAddress()).isEqualTo(peer.getLocalAddress());
        assertThat(localAddress(channel).getAddress()).isEqualTo(LOOPBACK);
        assertThat(localAddress(channel).getPort()).isPositive();
    }

    @Test
    void connect_twice_fails() throws IOException {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openConnected(peer);
        assertThatThrownBy(() -> channel.connect(peer.getLocalAddress()))
                .isExactlyInstanceOf(AlreadyConnectedException.class);
    }

    @Test
    void connect_toPort0_fails() throws IOException {
        DatagramChannel channel = openBound();
        assertThatThrownBy(() -> channel.connect(new InetSocketAddress(LOOPBACK, 0)))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Can't connect to port 0");
        assertThat(channel.isConnected()).isFalse();
    }

    @Test
    void connect_discardsWhatWasReceived() throws IOException {
        DatagramChannel stranger = openBound();
        DatagramChannel peer = openBound();
        DatagramChannel channel = openBound();
        send(stranger, "early", channel.getLocalAddress());
        send(peer, "early", channel.getLocalAddress());
        channel.configureBlocking(false);
        awaitReadable(channel);
        channel.connect(peer.getLocalAddress());
        assertThat(channel.isBlocking()).isFalse();
        send(peer, "late", channel.getLocalAddress());
        assertThat(receive(channel)).isEqualTo("late");
    }

    @Test
    void connectedChannel_receivesFromPeerOnly() throws IOException {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openConnected(peer);
        send(openBound(), "stranger", channel.getLocalAddress());
        send(peer, "peer", channel.getLocalAddress());
        ByteBuffer buffer = ByteBuffer.allocate(100);
        assertThat(channel.receive(buffer)).isEqualTo(peer.getLocalAddress());
        assertThat(text(buffer)).isEqualTo("peer");
    }

    @Test
    void connectedChannel_sendsToPeerOnly() throws IOException {
        DatagramChannel peer = openBound();
        DatagramChannel other = openBound();
        DatagramChannel channel = openConnected(peer);
        assertThatThrownBy(() -> channel.send(bytes("x"), other.getLocalAddress()))
                .isExactlyInstanceOf(AlreadyConnectedException.class);
        send(channel, "hello", peer.getLocalAddress());
        assertThat(receive(peer)).isEqualTo("hello");
    }

    @Test
    void disconnect_keepsPortOfEachKindOfBind() throws IOException {
        DatagramChannel peer = openBound();
        for (DatagramChannel channel : new DatagramChannel[] {
            openUnbound(),
            openUnbound().bind(null),
            openBound(),
            openUnbound().bind(new InetSocketAddress(closedPort().getPort())),
            own(provider.openDatagramChannel(StandardProtocolFamily.INET)),
            own(provider.openDatagramChannel(StandardProtocolFamily.INET)).bind(null),
        }) {
            if (channel.getLocalAddress() == null) {
                channel.configureBlocking(false);
                channel.receive(ByteBuffer.allocate(1)); // binds it
                channel.configureBlocking(true);
            }
            SocketAddress before = channel.getLocalAddress();
            for (int i = 0; i < 3; i++) {
                channel.connect(peer.getLocalAddress());
                assertThat(channel.disconnect()).isSameAs(channel);
                assertThat(channel.getLocalAddress()).isEqualTo(before);
                assertThat(channel.getRemoteAddress()).isNull();
                assertThat(channel.isConnected()).isFalse();
            }
            send(openBound(), "hello", loopbackOf(channel));
            assertThat(receive(channel)).isEqualTo("hello");
        }
    }

    @Test
    void disconnect_afterAutomaticBind_keepsPort() throws IOException {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openUnbound();
        channel.connect(peer.getLocalAddress());
        int port = localAddress(channel).getPort();
        channel.disconnect();
        assertThat(localAddress(channel).getPort()).isEqualTo(port);
        assertThat(localAddress(channel).getAddress().isAnyLocalAddress()).isTrue();
    }

    @Test
    void disconnect_ofUnconnectedChannel_doesNothing() throws IOException {
        DatagramChannel channel = openUnbound();
        assertThat(channel.disconnect()).isSameAs(channel);
        assertThat(channel.getLocalAddress()).isNull();
    }

    @Test
    void disconnect_keepsRegistration() throws IOException {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openUnbound();
        channel.configureBlocking(false);
        Selector selector = openSelector();
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        assertThat(selector.selectNow()).isZero();
        for (int i = 0; i < 3; i++) {
            channel.connect(peer.getLocalAddress());
            send(peer, "connected", channel.getLocalAddress());
            expectSelected(selector, key);
            assertThat(receive(channel)).isEqualTo("connected");
            channel.disconnect();
            assertThat(key.isValid()).isTrue();
            assertThat(selector.selectNow()).isZero();
            send(openBound(), "disconnected", loopbackOf(channel));
            expectSelected(selector, key);
            assertThat(receive(channel)).isEqualTo("disconnected");
        }
    }

    private static void expectSelected(Selector selector, SelectionKey key) throws IOException {
        assertThat(selector.select(Expect.PATIENCE.toMillis())).isOne();
        assertThat(selector.selectedKeys()).containsExactly(key);
        assertThat(key.readyOps()).isEqualTo(SelectionKey.OP_READ);
        selector.selectedKeys().clear();
    }

    @Test
    void refusedDatagram_isReportedToBlockingRead() throws IOException {
        DatagramChannel channel = openBound().connect(closedPort());
        channel.write(bytes("hello"));
        assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(10)))
                .isExactlyInstanceOf(PortUnreachableException.class)
                .hasMessage(null);
        channel.write(bytes("hello"));
        assertThatThrownBy(() -> channel.receive(ByteBuffer.allocate(10)))
                .isExactlyInstanceOf(PortUnreachableException.class)
                .hasMessage(null);
        assertThat(channel.isConnected()).isTrue();
    }

    @Test
    void refusedDatagram_selectsKey() throws IOException {
        DatagramChannel channel = openBound().connect(closedPort());
        channel.configureBlocking(false);
        Selector selector = openSelector();
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        channel.write(bytes("hello"));
        expectSelected(selector, key);
        assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(10)))
                .isExactlyInstanceOf(PortUnreachableException.class);
        assertThat(channel.read(ByteBuffer.allocate(10))).isZero();
        assertThat(selector.selectNow()).isZero();
    }

    @Test
    void refusedDatagram_isReportedToWrite() throws IOException {
        DatagramChannel channel = openBound().connect(closedPort());
        channel.configureBlocking(false);
        channel.write(bytes("hello"));
        awaitReadable(channel);
        assertThatThrownBy(() -> channel.write(bytes("hello"))).isExactlyInstanceOf(PortUnreachableException.class);
    }

    @Test
    void refusedDatagram_afterDisconnect_isIgnored() throws IOException {
        DatagramChannel channel = openBound().connect(closedPort());
        channel.configureBlocking(false);
        channel.write(bytes("hello"));
        awaitReadable(channel);
        channel.disconnect();
        assertThat(channel.receive(ByteBuffer.allocate(10))).isNull();
        send(channel, "hello", channel.getLocalAddress());
        assertThat(receive(channel)).isEqualTo("hello");
    }

    @Test
    void refusedDatagram_afterDisconnect_isIgnoredBySend() throws IOException {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openBound().connect(closedPort());
        channel.configureBlocking(false);
        channel.write(bytes("hello"));
        awaitReadable(channel);
        channel.disconnect();
        assertThat(channel.send(bytes("again"), peer.getLocalAddress())).isEqualTo(5);
    }

    @Test
    void connectToBroadcastAddress_withoutOption_isRefused() throws IOException {
        DatagramChannel channel = own(provider.openDatagramChannel(StandardProtocolFamily.INET));
        assertThatThrownBy(() -> channel.connect(new InetSocketAddress("127.255.255.255", 9)))
                .isExactlyInstanceOf(BindException.class)
                .hasMessage("Permission denied");
    }
}
