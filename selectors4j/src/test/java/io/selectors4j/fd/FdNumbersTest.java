package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.testing.Libc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// [Fd#dup2] and [Fd#available].
class FdNumbersTest {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void dup2_replacesTheOpenFile(boolean inheritable) throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open();
                EventFd replaced = EventFd.open(0)) {
            int number = replaced.fileno();
            pipe.writer().dup2(number, inheritable);
            assertThat(Libc.isCloseOnExec(number)).isNotEqualTo(inheritable);
            try (Fd borrowed = Fd.borrow(number)) {
                assertThat(borrowed.write(ByteBuffer.allocate(3))).isEqualTo(3);
            }
            assertThat(pipe.reader().read(ByteBuffer.allocate(9))).isEqualTo(3);
            assertThat(Libc.isCloseOnExec(pipe.writer().fileno())).isTrue();
        }
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void dup2_opensAFreeNumber() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            int number = Libc.dupAtLeast(pipe.reader().fileno(), 500);
            Libc.close(number);
            pipe.writer().dup2(number);
            try (Fd duplicate = Fd.fromFd(number)) {
                assertThat(Libc.isCloseOnExec(number)).isFalse();
                pipe.writer().close();
                assertThat(duplicate.write(ByteBuffer.allocate(1))).isEqualTo(1);
            }
            assertThat(pipe.reader().read(ByteBuffer.allocate(9))).isEqualTo(1);
            assertThat(pipe.reader().read(ByteBuffer.allocate(9))).isEqualTo(-1);
        }
    }

    @Test
    void dup2_toOwnNumber_setsInheritance() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            int number = pipe.reader().fileno();
            pipe.reader().dup2(number);
            assertThat(Libc.isCloseOnExec(number)).isFalse();
            pipe.reader().dup2(number, false);
            assertThat(Libc.isCloseOnExec(number)).isTrue();
        }
    }

    @Test
    void dup2_wrongNumber_isRefused() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            assertThatIllegalArgumentException().isThrownBy(() -> pipe.reader().dup2(-1));
            for (boolean inheritable : new boolean[] {false, true}) {
                SocketFdTest.assertErrno("EBADF", () -> pipe.reader().dup2(Libc.NEVER_OPEN, inheritable));
            }
            pipe.reader().close();
            int number = pipe.writer().fileno();
            assertThatExceptionOfType(ClosedChannelException.class)
                    .isThrownBy(() -> pipe.reader().dup2(number));
            assertThat(pipe.writer().isOpen()).isTrue();
        }
    }

    @Test
    void available_countsBytesToRead(@TempDir Path directory) throws Exception {
        Path path = Files.write(directory.resolve("file"), new byte[10]);
        try (PipeFd.Pipe pipe = PipeFd.open();
                SocketFd.Pair stream = SocketFd.pair(SocketFd.Type.STREAM);
                FileFd file = FileFd.open(path, FileFd.O_RDONLY)) {
            assertThat(pipe.reader().available()).isZero();
            pipe.writer().write(ByteBuffer.allocate(7));
            assertThat(pipe.reader().available()).isEqualTo(7);
            stream.first().write(ByteBuffer.allocate(5));
            stream.first().write(ByteBuffer.allocate(5));
            assertThat(stream.second().available()).isEqualTo(10);
            assertThat(stream.first().available()).isZero();
            assertThat(file.available()).isEqualTo(10);
            file.read(ByteBuffer.allocate(4));
            assertThat(file.available()).isEqualTo(6);
        }
    }

    @Test
    void available_isLengthOfNextDatagram() throws Exception {
        try (SocketFd udp = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
            udp.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            udp.sendTo(ByteBuffer.allocate(5), udp.localAddress(), 0);
            udp.sendTo(ByteBuffer.allocate(6), udp.localAddress(), 0);
            assertThat(udp.available()).isEqualTo(5);
        }
    }

    @Test
    void available_unsupported_fails() throws Exception {
        try (EventFd event = EventFd.open(1);
                SocketFd server =
                        SocketFd.createServer(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 1)) {
            SocketFdTest.assertErrno("ENOTTY", event::available);
            SocketFdTest.assertErrno("EINVAL", server::available);
        }
        PipeFd.Pipe pipe = PipeFd.open();
        pipe.close();
        assertThatExceptionOfType(ClosedChannelException.class)
                .isThrownBy(() -> pipe.reader().available());
    }
}
