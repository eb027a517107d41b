package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.os.Poll;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.TestSignal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Blocked calls interrupted by a signal whose handler has no SA_RESTART (EINTR): they continue.
class InterruptedCallsTest {

    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    @TempDir
    private Path directory;

    private TestSignal signal;

    @BeforeEach
    void installHandler() {
        signal = TestSignal.interrupting("WINCH");
    }

    @AfterEach
    void restoreHandler() {
        signal.close();
    }

    private interface Action {
        void run() throws Exception;
    }

    /// Interrupts a call several times, then lets it end.
    private <T> T interrupted(Callable<T> call, Action end) throws Exception {
        try (Background<T> waiting = Background.start(call)) {
            for (int i = 0; i < 3; i++) {
                waiting.awaitAsleep();
                signal.send(waiting);
            }
            waiting.awaitAsleep();
            end.run();
            return waiting.result();
        }
    }

    private static ByteBuffer oneByte() {
        return ByteBuffer.wrap(new byte[] {'x'});
    }

    @Test
    void reads_continue() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open();
                SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.DATAGRAM)) {
            PipeFd reader = pipe.reader();
            assertThat(interrupted(
                            () -> reader.read(ByteBuffer.allocate(9)),
                            () -> pipe.writer().write(oneByte())))
                    .isEqualTo(1);
            SocketFd socket = pair.first();
            assertThat(interrupted(
                            () -> socket.receive(ByteBuffer.allocate(9), 0),
                            () -> pair.second().write(oneByte())))
                    .isEqualTo(1);
            assertThat(interrupted(
                            () -> Objects.requireNonNull(socket.receiveFrom(ByteBuffer.allocate(9), 0)),
                            () -> pair.second().write(oneByte())))
                    .isEqualTo(UnixDomainSocketAddress.of(""));
        }
    }

    @Test
    void writes_continue() throws Exception {
        int size = 500_000;
        try (PipeFd.Pipe pipe = PipeFd.open();
                SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            assertThat(interrupted(
                            () -> pipe.writer().write(ByteBuffer.allocate(size)), () -> drain(pipe.reader(), size)))
                    .isEqualTo(size);
            assertThat(interrupted(
                            () -> pair.first().write(ByteBuffer.allocate(size)), () -> drain(pair.second(), size)))
                    .isEqualTo(size);
        }
    }

    @Test
    void countersAndTimers_continue() throws Exception {
        try (EventFd event = EventFd.open(0);
                TimerFd timer = TimerFd.open(TimerFd.Clock.MONOTONIC)) {
            long read = interrupted(() -> event.read(), () -> event.write(7));
            assertThat(read).isEqualTo(7);
            event.write(-2); // full
            boolean written = interrupted(() -> event.write(1), () -> event.read());
            assertThat(written).isTrue();
            long expired = interrupted(() -> timer.read(), () -> timer.set(Duration.ofNanos(1)));
            assertThat(expired).isEqualTo(1);
        }
    }

    private static void drain(Fd reader, int size) throws IOException {
        ByteBuffer target = ByteBuffer.allocateDirect(size);
        while (target.hasRemaining()) {
            assertThat(reader.read(target)).isPositive();
        }
    }

    @Test
    void accept_continues() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK, 1);
                SocketFd client = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM)) {
            SocketFd accepted = interrupted(
                    () -> Objects.requireNonNull(server.accept()), () -> client.connect(server.localAddress()));
            assertThat(accepted.remoteAddress()).isEqualTo(client.localAddress());
            accepted.close();
        }
    }

    @Test
    void openOfFifo_continues() throws Exception {
        Path fifo = directory.resolve("fifo");
        FileFd.mkfifo(fifo, 0600);
        List<FileFd> writers = new ArrayList<>();
        FileFd reader = interrupted(
                () -> FileFd.open(fifo, FileFd.O_RDONLY), () -> writers.add(FileFd.open(fifo, FileFd.O_WRONLY)));
        assertThat(reader.isOpen()).isTrue();
        reader.close();
        writers.getFirst().close();
    }

    @Test
    void connectContinuedByKernel_completes() throws Exception {
        try (SocketFd server = SocketFd.createServer(LOOPBACK, 0)) {
            // The queue fills up without an accept, and a further connect gets no reply.
            List<SocketFd> clients = new ArrayList<>();
            while (clients.size() < 10 && connectsSoon(server, clients)) {
                assertThat(clients).isNotEmpty();
            }
            clients.removeLast().close();
            try (SocketFd last = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM)) {
                // The kernel sends the SYN again after a second.
                assertThat(interrupted(() -> last.connect(server.localAddress()), () -> {
                            for (int i = 0; i < clients.size(); i++) {
                                SocketFdTest.accept(server).close();
                            }
                        }))
                        .isTrue();
                assertThat(last.remoteAddress()).isEqualTo(server.localAddress());
            }
            for (SocketFd client : clients) {
                client.close();
            }
        }
    }

    private static boolean connectsSoon(SocketFd server, List<SocketFd> clients) throws IOException {
        SocketFd client = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
        clients.add(client);
        client.setBlocking(false);
        client.connect(server.localAddress());
        Poll poll = Poll.create();
        poll.register(client, Poll.POLLOUT);
        return !poll.poll(Duration.ofMillis(100)).isEmpty();
    }

    @Test
    void connectToFullBacklog_isRepeated() throws Exception {
        UnixDomainSocketAddress path = UnixDomainSocketAddress.of(directory.resolve("socket"));
        try (SocketFd server = SocketFd.createServer(path, 0);
                SocketFd first = SocketFd.createConnection(path);
                SocketFd second = SocketFd.open(StandardProtocolFamily.UNIX, SocketFd.Type.STREAM)) {
            assertThat(first.remoteAddress()).isEqualTo(path);
            assertThat(interrupted(
                            () -> second.connect(path),
                            () -> SocketFdTest.accept(server).close()))
                    .isTrue();
            assertThat(second.remoteAddress()).isEqualTo(path);
        }
    }
}
