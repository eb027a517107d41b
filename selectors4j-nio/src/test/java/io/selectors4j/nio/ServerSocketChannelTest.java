package io.selectors4j.nio;

import static io.selectors4j.nio.TestIo.anyPort;
import static io.selectors4j.nio.TestIo.bytes;
import static io.selectors4j.nio.TestIo.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The states of a [ServerSocketChannel] and its accepts.
class ServerSocketChannelTest extends ProviderTest {

    ServerSocketChannelTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    private SocketChannel connect(ServerSocketChannel server) throws Exception {
        SocketChannel client = own(provider.openSocketChannel());
        client.connect(server.getLocalAddress());
        return client;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void newChannel_isUnbound(boolean blocking) throws Exception {
        ServerSocketChannel server = own(provider.openServerSocketChannel());
        server.configureBlocking(blocking);
        assertThat(server.isOpen()).isTrue();
        assertThat(server.isBlocking()).isEqualTo(blocking);
        assertThat(server.getLocalAddress()).isNull();
        assertThat(server.provider()).isSameAs(provider);
        assertThat(server.validOps()).isEqualTo(SelectionKey.OP_ACCEPT);
        assertThatThrownBy(server::accept).isExactlyInstanceOf(NotYetBoundException.class);
        assertThat(server.isOpen()).isTrue();
    }

    @Test
    void bind_setsLocalAddress() throws Exception {
        ServerSocketChannel server = own(provider.openServerSocketChannel());
        assertThat(server.bind(anyPort())).isSameAs(server);
        InetSocketAddress local = (InetSocketAddress) server.getLocalAddress();
        assertThat(local.getAddress()).isEqualTo(InetAddress.getLoopbackAddress());
        assertThat(local.getPort()).isPositive();
        assertThatThrownBy(() -> server.bind(null)).isExactlyInstanceOf(AlreadyBoundException.class);
        assertThatThrownBy(() -> server.bind(anyPort(), 5)).isExactlyInstanceOf(AlreadyBoundException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 1_000_000})
    void backlog_mayBeAnyNumber(int backlog) throws Exception {
        ServerSocketChannel server = own(provider.openServerSocketChannel());
        server.bind(null, backlog);
        InetSocketAddress local = (InetSocketAddress) server.getLocalAddress();
        assertThat(local.getAddress().isAnyLocalAddress()).isTrue();
        SocketChannel client = own(provider.openSocketChannel());
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), local.getPort()));
        assertThat(own(server.accept()).getRemoteAddress()).isEqualTo(client.getLocalAddress());
    }

    @Test
    void addressThatDoesNotFit_isRefused() throws Exception {
        ServerSocketChannel server = own(provider.openServerSocketChannel());
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("host.invalid", 1);
        assertThatThrownBy(() -> server.bind(unresolved)).isExactlyInstanceOf(UnresolvedAddressException.class);
        for (SocketAddress other : List.of(UnixDomainSocketAddress.of("/tmp/none"), new SocketAddress() {})) {
            assertThatThrownBy(() -> server.bind(other)).isExactlyInstanceOf(UnsupportedAddressTypeException.class);
        }
        ServerSocketChannel four = own(provider.openServerSocketChannel(StandardProtocolFamily.INET));
        InetSocketAddress six = new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);
        assertThatThrownBy(() -> four.bind(six)).isExactlyInstanceOf(UnsupportedAddressTypeException.class);
    }

    @Test
    void failedBind_leavesChannelOpen() throws Exception {
        SocketAddress taken = openServer().getLocalAddress();
        ServerSocketChannel server = own(provider.openServerSocketChannel());
        assertThatThrownBy(() -> server.bind(taken))
                .isExactlyInstanceOf(BindException.class)
                .hasMessage("Address already in use");
        assertThat(server.isOpen()).isTrue();
        assertThat(server.getLocalAddress()).isNull();
        server.bind(anyPort());
    }

    @Test
    void addressOfClosedConnection_isBoundAgain() throws Exception {
        ServerSocketChannel first = openServer();
        SocketAddress address = first.getLocalAddress();
        SocketChannel client = connect(first);
        SocketChannel accepted = own(first.accept());
        accepted.close(); // this side closes first, so its address stays in TIME_WAIT
        client.close();
        first.close();
        ServerSocketChannel second = own(provider.openServerSocketChannel());
        assertThat(second.getOption(StandardSocketOptions.SO_REUSEADDR)).isTrue();
        second.bind(address);
        connect(second);
        own(second.accept());
    }

    @Test
    void closedChannel_refusesEverything() throws Exception {
        ServerSocketChannel server = openServer();
        server.close();
        server.close();
        List<ThrowingCallable> calls = List.of(
                server::accept,
                () -> server.bind(anyPort()),
                server::getLocalAddress,
                () -> server.configureBlocking(false),
                () -> server.getOption(StandardSocketOptions.SO_REUSEADDR),
                () -> server.setOption(StandardSocketOptions.SO_REUSEADDR, true),
                () -> server.register(openSelector(), 0));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isExactlyInstanceOf(ClosedChannelException.class);
        }
        assertThat(server.isOpen()).isFalse();
        assertThat(server.toString()).endsWith("[closed]");
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void accept_waitsForConnection(BlockedCall.Kind kind) throws Exception {
        ServerSocketChannel server = openServer();
        BlockedCall<SocketChannel> accept =
                own(BlockedCall.start(kind, server::accept)).awaitBlocked();
        SocketChannel client = connect(server);
        SocketChannel accepted = own(accept.result());
        assertThat(accepted.isBlocking()).isTrue();
        assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
        client.write(bytes("x"));
        assertThat(read(accepted, 1)).isEqualTo("x");
    }

    @Test
    void nonBlockingAccept_returnsNullOrChannel() throws Exception {
        ServerSocketChannel server = openServer();
        server.configureBlocking(false);
        assertThat(server.accept()).isNull();
        SocketChannel client = connect(server);
        TestIo.await(server, SelectionKey.OP_ACCEPT);
        SocketChannel accepted = own(server.accept());
        assertThat(accepted.isBlocking()).as("not inherited").isTrue();
        assertThat(server.accept()).isNull();
        BlockedCall<String> reader = own(BlockedCall.start(BlockedCall.Kind.PLATFORM, () -> read(accepted, 1)))
                .awaitBlocked();
        client.write(bytes("x"));
        assertThat(reader.result()).isEqualTo("x");
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void severalThreads_acceptOneConnectionEach(BlockedCall.Kind kind) throws Exception {
        ServerSocketChannel server = openServer();
        List<BlockedCall<SocketChannel>> accepts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            accepts.add(own(BlockedCall.start(kind, server::accept)).awaitBlocked());
        }
        List<SocketAddress> clients = new ArrayList<>();
        for (int i = 0; i < accepts.size(); i++) {
            clients.add(connect(server).getLocalAddress());
        }
        List<SocketAddress> accepted = new ArrayList<>();
        for (BlockedCall<SocketChannel> accept : accepts) {
            accepted.add(own(accept.result()).getRemoteAddress());
        }
        assertThat(accepted).containsExactlyInAnyOrderElementsOf(clients);
    }

    @Test
    void connectionAbortedInQueue_isAcceptedOrSkipped() throws Exception {
        ServerSocketChannel server = openServer();
        SocketChannel aborted = connect(server);
        aborted.setOption(StandardSocketOptions.SO_LINGER, 0);
        aborted.close();
        SocketChannel client = connect(server);
        SocketAddress remote = own(server.accept()).getRemoteAddress();
        if (!remote.equals(client.getLocalAddress())) { // Linux returns the aborted connection
            remote = own(server.accept()).getRemoteAddress();
        }
        assertThat(remote).isEqualTo(client.getLocalAddress());
    }

    @Test
    void connectionsOfClosedServer_live() throws Exception {
        ServerSocketChannel server = openServer();
        SocketChannel client = connect(server);
        SocketChannel accepted = own(server.accept());
        server.close();
        accepted.write(bytes("x"));
        assertThat(read(client, 1)).isEqualTo("x");
    }

    @Test
    void socket_isAlwaysTheSame() throws Exception {
        ServerSocketChannel server = openServer();
        assertThat(server.socket()).isSameAs(server.socket());
        assertThat(server.socket().getChannel()).isSameAs(server);
        server.close();
        assertThat(server.socket().isClosed()).isTrue();
    }
}
