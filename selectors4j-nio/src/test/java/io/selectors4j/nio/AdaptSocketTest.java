package io.selectors4j.nio;

import static io.selectors4j.nio.TestIo.anyPort;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The [Socket] of a channel. [AdaptorStreamsTest] tests its streams.
class AdaptSocketTest extends ProviderTest {

    private static final InetAddress WILDCARD = new InetSocketAddress(0).getAddress();

    AdaptSocketTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    private Socket openSocket() throws IOException {
        return own(provider.openSocketChannel()).socket();
    }

    private static void expectSocketException(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isExactlyInstanceOf(SocketException.class).hasMessage(message);
    }

    /// Every method that is not overridden would use the dummy behind the socket.
    @Test
    void everyMethod_isOverridden() {
        List<String> missing = missing(Socket.class, SocketAdaptor.class);
        missing.addAll(missing(ServerSocket.class, ServerSocketAdaptor.class));
        assertThat(missing).isEmpty();
    }

    private static List<String> missing(Class<?> parent, Class<?> adaptor) {
        List<String> missing = new ArrayList<>();
        for (Method inherited : parent.getDeclaredMethods()) {
            boolean overridden = Arrays.stream(adaptor.getDeclaredMethods())
                    .anyMatch(candidate -> candidate.getName().equals(inherited.getName())
                            && Arrays.equals(candidate.getParameterTypes(), inherited.getParameterTypes()));
            boolean isInstanceMethod =
                    Modifier.isPublic(inherited.getModifiers()) && !Modifier.isStatic(inherited.getModifiers());
            if (isInstanceMethod && !overridden) {
                missing.add(inherited.toString());
            }
        }
        return missing;
    }

