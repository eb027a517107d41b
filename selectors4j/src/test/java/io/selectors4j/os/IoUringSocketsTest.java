package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.selectors4j.Pollable;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.testing.Libc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests on sockets, and timers.
class IoUringSocketsTest extends IoUringFixture {

    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    private static final InetSocketAddress LOOPBACK6 = new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);

    @Test
    void recv_waitsForBytes() throws Exception {
        ByteBuffer target = direct(8).position(1);
        ring.recv(a, target, 0, 0, 1);
        assertThat(ring.submitAndWait(NOW, completions)).isZero();
        ring.send(b, direct("hello"), 0, 0, 2);
        assertThat(await(2)).containsEntry(1L, 5).containsEntry(2L, 5);
        assertThat(text(target.limit(6))).isEqualTo("hello");
        assertThat(completions.size()).isZero();
    }

    @Test
    void recv_returnsTheEndOfTheData() throws Exception {
        ring.recv(a, direct(8), 0, 0, 1);
        b.close();
        assertThat(awaitOne(1)).isZero();
    }

    @Test
    void sendWithoutReader_fails() throws Exception {
        b.close();
        ring.send(a, direct("x"), 0, 0, 1);
        assertThat(awaitOne(1)).isEqualTo(errno("EPIPE")); // and no signal
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void messages_haveAddresses(String host) throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral(host), 0);
        StandardProtocolFamily family = host.contains(":") ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
        try (SocketFd receiver = SocketFd.open(family, SocketFd.Type.DATAGRAM);
                SocketFd sender = SocketFd.open(family, SocketFd.Type.DATAGRAM)) {
            receiver.bind(any);
            sender.bind(any);
            ByteBuffer[] targets = {direct(2), direct(3)};
            IoUringMessage received = new IoUringMessage(targets);
            IoUringMessage sent = new IoUringMessage(direct("ab"), direct("cd"));
            ring.recvmsg(receiver, received, 0, 0, 1);
            assertThatIllegalStateException().isThrownBy(received::sender).withMessageContaining("in use");
            assertThatIllegalStateException().isThrownBy(() -> received.setReceiver(null));
            assertThatIllegalStateException().isThrownBy(received::isTruncated);
            assertThatIllegalStateException().isThrownBy(() -> ring.recvmsg(receiver, received, 0, 0, 9));
            ring.sendmsg(sender, sent.setReceiver(receiver.localAddress()), 0, 0, 2);
            assertThat(await(2)).containsEntry(1L, 4).containsEntry(2L, 4);
            assertThat(text(targets[0]) + text(targets[1].limit(2))).isEqualTo("abcd");
            assertThat(received.sender()).isEqualTo(sender.localAddress());
            assertThat(received.isTruncated()).isFalse();
            targets[1].limit(0);
            ring.recvmsg(receiver, received, 0, 0, 3);
            ring.sendmsg(sender, sent, 0, 0, 4);
            assertThat(await(2)).containsEntry(3L, 2).containsEntry(4L, 4);
            assertThat(received.isTruncated()).isTrue();
        }
    }

    @Test
    void connectedSocket_needsNoReceiver() throws Exception {
        IoUringMessage message = new IoUringMessage(direct(4));
        ring.recvmsg(a, message, 0, 0, 1);
        ring.sendmsg(b, new IoUringMessage(direct("ab"), direct(""), direct("c")), 0, 0, 2);
        assertThat(await(2)).containsEntry(1L, 3).containsEntry(2L, 3);
        assertThat(message.sender()).isNull();
    }

    @Test
    void badMessage_isNotInUse() throws Exception {
        IoUringMessage readOnly = new IoUringMessage(direct(4).asReadOnlyBuffer());
        assertThatIllegalArgumentException().isThrownBy(() -> ring.recvmsg(a, readOnly, 0, 0, 1));
        IoUringMessage message = new IoUringMessage(direct(4));
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> message.setReceiver(InetSocketAddress.createUnresolved("nowhere.invalid", 1)));
        assertThatIllegalArgumentException().isThrownBy(() -> ring.recvmsg(() -> -1, message, 0, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> ring.recvmsg(a, message, 0, -1, 1));
        assertThat(message.setReceiver(null).sender()).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> new IoUringMessage(ByteBuffer.allocate(1)));
        assertThat(ring.submit()).isZero();
    }

    @Test
    void connectAndAccept_makeAConnection(@TempDir Path directory) throws Exception {
        for (SocketAddress address :
                List.of(LOOPBACK, LOOPBACK6, UnixDomainSocketAddress.of(directory.resolve("socket")))) {
            try (SocketFd server = SocketFd.createServer(address, 5);
                    SocketFd client = SocketFd.open(family(address), SocketFd.Type.STREAM)) {
                ring.accept(server, 0, 1);
                ring.connect(client, server.localAddress(), 0, 2);
                int number = Objects.requireNonNull(await(2).get(1L));
                try (SocketFd accepted = SocketFd.fromFd(number)) {
                    assertThat(Libc.isCloseOnExec(number)).isTrue();
                    client.write(ByteBuffer.wrap(new byte[3]));
                    assertThat(accepted.read(ByteBuffer.allocate(5))).isEqualTo(3);
                }
            }
        }
    }

    private static StandardProtocolFamily family(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? inet.getAddress().getAddress().length == 4
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6
                : StandardProtocolFamily.UNIX;
    }

    @Test
    void connectOfAnIpv6Socket_takesAnIpv4Address() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK, 5);
                SocketFd client = SocketFd.open(StandardProtocolFamily.INET6, SocketFd.Type.STREAM)) {
            ring.connect(client, server.localAddress(), 0, 1);
            assertThat(awaitOne(1)).isZero();
        }
    }

    @Test
    void connectOfARegisteredSocket_takesItsFamily() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK6, 5);
                SocketFd client = SocketFd.open(StandardProtocolFamily.INET6, SocketFd.Type.STREAM)) {
            ring.registerFiles(List.of(client));
            ring.connect(Pollable.borrow(0), server.localAddress(), IoUring.IOSQE_FIXED_FILE, 1);
            assertThat(awaitOne(1)).isZero();
        }
    }

    @Test
    void refusedConnect_completesWithTheError() throws Exception {
        SocketAddress closed;
        try (SocketFd server = SocketFd.createServer(LOOPBACK, 5)) {
            closed = server.localAddress();
        }
        try (SocketFd client = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM)) {
            ring.connect(client, closed, 0, 1);
            assertThat(awaitOne(1)).isEqualTo(errno("ECONNREFUSED"));
            assertThatIllegalArgumentException().isThrownBy(() -> ring.connect(client, LOOPBACK6, 0, 1));
        }
    }

    @Test
    void acceptMultishot_acceptsUntilCanceled() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK, 5)) {
            long id = ring.acceptMultishot(server, 0, 7);
            for (int i = 0; i < 3; i++) {
                try (SocketFd client = SocketFd.createConnection(server.localAddress())) {
                    assertThat(ring.submitAndWait(LONG, completions)).isEqualTo(1);
                    assertThat(completions.hasMore(0)).isTrue();
                    assertThat(completions.data(0)).isEqualTo(7);
                    assertThat(completions.bufferId(0)).isEqualTo(-1);
                    try (SocketFd accepted = SocketFd.fromFd(completions.result(0))) {
                        assertThat(accepted.remoteAddress()).isEqualTo(client.localAddress());
                    }
                }
            }
            ring.cancel(id, 0, 8);
            assertThat(await(2)).containsEntry(7L, errno("ECANCELED")).containsEntry(8L, 0);
        }
    }

    @Test
    void poll_returnsTheEvents() throws Exception {
        ring.poll(a, Poll.POLLOUT | Poll.POLLIN, 0, 1);
        assertThat(awaitOne(1)).isEqualTo(Poll.POLLOUT);
        ring.poll(a, Poll.POLLIN | Poll.POLLRDHUP, 0, 2);
        assertThat(ring.submitAndWait(NOW, completions)).isZero();
        b.shutdownOutput();
        assertThat(awaitOne(2)).isEqualTo(Poll.POLLIN | Poll.POLLRDHUP);
    }

    @Test
    void pollMultishot_reportsEachChange() throws Exception {
        ring.pollMultishot(a, Poll.POLLIN, 0, 1);
        ring.submit();
        for (int i = 0; i < 3; i++) {
            b.write(ByteBuffer.wrap(new byte[1]));
            assertThat(ring.submitAndWait(LONG, completions)).isEqualTo(1);
            assertThat(completions.result(0)).isEqualTo(Poll.POLLIN);
            assertThat(completions.hasMore(0)).isTrue();
            assertThat(ring.submitAndWait(NOW, completions)).isZero();
        }
        ring.cancelAll(a, 0, 2);
        assertThat(await(2)).containsEntry(1L, errno("ECANCELED")).containsEntry(2L, 1);
    }

    @Test
    void timeout_isNeverEarly() throws Exception {
        for (long nanos : new long[] {0, 1, 1_000_001, 20_000_000}) {
            long start = System.nanoTime();
            ring.timeout(Duration.ofNanos(nanos), 0, 1);
            assertThat(awaitOne(1)).isEqualTo(errno("ETIME"));
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
        }
        ring.timeout(Duration.ofSeconds(Long.MAX_VALUE), 0, 1);
        assertThat(ring.submitAndWait(Duration.ofMillis(5), completions)).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ring.timeout(Duration.ofNanos(-1), 0, 1))
                .withMessageContaining("negative time");
    }

    @Test
    void linkTimeout_cancelsTheRequest() throws Exception {
        ring.recv(a, direct(1), 0, IoUring.IOSQE_IO_LINK, 1);
        ring.linkTimeout(Duration.ofMillis(5), 0, 2);
        assertThat(await(2)).containsEntry(1L, errno("ECANCELED")).containsEntry(2L, errno("ETIME"));
        b.write(ByteBuffer.wrap(new byte[1]));
        ring.recv(a, direct(1), 0, IoUring.IOSQE_IO_LINK, 3);
        ring.linkTimeout(LONG, 0, 4);
        assertThat(await(2)).containsEntry(3L, 1).containsEntry(4L, errno("ECANCELED"));
    }

    @Test
    void cancel_endsOneRequest() throws Exception {
        long first = ring.recv(a, direct(1), 0, 0, 1);
        long second = ring.recv(b, direct(1), 0, 0, 1);
        assertThat(first).isNotEqualTo(second);
        ring.submit();
        ring.cancel(second, 0, 2);
        assertThat(await(2)).containsEntry(1L, errno("ECANCELED")).containsEntry(2L, 0);
        for (long none : new long[] {second, 0, -1, first + 1}) {
            ring.cancel(none, 0, 3);
            assertThat(awaitOne(3)).as("%x", none).isEqualTo(errno("ENOENT"));
        }
        b.write(ByteBuffer.wrap(new byte[1]));
        assertThat(awaitOne(1)).isEqualTo(1);
    }

    @Test
    void descriptorClosedBeforeTheSubmission_isNotUsed() throws Exception {
        SocketFd.Pair other = SocketFd.pair(SocketFd.Type.STREAM);
        int number = other.first().fileno();
        ring.send(other.first(), direct("lost"), 0, 0, 1);
        ring.recv(other.second(), direct(4), 0, 0, 2);
        ring.nop(0, 3);
        other.close();
        Libc.dupOnto(a.fileno(), number); // the number has another owner
        try {
            assertThat(await(3))
                    .containsEntry(1L, errno("EBADF"))
                    .containsEntry(2L, errno("EBADF"))
                    .containsEntry(3L, 0);
            b.setBlocking(false);
            assertThat(b.read(ByteBuffer.allocate(8))).isZero();
        } finally {
            Libc.close(number);
        }
    }

    @Test
    void descriptorClosedAfterTheSubmission_isUsed() throws Exception {
        ByteBuffer target = direct(4);
        ring.recv(a, target, 0, 0, 1);
        ring.submit();
        Libc.close(Libc.dup(b.fileno()));
        pair.first().close();
        b.write(ByteBuffer.wrap(new byte[] {7}));
        assertThat(awaitOne(1)).isEqualTo(1);
        assertThat(target.get(0)).isEqualTo((byte) 7);
    }

    @Test
    void wrongKindOfDescriptor_completesWithTheError() throws Exception {
        ring.recv(ring, direct(1), 0, 0, 1);
        ring.accept(a, 0, 2);
        ring.recv(Pollable.borrow(Libc.NEVER_OPEN), direct(1), 0, 0, 3);
        assertThat(await(3))
                .containsEntry(1L, errno("ENOTSOCK"))
                .containsEntry(2L, errno("EINVAL"))
                .containsEntry(3L, errno("EBADF"));
    }
}
