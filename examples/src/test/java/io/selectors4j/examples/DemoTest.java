package io.selectors4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The command line, in child processes.
@Execution(ExecutionMode.CONCURRENT)
class DemoTest {

    /// A line of the kernel's table of TCP sockets: number, local address, remote address, the state LISTEN.
    private static final Pattern LISTENING =
            Pattern.compile("^ *\\d+: (?<address>\\p{XDigit}+):(?<port>\\p{XDigit}{4}) \\p{XDigit}+:0000 0A ");

    @Test
    void withoutName_runsServerAndClients() throws Exception {
        try (DemoProcess demo = DemoProcess.start()) {
            assertThat(demo.exitCode()).isZero();
            assertThat(demo.err.all()).isEmpty();
            assertThat(demo.out.all())
                    .anyMatch(line -> line.startsWith("server      | accepted ("))
                    .contains("slow client | received \"message.Part two\"");
            assertThat(demo.out.count(line -> line.contains(") received all it sent: ")))
                    .isEqualTo(3);
        }
    }

    @Test
    void list_namesAllPrograms() throws Exception {
        try (DemoProcess demo = DemoProcess.start("--list")) {
            assertThat(demo.exitCode()).isZero();
            assertThat(demo.out.all().stream().map(line -> line.replaceFirst(" .*", "")))
                    .containsExactly(
                            "everything",
                            "chat",
                            "tail",
                            "nio",
                            "select_time_server",
                            "select_echo_server",
                            "select_echo_server_timeout",
                            "select_poll_echo_server",
                            "selectors_echo_server",
                            "select_echo_multiclient",
                            "select_echo_slow_client");
        }
    }

    @Test
    void list_hasAddressesAndArguments() throws Exception {
        try (DemoProcess demo = DemoProcess.start("--list")) {
            assertThat(demo.exitCode()).isZero();
            assertThat(demo.out.all())
                    .contains(
                            "everything                  Selector: waits for one descriptor of each kind",
                            "tail FILE...                Selector: prints the last lines of files, and lines appended later",
                            "select_time_server          select(): sends the time, RFC 868; localhost port 8037")
                    .anyMatch(line -> line.startsWith("chat ") && line.endsWith("; localhost port 9999"));
        }
    }

    @Test
    void help_namesTheOptions() throws Exception {
        try (DemoProcess demo = DemoProcess.start("--help")) {
            assertThat(demo.exitCode()).isZero();
            assertThat(String.join("\n", demo.out.all()))
                    .contains("--host", "--port", "--backend", "--list", "--help", "SIGTERM");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | select_echo_server --port 0 --host no-such-host.invalid | no-such-host.invalid",
                "1 | select_echo_multiclient --host no-such-host.invalid | no-such-host.invalid",
                "1 | select_echo_slow_client --port 1 --host 127.0.0.1 | 127.0.0.1:1",
                "1 | selectors_echo_server --host 203.0.113.1 | 203.0.113.1:1234",
                "2 | select_echo_server --port 65536 | 65536",
                "2 | select_echo_server --port -1 | -1",
                "2 | select_echo_server --port http | http",
                "2 | select_ecko_server | select_ecko_server",
                "2 | select_echo_server another | another",
                "2 | everything there | there",
                "2 | everything --host localhost | --host",
                "2 | everything --port 1 | --port",
                "2 | everything --backend epoll2 | epoll2",
                "1 | everything --backend KQUEUE | KQUEUE",
                "1 | nio --backend KQUEUE | KQUEUE",
                "2 | nio --port 1 | --port",
                "2 | chat there | there",
                "2 | tail | FILE",
                "2 | tail --port 1 x | --port",
                "2 | tail --backend POLL x | --backend",
                "1 | tail /tmp | /tmp: not a regular file",
                "1 | tail / | /: not a regular file",
                "1 | tail /no-such-directory/x | /no-such-directory/x: inotify_add_watch(",
                "1 | tail /tmp /no-such-directory/x | /tmp: not a regular file; tail: /no-such-directory/x: inotify_add",
                "2 | chat --backend POLL | --backend",
                "2 | --backend POLL | --backend",
                "2 | --verbose | --verbose",
            })
    void badInput_isOneLineThatNamesIt(int code, String args, String named) throws Exception {
        try (DemoProcess demo = DemoProcess.start(args.split(" ", -1))) {
            assertThat(demo.exitCode()).isEqualTo(code);
            List<String> lines = demo.err.all().stream()
                    .filter(line -> !line.startsWith("connecting to "))
                    .toList();
            assertThat(lines).hasSize(1);
            assertThat(lines.getFirst()).startsWith("./demo: ").contains(named);
            assertThat(demo.out.all()).isEmpty();
        }
    }

