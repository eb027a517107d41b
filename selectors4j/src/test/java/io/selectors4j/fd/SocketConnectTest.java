package io.selectors4j.fd;

import static io.selectors4j.fd.SocketFdTest.LOOPBACK4;
import static io.selectors4j.fd.SocketFdTest.accept;
import static io.selectors4j.fd.SocketFdTest.assertEndsByClosing;
import static io.selectors4j.fd.SocketFdTest.assertErrno;
import static io.selectors4j.fd.SocketFdTest.awaitReady;
import static io.selectors4j.fd.SocketFdTest.bytes;
import static io.selectors4j.fd.SocketFdTest.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.NativeIOException;
import io.selectors4j.os.Poll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Blocking and non-blocking connects.
class SocketConnectTest {

    @TempDir
    private Path directory;

    @Test
    void nonBlockingConnect_completesLater() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK4, 1);
                SocketFd client = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM)) {
            client.setBlocking(false);
            if (!client.connect(server.localAddress())) {
                awaitReady(client, Poll.POLLOUT);
                assertThat(client.finishConnect()).isTrue();
            }
            assertThat(client.finishConnect()).as("called again").isTrue();
            assertThat(client.remoteAddress()).isEqualTo(server.localAddress());
            try (SocketFd accepted = accept(server)) {
                accepted.write(bytes("x"));
                awaitReady(client, Poll.POLLIN);
                assertThat(read(client)).isEqualTo("x");
            }
            InetSocketAddress elsewhere = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 9);
            connectAgain(client, elsewhere);
            assertErrno("EISCONN", () -> client.connect(elsewhere));
            assertThat(client.remoteAddress()).isEqualTo(server.localAddress());
        }
    }

    @Test
    void refusedNonBlockingConnect_failsLater() throws Exception {
        try (SocketFd bound = bound();
                SocketFd client = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM)) {
            SocketAddress address = bound.localAddress();
            client.setBlocking(false);
            assertThat(client.connect(address)).isFalse();
            assertThat(awaitReady(client, Poll.POLLOUT) & Poll.POLLERR).isEqualTo(Poll.POLLERR);
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(client::finishConnect)
                    .withMessage("connect(" + address + "): ECONNREFUSED (111) Connection refused");
            assertErrno("ENOTCONN", client::finishConnect);
            assertErrno("ENOTCONN", client::remoteAddress);
        }
    }

    @Test
    void refusedConnect_namesAddress_leavesNoPeer() throws Exception {
        try (SocketFd bound = bound();
                SocketFd client = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM)) {
            SocketAddress address = bound.localAddress();
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> client.connect(address))
                    .withMessage("connect(" + address + "): ECONNREFUSED (111) Connection refused");
            assertErrno("ENOTCONN", client::remoteAddress);
            assertErrno("ECONNREFUSED", () -> SocketFd.createConnection(address));
        }
    }

    @Test
    void connectInProgress_isNotFinished() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK4, 0)) {
            // The queue fills up without an accept, and a further connect gets no reply.
            List<SocketFd> clients = new ArrayList<>();
            SocketFd last;
            do {
                last = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
                clients.add(last);
                last.setBlocking(false);
            } while (clients.size() < 10 && (last.connect(server.localAddress()) || isFinishedSoon(last)));
            SocketFd waiting = last;
            assertThat(clients.size()).isLessThan(10);
            assertThat(waiting.finishConnect()).isFalse();
            assertErrno("ENOTCONN", waiting::remoteAddress);
            assertErrno("EALREADY", () -> waiting.connect(LOOPBACK4));
            assertThat(waiting.finishConnect()).isFalse();
            for (SocketFd client : clients) {
                client.close();
            }
        }
    }

    private static boolean isFinishedSoon(SocketFd client) throws IOException {
        Poll poll = Poll.create();
        poll.register(client, Poll.POLLOUT);
        poll.poll(Duration.ofMillis(100));
        return client.finishConnect();
    }

    @Test
    void finishConnect_withoutConnect_fails() throws Exception {
        try (SocketFd client = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM)) {
            assertErrno("ENOTCONN", client::finishConnect);
        }
    }

    @Test
    void fullUnixBacklog_failsWithEagain() throws Exception {
        SocketAddress path = UnixDomainSocketAddress.of(directory.resolve("socket"));
        try (SocketFd server = SocketFd.createServer(path, 0);
                SocketFd first = SocketFd.createConnection(path);
                SocketFd second = SocketFd.open(StandardProtocolFamily.UNIX, SocketFd.Type.STREAM)) {
            assertThat(first.isOpen()).isTrue();
            second.setBlocking(false);
            assertErrno("EAGAIN", () -> second.connect(path));
            assertErrno("ENOTCONN", second::remoteAddress);
            accept(server).close();
            assertThat(second.connect(path)).isTrue();
            assertThat(second.remoteAddress()).isEqualTo(path);
        }
    }

    @Test
    void unresolvedAddress_isNamed() throws Exception {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("localhost", 80);
        try (SocketFd socket = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
            List<ThrowingCallable> uses = List.of(
                    () -> SocketFd.createServer(unresolved),
                    () -> SocketFd.createConnection(unresolved),
                    () -> socket.bind(unresolved),
                    () -> socket.connect(unresolved),
                    () -> socket.sendTo(bytes("x"), unresolved, 0));
            for (ThrowingCallable use : uses) {
                assertThatExceptionOfType(UnknownHostException.class)
                        .isThrownBy(use)
                        .withMessage("unresolved address localhost:80");
            }
        }
    }

    @Test
    void close_endsBlockedConnect() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK4, 0)) {
            List<SocketFd> clients = new ArrayList<>();
            SocketFd last;
            do {
                last = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
                clients.add(last);
                last.setBlocking(false);
            } while (clients.size() < 10 && (last.connect(server.localAddress()) || isFinishedSoon(last)));
            SocketFd waiting = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
            assertEndsByClosing(waiting, () -> waiting.connect(server.localAddress()));
            for (SocketFd client : clients) {
                client.close();
            }
        }
    }

    /// On Linux, the first connect after a background connect returns 0 for any address and changes nothing.
    private static void connectAgain(SocketFd client, SocketAddress address) throws IOException {
        try {
            assertThat(client.connect(address)).isTrue();
        } catch (NativeIOException e) {
            assertThat(e.errnoName()).isEqualTo("EISCONN");
        }
    }

    /// Returns a bound socket that does not listen: connects to its address are refused while it is open.
    private static SocketFd bound() throws IOException {
        SocketFd bound = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
        bound.bind(LOOPBACK4);
        return bound;
    }
}
