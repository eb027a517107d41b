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

/// Both clients against each server, and against servers that do wrong.
@Execution(ExecutionMode.CONCURRENT)
class OneGoTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static List<Echo> run(Program.Body server, Lines lines, Duration patience) throws IOException {
        try (Stop stop = new Stop()) {
            return OneGo.run(server, new Setting("localhost", 0, lines, stop), patience);
        }
    }

    @ParameterizedTest
    @MethodSource("io.selectors4j.examples.Programs#echoServers")
    void eachClientGetsBackWhatItSent(Program program) throws Exception {
        Lines lines = new Lines();
        List<Echo> echoes = run(program.main()::run, lines, PATIENCE);

        assertThat(echoes)
                .extracting(Echo::received)
                .containsExactly(
                        "This is the message. It will be sent in parts.",
                        "This is the message. It will be sent in parts.",
                        "Part one of the message.Part two of the message.");
        String one = "multiclient | " + echoes.get(0).client();
        String two = "multiclient | " + echoes.get(1).client();
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
    void aWrongByteIsNoticed() {
        assertThatThrownBy(() -> run(answering((byte) 'X', Integer.MAX_VALUE), new Lines(), PATIENCE))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("\\('127\\.0\\.0\\.1', [0-9]+\\) sent \"This is the message\\. It will be sent in"
                        + " parts\\.\" but got back \"Xhis is the message\\. Xt will be sent Xn parts\\.\"");
    }

    @Test
    void aConnectionThatEndsTooSoonIsNoticed() {
        assertThatThrownBy(() -> run(answering((byte) 'T', 1), new Lines(), PATIENCE))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the multiclient failed: ")
                .hasMessageEndingWith(" after 21 bytes");
    }

    @Test
    void aServerThatNeverAnswersIsNoticed() {
        assertThatThrownBy(() -> run(answering((byte) 'T', 0), new Lines(), Duration.ofSeconds(1)))
                .isInstanceOf(IOException.class)
                .hasMessage("the multiclient has not ended after 1 s");
    }

    @Test
    void aServerThatFailsIsNoticed() throws Exception {
        try (SocketFd other = SocketFd.createServer(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 1);
                Stop stop = new Stop()) {
            int port = ((InetSocketAddress) other.localAddress()).getPort();
            Setting taken = new Setting("127.0.0.1", port, new Lines(), stop);
            assertThatThrownBy(() -> OneGo.run(SelectorsEchoServer::run, taken, PATIENCE))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the server failed: ")
                    .hasMessageContaining(":" + port + "): EADDRINUSE");
        }
    }

    /// A server with a fault: the first byte of each message becomes another one, and after so many messages it closes the
    /// connection; with 0 it takes no connections at all.
    private static Program.Body answering(byte first, int messages) {
        return setting -> {
            try (Listener server = setting.listen(5, "faulty on ")) {
                for (int i = 0; i < 3 && messages > 0; i++) {
                    Select.select(List.of(server), List.of(), List.of(), null);
                    Connection connection = server.accept();
                    if (connection != null) {
                        Thread.ofPlatform().daemon().start(() -> answer(connection, first, messages));
                    }
                }
                Select.select(List.of(setting.stop()), List.of(), List.of(), null);
            }
        };
    }

    private static void answer(Connection connection, byte first, int messages) {
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
            // the client has gone
        }
    }
}
