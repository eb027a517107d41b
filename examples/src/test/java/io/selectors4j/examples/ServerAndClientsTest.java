package io.selectors4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.fd.SocketFd;
import io.selectors4j.os.Select;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Both clients with each server, and with faulty servers.
@Execution(ExecutionMode.CONCURRENT)
class ServerAndClientsTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private static List<EchoResult> run(Program.Body server, TranscriptLines lines, Duration timeout)
            throws IOException {
        try (StopRequest stop = new StopRequest()) {
            return ServerAndClients.run(server, new Settings("localhost", 0, lines, stop), timeout);
        }
    }

    @ParameterizedTest
    @MethodSource("io.selectors4j.examples.Programs#echoServers")
    void eachServer_echoesAllBytesOfBothClients(Program program) throws Exception {
        TranscriptLines lines = new TranscriptLines();
        List<EchoResult> results = run(program.main()::run, lines, TIMEOUT);

        assertThat(results)
                .extracting(EchoResult::received)
                .containsExactly(
                        "This is the message. It will be sent in parts.",
                        "This is the message. It will be sent in parts.",
                        "Part one of the message.Part two of the message.");
        String one = "multiclient | " + results.get(0).client();
        String two = "multiclient | " + results.get(1).client();
        List<String> printed = lines.all();
        assertThat(printed.stream().filter(line -> line.startsWith("multiclient | (")))
                .containsExactly(
                        one + ": sending \"This is the message. \"",
                        two + ": sending \"This is the message. \"",
                        one + ": received \"This is the message. \"",
                        two + ": received \"This is the message. \"",
                        one + ": sending \"It will be sent \"",
                        two + ": sending \"It will be sent \"",
                        one + ": received \"It will be sent \"",
                        two + ": received \"It will be sent \"",
                        one + ": sending \"in parts.\"",
                        two + ": sending \"in parts.\"",
                        one + ": received \"in parts.\"",
                        two + ": received \"in parts.\"");
        assertThat(printed.stream()
                        .filter(line -> line.startsWith("slow client | "))
                        .skip(1))
                .containsExactly(
                        "slow client | sending \"Part one of the message.\"",
                        "slow client | sending \"Part two of the message.\"",
                        "slow client | received \"Part one of the \"",
                        "slow client | received \"message.Part two\"",
                        "slow client | received \" of the message.\"",
                        "slow client | closing socket");
        assertThat(printed)
                .anyMatch(line -> line.matches("multiclient \\| connecting to localhost port [1-9][0-9]*"))
                .anyMatch(line -> line.matches("slow client \\| connecting to localhost port [1-9][0-9]*"));
    }

    @Test
    void wrongByte_isReported() {
        assertThatThrownBy(() -> run(faultyServer((byte) 'X', Integer.MAX_VALUE), new TranscriptLines(), TIMEOUT))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("\\('127\\.0\\.0\\.1', [0-9]+\\) sent \"This is the message\\. It will be sent in"
                        + " parts\\.\" but received \"Xhis is the message\\. Xt will be sent Xn parts\\.\"");
    }

    @Test
    void earlyEnd_isReported() {
        assertThatThrownBy(() -> run(faultyServer((byte) 'T', 1), new TranscriptLines(), TIMEOUT))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the multiclient failed: ")
                .hasMessageEndingWith(" after 21 bytes");
    }

    @Test
    void missingReply_isReported() {
        assertThatThrownBy(() -> run(faultyServer((byte) 'T', 0), new TranscriptLines(), Duration.ofSeconds(1)))
                .isInstanceOf(IOException.class)
                .hasMessage("the multiclient has not ended after 1 s");
    }

    @Test
    void failedServer_isReported() throws Exception {
        try (SocketFd other = SocketFd.createServer(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 1);
                StopRequest stop = new StopRequest()) {
            int port = ((InetSocketAddress) other.localAddress()).getPort();
            Settings inUse = new Settings("127.0.0.1", port, new TranscriptLines(), stop);
            assertThatThrownBy(() -> ServerAndClients.run(SelectorsEchoServer::run, inUse, TIMEOUT))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the server failed: ")
                    .hasMessageContaining(":" + port + "): EADDRINUSE");
        }
    }

    /// Returns a faulty server: it replaces the first byte of each message, and closes a connection after so many
    /// messages. With 0 it accepts no connections.
    private static Program.Body faultyServer(byte first, int messages) {
        return settings -> {
            try (Listener server = settings.listen(5, "faulty on ")) {
                for (int i = 0; i < 3 && messages > 0; i++) {
                    Select.select(List.of(server), List.of(), List.of(), null);
                    Connection connection = server.accept();
                    if (connection != null) {
                        Thread.ofPlatform().daemon().start(() -> reply(connection, first, messages));
                    }
                }
                Select.select(List.of(settings.stop()), List.of(), List.of(), null);
            }
        };
    }

    private static void reply(Connection connection, byte first, int messages) {
        try (SocketFd socket = SocketFd.borrow(connection.fileno())) {
            socket.setBlocking(true);
            ByteBuffer message = ByteBuffer.allocate(100);
            for (int i = 0; i < messages && socket.read(message) > 0; i++) {
                message.flip().put(0, first);
                socket.write(message);
                message.clear();
            }
            socket.shutdownOutput();
        } catch (IOException e) {
            // the client has closed the connection
        }
    }
}
