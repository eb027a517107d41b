package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Addresses and data of datagram channels.
class DatagramChannelTest extends DatagramTest {

    private static final int IOV_MAX = 1024;
    private static final int TOO_LONG = 70_000;

    DatagramChannelTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    @Test
    void newChannel_isBlockingAndNotBound() throws IOException {
        DatagramChannel channel = openUnbound();
        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.isBlocking()).isTrue();
        assertThat(channel.isConnected()).isFalse();
        assertThat(channel.isRegistered()).isFalse();
        assertThat(channel.getLocalAddress()).isNull();
        assertThat(channel.getRemoteAddress()).isNull();
        assertThat(channel.validOps()).isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        assertThat(channel.provider()).isSameAs(provider);
    }

    @Test
    void open_withFamily_failsForUnixAndNull() {
        assertThatThrownBy(() -> provider.openDatagramChannel(StandardProtocolFamily.UNIX))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> provider.openDatagramChannel(() -> "other"))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> provider.openDatagramChannel(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void bind_ofNull_choosesAddressAndPort() throws IOException {
        DatagramChannel channel = openUnbound();
        assertThat(channel.bind(null)).isSameAs(channel);
        assertThat(localAddress(channel).getPort()).isPositive();
        assertThat(localAddress(channel).getAddress().isAnyLocalAddress()).isTrue();
    }

    @Test
    void bind_ofIpv4Channel_hasIpv4Address() throws IOException {
        DatagramChannel channel = own(provider.openDatagramChannel(StandardProtocolFamily.INET));
        channel.bind(null);
        assertThat(localAddress(channel).getAddress()).isEqualTo(InetAddress.getByAddress(new byte[4]));
    }

    @Test
    void bind_twice_fails() throws IOException {
        DatagramChannel channel = openBound();
        assertThatThrownBy(() -> channel.bind(null)).isExactlyInstanceOf(AlreadyBoundException.class);
    }

    @Test
    void bind_toUsedPort_fails() throws IOException {
        DatagramChannel channel = openBound();
        DatagramChannel other = openUnbound();
        assertThatThrownBy(() -> other.bind(channel.getLocalAddress()))
                .isExactlyInstanceOf(BindException.class)
                .hasMessage("Address already in use");
        assertThat(other.getLocalAddress()).isNull();
    }

    @Test
    void bind_toForeignAddress_fails() throws IOException {
        DatagramChannel channel = openUnbound();
        SocketAddress foreign = new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1}), 0);
        assertThatThrownBy(() -> channel.bind(foreign))
                .isExactlyInstanceOf(BindException.class)
                .hasMessage("Cannot assign requested address");
    }

    @Test
    void addresses_ofOtherKinds_areRejected() throws IOException {
        DatagramChannel channel = openUnbound();
        SocketAddress unresolved = InetSocketAddress.createUnresolved("host.invalid", 1);
        SocketAddress unix = UnixDomainSocketAddress.of("socket");
        assertRejects(channel, unresolved, UnresolvedAddressException.class);
        assertRejects(channel, unix, UnsupportedAddressTypeException.class);
        assertThatThrownBy(() -> channel.connect(null)).isExactlyInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.send(bytes("x"), null)).isExactlyInstanceOf(NullPointerException.class);
    }

    @Test
    void ipv4Channel_rejectsIpv6Addresses() throws IOException {
        DatagramChannel channel = own(provider.openDatagramChannel(StandardProtocolFamily.INET));
        SocketAddress ipv6 = new InetSocketAddress(InetAddress.getByName("::1"), 1);
        assertRejects(channel, ipv6, UnsupportedAddressTypeException.class);
    }

    private static void assertRejects(DatagramChannel channel, SocketAddress address, Class<?> type) {
        assertThatThrownBy(() -> channel.bind(address)).isExactlyInstanceOf(type);
        assertThatThrownBy(() -> channel.connect(address)).isExactlyInstanceOf(type);
        assertThatThrownBy(() -> channel.send(bytes("x"), address)).isExactlyInstanceOf(type);
    }

    @Test
    void receive_returnsSender() throws IOException {
        DatagramChannel receiver = openBound();
        DatagramChannel sender = openBound();
        send(sender, "hello", receiver.getLocalAddress());
        ByteBuffer buffer = ByteBuffer.allocate(100);
        assertThat(receiver.receive(buffer)).isEqualTo(sender.getLocalAddress());
        assertThat(text(buffer)).isEqualTo("hello");
    }

    @Test
    void receive_onEachFamily_returnsSender() throws IOException {
        for (String host : new String[] {"127.0.0.1", "::1"}) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), 0);
            DatagramChannel receiver = openUnbound().bind(address);
            DatagramChannel sender = openUnbound().bind(address);
            send(sender, "hello", receiver.getLocalAddress());
            ByteBuffer buffer = ByteBuffer.allocate(100);
            assertThat(receiver.receive(buffer)).as(host).isEqualTo(sender.getLocalAddress());
        }
    }

    @Test
    void buffers_ofAllKinds_keepTheirOtherBytes() throws IOException {
        DatagramChannel receiver = openBound();
        DatagramChannel sender = openBound();
        for (ByteBuffer whole : new ByteBuffer[] {ByteBuffer.allocate(12), ByteBuffer.allocateDirect(12)}) {
            ByteBuffer source =
                    whole.duplicate().put(bytes("..data......")).position(2).limit(6);
            assertThat(sender.send(source, receiver.getLocalAddress())).isEqualTo(4);
            assertThat(source.position()).isEqualTo(6);
            ByteBuffer target = whole.slice(1, 11).position(1).limit(9);
            assertThat(receiver.receive(target)).isEqualTo(sender.getLocalAddress());
            assertThat(target.position()).isEqualTo(5);
            assertThat(text(whole.duplicate().position(12))).isEqualTo("..data......");
        }
    }

    @Test
    void receive_withoutDatagram_returnsNull() throws IOException {
        DatagramChannel channel = openBound();
        channel.configureBlocking(false);
        ByteBuffer buffer = ByteBuffer.allocate(10);
        assertThat(channel.receive(buffer)).isNull();
        assertThat(buffer.position()).isZero();
    }

    @Test
    void receive_bindsAnUnboundChannel() throws IOException {
        DatagramChannel channel = openUnbound();
        channel.configureBlocking(false);
        assertThat(channel.receive(ByteBuffer.allocate(10))).isNull();
        assertThat(localAddress(channel).getPort()).isPositive();
        send(openUnbound(), "hello", loopbackOf(channel));
        assertThat(receive(channel)).isEqualTo("hello");
    }

    @Test
    void send_bindsAnUnboundChannel() throws IOException {
        DatagramChannel receiver = openBound();
        DatagramChannel sender = openUnbound();
        send(sender, "hello", receiver.getLocalAddress());
        assertThat(receiver.receive(ByteBuffer.allocate(10))).isEqualTo(loopbackOf(sender));
    }

    @Test
    void send_toWildcard_reachesThisHost() throws IOException {
        DatagramChannel receiver = openBound();
        int port = localAddress(receiver).getPort();
        send(openUnbound(), "hello", new InetSocketAddress(InetAddress.getByAddress(new byte[4]), port));
        assertThat(receive(receiver)).isEqualTo("hello");
    }

    @Test
    void send_toPort0_fails() throws IOException {
        DatagramChannel channel = openUnbound();
        assertThatThrownBy(() -> channel.send(bytes("x"), new InetSocketAddress(LOOPBACK, 0)))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Can't send to port 0");
    }

    @Test
    void send_toClosedPort_isNotReported() throws IOException {
        DatagramChannel channel = openBound();
        for (int i = 0; i < 3; i++) {
            send(channel, "hello", closedPort());
        }
        expectNothing(channel);
    }

    @Test
    void emptyDatagram_isReceived() throws IOException {
        DatagramChannel receiver = openBound();
        DatagramChannel sender = openBound();
        assertThat(sender.send(ByteBuffer.allocate(0), receiver.getLocalAddress()))
                .isZero();
        ByteBuffer buffer = ByteBuffer.allocate(10);
        assertThat(receiver.receive(buffer)).isEqualTo(sender.getLocalAddress());
        assertThat(buffer.position()).isZero();
    }

    @Test
    void emptyDatagram_toConnectedChannel_readsAsEnd() throws IOException {
        DatagramChannel sender = openBound();
        DatagramChannel reader = openConnected(sender);
        for (int i = 0; i < 2; i++) {
            sender.send(ByteBuffer.allocate(0), reader.getLocalAddress());
        }
        send(sender, "hello", reader.getLocalAddress());
        ByteBuffer buffer = ByteBuffer.allocate(10);
        assertThat(reader.read(buffer)).isEqualTo(-1);
        assertThat(reader.read(new ByteBuffer[] {buffer})).isEqualTo(-1);
        assertThat(reader.read(buffer)).isEqualTo(5);
    }

    @Test
    void emptyBuffer_onConnectedChannel_transfersNothing() throws IOException {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openConnected(peer);
        ByteBuffer empty = ByteBuffer.allocate(0);
        assertThat(channel.write(empty)).isZero();
        assertThat(channel.write(new ByteBuffer[] {empty, empty})).isZero();
        assertThat(channel.write(new ByteBuffer[0])).isZero();
        assertThat(channel.send(empty, peer.getLocalAddress())).isZero();
        assertThat(channel.read(empty)).isZero();
        assertThat(channel.read(new ByteBuffer[] {empty, empty})).isZero();
        channel.write(bytes("hello"));
        assertThat(receive(peer)).isEqualTo("hello");
    }

    @Test
    void longDatagram_isTruncated() throws IOException {
        DatagramChannel receiver = openBound();
        DatagramChannel sender = openBound();
        for (String text : new String[] {"hello", "world", "again"}) {
            send(sender, text, receiver.getLocalAddress());
        }
        ByteBuffer buffer = ByteBuffer.allocate(3);
        assertThat(receiver.receive(buffer)).isEqualTo(sender.getLocalAddress());
        assertThat(text(buffer)).isEqualTo("hel");
        assertThat(receiver.receive(ByteBuffer.allocate(0))).isEqualTo(sender.getLocalAddress());
        assertThat(receive(receiver)).isEqualTo("again");
    }

    @Test
    void readOnlyBuffer_isRejected() throws IOException {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openConnected(peer);
        ByteBuffer readOnly = ByteBuffer.allocate(10).asReadOnlyBuffer();
        assertReadOnlyFails(() -> channel.receive(readOnly));
        assertReadOnlyFails(() -> channel.read(readOnly));
        assertReadOnlyFails(() -> channel.read(new ByteBuffer[] {ByteBuffer.allocate(1), readOnly}));
        assertThat(channel.write(readOnly)).isEqualTo(10);
    }

    private static void assertReadOnlyFails(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Read-only buffer");
    }

    @Test
    void tooLongDatagram_isNotSent() throws IOException {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openBound();
        ByteBuffer tooLong = ByteBuffer.allocate(TOO_LONG);
        assertThatThrownBy(() -> channel.send(tooLong, peer.getLocalAddress()))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Message too long");
        channel.connect(peer.getLocalAddress());
        assertThatThrownBy(() -> channel.write(tooLong))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("Message too long");
        assertThatThrownBy(() -> channel.send(tooLong, peer.getLocalAddress()))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("Message too long");
        assertThatThrownBy(() -> channel.write(new ByteBuffer[] {tooLong}))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("Message too long");
        assertThat(tooLong.position()).isZero();
    }

    @Test
    void longestDatagram_isReceived() throws IOException {
        DatagramChannel receiver = openBound();
        int longest = 65_507;
        ByteBuffer source = ByteBuffer.allocate(longest);
        Arrays.fill(source.array(), (byte) 7);
        assertThat(openBound().send(source, receiver.getLocalAddress())).isEqualTo(longest);
        ByteBuffer target = ByteBuffer.allocate(TOO_LONG);
        receiver.receive(target);
        assertThat(target.flip()).isEqualTo(source.flip());
    }

    @Test
    void write_gathersOneDatagram() throws IOException {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openConnected(peer);
        ByteBuffer[] sources = {bytes("unused"), bytes("he"), ByteBuffer.allocate(0), bytes("llo"), bytes("unused")};
        assertThat(channel.write(sources, 1, 3)).isEqualTo(5);
        assertThat(sources[3].hasRemaining()).isFalse();
        assertThat(sources[4].position()).isZero();
        assertThat(receive(peer)).isEqualTo("hello");
    }

    @Test
    void read_scattersOneDatagram() throws IOException {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openConnected(peer);
        send(peer, "hello", channel.getLocalAddress());
        send(peer, "world", channel.getLocalAddress());
        ByteBuffer[] targets = {
            ByteBuffer.allocate(9), ByteBuffer.allocateDirect(2), ByteBuffer.allocate(0), ByteBuffer.allocate(2)
        };
        assertThat(channel.read(targets, 1, 3)).isEqualTo(4);
        assertThat(targets[0].position()).isZero();
        assertThat(text(targets[1]) + text(targets[3])).isEqualTo("hell");
        ByteBuffer buffer = ByteBuffer.allocate(9);
        assertThat(channel.read(buffer)).isEqualTo(5);
        assertThat(text(buffer)).isEqualTo("world");
    }

    @Test
    void read_withoutDatagram_returns0() throws IOException {
        DatagramChannel channel = openConnected(openBound());
        channel.configureBlocking(false);
        assertThat(channel.read(ByteBuffer.allocate(9))).isZero();
        assertThat(channel.read(new ByteBuffer[] {ByteBuffer.allocate(9)})).isZero();
    }

    @Test
    void manyBuffers_write_sendsTheFirst1024() throws IOException {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openConnected(peer);
        ByteBuffer[] sources = new ByteBuffer[2 * IOV_MAX];
        Arrays.setAll(sources, i -> ByteBuffer.allocate(1));
        sources[3] = ByteBuffer.allocate(0); // does not count
        assertThat(channel.write(sources)).isEqualTo(IOV_MAX);
        assertThat(sources[IOV_MAX].hasRemaining()).isFalse();
        assertThat(sources[IOV_MAX + 1].hasRemaining()).isTrue();
        ByteBuffer received = ByteBuffer.allocate(3 * IOV_MAX);
        peer.receive(received);
        assertThat(received.position()).isEqualTo(IOV_MAX);
    }

    @Test
    void manyBuffers_read_fillsTheFirst1024() throws IOException {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openConnected(peer);
        peer.send(ByteBuffer.allocate(2 * IOV_MAX), channel.getLocalAddress());
        send(peer, "next", channel.getLocalAddress());
        ByteBuffer[] targets = new ByteBuffer[2 * IOV_MAX];
        Arrays.setAll(targets, i -> ByteBuffer.allocate(1));
        assertThat(channel.read(targets)).isEqualTo(IOV_MAX);
        assertThat(targets[IOV_MAX - 1].hasRemaining()).isFalse();
        assertThat(targets[IOV_MAX].hasRemaining()).isTrue();
        assertThat(receive(channel)).isEqualTo("next");
    }

    @Test
    void ranges_outsideOfArray_areRejected() throws IOException {
        DatagramChannel channel = openConnected(openBound());
        ByteBuffer[] buffers = {ByteBuffer.allocate(1)};
        assertThatThrownBy(() -> channel.read(buffers, 1, 1)).isExactlyInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> channel.write(buffers, -1, 1)).isExactlyInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void unconnectedChannel_doesNotReadOrWrite() throws IOException {
        DatagramChannel channel = openBound();
        ByteBuffer buffer = ByteBuffer.allocate(1);
        ByteBuffer[] buffers = {buffer};
        assertThatThrownBy(() -> channel.read(buffer)).isExactlyInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(() -> channel.read(buffers)).isExactlyInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(() -> channel.write(buffer)).isExactlyInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(() -> channel.write(buffers)).isExactlyInstanceOf(NotYetConnectedException.class);
    }

    @Test
    void closedChannel_refusesEverything() throws IOException {
        DatagramChannel peer = openBound();
        DatagramChannel channel = openConnected(peer);
        channel.close();
        channel.close();
        ByteBuffer buffer = ByteBuffer.allocate(1);
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.isConnected()).isFalse();
        assertClosed(() -> channel.bind(null));
        assertClosed(() -> channel.connect(peer.getLocalAddress()));
        assertClosed(() -> channel.receive(buffer));
        assertClosed(() -> channel.send(buffer, peer.getLocalAddress()));
        assertClosed(() -> channel.read(buffer));
        assertClosed(() -> channel.read(new ByteBuffer[] {buffer}));
        assertClosed(() -> channel.write(buffer));
        assertClosed(() -> channel.write(new ByteBuffer[] {buffer}));
        assertClosed(channel::getLocalAddress);
        assertClosed(channel::getRemoteAddress);
        assertClosed(() -> channel.configureBlocking(false));
        assertClosed(() -> channel.getOption(StandardSocketOptions.SO_SNDBUF));
        assertClosed(() -> channel.setOption(StandardSocketOptions.SO_SNDBUF, 1));
        assertThat(channel.disconnect()).isSameAs(channel);
    }

    private static void assertClosed(ThrowingCallable call) {
        assertThatThrownBy(call).isExactlyInstanceOf(ClosedChannelException.class);
    }
}
