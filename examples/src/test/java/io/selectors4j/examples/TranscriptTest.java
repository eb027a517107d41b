package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The servers print the same lines as their Python originals.
class TranscriptTest {

    private static final long TIME1970 = 2_208_988_800L;

    @ParameterizedTest
    @MethodSource("io.selectors4j.examples.Programs#loopingEchoServers")
    void echoServer_printsEachRoundOfItsLoop(Program program) throws Exception {
        TranscriptLines lines = new TranscriptLines();
        String address;
        try (RunningServer server = RunningServer.start(program, lines)) {
            try (TcpClient client = server.connect()) {
                address = client.address;
                lines.await("new connection from " + address);
                assertThat(client.echo("This is the message. ")).isEqualTo("This is the message. ");
                lines.await("output queue for " + address + " is empty");
                assertThat(client.echo("in parts.\n")).isEqualTo("in parts.\n");
                lines.awaitMany("empty queue", ("output queue for " + address + " is empty")::equals, 2);
            }
            lines.await("closing " + address + " after reading no data");
        }
        List<String> expected = new ArrayList<>();
        for (String event : List.of(
                "new connection from " + address,
                "received \"This is the message. \" from " + address,
                "sending \"This is the message. \" to " + address,
                "output queue for " + address + " is empty",
                "received \"in parts.\\n\" from " + address,
                "sending \"in parts.\\n\" to " + address,
                "output queue for " + address + " is empty",
                "closing " + address + " after reading no data")) {
            expected.addAll(List.of("", "waiting for the next event", event));
        }
        List<String> printed = TranscriptLines.withoutIdleRounds(lines.all());
        assertThat(printed.getFirst()).matches("starting up on localhost port [1-9][0-9]*");
        assertThat(printed.subList(1, printed.size() - 2)).isEqualTo(expected);
        assertThat(printed.subList(printed.size() - 2, printed.size()))
                .containsExactly("", "waiting for the next event");
    }

    @Test
    void serverWithTimeout_printsIt() throws Exception {
        TranscriptLines lines = new TranscriptLines();
        try (RunningServer server = RunningServer.start(Programs.named("select_echo_server_timeout"), lines)) {
            lines.await("  timed out");
            assertThat(lines.all())
                    .startsWith(
                            "starting up on localhost port " + server.port(),
                            "",
                            "waiting for the next event",
                            "  timed out");
        }
    }

    @Test
    void selectorServer_printsItsActions() throws Exception {
        TranscriptLines lines = new TranscriptLines();
        try (RunningServer server = RunningServer.start(Programs.named("selectors_echo_server"), lines)) {
            String address;
            try (TcpClient client = server.connect()) {
                address = client.address;
                assertThat(client.echo("one")).isEqualTo("one");
                assertThat(client.echo("two")).isEqualTo("two");
            }
            lines.await("closing " + address);
            assertThat(lines.all())
                    .containsExactly(
                            "starting up on localhost port " + server.port(),
                            "accepted " + address,
                            "echoing \"one\" to " + address,
                            "echoing \"two\" to " + address,
                            "closing " + address);
        }
    }

    @Test
    void timeServer_sendsTheTime() throws Exception {
        TranscriptLines lines = new TranscriptLines();
        try (RunningServer server = RunningServer.start(Programs.named("select_time_server"), lines);
                TcpClient first = server.connect()) {
            long before = Instant.now().getEpochSecond() + TIME1970;
            try (TcpClient second = server.connect()) {
                long time = Integer.toUnsignedLong(second.receive(Integer.BYTES).getInt());
                assertThat(time).isBetween(before, Instant.now().getEpochSecond() + TIME1970);
                assertThat(second.receive(1).hasRemaining()).isFalse();
                lines.await("connection from " + second.address);
            }
            assertThat(first.receive(Integer.BYTES + 1).remaining()).isEqualTo(Integer.BYTES);
            lines.await("still waiting");
            assertThat(lines.all())
                    .startsWith("listening on port " + server.port())
                    .contains("connection from " + first.address);
        }
    }

    @ParameterizedTest
    @MethodSource("io.selectors4j.examples.Programs#hosts")
    void server_listensOnEachAddress(String host) throws Exception {
        TranscriptLines lines = new TranscriptLines();
        try (RunningServer server = RunningServer.start(SelectPollEchoServer::run, host, lines);
                TcpClient client = server.connect()) {
            assertThat(client.echo("hello")).isEqualTo("hello");
            lines.await("received \"hello\" from " + client.address);
            assertThat(client.address).startsWith(host.contains(":") ? "('::1', " : "('127.0.0.1', ");
        }
    }

    @Test
    void everyByte_isEchoed() throws Exception {
        StringBuilder all = new StringBuilder();
        for (int b = 0; b < 256; b++) {
            all.append((char) b);
        }
        String text = all.toString();
        assertThat(ISO_8859_1.encode(text).remaining()).isEqualTo(256);
        for (Program program : Programs.echoServers()) {
            try (RunningServer server = RunningServer.start(program, new TranscriptLines());
                    TcpClient client = server.connect()) {
                assertThat(client.echo(text)).isEqualTo(text);
            }
        }
    }
}