    @Test
    void newSocket_isUnconnected() throws Exception {
        Socket socket = openSocket();
        assertThat(socket.isConnected()).isFalse();
        assertThat(socket.isBound()).isFalse();
        assertThat(socket.isClosed()).isFalse();
        assertThat(socket.isInputShutdown()).isFalse();
        assertThat(socket.isOutputShutdown()).isFalse();
        assertThat(socket.getInetAddress()).isNull();
        assertThat(socket.getPort()).isZero();
        assertThat(socket.getLocalPort()).isEqualTo(-1);
        assertThat(socket.getLocalAddress()).isEqualTo(WILDCARD);
        assertThat(socket.getRemoteSocketAddress()).isNull();
        assertThat(socket.getLocalSocketAddress()).isNull();
        assertThat(socket).hasToString("Socket[unconnected]");
        expectSocketException(socket::getInputStream, "Socket is not connected");
        expectSocketException(socket::getOutputStream, "Socket is not connected");
        expectSocketException(socket::shutdownInput, "Socket is not connected");
        expectSocketException(socket::shutdownOutput, "Socket is not connected");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 60_000})
    void connect_setsAddresses(int timeout) throws Exception {
        ServerSocketChannel server = openServer();
        InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
        Socket socket = openSocket();
        if (timeout == 0) {
            socket.connect(address);
        } else {
            socket.connect(address, timeout);
        }
        assertThat(socket.isConnected()).isTrue();
        assertThat(socket.isBound()).isTrue();
        assertThat(socket.getInetAddress()).isEqualTo(address.getAddress());
        assertThat(socket.getPort()).isEqualTo(address.getPort());
        assertThat(socket.getRemoteSocketAddress()).isEqualTo(address);
        assertThat(socket.getLocalAddress()).isEqualTo(address.getAddress());
        assertThat(socket.getLocalSocketAddress())
                .isEqualTo(own(server.accept()).getRemoteAddress())
                .isEqualTo(new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort()));
        assertThat(socket)
                .hasToString("Socket[addr=" + socket.getInetAddress() + ",port=" + socket.getPort() + ",localport="
                        + socket.getLocalPort() + "]");
        assertThat(socket.getChannel().isBlocking()).isTrue();
        expectSocketException(() -> socket.connect(address), "Already connected");
        expectSocketException(() -> socket.bind(null), "Already bound");
        assertThat(socket.isClosed()).isFalse();
    }

    @Test
    void closedSocket_keepsAddresses() throws Exception {
        Socket socket = openPair().client().socket();
        SocketAddress remote = socket.getRemoteSocketAddress();
        SocketAddress local = socket.getLocalSocketAddress();
        int localPort = socket.getLocalPort();
        socket.close();
        socket.close();
        assertThat(socket.isClosed()).isTrue();
        assertThat(socket.isConnected()).isFalse();
        assertThat(socket.isBound()).isTrue();
        assertThat(socket.getRemoteSocketAddress()).isNotNull().isEqualTo(remote);
        assertThat(socket.getLocalSocketAddress()).isNotNull().isEqualTo(local);
        assertThat(socket.getInetAddress()).isEqualTo(InetAddress.getLoopbackAddress());
        assertThat(socket.getLocalPort()).isEqualTo(localPort);
        assertThat(socket.getLocalAddress()).isEqualTo(WILDCARD);
        assertThat(socket).hasToString("Socket[unconnected]");
        assertThat(socket.isInputShutdown()).isFalse();
        assertThat(socket.isOutputShutdown()).isFalse();
        assertThat(socket.getChannel().isOpen()).isFalse();
    }

    @Test
    void closedSocketOfAnAcceptedChannel_keepsItsPort() throws Exception {
        Pair pair = openPair();
        int port = ((InetSocketAddress) pair.client().getRemoteAddress()).getPort();
        Socket socket = pair.accepted().socket();
        socket.close();
        assertThat(socket.getLocalPort()).isEqualTo(port);
    }

    /// An accepted channel asks for its address when the program does, which is a difference to the JDK.
    @Test
    void socketOfAClosedAcceptedChannel_mayNotKnowItsPort() throws Exception {
        Pair pair = openPair();
        int port = ((InetSocketAddress) pair.client().getRemoteAddress()).getPort();
        pair.accepted().close();
        assertThat(pair.accepted().socket().getLocalPort()).isEqualTo(underTest.isJdk() ? port : -1);
    }

    @Test
    void connectOfAClosedSocket_fails() throws Exception {
        Socket socket = own(provider.openSocketChannel()).socket();
        socket.close();
        assertThatThrownBy(() -> socket.connect(openServer().getLocalAddress()))
                .isExactlyInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void closedSocket_refusesEverything() throws Exception {
        Socket socket = openPair().client().socket();
        socket.close();
        List<ThrowingCallable> calls = List.of(
                socket::getInputStream,
                socket::getOutputStream,
                () -> socket.setSoTimeout(1),
                socket::getSoTimeout,
                () -> socket.setTcpNoDelay(true),
                socket::getTcpNoDelay,
                () -> socket.setSoLinger(true, 1),
                socket::getSoLinger,
                () -> socket.setOOBInline(true),
                socket::getOOBInline,
                () -> socket.setSendBufferSize(1024),
                socket::getSendBufferSize,
                () -> socket.setReceiveBufferSize(1024),
                socket::getReceiveBufferSize,
                () -> socket.setKeepAlive(true),
                socket::getKeepAlive,
                () -> socket.setTrafficClass(0),
                socket::getTrafficClass,
                () -> socket.setReuseAddress(true),
                socket::getReuseAddress,
                () -> socket.connect(InetSocketAddress.createUnresolved("host.invalid", 1)));
        for (ThrowingCallable call : calls) {
            expectSocketException(call, "Socket is closed");
        }
        for (int timeout : new int[] {0, 1}) {
            assertThatThrownBy(() -> socket.connect(anyPort(), timeout)).isInstanceOf(ClosedChannelException.class);
        }
        List<ThrowingCallable> channelCalls = List.of(
                () -> socket.bind(null),
                socket::shutdownInput,
                socket::shutdownOutput,
                () -> socket.sendUrgentData(1),
                () -> socket.getOption(StandardSocketOptions.TCP_NODELAY),
                () -> socket.setOption(StandardSocketOptions.TCP_NODELAY, true));
        for (ThrowingCallable call : channelCalls) {
            assertThatThrownBy(call).isExactlyInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void wrongArguments_areRefused() throws Exception {
        Socket socket = openSocket();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> socket.connect(null))
                .withMessage("connect: The address can't be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> socket.connect(anyPort(), -1))
                .withMessage("connect: timeout can't be negative");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> socket.setSoTimeout(-1))
                .withMessage("timeout < 0");
        for (int size : new int[] {0, -1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> socket.setSendBufferSize(size))
                    .withMessage("Invalid send size");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> socket.setReceiveBufferSize(size))
                    .withMessage("Invalid receive size");
        }
        for (int trafficClass : new int[] {-1, 256}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> socket.setTrafficClass(trafficClass))
                    .withMessage("Invalid IP_TOS value");
        }
        SocketAddress unix = UnixDomainSocketAddress.of("/tmp/none");
        expectSocketException(() -> socket.connect(unix), "Unsupported address type");
        expectSocketException(() -> socket.bind(unix), "Unsupported address type");
        expectSocketException(
                () -> socket.bind(InetSocketAddress.createUnresolved("host.invalid", 1)), "Unresolved address");
        assertThat(socket.isClosed()).isFalse();
    }

    @Test
    void unresolvedAddress_closesSocket() throws Exception {
        Socket socket = openSocket();
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("host.invalid", 1);
        assertThatThrownBy(() -> socket.connect(unresolved, 10))
                .isExactlyInstanceOf(UnknownHostException.class)
                .hasMessage(unresolved.toString());
        assertThat(socket.isClosed()).isTrue();
        Socket connected = openPair().client().socket();
        expectSocketException(() -> connected.connect(unresolved), "Already connected");
        assertThat(connected.isClosed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 60_000})
    void refusedConnect_closesSocket(int timeout) throws Exception {
        SocketAddress refusing =
                own(provider.openSocketChannel()).bind(anyPort()).getLocalAddress();
        Socket socket = openSocket();
        assertThatThrownBy(() -> socket.connect(refusing, timeout))
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessage("Connection refused");
        assertThat(socket.isClosed()).isTrue();
        assertThat(socket.isConnected()).isFalse();
    }

    @Test
    void connectTimeout_closesSocket() throws Exception {
        SocketAddress address = openFullServer();
        Socket socket = openSocket();
        long start = System.nanoTime();
        assertThatThrownBy(() -> socket.connect(address, 40))
                .isExactlyInstanceOf(SocketTimeoutException.class)
                .hasMessage("Connect timed out");
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(40));
        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void nonBlockingChannel_refusesConnect() throws Exception {
        SocketChannel channel = own(provider.openSocketChannel());
        channel.configureBlocking(false);
        SocketAddress address = openServer().getLocalAddress();
        assertThatExceptionOfType(IllegalBlockingModeException.class)
                .isThrownBy(() -> channel.socket().connect(address));
        assertThatExceptionOfType(IllegalBlockingModeException.class)
                .isThrownBy(() -> channel.socket().connect(address, 60_000));
        assertThat(channel.isOpen()).isTrue();
        channel.configureBlocking(true);
        channel.socket().connect(address);
    }

    @Test
    void bind_setsLocalAddress() throws Exception {
        Socket socket = openSocket();
        socket.bind(anyPort());
        assertThat(socket.isBound()).isTrue();
        assertThat(socket.getLocalAddress()).isEqualTo(InetAddress.getLoopbackAddress());
        assertThat(socket.getLocalPort()).isPositive();
        expectSocketException(() -> socket.bind(null), "Already bound");
        Socket other = openSocket();
        assertThatThrownBy(() -> other.bind(socket.getLocalSocketAddress()))
                .isExactlyInstanceOf(BindException.class)
                .hasMessage("Address already in use");
        Socket any = openSocket();
        any.bind(null);
        assertThat(any.getLocalAddress().isAnyLocalAddress()).isTrue();
    }

    @Test
    void options_areThoseOfTheChannel() throws Exception {
        Pair pair = openPair();
        SocketChannel channel = pair.client();
        Socket socket = channel.socket();
        socket.setTcpNoDelay(true);
        assertThat(socket.getTcpNoDelay()).isTrue().isEqualTo(channel.getOption(StandardSocketOptions.TCP_NODELAY));
        socket.setTcpNoDelay(false);
        assertThat(socket.getTcpNoDelay()).isFalse();
        socket.setKeepAlive(true);
        assertThat(socket.getKeepAlive()).isTrue().isEqualTo(channel.getOption(StandardSocketOptions.SO_KEEPALIVE));
        socket.setReuseAddress(true);
        assertThat(socket.getReuseAddress()).isTrue().isEqualTo(channel.getOption(StandardSocketOptions.SO_REUSEADDR));
        socket.setTrafficClass(16);
        assertThat(socket.getTrafficClass()).isEqualTo(16).isEqualTo(channel.getOption(StandardSocketOptions.IP_TOS));
        socket.setSendBufferSize(16_384);
        assertThat(socket.getSendBufferSize())
                .isGreaterThanOrEqualTo(16_384)
                .isEqualTo(channel.getOption(StandardSocketOptions.SO_SNDBUF));
        socket.setReceiveBufferSize(16_384);
        assertThat(socket.getReceiveBufferSize())
                .isGreaterThanOrEqualTo(16_384)
                .isEqualTo(channel.getOption(StandardSocketOptions.SO_RCVBUF));
        assertThat(socket.getOOBInline()).isFalse();
        socket.setOOBInline(true);
        assertThat(socket.getOOBInline()).isTrue();
        socket.setPerformancePreferences(1, 2, 3);
        assertThat(socket.supportedOptions()).isEqualTo(channel.supportedOptions());
        assertThat(socket.setOption(StandardSocketOptions.TCP_NODELAY, true)).isSameAs(socket);
        assertThat(socket.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
        assertThatThrownBy(() -> socket.getOption(StandardSocketOptions.IP_MULTICAST_LOOP))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void linger_isOffOrLimited() throws Exception {
        Socket socket = openPair().client().socket();
        assertThat(socket.getSoLinger()).isEqualTo(-1);
        socket.setSoLinger(true, 3);
        assertThat(socket.getSoLinger()).isEqualTo(3);
        socket.setSoLinger(false, 3);
        assertThat(socket.getSoLinger()).isEqualTo(-1);
        socket.setSoLinger(true, 100_000);
        assertThat(socket.getSoLinger()).isEqualTo(65_535);
        socket.setSoLinger(true, -7);
        assertThat(socket.getSoLinger()).isEqualTo(-1);
    }

    @Test
    void timeout_isReadBack() throws Exception {
        Socket socket = openSocket();
        assertThat(socket.getSoTimeout()).isZero();
        socket.setSoTimeout(1234);
        assertThat(socket.getSoTimeout()).isEqualTo(1234);
    }

    @Test
    void shutdown_isSeenByChannel() throws Exception {
        Socket socket = openPair().client().socket();
        socket.shutdownInput();
        assertThat(socket.isInputShutdown()).isTrue();
        assertThat(socket.isOutputShutdown()).isFalse();
        expectSocketException(socket::getInputStream, "Socket input is shutdown");
        socket.shutdownInput();
        socket.getChannel().shutdownOutput();
        assertThat(socket.isOutputShutdown()).isTrue();
        expectSocketException(socket::getOutputStream, "Socket output is shutdown");
        assertThat(socket.isConnected()).isTrue();
    }
}
