package io.selectors4j.nio;

import static io.selectors4j.nio.TestIo.anyPort;
import static io.selectors4j.nio.TestIo.bytes;
import static io.selectors4j.nio.TestIo.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The states of a [SocketChannel], its connects and addresses. [SocketTransferTest] tests reads and writes.
class SocketChannelTest extends ProviderTest {

    private static final InetSocketAddress UNRESOLVED = InetSocketAddress.createUnresolved("host.invalid", 1);

    SocketChannelTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    private static ByteBuffer[] buffers() {
        return new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(1)};
    }

    /// The operations that need a connection.
    private static List<ThrowingCallable> transfers(SocketChannel channel) {
        return List.of(
                () -> channel.read(ByteBuffer.allocate(1)),
                () -> channel.read(buffers()),
                () -> channel.read(buffers(), 0, 1),
                () -> channel.write(ByteBuffer.allocate(1)),
                () -> channel.write(buffers()),
                () -> channel.write(buffers(), 0, 1),
                channel::shutdownInput,
                channel::shutdownOutput);
    }

    private static void expectClosed(ThrowingCallable call) {
        assertThatThrownBy(call).isExactlyInstanceOf(ClosedChannelException.class);
    }

    /// Opens a channel whose connect does not end, non-blocking.
    private SocketChannel openPending() throws IOException {
        SocketChannel channel = own(provider.openSocketChannel());
        channel.configureBlocking(false);
        assertThat(channel.connect(openFullServer())).isFalse();
        return channel;
    }

    /// Returns an address that refuses connections: it is bound and not listening.
    private SocketAddress refusingAddress() throws IOException {
        return own(provider.openSocketChannel()).bind(anyPort()).getLocalAddress();
    }

    @Test
    void newChannel_isUnconnected() throws Exception {
        SocketChannel channel = own(provider.openSocketChannel());
        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.isBlocking()).isTrue();
        assertThat(channel.isConnected()).isFalse();
        assertThat(channel.isConnectionPending()).isFalse();
        assertThat(channel.isRegistered()).isFalse();
        assertThat(channel.getLocalAddress()).isNull();
        assertThat(channel.getRemoteAddress()).isNull();
        assertThat(channel.provider()).isSameAs(provider);
        assertThat(channel.validOps())
                .isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT);
    }

    @Test
    void unconnectedChannel_refusesTransfers() throws Exception {
        SocketChannel channel = own(provider.openSocketChannel());
        for (boolean blocking : new boolean[] {true, false}) {
            channel.configureBlocking(blocking);
            for (ThrowingCallable transfer : transfers(channel)) {
                assertThatThrownBy(transfer).isExactlyInstanceOf(NotYetConnectedException.class);
            }
            assertThatThrownBy(channel::finishConnect).isExactlyInstanceOf(NoConnectionPendingException.class);
        }
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void pendingChannel_refusesAllButFinish() throws Exception {
        SocketChannel channel = openPending();
        SocketAddress address = channel.getRemoteAddress();
        assertThat(address).isNotNull();
        assertThat(channel.isConnectionPending()).isTrue();
        assertThat(channel.isConnected()).isFalse();
        assertThat(channel.finishConnect()).isFalse();
        assertThatThrownBy(() -> channel.connect(address)).isExactlyInstanceOf(ConnectionPendingException.class);
        assertThatThrownBy(() -> channel.bind(null)).isExactlyInstanceOf(ConnectionPendingException.class);
        for (ThrowingCallable transfer : transfers(channel)) {
            assertThatThrownBy(transfer).isExactlyInstanceOf(NotYetConnectedException.class);
        }
        assertThat(channel.isOpen()).isTrue();
        channel.close();
        assertThat(channel.isConnectionPending()).isFalse();
    }

    @Test
    void connectedChannel_cannotConnectOrBindAgain() throws Exception {
        SocketChannel channel = openPair().client();
        assertThat(channel.isConnected()).isTrue();
        assertThat(channel.isConnectionPending()).isFalse();
        assertThat(channel.finishConnect()).isTrue();
        SocketAddress remote = channel.getRemoteAddress();
        assertThatThrownBy(() -> channel.connect(remote)).isExactlyInstanceOf(AlreadyConnectedException.class);
        assertThatThrownBy(() -> channel.bind(null)).isExactlyInstanceOf(AlreadyBoundException.class);
        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.toString()).contains("" + channel.getLocalAddress(), "" + remote);
    }

    @Test
    void addresses_areThoseOfThePeer() throws Exception {
        Pair pair = openPair();
        assertThat(pair.client().getLocalAddress())
                .isNotNull()
                .isEqualTo(pair.accepted().getRemoteAddress());
        assertThat(pair.accepted().getLocalAddress())
                .isNotNull()
                .isEqualTo(pair.client().getRemoteAddress());
        assertThat(pair.accepted().isBlocking()).isTrue();
        assertThat(pair.accepted().isConnected()).isTrue();
        assertThat(pair.accepted().provider()).isSameAs(provider);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closedChannel_refusesEverything(boolean connected) throws Exception {
        SocketChannel channel = connected ? openPair().client() : own(provider.openSocketChannel());
        channel.close();
        channel.close();
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.isConnected()).isFalse();
        assertThat(channel.isConnectionPending()).isFalse();
        transfers(channel).subList(0, 6).forEach(SocketChannelTest::expectClosed);
        expectClosed(channel::shutdownInput);
        expectClosed(channel::shutdownOutput);
        expectClosed(() -> channel.connect(anyPort()));
        expectClosed(channel::finishConnect);
        expectClosed(() -> channel.bind(null));
        expectClosed(channel::getLocalAddress);
        expectClosed(channel::getRemoteAddress);
        expectClosed(() -> channel.configureBlocking(false));
        expectClosed(() -> channel.configureBlocking(true));
        expectClosed(() -> channel.getOption(StandardSocketOptions.TCP_NODELAY));
        expectClosed(() -> channel.setOption(StandardSocketOptions.TCP_NODELAY, true));
        expectClosed(() -> channel.register(openSelector(), 0));
        assertThat(channel.supportedOptions()).contains(StandardSocketOptions.TCP_NODELAY);
        assertThat(channel.toString()).endsWith("[closed]");
    }

    @Test
    void nullArguments_areRefusedFirst() throws Exception {
        SocketChannel channel = own(provider.openSocketChannel());
        List<ThrowingCallable> calls = List.of(
                () -> channel.read((ByteBuffer) null),
                () -> channel.read((ByteBuffer[]) null),
                () -> channel.write((ByteBuffer) null),
                () -> channel.write((ByteBuffer[]) null),
                () -> channel.connect(null),
                () -> channel.setOption(null, 1),
                () -> channel.getOption(null));
        for (ThrowingCallable call : calls) {
            assertThatNullPointerException().isThrownBy(call);
        }
        for (int[] range : new int[][] {{-1, 1}, {0, -1}, {0, 3}, {2, 1}, {3, 0}}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> channel.read(buffers(), range[0], range[1]));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> channel.write(buffers(), range[0], range[1]));
        }
    }

    @Test
    void addressThatDoesNotFit_isRefused() throws Exception {
        SocketChannel channel = own(provider.openSocketChannel());
        SocketAddress unix = UnixDomainSocketAddress.of("/tmp/none");
        assertThatThrownBy(() -> channel.connect(UNRESOLVED)).isExactlyInstanceOf(UnresolvedAddressException.class);
        assertThatThrownBy(() -> channel.bind(UNRESOLVED)).isExactlyInstanceOf(UnresolvedAddressException.class);
        for (SocketAddress other : List.of(unix, new SocketAddress() {})) {
            assertThatThrownBy(() -> channel.connect(other)).isExactlyInstanceOf(UnsupportedAddressTypeException.class);
            assertThatThrownBy(() -> channel.bind(other)).isExactlyInstanceOf(UnsupportedAddressTypeException.class);
        }
        assertThat(channel.isOpen()).isTrue();
        SocketChannel four = own(provider.openSocketChannel(StandardProtocolFamily.INET));
        InetSocketAddress six = new InetSocketAddress(InetAddress.ofLiteral("::1"), 1);
        assertThatThrownBy(() -> four.connect(six)).isExactlyInstanceOf(UnsupportedAddressTypeException.class);
        assertThatThrownBy(() -> four.bind(six)).isExactlyInstanceOf(UnsupportedAddressTypeException.class);
    }

    /// Returns the families of this system.
    static List<StandardProtocolFamily> families() {
        return Families.DEFAULT == StandardProtocolFamily.INET6
                ? List.of(StandardProtocolFamily.INET, StandardProtocolFamily.INET6)
                : List.of(StandardProtocolFamily.INET);
    }

    @ParameterizedTest
    @MethodSource("families")
    void familyOfIp_isTaken(StandardProtocolFamily family) throws Exception {
        ServerSocketChannel server = own(provider.openServerSocketChannel(family));
        InetAddress loopback = InetAddress.ofLiteral(family == StandardProtocolFamily.INET ? "127.0.0.1" : "::1");
        server.bind(new InetSocketAddress(loopback, 0));
        SocketChannel client = own(provider.openSocketChannel(family));
        assertThat(client.connect(server.getLocalAddress())).isTrue();
        SocketChannel accepted = own(server.accept());
        assertThat(((InetSocketAddress) client.getLocalAddress()).getAddress()).isEqualTo(loopback);
        assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
        client.write(bytes("x"));
        assertThat(read(accepted, 1)).isEqualTo("x");
    }

    @Test
    void family_isRequired() {
        assertThatNullPointerException().isThrownBy(() -> provider.openSocketChannel(null));
        assertThatNullPointerException().isThrownBy(() -> provider.openServerSocketChannel(null));
        assertThatThrownBy(() -> provider.openSocketChannel(() -> "OTHER"))
                .isExactlyInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> provider.openServerSocketChannel(() -> "OTHER"))
                .isExactlyInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void bind_setsLocalAddress() throws Exception {
        SocketChannel channel = own(provider.openSocketChannel());
        assertThat(channel.bind(anyPort())).isSameAs(channel);
        InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
        assertThat(local.getAddress()).isEqualTo(InetAddress.getLoopbackAddress());
        assertThat(local.getPort()).isPositive();
        assertThatThrownBy(() -> channel.bind(null)).isExactlyInstanceOf(AlreadyBoundException.class);
        ServerSocketChannel server = openServer();
        channel.connect(server.getLocalAddress());
        assertThat(channel.getLocalAddress()).isEqualTo(local);
        assertThat(own(server.accept()).getRemoteAddress()).isEqualTo(local);
    }

    @Test
    void bindWithoutAddress_takesWildcard() throws Exception {
        SocketChannel channel = own(provider.openSocketChannel());
        channel.bind(null);
        InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
        assertThat(local.getAddress().isAnyLocalAddress()).isTrue();
        assertThat(local.getPort()).isPositive();
    }

    @Test
    void failedBind_leavesChannelOpen() throws Exception {
        SocketAddress taken = openServer().getLocalAddress();
        SocketChannel channel = own(provider.openSocketChannel());
        assertThatThrownBy(() -> channel.bind(taken))
                .isExactlyInstanceOf(BindException.class)
                .hasMessage("Address already in use");
        InetSocketAddress elsewhere = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 0);
        assertThatThrownBy(() -> channel.bind(elsewhere))
                .isExactlyInstanceOf(BindException.class)
                .hasMessage("Cannot assign requested address");
        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.getLocalAddress()).isNull();
        channel.bind(anyPort());
    }

    @Test
    void refusedConnect_closesChannel() throws Exception {
        SocketAddress refusing = refusingAddress();
        SocketChannel channel = own(provider.openSocketChannel());
        assertThatThrownBy(() -> channel.connect(refusing))
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessage("Connection refused");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void refusedNonBlockingConnect_closesChannel() throws Exception {
        SocketAddress refusing = refusingAddress();
        SocketChannel channel = own(provider.openSocketChannel());
        channel.configureBlocking(false);
        assertThatThrownBy(() -> {
                    assertThat(channel.connect(refusing)).isFalse();
                    TestIo.await(channel, SelectionKey.OP_CONNECT);
                    channel.finishConnect();
                })
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessage("Connection refused");
        assertThat(channel.isOpen()).isFalse();
        expectClosed(channel::finishConnect);
    }

    @Test
    void nonBlockingConnect_completesByFinish() throws Exception {
        ServerSocketChannel server = openServer();
        SocketChannel channel = own(provider.openSocketChannel());
        channel.configureBlocking(false);
        if (!channel.connect(server.getLocalAddress())) {
            assertThat(channel.isConnectionPending()).isTrue();
            TestIo.await(channel, SelectionKey.OP_CONNECT);
            assertThat(channel.finishConnect()).isTrue();
        }
        assertThat(channel.isConnected()).isTrue();
        assertThat(channel.isConnectionPending()).isFalse();
        assertThat(channel.getRemoteAddress()).isEqualTo(server.getLocalAddress());
        assertThat(own(server.accept()).getRemoteAddress()).isEqualTo(channel.getLocalAddress());
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void finishConnect_waitsIfBlocking(BlockedCall.Kind kind) throws Exception {
        SocketChannel channel = openPending();
        channel.configureBlocking(true);
        BlockedCall<Boolean> finish =
                own(BlockedCall.start(kind, channel::finishConnect)).awaitBlocked();
        channel.close();
        assertThat(finish.failure()).isInstanceOf(java.nio.channels.AsynchronousCloseException.class);
    }

    @Test
    void finishConnect_returnsTrueIfBlocking() throws Exception {
        ServerSocketChannel server = openServer();
        SocketChannel channel = own(provider.openSocketChannel());
        channel.configureBlocking(false);
        channel.connect(server.getLocalAddress());
        channel.configureBlocking(true);
        assertThat(channel.finishConnect()).isTrue();
        assertThat(channel.isConnected()).isTrue();
    }

    @Test
    void connectToWildcard_reachesLoopback() throws Exception {
        ServerSocketChannel server = own(provider.openServerSocketChannel());
        server.bind(null);
        int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        for (StandardProtocolFamily family : families()) {
            String wildcard = family == StandardProtocolFamily.INET ? "0.0.0.0" : "::";
            SocketChannel channel = own(provider.openSocketChannel());
            channel.connect(new InetSocketAddress(InetAddress.ofLiteral(wildcard), port));
            InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
            assertThat(remote.getAddress().isLoopbackAddress()).as("%s", remote).isTrue();
            assertThat(remote.getPort()).isEqualTo(port);
            own(server.accept());
        }
    }

    @Test
    void remoteAddress_keepsTheNameOfTheHost() throws Exception {
        int port = ((InetSocketAddress) openServer().getLocalAddress()).getPort();
        InetAddress named = InetAddress.getByAddress("host.example", new byte[] {127, 0, 0, 1});
        SocketChannel channel = own(provider.openSocketChannel());
        channel.connect(new InetSocketAddress(named, port));
        InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
        assertThat(remote.getHostString()).as("known without a look-up").isEqualTo("host.example");
    }

    @Test
    void socket_isAlwaysTheSame() throws Exception {
        SocketChannel channel = own(provider.openSocketChannel());
        assertThat(channel.socket()).isSameAs(channel.socket());
        assertThat(channel.socket().getChannel()).isSameAs(channel);
        channel.close();
        assertThat(channel.socket().isClosed()).isTrue();
    }

    @Test
    void registeredChannel_cannotBecomeBlocking() throws Exception {
        SocketChannel channel = openPair().client();
        channel.configureBlocking(false);
        SelectionKey key = channel.register(openSelector(), SelectionKey.OP_READ);
        assertThat(channel.isRegistered()).isTrue();
        assertThat(channel.keyFor(key.selector())).isSameAs(key);
        assertThatThrownBy(() -> channel.configureBlocking(true))
                .isInstanceOf(java.nio.channels.IllegalBlockingModeException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> channel.register(key.selector(), SelectionKey.OP_ACCEPT));
        channel.close();
        assertThat(key.isValid()).isFalse();
    }
}