    @Test
    void portInUse_isNamed() throws Exception {
        try (SocketFd other = SocketFd.createServer(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 1)) {
            String port = Integer.toString(((InetSocketAddress) other.localAddress()).getPort());
            try (DemoProcess demo =
                    DemoProcess.start("select_poll_echo_server", "--host", "127.0.0.1", "--port", port)) {
                assertThat(demo.exitCode()).isEqualTo(1);
                assertThat(demo.err.all()).hasSize(1);
                assertThat(demo.err.all().getFirst()).contains(":" + port, "EADDRINUSE");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.selectors4j.examples.Programs#servers")
    void signal_endsAServer(Program program) throws Exception {
        assertEnds(program, "TERM", 143);
        assertEnds(program, "INT", 130);
    }

    private static void assertEnds(Program program, String signal, int code) throws Exception {
        try (DemoProcess demo = DemoProcess.start(program.name(), "--port", "0", "--host", "127.0.0.1")) {
            int port = demo.port(program);
            try (TcpClient client = demo.connect(port)) {
                demo.transcript(program).await("connection", line -> line.endsWith(client.address));
                demo.signal(signal);
                assertThat(demo.exitCode()).isEqualTo(code);
                assertThat(client.receive(100).remaining()).isLessThanOrEqualTo(Integer.BYTES);
            }
            assertThat(String.join("\n", demo.err.all())).doesNotContain("Exception", "./demo:");
            // The port is free again.
            SocketFd.createServer(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 1)
                    .close();
        }
    }

    @ParameterizedTest
    @MethodSource("io.selectors4j.examples.Programs#listeners")
    void servers_listenOnLoopbackByDefault(Program program) throws Exception {
        try (DemoProcess demo = DemoProcess.startReading(ProcessBuilder.Redirect.PIPE, program.name(), "--port", "0")) {
            assertThat(listeningAddresses(demo.port(program)))
                    .isNotEmpty()
                    .isSubsetOf("0100007F", "00000000000000000000000001000000"); // 127.0.0.1, ::1
        }
    }

    /// Returns the addresses with a listening socket of this port, in the notation of proc_pid_net(5).
    private static List<String> listeningAddresses(int port) throws IOException {
        List<String> addresses = new ArrayList<>();
        for (String file : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(file))) {
                Matcher matcher = LISTENING.matcher(line);
                if (matcher.find() && Integer.parseInt(matcher.group("port"), 16) == port) {
                    addresses.add(matcher.group("address"));
                }
            }
        }
        return addresses;
    }

    @Tag("ci")
    @ParameterizedTest
    @MethodSource("io.selectors4j.examples.Programs#echoServers")
    void serverAtFdLimit_waitsUntilAConnectionCloses(Program program) throws Exception {
        try (DemoProcess demo =
                DemoProcess.startAfter("ulimit -n 40", program.name(), "--port", "0", "--host", "127.0.0.1")) {
            int port = demo.port(program);
            TranscriptLines lines = demo.transcript(program);
            List<TcpClient> clients = new ArrayList<>();
            String line;
            do {
                TcpClient client = demo.connect(port);
                clients.add(client);
                line = lines.await(
                        "result for " + client.address,
                        text -> text.endsWith(client.address) || text.startsWith("cannot accept"));
            } while (!line.startsWith("cannot accept"));
            assertThat(line)
                    .startsWith("cannot accept a connection now: accept4(fd=")
                    .endsWith(": EMFILE (24) Too many open files");
            clients.add(demo.connect(port)); // waits in the backlog, like the one before

            // The accepted clients are served, and each close lets the server accept one more.
            for (TcpClient client : clients) {
                assertThat(client.echo("hello")).isEqualTo("hello");
                client.close();
            }
            assertThat(lines.count(text -> text.startsWith("cannot accept"))).isLessThanOrEqualTo(clients.size());
            assertThat(lines.all()).hasSizeLessThan(clients.size() * 40);
            try (TcpClient last = demo.connect(port)) {
                assertThat(last.echo("the last")).isEqualTo("the last");
            }
            demo.signal("TERM");
            assertThat(demo.exitCode()).isEqualTo(143);
        }
    }
}
