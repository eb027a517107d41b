package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Files with a position, as channels of the JDK have them.
class FilePositionTest {

    @TempDir
    private Path directory;

    enum Kind {
        HEAP,
        DIRECT,
        ARENA;

        private ByteBuffer allocate(int size) {
            return switch (this) {
                case HEAP -> ByteBuffer.allocate(size);
                case DIRECT -> ByteBuffer.allocateDirect(size);
                case ARENA -> Arena.ofShared().allocate(size).asByteBuffer();
            };
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private FileFd open(String content, int flags) throws Exception {
        return FileFd.open(Files.writeString(directory.resolve("file"), content), flags);
    }

    private static String read(FileFd file, int count) throws Exception {
        ByteBuffer target = ByteBuffer.allocate(count);
        file.read(target);
        return StandardCharsets.US_ASCII.decode(target.flip()).toString();
    }

    private static void assertFails(String errno, String call, ThrowingCallable code) {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(code)
                .withMessageStartingWith(call)
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo(errno));
    }

    @Test
    void position_isSetAndAdvances() throws Exception {
        try (FileFd file = open("0123456789", FileFd.O_RDWR);
                FileFd copy = file.dup()) {
            assertThat(file.position()).isZero();
            assertThat(read(file, 3)).isEqualTo("012");
            assertThat(file.position()).isEqualTo(3);
            assertThat(file.position(7)).isSameAs(file);
            assertThat(read(file, 9)).isEqualTo("789");
            file.position(1);
            assertThat(copy.position()).as("duplicates share it").isEqualTo(1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> file.position(-1))
                    .withMessage("position -1 is negative");
            assertThat(file.position()).isEqualTo(1);
        }
    }

