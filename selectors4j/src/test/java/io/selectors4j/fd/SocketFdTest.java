package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.os.Poll;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// Connections and their ends. [SocketAcceptTest] tests listening, [SocketMessagesTest] messages, [SocketOptionsTest]
/// options.
class SocketFdTest {

    static final InetSocketAddress LOOPBACK4 = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    static final InetSocketAddress LOOPBACK6 = new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);

    @TempDir
    private Path directory;

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static String read(SocketFd socket) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(100);
        int count = socket.read(target);
        return count < 0 ? "end" : StandardCharsets.UTF_8.decode(target.flip()).toString();
    }

    static SocketFd accept(SocketFd server) throws IOException {
        return Objects.requireNonNull(server.accept());
    }

    static void assertErrno(String name, ThrowingCallable call) {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.errnoName()).as(e.getMessage()).isEqualTo(name));
    }

    static int awaitReady(SocketFd socket, int events) throws IOException {
        Poll poll = Poll.create();
        poll.register(socket, events);
        return poll.poll(Duration.ofMinutes(1)).getFirst().revents();
    }

    private SocketAddress address(StandardProtocolFamily family) {
        return switch (family) {
            case INET -> LOOPBACK4;
            case INET6 -> LOOPBACK6;
            case UNIX -> UnixDomainSocketAddress.of(directory.resolve("socket"));
        };
    }

    @ParameterizedTest
    @EnumSource
    void connection_ofEachFamily_works(StandardProtocolFamily family) throws Exception {
        try (SocketFd server = SocketFd.createServer(address(family), 5);
                SocketFd client = SocketFd.createConnection(server.localAddress());
                SocketFd accepted = accept(server)) {
            assertThat(client.remoteAddress()).isEqualTo(server.localAddress());
            assertThat(accepted.localAddress()).isEqualTo(server.localAddress());
            assertThat(accepted.remoteAddress()).isEqualTo(client.localAddress());
            client.write(bytes("question"));
            assertThat(read(accepted)).isEqualTo("question");
            accepted.write(bytes("answer"));
            assertThat(read(client)).isEqualTo("answer");
            for (SocketFd socket : List.of(server, client, accepted)) {
                assertThat(socket.isBlocking()).isTrue();
                assertThat(Libc.isCloseOnExec(socket.fileno())).isTrue();
                assertThat(socket).hasToString("SocketFd[fd=" + socket.fileno() + "]");
            }
        }
    }

    @Test
    void unixAddresses_arePaths() throws Exception {
        SocketAddress path = address(StandardProtocolFamily.UNIX);
        try (SocketFd server = SocketFd.createServer(path, 5);
                SocketFd client = SocketFd.createConnection(path);
                SocketFd accepted = accept(server)) {
            assertThat(server.localAddress()).isEqualTo(path);
            assertThat(client.remoteAddress()).isEqualTo(path);
            assertThat(client.localAddress()).isEqualTo(UnixDomainSocketAddress.of(""));
            assertThat(accepted.remoteAddress()).isEqualTo(UnixDomainSocketAddress.of(""));
        }
    }

    @ParameterizedTest
    @CsvSource({"STREAM", "SEQPACKET"})
    void onlyPackets_keepBoundaries(SocketFd.Type type) throws Exception {
        SocketAddress path = address(StandardProtocolFamily.UNIX);
        try (SocketFd server = SocketFd.open(StandardProtocolFamily.UNIX, type)) {
            server.bind(path);
            server.listen(1);
            try (SocketFd client = SocketFd.open(StandardProtocolFamily.UNIX, type)) {
                assertThat(client.connect(path)).isTrue();
                try (SocketFd accepted = accept(server)) {
                    client.write(bytes("one"));
                    client.write(bytes("two"));
                    assertThat(read(accepted)).isEqualTo(type == SocketFd.Type.STREAM ? "onetwo" : "one");
                    client.shutdownOutput();
                    assertThat(read(accepted)).isEqualTo(type == SocketFd.Type.STREAM ? "end" : "two");
                    assertThat(read(accepted)).isEqualTo("end");
                }
            }
        }
    }

    @Test
    void ipv6Socket_takesIpv4UnlessV6Only() throws Exception {
        try (SocketFd server = SocketFd.open(StandardProtocolFamily.INET6, SocketFd.Type.STREAM)) {
            server.bind(new InetSocketAddress(InetAddress.ofLiteral("::"), 0));
            server.listen(1);
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            InetSocketAddress mapped = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
            try (SocketFd client = SocketFd.open(StandardProtocolFamily.INET6, SocketFd.Type.STREAM)) {
                assertThat(client.connect(mapped)).isTrue();
                try (SocketFd accepted = accept(server)) {
                    assertThat(accepted.remoteAddress()).isEqualTo(client.localAddress());
                    assertThat(((InetSocketAddress) accepted.remoteAddress()).getAddress())
                            .isNotInstanceOf(Inet6Address.class);
                }
            }
        }
        try (SocketFd only6 = SocketFd.open(StandardProtocolFamily.INET6, SocketFd.Type.STREAM)) {
            only6.setOption(SocketFd.IPV6_V6ONLY, true);
            only6.bind(new InetSocketAddress(InetAddress.ofLiteral("::"), 0));
            only6.listen(1);
            int port = ((InetSocketAddress) only6.localAddress()).getPort();
            assertErrno(
                    "ECONNREFUSED",
                    () -> SocketFd.createConnection(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port)));
        }
    }

    @Test
    void unboundSocket_hasWildcardOrEmptyPath() throws Exception {
        try (SocketFd inet = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
                SocketFd unix = SocketFd.open(StandardProtocolFamily.UNIX, SocketFd.Type.STREAM)) {
            assertThat(inet.localAddress()).isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0));
            assertThat(unix.localAddress()).isEqualTo(UnixDomainSocketAddress.of(""));
            assertErrno("ENOTCONN", inet::remoteAddress);
            assertErrno("ENOTCONN", unix::remoteAddress);
        }
    }

    @Test
    void shutdown_endsOneDirection() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            pair.first().write(bytes("last"));
            pair.first().shutdownOutput();
            assertThat(read(pair.second())).isEqualTo("last");
            assertThat(read(pair.second())).isEqualTo("end");
            assertErrno("EPIPE", () -> pair.first().write(bytes("x")));
            assertErrno("EPIPE", () -> pair.first().send(bytes("x"), 0));
            pair.second().write(bytes("other way"));
            assertThat(read(pair.first())).isEqualTo("other way");
            pair.first().shutdownInput();
            assertThat(read(pair.first())).isEqualTo("end");
            assertErrno("EPIPE", () -> pair.second().write(bytes("x")));
        }
        try (SocketFd alone = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM)) {
            assertErrno("ENOTCONN", alone::shutdownInput);
            assertErrno("ENOTCONN", alone::shutdownOutput);
        }
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void remoteAddress_outlivesConnection() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK4, 1);
                SocketFd client = SocketFd.createConnection(server.localAddress());
                SocketFd accepted = accept(server)) {
            SocketAddress peer = client.localAddress();
            client.setOption(StandardSocketOptions.SO_LINGER, 0);
            client.close(); // sends a reset
            assertErrno("ECONNRESET", () -> accepted.read(ByteBuffer.allocate(1)));
            assertThat(accepted.remoteAddress()).isEqualTo(peer);
            accepted.close();
            assertThat(accepted.remoteAddress()).isEqualTo(peer);
            assertThat(client.remoteAddress()).isEqualTo(server.localAddress());
        }
    }

    @Test
    void portInUse_isNamed() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK4, 1)) {
            SocketAddress taken = server.localAddress();
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> SocketFd.createServer(taken, 1))
                    .withMessage("bind(" + taken + "): EADDRINUSE (98) Address already in use");
            assertErrno("EINVAL", () -> server.bind(LOOPBACK4));
        }
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void server_canBeRestartedAtOnce() throws Exception {
        SocketAddress address;
        try (SocketFd server = SocketFd.createServer(LOOPBACK4, 1);
                SocketFd client = SocketFd.createConnection(server.localAddress());
                SocketFd accepted = accept(server)) {
            address = server.localAddress();
            accepted.close(); // this side closes first and enters TIME_WAIT
            assertThat(read(client)).isEqualTo("end");
        }
        SocketFd.createServer(address, 1).close();
    }

    @Test
    void failedFactory_leavesNoDescriptor() throws Exception {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("localhost", 80);
        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> SocketFd.createConnection(unresolved));
        int before = lowestFree();
        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> SocketFd.createConnection(unresolved));
        assertErrno(
                "ENOENT", () -> SocketFd.createConnection(UnixDomainSocketAddress.of(directory.resolve("missing"))));
        assertThat(lowestFree()).isEqualTo(before);
    }

    private static int lowestFree() {
        int fd = Libc.dupAtLeast(0, 0);
        Libc.close(fd);
        return fd;
    }

    @Test
    void addressOfOtherFamily_isRefused() throws Exception {
        SocketAddress path = address(StandardProtocolFamily.UNIX);
        try (SocketFd inet = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
                SocketFd unix = SocketFd.open(StandardProtocolFamily.UNIX, SocketFd.Type.STREAM)) {
            assertThatIllegalArgumentException().isThrownBy(() -> inet.bind(path));
            assertThatIllegalArgumentException().isThrownBy(() -> inet.connect(LOOPBACK6));
            assertThatIllegalArgumentException().isThrownBy(() -> unix.connect(LOOPBACK4));
            ProtocolFamily other = () -> "IPX";
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SocketFd.open(other, SocketFd.Type.STREAM))
                    .withMessageContaining("IPX");
            assertThatIllegalArgumentException().isThrownBy(() -> inet.listen(-1));
        }
    }

    @Test
    void borrowedSocket_worksAndStaysOpen() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.DATAGRAM);
                PipeFd.Pipe pipe = PipeFd.open()) {
            int fd = pair.first().fileno();
            try (SocketFd borrowed = SocketFd.borrow(fd)) {
                assertThat(borrowed.send(bytes("x"), 0)).isEqualTo(1);
                assertThat(read(pair.second())).isEqualTo("x");
                pair.second().send(bytes(""), 0);
                assertThat(borrowed.receive(ByteBuffer.allocate(9), 0))
                        .as("an empty message is not the end")
                        .isZero();
            }
            assertThat(Libc.isOpen(fd)).isTrue();
            assertErrno("ENOTSOCK", () -> SocketFd.borrow(pipe.reader().fileno()));
            assertErrno("EBADF", () -> SocketFd.borrow(Libc.NEVER_OPEN));
            assertThatIllegalArgumentException().isThrownBy(() -> SocketFd.borrow(-1));
        }
    }

    @Test
    void duplicate_sharesConnection() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK4, 1);
                SocketFd client = SocketFd.createConnection(server.localAddress());
                SocketFd copy = client.dup();
                SocketFd accepted = accept(server)) {
            assertThat(Libc.isCloseOnExec(copy.fileno())).isTrue();
            assertThat(copy.remoteAddress()).isEqualTo(server.localAddress());
            copy.write(bytes("x"));
            assertThat(read(accepted)).isEqualTo("x");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "RDM", mode = Mode.EXCLUDE)
    void pair_isCloseOnExec_closesTogether(SocketFd.Type type) throws Exception {
        SocketFd.Pair pair = SocketFd.pair(type);
        int first = pair.first().fileno();
        int second = pair.second().fileno();
        assertThat(Libc.isCloseOnExec(first)).isTrue();
        assertThat(Libc.isCloseOnExec(second)).isTrue();
        pair.close();
        assertThat(Libc.isOpen(first)).isFalse();
        assertThat(Libc.isOpen(second)).isFalse();
    }

    @Test
    void pairOfUnsupportedType_fails() {
        assertErrno("ESOCKTNOSUPPORT", () -> SocketFd.pair(SocketFd.Type.RDM));
    }

    @Test
    void close_endsBlockedCalls() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
                SocketFd server = SocketFd.createServer(LOOPBACK4, 1);
                SocketFd udp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
                SocketFd.Pair full = SocketFd.pair(SocketFd.Type.STREAM)) {
            udp.bind(LOOPBACK4);
            assertEndsByClosing(pair.first(), () -> pair.first().read(ByteBuffer.allocate(1)));
            assertEndsByClosing(server, server::accept);
            assertEndsByClosing(udp, () -> udp.receiveFrom(ByteBuffer.allocate(1), 0));
            full.first().setBlocking(false);
            int sent;
            do {
                sent = full.first().write(ByteBuffer.allocate(100_000));
            } while (sent > 0);
            full.first().setBlocking(true);
            assertEndsByClosing(full.first(), () -> full.first().write(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void closeOfBorrowedSocket_keepsConnection() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
                SocketFd borrowed = SocketFd.borrow(pair.first().fileno());
                Background<Integer> waiting = Background.start(() -> borrowed.read(ByteBuffer.allocate(1)))) {
            waiting.awaitAsleep();
            closeEarly(borrowed);
            Thread.sleep(20);
            assertThat(waiting.isRunning()).isTrue();
            pair.second().write(bytes("x"));
            assertThat(waiting.result()).isEqualTo(1);
            pair.second().write(bytes("y"));
            assertThat(read(pair.first())).as("the connection is open").isEqualTo("y");
        }
    }

    /// The peer reads nothing, so the unsent data are never acknowledged.
    private static Duration timeToClose(int lingerSeconds) throws IOException {
        try (SocketFd server = SocketFd.createServer(LOOPBACK4);
                SocketFd client = SocketFd.createConnection(server.localAddress());
                SocketFd accepted = accept(server)) {
            assertThat(accepted.isOpen()).isTrue();
            client.setBlocking(false);
            while (client.write(ByteBuffer.allocateDirect(100_000)) > 0) {
                // until the send buffer is full
            }
            client.setOption(StandardSocketOptions.SO_LINGER, lingerSeconds);
            long start = System.nanoTime();
            closeEarly(client);
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }

    /// An exception that [SocketFd] documents: non-blocking sockets block on close if they linger.
    @Test
    void nonBlockingClose_lingers() throws Exception {
        assertThat(timeToClose(1)).isGreaterThan(Duration.ofMillis(900));
        assertThat(timeToClose(-1)).isLessThan(Duration.ofMillis(900));
        assertThat(timeToClose(0)).isLessThan(Duration.ofMillis(900));
    }

    private static void closeEarly(SocketFd socket) throws IOException {
        socket.close();
    }

    @Test
    void closed_refusesEverything() throws Exception {
        SocketFd socket = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
        socket.close();
        List<ThrowingCallable> uses = List.of(
                () -> socket.bind(LOOPBACK4),
                socket::listen,
                () -> socket.listen(1),
                socket::accept,
                () -> socket.connect(LOOPBACK4),
                socket::finishConnect,
                socket::shutdownInput,
                socket::shutdownOutput,
                () -> socket.read(ByteBuffer.allocate(1)),
                () -> socket.write(bytes("x")),
                () -> socket.receive(ByteBuffer.allocate(1), 0),
                () -> socket.send(bytes("x"), 0),
                () -> socket.receiveFrom(ByteBuffer.allocate(1), 0),
                () -> socket.sendTo(bytes("x"), LOOPBACK4, 0),
                socket::localAddress,
                socket::remoteAddress,
                () -> socket.setOption(StandardSocketOptions.SO_REUSEADDR, true),
                () -> socket.getOption(StandardSocketOptions.SO_REUSEADDR),
                socket::dup);
        for (ThrowingCallable use : uses) {
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(use);
        }
    }

    static void assertEndsByClosing(SocketFd socket, Callable<?> call) {
        int fd = socket.fileno();
        try (Background<Object> waiting = Background.start(() -> {
            Object _ = call.call();
            return "ended";
        })) {
            waiting.awaitAsleep();
            assertThat(waiting.isRunning()).isTrue();
            assertThatExceptionOfType(AsynchronousCloseException.class).isThrownBy(() -> {
                socket.close();
                waiting.result();
            });
            assertThat(Libc.isOpen(fd)).isFalse();
        }
    }
}
