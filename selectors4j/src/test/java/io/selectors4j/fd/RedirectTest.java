package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.os.Epoll;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The redirects for [ProcessBuilder]. ChildProcessContractTest tests them with selectors.
@Timeout(60)
class RedirectTest {

    @TempDir
    private Path directory;

    private static void run(ProcessBuilder builder) throws Exception {
        Process process = builder.redirectError(Redirect.INHERIT).start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void redirect_isPathOfDescriptor() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            Redirect from = pipe.reader().redirectFrom();
            assertThat(from.type()).isEqualTo(Redirect.Type.READ);
            assertThat(Objects.requireNonNull(from.file()))
                    .hasToString("/proc/self/fd/" + pipe.reader().fileno());
            Redirect to = pipe.writer().redirectTo();
            assertThat(to.type()).isEqualTo(Redirect.Type.APPEND);
            assertThat(Objects.requireNonNull(to.file()))
                    .hasToString("/proc/self/fd/" + pipe.writer().fileno());
        }
    }

    @Test
    void file_isReadFromStart_writtenAtEnd() throws Exception {
        Path in = Files.writeString(directory.resolve("in"), "new");
        Path out = Files.writeString(directory.resolve("out"), "old ");
        try (FileFd reader = FileFd.open(in, FileFd.O_RDONLY);
                FileFd writer = FileFd.open(out, FileFd.O_WRONLY)) {
            assertThat(reader.read(ByteBuffer.allocate(2))).isEqualTo(2);
            run(new ProcessBuilder("cat").redirectInput(reader.redirectFrom()).redirectOutput(writer.redirectTo()));
            assertThat(reader.read(ByteBuffer.allocate(9)))
                    .as("the child has its own position")
                    .isEqualTo(1);
        }
        assertThat(out).hasContent("old new");
    }

    @Test
    void deletedFile_works() throws Exception {
        Path path = directory.resolve("file");
        try (FileFd file = FileFd.open(path, FileFd.O_RDWR | FileFd.O_CREAT)) {
            Files.delete(path);
            run(new ProcessBuilder("echo", "x").redirectOutput(file.redirectTo()));
            assertThat(file.read(ByteBuffer.allocate(9))).isEqualTo(2);
        }
    }

    @Test
    void fifo_works() throws Exception {
        Path path = directory.resolve("fifo");
        FileFd.mkfifo(path, 0600);
        try (FileFd reader = FileFd.open(path, FileFd.O_RDONLY | FileFd.O_NONBLOCK);
                FileFd writer = FileFd.open(path, FileFd.O_WRONLY)) {
            run(new ProcessBuilder("echo", "x").redirectOutput(writer.redirectTo()));
            assertThat(reader.read(ByteBuffer.allocate(9))).isEqualTo(2);
        }
    }

    @Test
    void endOfChild_isBlocking() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open();
                PipeFd.Pipe output = PipeFd.open()) {
            pipe.reader().setBlocking(false);
            Process process = new ProcessBuilder("cat")
                    .redirectInput(pipe.reader().redirectFrom())
                    .redirectOutput(output.writer().redirectTo())
                    .start();
            output.writer().close();
            pipe.writer().write(ByteBuffer.allocate(3));
            assertThat(output.reader().read(ByteBuffer.allocate(9))).isEqualTo(3);
            assertThat(process.isAlive()).as("blocked in read").isTrue();
            assertThat(pipe.reader().isBlocking()).isFalse();
            pipe.writer().close();
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    void wrongEnd_isRefused() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            assertThatExceptionOfType(NonReadableChannelException.class).isThrownBy(pipe.writer()::redirectFrom);
            assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(pipe.reader()::redirectTo);
        }
    }

    @Test
    void fdWithoutPath_isRefusedWithAlternative() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
                Epoll epoll = Epoll.create();
                Fd borrowed = Fd.borrow(epoll.fileno())) {
            SocketFd socket = pair.first();
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(socket::redirectFrom)
                    .withMessageContaining("fd " + socket.fileno())
                    .withMessageContaining("socket:[")
                    .withMessageContaining("PipeFd");
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(socket::redirectTo)
                    .withMessageContaining("PtyFd");
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(borrowed::redirectFrom)
                    .withMessageContaining("eventpoll");
        }
    }

    @Test
    void closed_isRefused() throws Exception {
        PipeFd.Pipe pipe = PipeFd.open();
        pipe.close();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(pipe.reader()::redirectFrom);
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(pipe.writer()::redirectTo);
    }
}