    @Test
    void positionAfterEnd_readsEndAndFillsUp() throws Exception {
        try (FileFd file = open("ab", FileFd.O_RDWR)) {
            file.position(4);
            assertThat(file.size()).isEqualTo(2);
            assertThat(file.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(file.write(bytes("x"))).isOne();
            assertThat(directory.resolve("file")).hasBinaryContent(new byte[] {'a', 'b', 0, 0, 'x'});
        }
    }

    @Test
    void size_isThatOfFile_atAnyPosition() throws Exception {
        long large = 5L << 30; // sparse
        try (FileFd file = open("", FileFd.O_RDWR)) {
            assertThat(file.size()).isZero();
            assertThat(file.write(bytes("end"), large - 3)).isEqualTo(3);
            assertThat(file.size()).isEqualTo(large);
            assertThat(file.position()).isZero();
            ByteBuffer target = ByteBuffer.allocate(9);
            assertThat(file.read(target, large - 2)).isEqualTo(2);
            assertThat(target.flip()).isEqualTo(bytes("nd"));
        }
        try (FileFd none = FileFd.open(Path.of("/dev/null"), FileFd.O_RDWR)) {
            assertThat(none.size()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void positionalTransfer_keepsPosition(Kind kind) throws Exception {
        try (FileFd file = open("0123456789", FileFd.O_RDWR)) {
            file.position(2);
            ByteBuffer target = kind.allocate(8).position(1).limit(5);
            assertThat(file.read(target, 3)).isEqualTo(4);
            assertThat(target.position()).isEqualTo(5);
            assertThat(target.flip().position(1)).isEqualTo(bytes("3456"));
            assertThat(file.read(target.clear(), 8)).isEqualTo(2);
            assertThat(file.read(target.clear(), 10)).isEqualTo(-1);
            assertThat(file.read(target.clear(), Long.MAX_VALUE - 100)).isEqualTo(-1);
            assertThat(file.read(target.clear().limit(0), 10)).isZero();
            ByteBuffer source = kind.allocate(4).put(bytes("WXYZ")).flip().position(1);
            assertThat(file.write(source, 0)).isEqualTo(3);
            assertThat(source.hasRemaining()).isFalse();
            assertThat(file.position()).isEqualTo(2);
            assertThat(directory.resolve("file")).hasContent("XYZ3456789");
        }
    }

    @Test
    void largeHeapBuffer_isTransferredWhole() throws Exception {
        byte[] data = new byte[1_000_000];
        data[999_999] = 9;
        try (FileFd file = open("", FileFd.O_RDWR)) {
            assertThat(file.write(ByteBuffer.wrap(data), 10)).isEqualTo(1_000_000);
            assertThat(file.size()).isEqualTo(1_000_010);
            ByteBuffer target = ByteBuffer.allocate(data.length);
            while (target.hasRemaining()) {
                assertThat(file.read(target, 10 + target.position())).isPositive();
            }
            assertThat(target.array()).isEqualTo(data);
        }
    }

    @Test
    void positionalTransfer_refusesWrongArguments() throws Exception {
        try (FileFd file = open("x", FileFd.O_RDONLY)) {
            assertThatIllegalArgumentException().isThrownBy(() -> file.read(ByteBuffer.allocate(1), -1));
            assertThatIllegalArgumentException().isThrownBy(() -> file.write(ByteBuffer.allocate(1), -1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> file.read(ByteBuffer.allocate(1).asReadOnlyBuffer(), 0));
            assertFails("EBADF", "pwrite(fd=" + file.fileno() + ")", () -> file.write(ByteBuffer.allocate(1), 0));
        }
    }

    @Test
    void truncate_cutsAndMovesPosition() throws Exception {
        try (FileFd file = open("0123456789", FileFd.O_RDWR)) {
            file.position(8);
            assertThat(file.truncate(20)).isSameAs(file);
            assertThat(file.size()).as("never longer").isEqualTo(10);
            assertThat(file.position()).isEqualTo(8);
            file.truncate(9);
            assertThat(file.position()).isEqualTo(8);
            file.truncate(5);
            assertThat(file.size()).isEqualTo(5);
            assertThat(file.position()).isEqualTo(5);
            file.position(100);
            file.truncate(50);
            assertThat(file.position()).as("also without a cut").isEqualTo(50);
            assertThatIllegalArgumentException().isThrownBy(() -> file.truncate(-1));
        }
        try (FileFd file = open("x", FileFd.O_RDONLY)) {
            assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> file.truncate(0));
        }
    }

    @Test
    void force_writesToDevice() throws Exception {
        try (FileFd file = open("", FileFd.O_RDWR)) {
            file.write(bytes("kept"));
            file.force(false);
            file.force(true);
            assertThat(directory.resolve("file")).hasContent("kept");
        }
    }

    @Test
    void fifo_hasNoPosition() throws Exception {
        Path path = directory.resolve("fifo");
        FileFd.mkfifo(path, 0600);
        try (FileFd fifo = FileFd.open(path, FileFd.O_RDWR | FileFd.O_NONBLOCK)) {
            String fd = "(fd=" + fifo.fileno();
            assertFails("ESPIPE", "lseek" + fd, fifo::position);
            assertFails("ESPIPE", "lseek" + fd, () -> fifo.position(1));
            assertFails("ESPIPE", "lseek" + fd, fifo::size);
            assertFails("ESPIPE", "lseek" + fd, () -> fifo.truncate(0));
            assertFails("ESPIPE", "pread" + fd, () -> fifo.read(ByteBuffer.allocate(1), 0));
            assertFails("ESPIPE", "pwrite" + fd, () -> fifo.write(ByteBuffer.allocate(1), 0));
            assertFails("EINVAL", "fsync" + fd, () -> fifo.force(true));
            fifo.write(bytes("stream"));
            assertThat(read(fifo, 9)).isEqualTo("stream");
        }
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void closedFile_isRefused() throws Exception {
        FileFd file = open("x", FileFd.O_RDWR);
        file.close();
        for (ThrowingCallable call : new ThrowingCallable[] {
            file::position,
            () -> file.position(0),
            file::size,
            () -> file.truncate(0),
            () -> file.force(true),
            () -> file.read(ByteBuffer.allocate(1), 0),
            () -> file.write(ByteBuffer.allocate(1), 0)
        }) {
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(call);
        }
    }

    /// The JDK asks a seekable channel for its size, which a FIFO does not have.
    @Test
    @SuppressWarnings("try") // closing early is the subject
    void streamOfTheJdk_readsAFileAndAFifo() throws Exception {
        try (FileFd file = open("0123456789", FileFd.O_RDONLY)) {
            file.position(4);
            assertThat(readAll(file)).isEqualTo("456789");
        }
        Path path = directory.resolve("fifo");
        FileFd.mkfifo(path, 0600);
        try (FileFd fifo = FileFd.open(path, FileFd.O_RDONLY | FileFd.O_NONBLOCK);
                FileFd writer = FileFd.open(path, FileFd.O_WRONLY)) {
            writer.write(ByteBuffer.wrap(new byte[] {'a', 'b'}));
            writer.close();
            assertThat(readAll(fifo)).isEqualTo("ab");
        }
    }

    private static String readAll(FileFd file) throws IOException {
        return new String(Channels.newInputStream(file).readAllBytes(), StandardCharsets.US_ASCII);
    }
}
