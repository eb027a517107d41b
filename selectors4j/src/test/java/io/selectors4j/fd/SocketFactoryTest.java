package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.posix.Constants;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The family and the type of a socket, and determining the family without the option SO_DOMAIN, as on macOS.
class SocketFactoryTest {

    private static void expect(SocketFd socket, int domain) throws Exception {
        assertThat(SocketFactory.domainOfName(socket.fileno())).isEqualTo(domain);
        assertThat(socket.domain()).isEqualTo(domain);
    }

    @Test
    void domainOfName_unboundSocket_isFamily() throws Exception {
        try (SocketFd inet = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
                SocketFd inet6 = SocketFd.open(StandardProtocolFamily.INET6, SocketFd.Type.STREAM);
                SocketFd unix = SocketFd.open(StandardProtocolFamily.UNIX, SocketFd.Type.STREAM);
                SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            expect(inet, Constants.AF_INET);
            expect(inet6, Constants.AF_INET6);
            expect(unix, Constants.AF_UNIX);
            expect(pair.first(), Constants.AF_UNIX);
            expect(pair.second(), Constants.AF_UNIX);
        }
    }

    @Test
    void domainOfName_boundSocket_isFamily(@TempDir Path directory) throws Exception {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        UnixDomainSocketAddress path = UnixDomainSocketAddress.of(directory.resolve("s"));
        try (SocketFd server = SocketFd.createServer(loopback, 1);
                SocketFd client = SocketFd.createConnection(server.localAddress());
                SocketFd unix = SocketFd.createServer(path, 1);
                SocketFd unnamed = SocketFd.createConnection(path)) {
            expect(server, Constants.AF_INET);
            expect(client, Constants.AF_INET);
            expect(unix, Constants.AF_UNIX);
            expect(unnamed, Constants.AF_UNIX);
        }
    }

    @Test
    void borrowedSocket_knowsFamilyAndType() throws Exception {
        for (SocketFd.Type type : List.of(SocketFd.Type.STREAM, SocketFd.Type.DATAGRAM)) {
            try (SocketFd socket = SocketFd.open(StandardProtocolFamily.INET6, type);
                    SocketFd borrowed = SocketFd.borrow(socket.fileno());
                    SocketFd duplicate = borrowed.dup()) {
                assertThat(socket.type()).isEqualTo(type);
                assertThat(borrowed.type()).isEqualTo(type);
                assertThat(borrowed.domain()).isEqualTo(Constants.AF_INET6);
                assertThat(duplicate.type()).isEqualTo(type);
                assertThat(duplicate.domain()).isEqualTo(Constants.AF_INET6);
            }
        }
    }

    /// Found by fuzzing: the path was left behind and could not be bound again.
    @Test
    void negativeBacklog_leavesNoPath(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("s");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SocketFd.createServer(UnixDomainSocketAddress.of(path), -1))
                .withMessage("negative backlog -1");
        assertThat(path).doesNotExist();
        SocketFd.createServer(UnixDomainSocketAddress.of(path), 0).close();
    }

    @Test
    void pipe_isRefused() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            int fd = pipe.reader().fileno();
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> SocketFactory.domainOfName(fd))
                    .withMessage("getsockname(fd=" + fd + "): ENOTSOCK (88) Socket operation on non-socket");
        }
    }
}
