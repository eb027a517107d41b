package io.selectors4j.nio;

import static io.selectors4j.nio.TestIo.bytes;
import static io.selectors4j.nio.TestIo.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.NativeChild;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// [System#inheritedChannel] in a child process whose standard input is a socket, with the JDK's provider and ours. The
/// backend makes no difference.
@ParameterizedClass
@ValueSource(strings = {"sun.nio.ch.EPollSelectorProvider", "io.selectors4j.nio.SelectorsProvider"})
@Timeout(Expect.TEST_SECONDS)
class InheritedChannelTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final String provider;

    @TempDir
    private Path directory;

    InheritedChannelTest(String provider) {
        this.provider = provider;
    }

    /// Runs the program with a descriptor as its standard input.
    private NativeChild start(int stdin) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.nio.channels.spi.SelectorProvider=" + provider,
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                InheritedChannelProgram.class.getName(),
                report().toString());
        return NativeChild.sh(
                "exec '" + String.join("' '", command) + "' >'" + directory.resolve("output") + "' 2>&1", stdin);
    }

    private Path report() {
        return directory.resolve("report");
    }

    /// Waits for the end of the child and returns its report.
    private List<String> end(NativeChild child) throws Exception {
        ProcessHandle.of(child.pid()).orElseThrow().onExit().get(Expect.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(report())
                .as("%s", Files.readString(directory.resolve("output")))
                .exists();
        return Files.readAllLines(report());
    }

    private static List<String> expected(String type, String... more) {
        return java.util.stream.Stream.of(
                        List.of("type: " + type, "same: true", "blocking: true", "stdin: true"),
                        List.of(more),
                        List.of(
                                "closed 0: /dev/null",
                                "closed 1: /dev/null",
                                "closed 2: /dev/null",
                                "same after close: closed"))
                .flatMap(List::stream)
                .toList();
    }

    @ParameterizedTest
    @EnumSource(
            value = StandardProtocolFamily.class,
            names = {"INET", "UNIX"})
    void connectedStream_isSocketChannel(StandardProtocolFamily family) throws Exception {
        SocketAddress address = family == StandardProtocolFamily.INET
                ? new InetSocketAddress(LOOPBACK, 0)
                : UnixDomainSocketAddress.of(directory.resolve("socket"));
        try (SocketFd server = SocketFd.createServer(address);
                SocketChannel client = SocketChannel.open(server.localAddress())) {
            SocketFd accepted = Objects.requireNonNull(server.accept());
            try (NativeChild child = start(accepted.fileno())) {
                String local = "local: " + accepted.localAddress();
                accepted.close();
                client.write(bytes("hello"));
                assertThat(read(client, 5)).isEqualTo("hello");
                assertThat(client.read(ByteBuffer.allocate(1)))
                        .as("end of the connection when the channel is closed")
                        .isEqualTo(-1);
                assertThat(end(child))
                        .isEqualTo(expected(
                                "SocketChannel", "connected: true", local, "remote: " + client.getLocalAddress()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = StandardProtocolFamily.class,
            names = {"INET", "UNIX"})
    void listeningStream_isServerSocketChannel(StandardProtocolFamily family) throws Exception {
        SocketAddress address = family == StandardProtocolFamily.INET
                ? new InetSocketAddress(LOOPBACK, 0)
                : UnixDomainSocketAddress.of(directory.resolve("socket"));
        try (SocketFd server = SocketFd.createServer(address);
                NativeChild child = start(server.fileno());
                SocketChannel client = SocketChannel.open(server.localAddress())) {
            client.write(bytes("hello"));
            assertThat(read(client, 5)).isEqualTo("hello");
            assertThat(end(child))
                    .isEqualTo(expected(
                            "ServerSocketChannel",
                            "local: " + server.localAddress(),
                            "connected: true",
                            "local: " + client.getRemoteAddress(),
                            "remote: " + client.getLocalAddress()));
        }
    }

    /// The family that the JDK expects.
    @Test
    void datagramSocket_isDatagramChannel() throws Exception {
        boolean six = Families.DEFAULT == StandardProtocolFamily.INET6;
        InetAddress loopback = InetAddress.ofLiteral(six ? "::1" : "127.0.0.1");
        try (SocketFd socket = SocketFd.open(Families.DEFAULT, SocketFd.Type.DATAGRAM);
                DatagramChannel client = DatagramChannel.open(Families.DEFAULT)) {
            socket.bind(new InetSocketAddress(loopback, 0));
            client.connect(socket.localAddress());
            client.write(bytes("hello"));
            try (NativeChild child = start(socket.fileno())) {
                client.configureBlocking(false);
                assertThat(read(client, 5)).isEqualTo("hello");
                assertThat(end(child)).isEqualTo(expected("DatagramChannel", "local: " + socket.localAddress()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/null", "/proc/version"})
    void fileThatIsNoSocket_isNull(String path) throws Exception {
        try (FileFd file = FileFd.open(Path.of(path), FileFd.O_RDONLY);
                NativeChild child = start(file.fileno())) {
            assertThat(end(child).subList(0, 2)).containsExactly("type: null", "same: true");
        }
    }
}
