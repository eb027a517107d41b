package io.selectors4j.nio;

import static io.selectors4j.nio.TestIo.anyPort;
import static io.selectors4j.nio.TestIo.bytes;
import static io.selectors4j.nio.TestIo.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Channels of Unix sockets.
class UnixDomainTest extends ProviderTest {

    private static final UnixDomainSocketAddress UNNAMED = UnixDomainSocketAddress.of("");

    /// Short: the path of a socket has at most 107 bytes.
    private Path directory;

    UnixDomainTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    @BeforeEach
    void createDirectory() throws IOException {
        directory = Files.createTempDirectory("unix");
    }

    @AfterEach
    void deleteDirectory() throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private UnixDomainSocketAddress address(String name) {
        return UnixDomainSocketAddress.of(directory.resolve(name));
    }

    private SocketChannel openUnix() throws IOException {
        return own(provider.openSocketChannel(StandardProtocolFamily.UNIX));
    }

    private ServerSocketChannel openUnixServer() throws IOException {
        return own(provider.openServerSocketChannel(StandardProtocolFamily.UNIX));
    }

    private ServerSocketChannel listen(String name) throws IOException {
        return openUnixServer().bind(address(name));
    }

    private SocketChannel connect(String name) throws IOException {
        SocketChannel client = openUnix();
        client.connect(address(name));
        return client;
    }

    @Test
    void newChannels_haveNoAddress() throws Exception {
        SocketChannel channel = openUnix();
        ServerSocketChannel server = openUnixServer();
        assertThat(channel.getLocalAddress()).isNull();
        assertThat(channel.getRemoteAddress()).isNull();
        assertThat(server.getLocalAddress()).isNull();
        assertThatThrownBy(server::accept).isExactlyInstanceOf(NotYetBoundException.class);
        assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
                .isExactlyInstanceOf(NotYetConnectedException.class);
    }

    @Test
    void socket_isNotSupported() throws Exception {
        assertThatThrownBy(openUnix()::socket)
                .isExactlyInstanceOf(UnsupportedOperationException.class)
                .hasMessage("Not supported");
        assertThatThrownBy(openUnixServer()::socket)
                .isExactlyInstanceOf(UnsupportedOperationException.class)
                .hasMessage("Not supported");
    }

    @Test
    void connection_hasAddresses() throws Exception {
        ServerSocketChannel server = listen("server");
        assertThat(server.getLocalAddress()).isEqualTo(address("server"));
        assertThat(address("server").getPath()).exists();
        SocketChannel client = openUnix();
        assertThat(client.connect(address("server"))).isTrue();
        SocketChannel accepted = own(server.accept());
        assertThat(client.getRemoteAddress()).isEqualTo(address("server"));
        assertThat(client.getLocalAddress()).isEqualTo(UNNAMED);
        assertThat(accepted.getLocalAddress()).isEqualTo(address("server"));
        assertThat(accepted.getRemoteAddress()).isEqualTo(UNNAMED);
        client.write(bytes("hello"));
        assertThat(read(accepted, 5)).isEqualTo("hello");
        accepted.shutdownOutput();
        assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThatThrownBy(() -> client.connect(address("server")))
                .isExactlyInstanceOf(AlreadyConnectedException.class);
        server.close();
        assertThat(address("server").getPath()).as("stays").exists();
    }

    @Test
    void boundClient_isNamed() throws Exception {
        ServerSocketChannel server = listen("server");
        SocketChannel client = openUnix();
        client.bind(address("client"));
        assertThat(client.getLocalAddress()).isEqualTo(address("client"));
        assertThatThrownBy(() -> client.bind(null)).isExactlyInstanceOf(AlreadyBoundException.class);
        client.connect(address("server"));
        assertThat(own(server.accept()).getRemoteAddress()).isEqualTo(address("client"));
    }

