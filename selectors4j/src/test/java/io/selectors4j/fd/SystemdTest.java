package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.testing.ChildJvm;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("linux")
class SystemdTest {

    private static final long PID = 4711;

    @TempDir
    private Path directory;

    private static Map<String, String> variables(String... assignments) {
        Map<String, String> variables = new HashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            variables.put(assignment.substring(0, equals), assignment.substring(equals + 1));
        }
        return variables;
    }

    private static String text(SocketFd socket) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        socket.read(buffer);
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }

    /// bash plays the service manager: it opens the descriptors 3 and 4 and becomes the service.
    @Test
    void service_getsItsDescriptors_andTellsItsState() throws Exception {
        Path path = directory.resolve("notify");
        Path fifo = directory.resolve("fifo");
        FileFd.mkfifo(fifo, 0600);
        try (SocketFd server = SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketFd manager = SocketFd.open(SocketFd.AF_UNIX, SocketFd.Type.DATAGRAM, 0)) {
            manager.bind(UnixDomainSocketAddress.of(path));
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            List<String> command = new ArrayList<>(List.of(
                    "bash",
                    "-c",
                    "exec 3<>/dev/tcp/127.0.0.1/" + port + " 4<>" + fifo
                            + "; LISTEN_PID=$$ LISTEN_FDS=2 LISTEN_FDNAMES=web:input NOTIFY_SOCKET=" + path
                            + " WATCHDOG_USEC=1500000 exec \"$@\"",
                    "bash"));
            command.addAll(ChildJvm.command(SystemdChild.class));
            Process service =
                    ChildJvm.builder(command).redirectErrorStream(true).start();
            String output = new String(service.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(output.lines())
                    .containsExactly(
                            "web SocketFd[fd=3]",
                            "input Fd[fd=4]",
                            "again []",
                            "notified true",
                            "watchdog Optional[PT1.5S]",
                            "inherited [NOTIFY_SOCKET, WATCHDOG_USEC]",
                            "cleared []",
                            "open 0 1 2 ");
            assertThat(service.waitFor()).isZero();
            assertThat(text(manager)).isEqualTo("READY=1\nSTATUS=testing");
            try (SocketFd accepted = Objects.requireNonNull(server.accept())) {
                assertThat(text(accepted)).isEqualTo("hello");
            }
        }
    }

    @Test
    void descriptors_areAdoptedWithTheirNames() throws IOException {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            int first = Libc.dupAtLeast(pair.first().fileno(), 900);
            List<Systemd.PassedFd> passed =
                    Systemd.listenFds(variables("LISTEN_PID=" + PID, "LISTEN_FDS=1"), PID, first);
            assertThat(passed).hasSize(1);
            try (Fd fd = passed.getFirst().fd()) {
                assertThat(passed.getFirst().name()).isEqualTo("unknown");
                assertThat(fd).isInstanceOf(SocketFd.class);
                assertThat(fd.fileno()).isEqualTo(first);
                assertThat(OpenFiles.isInherited(first)).isFalse();
            }
        }
    }

    @Test
    void variablesOfAnotherProcess_areIgnored() throws IOException {
        assertThat(Systemd.listenFds(Map.of(), PID, 900)).isEmpty();
        assertThat(Systemd.listenFds(variables("LISTEN_FDS=1"), PID, 900)).isEmpty();
        assertThat(Systemd.listenFds(variables("LISTEN_FDS=1", "LISTEN_PID=1"), PID, 900))
                .isEmpty();
        assertThat(Systemd.watchdogTimeout(Map.of(), PID)).isEmpty();
        assertThat(Systemd.watchdogTimeout(variables("WATCHDOG_USEC=5", "WATCHDOG_PID=1"), PID))
                .isEmpty();
        assertThat(Systemd.watchdogTimeout(variables("WATCHDOG_USEC=5", "WATCHDOG_PID=" + PID), PID))
                .contains(Duration.ofNanos(5_000));
        assertThat(Systemd.sendNotification(Map.of(), "READY=1")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "LISTEN_FDS=x, LISTEN_FDS=x is not a number",
        "LISTEN_FDS=-1, LISTEN_FDS=-1 is not between 0 and",
        "LISTEN_FDS=2147483647, is not between 0 and",
        "LISTEN_FDS=1 LISTEN_FDNAMES=a:b, LISTEN_FDNAMES=a:b has 2 names for 1 descriptors",
        "LISTEN_FDS=1, fcntl(fd=900"
    })
    void variableWithoutMeaning_isNamed(String assignments, String message) {
        Map<String, String> variables = variables(("LISTEN_PID=" + PID + " " + assignments).split(" ", -1));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Systemd.listenFds(variables, PID, 900))
                .withMessageContaining(message);
    }

    @Test
    void watchdogAndAddressWithoutMeaning_areNamed() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Systemd.watchdogTimeout(variables("WATCHDOG_USEC=0"), PID))
                .withMessageContaining("WATCHDOG_USEC=0");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Systemd.sendNotification(variables("NOTIFY_SOCKET=vsock:2:3"), "READY=1"))
                .withMessageContaining("NOTIFY_SOCKET=vsock:2:3");
        SocketFdTest.assertErrno(
                "ENOENT",
                () -> Systemd.sendNotification(variables("NOTIFY_SOCKET=" + directory.resolve("none")), "READY=1"));
    }

    @Test
    void abstractAddress_isReached() throws IOException {
        try (SocketFd manager = SocketFd.open(SocketFd.AF_UNIX, SocketFd.Type.DATAGRAM, 0)) {
            String name = "selectors4j-" + ProcessHandle.current().pid();
            manager.bind(RawSocketAddress.unixAbstract(name.getBytes(StandardCharsets.US_ASCII)));
            assertThat(Systemd.sendNotification(variables("NOTIFY_SOCKET=@" + name), "WATCHDOG=1"))
                    .isTrue();
            assertThat(text(manager)).isEqualTo("WATCHDOG=1");
        }
    }
}
