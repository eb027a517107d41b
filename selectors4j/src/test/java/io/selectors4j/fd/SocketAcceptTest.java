package io.selectors4j.fd;

import static io.selectors4j.fd.SocketFdTest.LOOPBACK4;
import static io.selectors4j.fd.SocketFdTest.LOOPBACK6;
import static io.selectors4j.fd.SocketFdTest.accept;
import static io.selectors4j.fd.SocketFdTest.assertErrno;
import static io.selectors4j.fd.SocketFdTest.awaitReady;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.os.Poll;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Listening and accepting: backlog, blocking mode of accepted sockets, aborted connections.
class SocketAcceptTest {

    @TempDir
    private Path directory;

    private SocketAddress address(StandardProtocolFamily family) {
        return switch (family) {
            case INET -> LOOPBACK4;
            case INET6 -> LOOPBACK6;
            case UNIX -> UnixDomainSocketAddress.of(directory.resolve("socket"));
        };
    }

    @Test
    void nonBlockingAccept_nothingWaiting_isNull() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK4, 1)) {
            server.setBlocking(false);
            assertThat((@Nullable Object) server.accept()).isNull();
            try (SocketFd client = SocketFd.createConnection(server.localAddress())) {
                awaitReady(server, Poll.POLLIN);
                try (SocketFd accepted = accept(server)) {
                    assertThat(accepted.remoteAddress()).isEqualTo(client.localAddress());
                }
            }
        }
    }

    /// Connects to a listener and returns the mode of the accepted socket.
    private static boolean isAcceptedBlocking(SocketFd listener) throws IOException {
        try (SocketFd client = SocketFd.createConnection(listener.localAddress())) {
            assertThat(client.isBlocking()).isTrue();
            awaitReady(listener, Poll.POLLIN);
            try (SocketFd accepted = accept(listener)) {
                if (!accepted.isBlocking()) {
                    assertThat(accepted.read(ByteBuffer.allocate(1))).isZero();
                }
                return accepted.isBlocking();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void accepted_takesModeOfListener(StandardProtocolFamily family) throws Exception {
        try (SocketFd server = SocketFd.createServer(address(family))) {
            assertThat(isAcceptedBlocking(server)).isTrue();
            server.setBlocking(false);
            assertThat(isAcceptedBlocking(server)).isFalse();
            server.setBlocking(true);
            assertThat(isAcceptedBlocking(server)).isTrue();
        }
    }

    @Test
    void accepted_takesModeSetThroughDuplicate() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK4, 1);
                SocketFd copy = server.dup()) {
            server.setBlocking(false);
            assertThat(isAcceptedBlocking(copy)).isFalse();
            copy.setBlocking(true);
            assertThat(isAcceptedBlocking(server)).isTrue();
        }
    }

    @Test
    void accepted_takesModeOfAdoptedOrBorrowedListener() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK4, 1)) {
            server.setBlocking(false);
            try (SocketFd borrowed = SocketFd.borrow(server.fileno());
                    SocketFd adopted = SocketFd.fromFd(Libc.dup(server.fileno()))) {
                assertThat(isAcceptedBlocking(borrowed)).isFalse();
                assertThat(isAcceptedBlocking(adopted)).isFalse();
            }
        }
    }

    /// A change through a second object of the number is not seen until this object sets the mode.
    @Test
    void accepted_ignoresModeSetElsewhere() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK4, 1);
                Fd other = Fd.borrow(server.fileno())) {
            other.setBlocking(false);
            assertThat(isAcceptedBlocking(server)).isTrue();
            server.setBlocking(false);
            assertThat(isAcceptedBlocking(server)).isFalse();
        }
    }

    @Test
    void abortedConnection_isAcceptedAndReset() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK4, 5)) {
            SocketFd gone = SocketFd.createConnection(server.localAddress());
            gone.setOption(StandardSocketOptions.SO_LINGER, 0);
            SocketAddress address = gone.localAddress();
            gone.close();
            try (SocketFd accepted = accept(server)) { // Linux returns it nevertheless
                assertThat(accepted.remoteAddress()).isEqualTo(address);
                assertErrno("ECONNRESET", () -> accepted.read(ByteBuffer.allocate(1)));
            }
        }
    }

    /// More connections than the default of Python (128) and of NIO (50), if the system allows that many.
    private static int manyConnections() throws IOException {
        int limit = Integer.parseInt(
                Files.readString(Path.of("/proc/sys/net/core/somaxconn")).strip());
        return Math.min(limit, 200);
    }

    /// Connecting to a Unix socket succeeds at once while there is room in the queue.
    private static void expectRoomForMany(SocketAddress path) throws IOException {
        List<SocketFd> clients = new ArrayList<>();
        try {
            for (int i = 0; i < manyConnections(); i++) {
                SocketFd client = SocketFd.open(StandardProtocolFamily.UNIX, SocketFd.Type.STREAM);
                clients.add(client);
                client.setBlocking(false);
                assertThat(client.connect(path)).isTrue();
            }
        } finally {
            for (SocketFd client : clients) {
                client.close();
            }
        }
    }

    @Test
    void createServer_defaultBacklog_holdsMany() throws Exception {
        SocketAddress path = address(StandardProtocolFamily.UNIX);
        try (SocketFd server = SocketFd.createServer(path)) {
            expectRoomForMany(path);
            accept(server).close();
        }
    }

    @Test
    void listen_defaultBacklog_holdsMany() throws Exception {
        SocketAddress path = address(StandardProtocolFamily.UNIX);
        try (SocketFd server = SocketFd.open(StandardProtocolFamily.UNIX, SocketFd.Type.STREAM)) {
            server.bind(path);
            server.listen();
            expectRoomForMany(path);
        }
    }

    @Test
    void listen_again_changesBacklog() throws Exception {
        SocketAddress path = address(StandardProtocolFamily.UNIX);
        try (SocketFd server = SocketFd.createServer(path, 0);
                SocketFd first = SocketFd.createConnection(path);
                SocketFd second = SocketFd.open(StandardProtocolFamily.UNIX, SocketFd.Type.STREAM)) {
            assertThat(first.isOpen()).isTrue();
            second.setBlocking(false);
            assertErrno("EAGAIN", () -> second.connect(path));
            server.listen();
            assertThat(second.connect(path)).isTrue();
        }
    }
}