    @Test
    void unnamedBind_ofClient_isAllowed() throws Exception {
        for (SocketAddress unnamed : new SocketAddress[] {null, UNNAMED}) {
            SocketChannel client = openUnix();
            client.bind(unnamed);
            assertThat(client.getLocalAddress()).isEqualTo(UNNAMED);
            assertThatThrownBy(() -> client.bind(null)).isExactlyInstanceOf(AlreadyBoundException.class);
        }
    }

    @Test
    void bindOfServerWithoutPath_takesTemporaryPath() throws Exception {
        ServerSocketChannel server = openUnixServer();
        server.bind(null);
        Path path = ((UnixDomainSocketAddress) server.getLocalAddress()).getPath();
        try {
            assertThat(path).exists().hasParent(Path.of(System.getProperty("java.io.tmpdir")));
            openUnix().connect(server.getLocalAddress());
            own(server.accept());
        } finally {
            Files.delete(path);
        }
        assertThatThrownBy(() -> openUnixServer().bind(UNNAMED))
                .isExactlyInstanceOf(BindException.class)
                .hasMessage("Server socket cannot bind to unnamed address");
    }

    @Test
    void pathInUse_isRefused() throws Exception {
        listen("taken");
        ServerSocketChannel server = openUnixServer();
        assertThatThrownBy(() -> server.bind(address("taken")))
                .isExactlyInstanceOf(BindException.class)
                .hasMessage("Address already in use");
        assertThat(server.getLocalAddress()).isNull();
        SocketChannel client = openUnix();
        assertThatThrownBy(() -> client.bind(address("taken")))
                .isExactlyInstanceOf(BindException.class)
                .hasMessage("Address already in use");
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void missingServer_refusesConnect() throws Exception {
        SocketChannel client = openUnix();
        assertThatThrownBy(() -> client.connect(address("missing")))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("No such file or directory");
        assertThat(client.isOpen()).isFalse();
        listen("closed").close();
        SocketChannel second = openUnix();
        assertThatThrownBy(() -> second.connect(address("closed")))
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessage("Connection refused");
        assertThat(second.isOpen()).isFalse();
    }

    @Test
    void longPath_isRefused() throws Exception {
        UnixDomainSocketAddress tooLong = address("x".repeat(120));
        ServerSocketChannel server = openUnixServer();
        assertThatThrownBy(() -> server.bind(tooLong))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Unix domain path too long");
        SocketChannel client = openUnix();
        assertThatThrownBy(() -> client.connect(tooLong))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Unix domain path too long");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void addressOfOtherFamily_isRefused() throws Exception {
        SocketChannel client = openUnix();
        ServerSocketChannel server = openUnixServer();
        assertThatThrownBy(() -> client.connect(anyPort())).isExactlyInstanceOf(UnsupportedAddressTypeException.class);
        assertThatThrownBy(() -> client.bind(anyPort())).isExactlyInstanceOf(UnsupportedAddressTypeException.class);
        assertThatThrownBy(() -> server.bind(anyPort())).isExactlyInstanceOf(UnsupportedAddressTypeException.class);
        assertThatThrownBy(() -> client.connect(null)).isExactlyInstanceOf(NullPointerException.class);
    }

    @Test
    void nonBlockingAccept_returnsNullOrChannel() throws Exception {
        ServerSocketChannel server = listen("server");
        server.configureBlocking(false);
        assertThat(server.accept()).isNull();
        SocketChannel client = connect("server");
        TestIo.await(server, SelectionKey.OP_ACCEPT);
        SocketChannel accepted = own(server.accept());
        assertThat(accepted.isBlocking()).isTrue();
        assertThat(server.accept()).isNull();
        client.configureBlocking(false);
        assertThat(client.read(ByteBuffer.allocate(1))).isZero();
        accepted.write(bytes("x"));
        assertThat(read(client, 1)).isEqualTo("x");
    }

    @Test
    void nonBlockingConnect_completesAtOnce() throws Exception {
        ServerSocketChannel server = listen("server");
        SocketChannel client = openUnix();
        client.configureBlocking(false);
        assertThat(client.connect(address("server"))).isTrue();
        assertThat(client.isConnected()).isTrue();
        assertThat(client.finishConnect()).isTrue();
        own(server.accept());
    }

    @ParameterizedTest
    @EnumSource(BlockedCall.Kind.class)
    void blockedCalls_endByCloseOrInterrupt(BlockedCall.Kind kind) throws Exception {
        ServerSocketChannel server = listen("server");
        SocketChannel client = connect("server");
        SocketChannel accepted = own(server.accept());
        BlockedCall<Integer> reader = own(BlockedCall.start(kind, () -> client.read(ByteBuffer.allocate(1))))
                .awaitBlocked();
        client.close();
        assertThat(reader.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
        assertThat(accepted.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        BlockedCall<SocketChannel> accept =
                own(BlockedCall.start(kind, server::accept)).awaitBlocked();
        accept.thread().interrupt();
        assertThat(accept.end().failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
        assertThat(accept.end().interrupted()).isTrue();
    }

    /// A platform thread: with the JDK, a connect of a virtual thread does not wait.
    @Test
    void connectToFullServer_waitsIfBlocking() throws Exception {
        ServerSocketChannel server = openUnixServer().bind(address("server"), 1);
        BlockedCall<Boolean> blocked;
        SocketChannel waiting;
        do {
            SocketChannel client = openUnix();
            waiting = client;
            blocked = own(BlockedCall.start(BlockedCall.Kind.PLATFORM, () -> client.connect(address("server"))));
        } while (!blocked.blocks());
        SocketChannel nonBlocking = openUnix();
        nonBlocking.configureBlocking(false);
        assertThatThrownBy(() -> nonBlocking.connect(address("server")))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Resource temporarily unavailable");
        assertThat(nonBlocking.isOpen()).isFalse();
        own(server.accept());
        assertThat(blocked.result()).isTrue();
        assertThat(waiting.isConnected()).isTrue();
    }

    @Test
    void credentialsOfPeer_areAnOption() throws Exception {
        ServerSocketChannel server = listen("server");
        SocketChannel client = connect("server");
        SocketChannel accepted = own(server.accept());
        UnixDomainPrincipal peer = accepted.getOption(ExtendedSocketOptions.SO_PEERCRED);
        assertThat(peer.user()).isEqualTo(Files.getOwner(address("server").getPath()));
        assertThat(peer.user().getName())
                .isEqualTo(Files.getOwner(address("server").getPath()).getName());
        assertThat(client.getOption(ExtendedSocketOptions.SO_PEERCRED)).isEqualTo(peer);
        assertThatThrownBy(() -> client.setOption(ExtendedSocketOptions.SO_PEERCRED, peer))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("SO_PEERCRED cannot be set ");
        SocketChannel unconnected = openUnix();
        assertThatThrownBy(() -> unconnected.getOption(ExtendedSocketOptions.SO_PEERCRED))
                .isExactlyInstanceOf(SocketException.class);
    }

    @Test
    void options_areReadBack() throws Exception {
        SocketChannel channel = openUnix();
        channel.setOption(StandardSocketOptions.SO_SNDBUF, 16_384);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 16_384);
        assertThat(channel.getOption(StandardSocketOptions.SO_SNDBUF)).isGreaterThanOrEqualTo(16_384);
        assertThat(channel.getOption(StandardSocketOptions.SO_RCVBUF)).isGreaterThanOrEqualTo(16_384);
        for (SocketOption<Boolean> missing :
                List.of(StandardSocketOptions.TCP_NODELAY, StandardSocketOptions.SO_KEEPALIVE)) {
            assertThatThrownBy(() -> channel.setOption(missing, true))
                    .isExactlyInstanceOf(UnsupportedOperationException.class);
        }
    }
}
