package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Pollable;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.os.Select;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The echo servers under conditions in which their Python originals failed.
class ConnectionTest {

    private static final Transcript SILENT = _ -> {};
    private static final Duration IDLE_TIME = Duration.ofMillis(300);
    private static final int MEBIBYTE = 1 << 20;

    @ParameterizedTest
    @MethodSource("io.selectors4j.examples.Programs#echoServers")
    void clientShutsDownOutput_receivesTheRest(Program program) throws Exception {
        try (RunningServer server = RunningServer.start(program, SILENT);
                TcpClient client = server.connect()) {
            byte[] sent = random(MEBIBYTE);
            FutureTask<Void> sending = inBackground(() -> {
                client.socket.write(ByteBuffer.wrap(sent));
                client.socket.shutdownOutput();
            });
            assertThat(client.receive(sent.length + 1)).isEqualTo(ByteBuffer.wrap(sent));
            sending.get(2, TimeUnit.MINUTES);
        }
    }

    /// Sends without receiving until the connection is full, and then receives in small pieces. A server with an
    /// unbounded buffer would receive all bytes; a bounded one receives no more than fits into the kernel's buffers and
    /// its queue.
    @Tag("ci")
    @ParameterizedTest
    @MethodSource("io.selectors4j.examples.Programs#echoServers")
    void slowReader_isHeldBackAndReceivesEverything(Program program) throws Exception {
        try (RunningServer server = RunningServer.start(program, SILENT);
                TcpClient client = server.connect()) {
            client.socket.setOption(StandardSocketOptions.SO_RCVBUF, 64 * 1024);
            client.socket.setBlocking(false);
            byte[] data = random(kernelBuffers() + 10 * MEBIBYTE);
            ByteBuffer toSend = ByteBuffer.wrap(data);
            while (!Select.<Pollable>select(List.of(), List.of(client.socket), List.of(), IDLE_TIME)
                            .isEmpty()
                    && toSend.hasRemaining()) {
                client.socket.write(toSend);
            }
            assertThat(toSend.remaining()).as("bytes not sent").isPositive();

            int total = Math.max(10 * MEBIBYTE, toSend.position());
            toSend.limit(total);
            ByteBuffer received = ByteBuffer.allocate(total);
            while (received.hasRemaining()) {
                List<Pollable> writers = toSend.hasRemaining() ? List.of(client.socket) : List.of();
                Select.Ready<Pollable> ready =
                        Select.select(List.of(client.socket), writers, List.of(), Duration.ofMinutes(2));
                assertThat(ready.isEmpty())
                        .as("nothing is ready after " + received)
                        .isFalse();
                if (!ready.writable().isEmpty()) {
                    client.socket.write(toSend);
                }
                ByteBuffer piece = received.slice(received.position(), Math.min(4096, received.remaining()));
                int count = client.socket.read(piece);
                assertThat(count).isNotNegative();
                received.position(received.position() + count);
            }
            assertThat(received.flip()).isEqualTo(ByteBuffer.wrap(data, 0, total));
        }
    }

    @ParameterizedTest
    @MethodSource("io.selectors4j.examples.Programs#echoServers")
    void resetConnection_isClosedAndOthersContinue(Program program) throws Exception {
        TranscriptLines lines = new TranscriptLines();
        try (RunningServer server = RunningServer.start(program, lines);
                TcpClient witness = server.connect();
                TcpClient client = server.connect()) {
            lines.await(client.address, line -> line.endsWith(client.address)); // accepted
            client.reset();
            lines.await(
                    "reset",
                    line -> line.startsWith("closing " + client.address + " after recv(fd=")
                            && line.endsWith(": ECONNRESET (104) Connection reset by peer"));
            assertThat(witness.echo("still there")).isEqualTo("still there");
        }
    }

    @ParameterizedTest
    @MethodSource("io.selectors4j.examples.Programs#echoServers")
    void connectionResetDuringSend_isClosed(Program program) throws Exception {
        TranscriptLines lines = new TranscriptLines();
        try (RunningServer server = RunningServer.start(program, lines);
                TcpClient witness = server.connect();
                TcpClient client = server.connect()) {
            client.socket.setBlocking(false);
            ByteBuffer data = ByteBuffer.allocate(kernelBuffers() + 10 * MEBIBYTE);
            while (!Select.<Pollable>select(List.of(), List.of(client.socket), List.of(), IDLE_TIME)
                    .isEmpty()) {
                client.socket.write(data);
            }
            client.reset();
            lines.awaitStart("closing " + client.address + " after ");
            assertThat(witness.echo("still there")).isEqualTo("still there");
        }
    }

