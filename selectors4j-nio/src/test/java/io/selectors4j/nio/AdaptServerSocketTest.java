package io.selectors4j.nio;

import static io.selectors4j.nio.TestIo.anyPort;
import static io.selectors4j.nio.TestIo.bytes;
import static io.selectors4j.nio.TestIo.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The [ServerSocket] of a channel. [NonBlockingAcceptTest] tests that of a non-blocking channel.
class AdaptServerSocketTest extends ProviderTest {

    private static final int HOUR = 3_600_000;

    AdaptServerSocketTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    private ServerSocket openSocket() throws IOException {
        return own(provider.openServerSocketChannel()).socket();
    }

    private SocketChannel connect(ServerSocket server) throws IOException {
        SocketChannel client = own(provider.openSocketChannel());
        client.connect(server.getLocalSocketAddress());
        return client;
    }

    private static void expectSocketException(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isExactlyInstanceOf(SocketException.class).hasMessage(message);
    }

    @Test
    void newSocket_isUnbound() throws Exception {
        ServerSocket socket = openSocket();
        assertThat(socket.isBound()).isFalse();
        assertThat(socket.isClosed()).isFalse();
        assertThat(socket.getInetAddress()).isNull();
        assertThat(socket.getLocalPort()).isEqualTo(-1);
        assertThat(socket.getLocalSocketAddress()).isNull();
        assertThat(socket).hasToString("ServerSocket[unbound]");
        expectSocketException(socket::accept, "Socket is not bound yet");
        socket.setSoTimeout(10);
        expectSocketException(socket::accept, "Socket is not bound yet");
        assertThat(socket.isClosed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 5})
    void bind_setsAddress(int backlog) throws Exception {
        ServerSocket socket = openSocket();
        if (backlog < 0) {
            socket.bind(anyPort());
        } else {
            socket.bind(anyPort(), backlog);
        }
        assertThat(socket.isBound()).isTrue();
        assertThat(socket.getInetAddress()).isEqualTo(InetAddress.getLoopbackAddress());
        assertThat(socket.getLocalPort()).isPositive();
        assertThat(socket.getLocalSocketAddress())
                .isEqualTo(socket.getChannel().getLocalAddress())
                .isEqualTo(new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort()));
        assertThat(socket)
                .hasToString(
                        "ServerSocket[addr=" + socket.getInetAddress() + ",localport=" + socket.getLocalPort() + "]");
        expectSocketException(() -> socket.bind(null), "Already bound");
        ServerSocket other = openSocket();
        assertThatThrownBy(() -> other.bind(socket.getLocalSocketAddress()))
                .isExactlyInstanceOf(BindException.class)
                .hasMessage("Address already in use");
        assertThat(other.isBound()).isFalse();
    }

    @Test
    void bindWithoutAddress_takesWildcard() throws Exception {
        ServerSocket socket = openSocket();
        socket.bind(null);
        assertThat(socket.getInetAddress().isAnyLocalAddress()).isTrue();
        assertThat(socket.getLocalPort()).isPositive();
    }

    @Test
    void wrongArguments_areRefused() throws Exception {
        ServerSocket socket = openSocket();
        expectSocketException(
                () -> socket.bind(InetSocketAddress.createUnresolved("host.invalid", 1)), "Unresolved address");
        expectSocketException(() -> socket.bind(UnixDomainSocketAddress.of("/tmp/none")), "Unsupported address type");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> socket.setSoTimeout(-1))
                .withMessage("timeout < 0");
        for (int size : new int[] {0, -1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> socket.setReceiveBufferSize(size))
                    .withMessage("size cannot be 0 or negative");
        }
        assertThat(socket.isBound()).isFalse();
    }

    @Test
    void closedSocket_keepsAddress() throws Exception {
        ServerSocket socket = openServer().socket();
        SocketAddress local = socket.getLocalSocketAddress();
        socket.close();
        socket.close();
        assertThat(socket.isClosed()).isTrue();
        assertThat(socket.isBound()).isTrue();
        assertThat(socket.getInetAddress()).isEqualTo(InetAddress.getLoopbackAddress());
        assertThat(socket.getLocalPort()).isPositive();
        assertThat(socket.getLocalSocketAddress()).isNotNull().isEqualTo(local);
        assertThat(socket.getChannel().isOpen()).isFalse();
    }

    @Test
    void closedSocket_refusesEverything() throws Exception {
        ServerSocket socket = openServer().socket();
        socket.close();
        List<ThrowingCallable> calls = List.of(
                () -> socket.setSoTimeout(1),
                socket::getSoTimeout,
                () -> socket.setReuseAddress(true),
                socket::getReuseAddress,
                () -> socket.setReceiveBufferSize(1024),
                socket::getReceiveBufferSize);
        for (ThrowingCallable call : calls) {
            expectSocketException(call, "Socket is closed");
        }
        List<ThrowingCallable> channelCalls = List.of(
                socket::accept,
                () -> socket.bind(null),
                () -> socket.getOption(StandardSocketOptions.SO_REUSEADDR),
                () -> socket.setOption(StandardSocketOptions.SO_REUSEADDR, true));
        for (ThrowingCallable call : channelCalls) {
            assertThatThrownBy(call).isExactlyInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void closedSocketWithTimeout_refusesAccept() throws Exception {
        ServerSocket socket = openServer().socket();
        socket.setSoTimeout(HOUR);
        socket.close();
        assertThatThrownBy(socket::accept).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void options_areThoseOfTheChannel() throws Exception {
        ServerSocketChannel channel = own(provider.openServerSocketChannel());
        ServerSocket socket = channel.socket();
        assertThat(socket.getReuseAddress()).isTrue();
        socket.setReuseAddress(false);
        assertThat(socket.getReuseAddress()).isFalse().isEqualTo(channel.getOption(StandardSocketOptions.SO_REUSEADDR));
        socket.setReceiveBufferSize(16_384);
        assertThat(socket.getReceiveBufferSize())
                .isGreaterThanOrEqualTo(16_384)
                .isEqualTo(channel.getOption(StandardSocketOptions.SO_RCVBUF));
        socket.setPerformancePreferences(1, 2, 3);
        assertThat(socket.supportedOptions()).isEqualTo(channel.supportedOptions());
        assertThat(socket.setOption(StandardSocketOptions.SO_REUSEADDR, true)).isSameAs(socket);
        assertThat(socket.getOption(StandardSocketOptions.SO_REUSEADDR)).isTrue();
        assertThat(socket.getSoTimeout()).isZero();
        socket.setSoTimeout(1234);
        assertThat(socket.getSoTimeout()).isEqualTo(1234);
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void accept_waitsForConnection(BlockedCall.Kind kind) throws Exception {
        ServerSocket server = openServer().socket();
        for (int timeout : new int[] {0, HOUR}) {
            server.setSoTimeout(timeout);
            BlockedCall<Socket> accept =
                    own(BlockedCall.start(kind, server::accept)).awaitBlocked();
            SocketChannel client = connect(server);
            Socket accepted = own(accept.result());
            assertThat(accepted.getChannel().isBlocking()).isTrue();
            assertThat(accepted.getChannel().socket()).isSameAs(accepted);
            assertThat(accepted.getRemoteSocketAddress()).isEqualTo(client.getLocalAddress());
            accepted.getOutputStream().write('x');
            assertThat(read(client, 1)).isEqualTo("x");
        }
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void acceptTimeout_leavesSocketUsable(BlockedCall.Kind kind) throws Exception {
        ServerSocket server = openServer().socket();
        server.setSoTimeout(30);
        for (int i = 0; i < 2; i++) {
            long start = System.nanoTime();
            assertThat(own(BlockedCall.start(kind, server::accept)).failure())
                    .isExactlyInstanceOf(SocketTimeoutException.class)
                    .hasMessage("Accept timed out");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(30));
        }
        server.setSoTimeout(HOUR);
        SocketChannel client = connect(server);
        Socket accepted = own(server.accept());
        client.write(bytes("x"));
        assertThat(accepted.getInputStream().read()).isEqualTo('x');
    }

    @Test
    void timeout_doesNotApplyToChannel() throws Exception {
        ServerSocketChannel server = openServer();
        server.socket().setSoTimeout(1);
        BlockedCall<SocketChannel> accept = own(BlockedCall.start(BlockedCall.Kind.PLATFORM, server::accept))
                .awaitBlocked();
        Thread.sleep(10);
        assertThat(accept.outcome().isDone()).isFalse();
        connect(server.socket());
        own(accept.result());
    }
}
