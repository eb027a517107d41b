package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.Await;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Expect;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.Termios;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransferTest {

    private static final int SIZE = 3_000_000;
    private static final long HERE = Transfer.CURRENT_POSITION;

    @TempDir
    private Path directory;

    private final byte[] data = new byte[SIZE];
    private Path path;

    @BeforeEach
    void writeFile() throws Exception {
        new Random(4).nextBytes(data);
        path = Files.write(directory.resolve("file"), data);
    }

    private FileFd source() throws IOException {
        return FileFd.open(path, FileFd.O_RDONLY);
    }

    private FileFd target(int flags) throws IOException {
        return FileFd.open(directory.resolve("target"), FileFd.O_RDWR | FileFd.O_CREAT | flags);
    }

    private byte[] data(int from, int to) {
        return Arrays.copyOfRange(data, from, to);
    }

    /// Reads to the end of the data, or until none are available.
    private static byte[] drain(Fd fd) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(100_000);
        while (fd.read(buffer.clear()) > 0) {
            all.write(buffer.array(), 0, buffer.position());
        }
        return all.toByteArray();
    }

    private static long copyAndClose(Fd source, Fd target) throws IOException {
        try (target) {
            return Transfer.copy(source, target, Long.MAX_VALUE);
        }
    }

    @Nested
    class Copy {

        @Test
        void fileToFile_advancesBothPositions() throws Exception {
            try (FileFd source = source();
                    FileFd target = target(0)) {
                source.position(10);
                assertThat(Transfer.copy(source, target, 1_000)).isEqualTo(1_000);
                assertThat(source.position()).isEqualTo(1_010);
                assertThat(target.position()).isEqualTo(1_000);
                assertThat(Transfer.copy(source, target, Long.MAX_VALUE)).isEqualTo(SIZE - 1_010);
                assertThat(Transfer.copy(source, target, Long.MAX_VALUE)).isEqualTo(-1);
                assertThat(directory.resolve("target")).hasBinaryContent(data(10, SIZE));
            }
        }

        @Test
        void appendedFile_needsWrites() throws Exception {
            Files.write(directory.resolve("target"), new byte[] {1});
            try (FileFd source = source();
                    FileFd target = target(FileFd.O_APPEND)) {
                assertThat(Transfer.copy(source, target, SIZE)).isEqualTo(SIZE);
                assertThat(target.size()).isEqualTo(SIZE + 1L);
                assertThat(Transfer.copy(source, target, SIZE)).isEqualTo(-1);
            }
        }

        @Test
        void procfs_isCopiedWhole() throws Exception {
            Path version = Path.of("/proc/version");
            try (FileFd source = FileFd.open(version, FileFd.O_RDONLY);
                    FileFd target = target(0)) {
                byte[] expected = Files.readAllBytes(version);
                assertThat(Transfer.copy(source, target, Long.MAX_VALUE)).isEqualTo(expected.length);
                assertThat(directory.resolve("target")).hasBinaryContent(expected);
            }
        }

        @Test
        void blockingStreams_copyAllToTheEnd() throws Exception {
            try (FileFd source = source();
                    PipeFd.Pipe pipe = PipeFd.open();
                    SocketFd.Pair first = SocketFd.pair(SocketFd.Type.STREAM);
                    SocketFd.Pair second = SocketFd.pair(SocketFd.Type.STREAM);
                    Background<Long> toPipe = Background.start(() -> copyAndClose(source, pipe.writer()));
                    Background<Long> toSocket = Background.start(() -> copyAndClose(pipe.reader(), first.first()));
                    Background<Long> betweenSockets =
                            Background.start(() -> copyAndClose(first.second(), second.first()))) {
                assertThat(drain(second.second())).isEqualTo(data);
                assertThat(toPipe.result()).isEqualTo(SIZE);
                assertThat(toSocket.result()).isEqualTo(SIZE);
                assertThat(betweenSockets.result()).isEqualTo(SIZE);
                assertThat(Transfer.copy(pipe.reader(), first.second(), 1)).isEqualTo(-1);
            }
        }

        @Test
        void fullPipe_leavesRestInFile() throws Exception {
            try (FileFd source = source();
                    PipeFd.Pipe pipe = PipeFd.open()) {
                pipe.writer().setBlocking(false);
                pipe.reader().setBlocking(false);
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                while (all.size() < SIZE) {
                    long before = source.position();
                    long copied = Transfer.copy(source, pipe.writer(), SIZE);
                    assertThat(copied).isPositive();
                    assertThat(source.position() - before).isEqualTo(copied);
                    assertThat(Transfer.copy(source, pipe.writer(), SIZE)).isLessThanOrEqualTo(0);
                    all.write(drain(pipe.reader()));
                }
                assertThat(all.toByteArray()).isEqualTo(data);
            }
        }

        /// The kernel does not transfer between two sockets.
        @Test
        void fullSocket_leavesRestInSocket() throws Exception {
            try (SocketFd.Pair from = SocketFd.pair(SocketFd.Type.STREAM);
                    SocketFd.Pair to = SocketFd.pair(SocketFd.Type.STREAM)) {
                for (SocketFd each : new SocketFd[] {from.first(), from.second(), to.first(), to.second()}) {
                    each.setBlocking(false);
                }
                ByteBuffer sending = ByteBuffer.wrap(data);
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                while (all.size() < SIZE) {
                    from.first().write(sending);
                    long copied = 0;
                    for (long count = 1; count > 0; copied += count) {
                        from.first().write(sending);
                        count = Transfer.copy(from.second(), to.first(), Long.MAX_VALUE);
                    }
                    byte[] received = drain(to.second());
                    assertThat(received).hasSize((int) copied);
                    all.write(received);
                }
                assertThat(all.toByteArray()).isEqualTo(data);
                assertThat(Transfer.copy(from.second(), to.first(), 1)).isZero();
            }
        }

        /// Terminals are neither files nor sockets.
        @Test
        void terminal_isReadAndWritten() throws Exception {
            try (PtyFd.Pair pty = PtyFd.open();
                    SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
                Termios.of(pty.terminal()).raw().apply(pty.terminal(), Termios.When.NOW);
                pty.master().setBlocking(false);
                pair.first().setBlocking(false);
                assertThat(Transfer.copy(pty.master(), pair.first(), 100)).isZero();
                pty.terminal().write(ByteBuffer.wrap(data, 0, 50));
                assertThat(Await.readable(pty.master(), Expect.PATIENCE)).isTrue();
                assertThat(Transfer.copy(pty.master(), pair.first(), 20)).isEqualTo(20);
                assertThat(Transfer.copy(pty.master(), pair.first(), 100)).isEqualTo(30);
                ByteBuffer target = ByteBuffer.allocate(100);
                assertThat(pair.second().read(target)).isEqualTo(50);
                assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(data, 0, 50));
            }
        }

        /// The terminal has no way to keep the bytes that the socket has no room for.
        @Test
        void fullTargetOfTerminal_waitsForRoom() throws Exception {
            try (PtyFd.Pair pty = PtyFd.open();
                    SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
                Termios.of(pty.terminal()).raw().apply(pty.terminal(), Termios.When.NOW);
                pty.master().setBlocking(false);
                pair.first().setBlocking(false);
                int filled = 0;
                for (int count = 1; count > 0; filled += count) {
                    count = pair.first().write(ByteBuffer.allocate(1_000));
                }
                pty.terminal().write(ByteBuffer.wrap(data, 0, 500));
                assertThat(Await.readable(pty.master(), Expect.PATIENCE)).isTrue();
                try (Background<Long> copying =
                        Background.start(() -> Transfer.copy(pty.master(), pair.first(), 500))) {
                    copying.awaitAsleep();
                    pair.second().setBlocking(true);
                    ByteBuffer target = ByteBuffer.allocate(filled + 500);
                    while (target.hasRemaining()) {
                        assertThat(pair.second().read(target)).isPositive();
                    }
                    assertThat(copying.result()).isEqualTo(500);
                    assertThat(target.flip().position(filled)).isEqualTo(ByteBuffer.wrap(data, 0, 500));
                }
            }
        }

        @Test
        void failure_isNamed() throws Exception {
            try (FileFd source = source();
                    FileFd readOnly = source();
                    PipeFd.Pipe pipe = PipeFd.open()) {
                SocketFdTest.assertErrno("EBADF", () -> Transfer.copy(source, readOnly, 10));
                assertThat(source.position()).as("a failed write loses nothing").isZero();
                SocketFdTest.assertErrno("EBADF", () -> Transfer.copy(pipe.writer(), pipe.writer(), 10));
                pipe.reader().close();
                SocketFdTest.assertErrno("EPIPE", () -> Transfer.copy(source, pipe.writer(), 10));
                assertThat(source.position()).isZero();
            }
        }

        @Test
        @SuppressWarnings("try") // closing early is the subject
        void wrongArguments_areRefused() throws Exception {
            try (FileFd source = source();
                    PipeFd.Pipe pipe = PipeFd.open();
                    SocketFd.Pair messages = SocketFd.pair(SocketFd.Type.DATAGRAM)) {
                assertThat(Transfer.copy(source, pipe.writer(), 0)).isZero();
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Transfer.copy(source, pipe.writer(), -1))
                        .withMessage("count -1 is negative");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Transfer.copy(source, messages.first(), 1))
                        .withMessageContaining("messages");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Transfer.copy(messages.first(), pipe.writer(), 1));
                pipe.writer().close();
                assertThatExceptionOfType(ClosedChannelException.class)
                        .isThrownBy(() -> Transfer.copy(source, pipe.writer(), 1));
                source.close();
                assertThatExceptionOfType(ClosedChannelException.class)
                        .isThrownBy(() -> Transfer.copy(source, pipe.reader(), 1));
            }
        }
    }

    @Nested
    class OneCall {

        @Test
        void sendFile_takesAnyTarget() throws Exception {
            try (FileFd source = source();
                    FileFd target = target(0);
                    PipeFd.Pipe pipe = PipeFd.open()) {
                assertThat(Transfer.sendFile(source, 5, target, Long.MAX_VALUE)).isEqualTo(SIZE - 5);
                assertThat(directory.resolve("target")).hasBinaryContent(data(5, SIZE));
                assertThat(Transfer.sendFile(source, SIZE, target, 1)).isZero();
                pipe.writer().setBlocking(false);
                long sent = Transfer.sendFile(source, 0, pipe.writer(), SIZE);
                assertThat(sent).isPositive().isLessThan(SIZE);
                pipe.reader().setBlocking(false);
                assertThat(drain(pipe.reader())).isEqualTo(data(0, (int) sent));
                assertThat(source.position()).isZero();
            }
        }

        @Test
        void splice_movesBetweenPipeAndFile() throws Exception {
            try (FileFd source = source();
                    FileFd target = target(0);
                    PipeFd.Pipe pipe = PipeFd.open()) {
                assertThat(Transfer.splice(source, 100, pipe.writer(), HERE, 1_000, 0))
                        .isEqualTo(1_000);
                assertThat(source.position()).isZero();
                assertThat(Transfer.splice(source, HERE, pipe.writer(), HERE, 10, 0))
                        .isEqualTo(10);
                assertThat(source.position()).isEqualTo(10);
                assertThat(Transfer.splice(pipe.reader(), HERE, target, 7, 1_000, 0))
                        .isEqualTo(1_000);
                assertThat(target.position()).isZero();
                assertThat(target.size()).isEqualTo(1_007);
                ByteBuffer part = ByteBuffer.allocate(1_000);
                assertThat(target.read(part, 7)).isEqualTo(1_000);
                assertThat(part.array()).isEqualTo(data(100, 1_100));
                assertThat(Transfer.splice(source, SIZE, pipe.writer(), HERE, 10, 0))
                        .isEqualTo(-1);
            }
        }

        @Test
        void splice_followsModeOfPipes() throws Exception {
            try (PipeFd.Pipe first = PipeFd.open();
                    PipeFd.Pipe second = PipeFd.open()) {
                int nonBlock = Transfer.SPLICE_F_NONBLOCK | Transfer.SPLICE_F_MOVE | Transfer.SPLICE_F_MORE;
                assertThat(Transfer.splice(first.reader(), HERE, second.writer(), HERE, 9, nonBlock))
                        .isZero();
                try (Background<Long> moving =
                        Background.start(() -> Transfer.splice(first.reader(), HERE, second.writer(), HERE, 9, 0))) {
                    moving.awaitAsleep();
                    first.writer().write(ByteBuffer.wrap(data, 0, 4));
                    assertThat(moving.result()).isEqualTo(4);
                }
                first.reader().setBlocking(false);
                assertThat(Transfer.splice(first.reader(), HERE, second.writer(), HERE, 9, 0))
                        .isZero();
                assertThat(Transfer.splice(first.reader(), HERE, second.writer(), HERE, 0, 0))
                        .isZero();
                first.writer().close();
                assertThat(Transfer.splice(first.reader(), HERE, second.writer(), HERE, 9, 0))
                        .isEqualTo(-1);
            }
        }

        @Test
        void tee_leavesBytes() throws Exception {
            try (PipeFd.Pipe first = PipeFd.open();
                    PipeFd.Pipe second = PipeFd.open()) {
                first.reader().setBlocking(false);
                assertThat(Transfer.tee(first.reader(), second.writer(), 9, Transfer.SPLICE_F_NONBLOCK))
                        .isZero();
                first.writer().write(ByteBuffer.wrap(data, 0, 9));
                assertThat(Transfer.tee(first.reader(), second.writer(), 5, 0)).isEqualTo(5);
                assertThat(first.reader().available()).isEqualTo(9);
                assertThat(second.reader().available()).isEqualTo(5);
                assertThat(drain(first.reader())).isEqualTo(data(0, 9));
                first.writer().close();
                assertThat(Transfer.tee(first.reader(), second.writer(), 5, 0)).isEqualTo(-1);
            }
        }

        @Test
        void copyFileRange_copiesParts() throws Exception {
            try (FileFd source = source();
                    FileFd target = target(0)) {
                assertThat(Transfer.copyFileRange(source, 10, target, 20, SIZE)).isEqualTo(SIZE - 10);
                assertThat(target.size()).isEqualTo(SIZE + 10L);
                ByteBuffer part = ByteBuffer.allocate(100);
                assertThat(target.read(part, 20)).isEqualTo(100);
                assertThat(part.array()).isEqualTo(data(10, 110));
                assertThat(source.position() + target.position()).isZero();
                assertThat(Transfer.copyFileRange(source, HERE, target, HERE, 7))
                        .isEqualTo(7);
                assertThat(source.position()).isEqualTo(7);
                assertThat(target.position()).isEqualTo(7);
                assertThat(Transfer.copyFileRange(source, SIZE, target, 0, 7)).isZero();
            }
        }

        @Test
        void wrongDescriptors_areNamed() throws Exception {
            try (FileFd source = source();
                    PipeFd.Pipe pipe = PipeFd.open();
                    FileFd target = target(0)) {
                String fds = "(from fd=" + source.fileno() + ", to fd=" + target.fileno() + ")";
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> Transfer.splice(source, HERE, target, HERE, 1, 0))
                        .withMessageStartingWith("splice" + fds + ": EINVAL");
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> Transfer.tee(source, target, 1, 0))
                        .withMessageStartingWith("tee" + fds + ": EINVAL");
                SocketFdTest.assertErrno("ESPIPE", () -> Transfer.splice(pipe.reader(), 0, target, 0, 1, 0));
                SocketFdTest.assertErrno("EINVAL", () -> Transfer.copyFileRange(pipe.reader(), HERE, target, 0, 1));
                SocketFdTest.assertErrno("EBADF", () -> Transfer.copyFileRange(target, 0, source, 0, 1));
                SocketFdTest.assertErrno("EBADF", () -> Transfer.sendFile(source, 0, pipe.reader(), 1));
            }
        }

        @Test
        void wrongNumbers_areRefused() throws Exception {
            try (FileFd source = source();
                    PipeFd.Pipe pipe = PipeFd.open()) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Transfer.splice(source, -2, pipe.writer(), HERE, 1, 0))
                        .withMessage("sourcePosition -2 is negative");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Transfer.splice(source, 0, pipe.writer(), -2, 1, 0));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Transfer.splice(source, 0, pipe.writer(), HERE, -1, 0));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Transfer.tee(pipe.reader(), pipe.writer(), -1, 0));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Transfer.copyFileRange(source, 0, source, Long.MIN_VALUE, 1));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Transfer.sendFile(source, HERE, pipe.writer(), 1))
                        .withMessage("position -1 is negative");
            }
        }

        @Test
        @SuppressWarnings("try") // closing early is the subject
        void closedDuringSplice_endsWithBytesOrException() throws Exception {
            try (PipeFd.Pipe pipe = PipeFd.open();
                    SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
                    Background<Long> moving =
                            Background.start(() -> Transfer.splice(pair.first(), HERE, pipe.writer(), HERE, 1, 0))) {
                moving.awaitAsleep();
                pair.first().close();
                assertThatExceptionOfType(AsynchronousCloseException.class).isThrownBy(moving::result);
            }
        }
    }
}