    @ParameterizedTest
    @MethodSource("io.selectors4j.examples.Programs#echoServers")
    void urgentData_doNotMakeServerSpin(Program program) throws Exception {
        TranscriptLines lines = new TranscriptLines();
        try (RunningServer server = RunningServer.start(program, lines);
                TcpClient witness = server.connect();
                TcpClient client = server.connect()) {
            client.socket.send(ByteBuffer.wrap(new byte[] {'!'}), SocketFd.MSG_OOB);
            if (program.name().equals("selectors_echo_server")) { // it does not wait for urgent data
                assertThat(client.echo("normal")).isEqualTo("normal");
            } else {
                lines.await("handling exceptional condition for " + client.address);
            }
            assertThat(witness.echo("still there")).isEqualTo("still there");
            assertThat(lines.all()).hasSizeLessThan(100);
        }
    }

    /// Accepting one connection for each round of all served ones would starve the waiting ones.
    @Test
    void waitingClients_areAcceptedBeforeOneIsServed() throws Exception {
        TranscriptLines lines = new TranscriptLines();
        CompletableFuture<Void> allConnected = new CompletableFuture<>();
        Transcript waiting = text -> {
            lines.line(text);
            if (text.startsWith("accepted ")) {
                allConnected.join();
            }
        };
        try (RunningServer server = RunningServer.start(Programs.named("selectors_echo_server"), waiting)) {
            List<TcpClient> clients = new ArrayList<>();
            while (clients.size() < 10) {
                TcpClient client = server.connect();
                client.send("hello");
                clients.add(client);
            }
            allConnected.complete(null);
            for (TcpClient client : clients) {
                assertThat(client.receiveText(5)).isEqualTo("hello");
            }
            assertThat(lines.all().subList(1, 11)).allMatch(line -> line.startsWith("accepted "));
            for (TcpClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void queuedMessage_hasBufferOfItsLength() throws Exception {
        SocketFd socket = SocketFd.createServer(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 1);
        try (Listener listener = new Listener(socket, SILENT);
                TcpClient client = new TcpClient(SocketFd.createConnection(socket.localAddress()))) {
            awaitReadable(listener);
            Connection connection = Objects.requireNonNull(listener.accept());
            for (String text : List.of("o", "ne")) {
                client.send(text);
                awaitReadable(connection);
                connection.receive(1000);
            }
            connection.put(ByteBuffer.wrap(new byte[3]));
            for (int length = 1; length <= 3; length++) {
                assertThat(connection.send().capacity()).isEqualTo(length);
            }
            assertThat(connection.hasOutput()).isFalse();
            assertThat(client.receive(6)).isEqualTo(ISO_8859_1.encode("one\0\0\0"));
        }
    }

    private static void awaitReadable(Pollable pollable) throws Exception {
        assertThat(Select.select(List.of(pollable), List.of(), List.of(), Duration.ofMinutes(2))
                        .readable())
                .containsExactly(pollable);
    }

    private static byte[] random(int length) {
        byte[] data = new byte[length];
        new Random(1).nextBytes(data);
        return data;
    }

    /// Returns the maximum size of the kernel's buffers between two sockets, for both directions.
    private static int kernelBuffers() throws Exception {
        int sum = 0;
        for (String file : List.of("tcp_rmem", "tcp_wmem")) {
            // One read only: these files end after the first one, and Files.readString first reads a single byte.
            try (BufferedReader reader = Files.newBufferedReader(Path.of("/proc/sys/net/ipv4", file))) {
                String numbers = Objects.requireNonNull(reader.readLine());
                sum += Integer.parseInt(numbers.substring(numbers.lastIndexOf('\t') + 1));
            }
        }
        return 2 * sum;
    }

    private interface Action {
        void run() throws Exception;
    }

    private static FutureTask<Void> inBackground(Action action) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            action.run();
            return null;
        });
        Thread.ofPlatform().daemon().start(task);
        return task;
    }
}
