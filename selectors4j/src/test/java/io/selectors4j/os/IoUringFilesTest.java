package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.Pollable;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests on files and pipes.
class IoUringFilesTest extends IoUringFixture {

    private Path path;
    private FileFd file;

    @BeforeEach
    void openFile(@TempDir Path directory) throws Exception {
        path = Files.writeString(directory.resolve("file"), "0123456789");
        file = FileFd.open(path, FileFd.O_RDWR);
    }

    @AfterEach
    void closeFile() throws Exception {
        file.close();
    }

    @Test
    void read_isAtTheOffset() throws Exception {
        ByteBuffer target = direct(10).position(2).limit(6);
        ring.read(file, target, 3, 0, 42);
        assertThat(awaitOne(42)).isEqualTo(4);
        assertThat(target.position()).isEqualTo(2);
        assertThat(target.limit()).isEqualTo(6);
        assertThat(text(target)).isEqualTo("3456");
        assertThat(target.get(1)).isZero();
        assertThat(target.get(0)).isZero();
    }

    @Test
    void currentPosition_isThatOfTheFile() throws Exception {
        ByteBuffer target = direct(4);
        for (String expected : List.of("0123", "4567", "89")) {
            ring.read(file, target.clear(), CURRENT, 0, 1);
            assertThat(text(target.limit(awaitOne(1)))).isEqualTo(expected);
        }
        ring.read(file, target.clear(), CURRENT, 0, 1);
        assertThat(awaitOne(1)).isZero();
    }

    @Test
    void write_isAtTheOffset() throws Exception {
        ByteBuffer source = direct("abc").position(1);
        ring.write(file, source, 8, 0, -1);
        assertThat(awaitOne(-1)).isEqualTo(2);
        assertThat(source.position()).isEqualTo(1);
        ring.write(file, direct("x"), CURRENT, 0, 2);
        assertThat(awaitOne(2)).isEqualTo(1);
        assertThat(path).hasContent("x1234567bc");
    }

    @Test
    void vectors_areFilledInOrder() throws Exception {
        ByteBuffer[] targets = {direct(3), direct(0), direct(5).position(1)};
        ring.readv(file, targets, 1, 0, 1);
        Arrays.fill(targets, 0, 1, null); // the request has the buffers of the call
        assertThat(awaitOne(1)).isEqualTo(7);
        assertThat(text(targets[2])).isEqualTo("4567");
        ring.writev(file, new ByteBuffer[] {direct("ab"), direct("cde")}, 0, 0, 2);
        assertThat(awaitOne(2)).isEqualTo(5);
        assertThat(path).hasContent("abcde56789");
        ring.writev(file, new ByteBuffer[0], 0, 0, 3);
        assertThat(awaitOne(3)).isZero();
    }

    @Test
    void registeredBuffer_isReadInto() throws Exception {
        ByteBuffer buffer = direct(100);
        ring.registerBuffers(direct(10), buffer);
        ring.readFixed(file, buffer.slice(50, 4), 1, 2, 0, 1);
        assertThat(awaitOne(1)).isEqualTo(4);
        assertThat(text(buffer.slice(50, 4))).isEqualTo("2345");
        ring.writeFixed(file, buffer.slice(51, 2), 1, 0, 0, 2);
        assertThat(awaitOne(2)).isEqualTo(2);
        assertThat(path).hasContent("3423456789");
        ring.readFixed(file, direct(4), 1, 0, 0, 3);
        assertThat(awaitOne(3)).isEqualTo(errno("EFAULT"));
        ring.readFixed(file, buffer, 2, 0, 0, 4);
        assertThat(awaitOne(4)).isEqualTo(errno("EFAULT"));
        assertErrno("EBUSY", () -> ring.registerBuffers(buffer));
        ring.unregisterBuffers();
        assertErrno("ENXIO", ring::unregisterBuffers);
        ring.readFixed(file, buffer, 1, 0, 0, 5);
        assertThat(awaitOne(5)).isEqualTo(errno("EFAULT"));
    }

    @Test
    void registeredFile_isFoundByIndex() throws Exception {
        ring.registerFiles(List.of(a, file));
        Pollable second = Pollable.borrow(1);
        ByteBuffer target = direct(2);
        ring.read(second, target, 4, IoUring.IOSQE_FIXED_FILE, 1);
        assertThat(awaitOne(1)).isEqualTo(2);
        assertThat(text(target)).isEqualTo("45");
        ring.read(Pollable.borrow(2), target, 0, IoUring.IOSQE_FIXED_FILE, 2);
        assertThat(awaitOne(2)).isEqualTo(errno("EBADF"));
        assertErrno("EBUSY", () -> ring.registerFiles(List.of(file)));
        file.close(); // the kernel keeps the file open
        ring.read(second, target, 6, IoUring.IOSQE_FIXED_FILE, 3);
        assertThat(awaitOne(3)).isEqualTo(2);
        assertThat(text(target)).isEqualTo("67");
        ring.unregisterFiles();
        assertErrno("ENXIO", ring::unregisterFiles);
        assertErrno("EBADF", () -> ring.registerFiles(List.of(Pollable.borrow(Libc.NEVER_OPEN))));
        assertErrno("EINVAL", () -> ring.registerFiles(List.of()));
        assertErrno("EINVAL", () -> ring.registerBuffers());
    }

    @Test
    void splice_movesBytesIntoAPipe() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            ring.splice(file, 3, pipe.writer(), CURRENT, 5, 0, 1);
            assertThat(awaitOne(1)).isEqualTo(5);
            ByteBuffer target = ByteBuffer.allocate(10);
            pipe.reader().read(target);
            assertThat(text(target.flip())).isEqualTo("34567");
            pipe.writer().write(ByteBuffer.wrap("xy".getBytes(StandardCharsets.UTF_8)));
            ring.splice(pipe.reader(), CURRENT, file, 8, 100, 0, 2);
            assertThat(awaitOne(2)).isEqualTo(2);
            assertThat(path).hasContent("01234567xy");
        }
    }

    @Test
    void fsync_completes() throws Exception {
        ring.fsync(file, 0, 0, 1);
        ring.fsync(file, IoUring.IORING_FSYNC_DATASYNC, 0, 2);
        assertThat(await(2)).containsEntry(1L, 0).containsEntry(2L, 0);
        ring.fsync(a, 0, 0, 3);
        assertThat(awaitOne(3)).isEqualTo(errno("EINVAL"));
    }

    @Test
    void close_closesANumber() throws Exception {
        int number = Libc.dup(file.fileno());
        ring.closeFd(number, 0, 1);
        assertThat(awaitOne(1)).isZero();
        assertThat(Libc.isOpen(number)).isFalse();
        ring.closeFd(Libc.NEVER_OPEN, 0, 2);
        assertThat(awaitOne(2)).isEqualTo(errno("EBADF"));
    }

    @Test
    void chain_endsAtTheFirstFailure() throws Exception {
        int link = IoUring.IOSQE_IO_LINK;
        ring.write(file, direct("ab"), 0, link, 1);
        ring.read(Pollable.borrow(Libc.NEVER_OPEN), direct(1), 0, link, 2);
        ring.write(file, direct("cd"), 2, 0, 3);
        ring.write(file, direct("ef"), 4, 0, 4);
        assertThat(await(4))
                .containsEntry(1L, 2)
                .containsEntry(2L, errno("EBADF"))
                .containsEntry(3L, errno("ECANCELED"))
                .containsEntry(4L, 2);
        assertThat(path).hasContent("ab23ef6789");
    }

    @Test
    void hardLink_goesOnAfterAFailure() throws Exception {
        int link = IoUring.IOSQE_IO_HARDLINK;
        ring.read(file, direct(100), 0, link, 1); // fewer bytes than asked for
        ring.read(a, direct(1), 0, link | IoUring.IOSQE_ASYNC, 2);
        ring.write(file, direct("cd"), 2, 0, 3);
        ring.submit();
        b.write(ByteBuffer.wrap(new byte[1]));
        assertThat(await(3)).containsEntry(1L, 10).containsEntry(3L, 2);
    }

    @Test
    void positionChangedConcurrently_neverLeavesTheBuffer() throws Exception {
        int size = 4096;
        ByteBuffer all = direct(2 * size);
        ByteBuffer target = all.slice(0, size);
        Files.write(path, new byte[size]);
        all.put(size, (byte) 7);
        AtomicBoolean done = new AtomicBoolean();
        try (Background<Integer> changing = Background.start(() -> {
            int changes = 0;
            while (!done.get()) {
                target.position(0).position(size);
                changes++;
            }
            return changes;
        })) {
            for (int i = 0; i < 2000; i++) {
                ring.read(file, target, 0, 0, 1);
                assertThat(awaitOne(1)).isBetween(0, size);
            }
            done.set(true);
            assertThat(changing.result()).isPositive();
        }
        assertThat(all.get(size)).isEqualTo((byte) 7);
    }

    @Test
    void badArguments_leaveNoRequest() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ring.read(file, ByteBuffer.allocate(8), 0, 0, 1))
                .withMessageContaining("a heap buffer")
                .withMessageContaining("allocateDirect");
        try (Arena arena = Arena.ofShared()) {
            ByteBuffer closeable = arena.allocate(8).asByteBuffer();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ring.write(file, closeable, 0, 0, 1))
                    .withMessageContaining("a buffer of a memory segment");
            assertThatIllegalArgumentException().isThrownBy(() -> ring.registerBuffers(closeable));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ring.writev(file, new ByteBuffer[] {direct(1), closeable}, 0, 0, 1));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ring.read(file, direct(1).asReadOnlyBuffer(), 0, 0, 1))
                .withMessage("cannot read into a read-only buffer");
        ByteBuffer[] tooMany = new ByteBuffer[1025];
        Arrays.fill(tooMany, direct(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ring.readv(file, tooMany, 0, 0, 1))
                .withMessageContaining("1025 buffers");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ring.read(() -> -1, direct(1), 0, 0, 1))
                .withMessageContaining("invalid file descriptor -1");
        for (int flags : new int[] {1 << 1, 1 << 5, 1 << 6, 1 << 7, 1 << 8, -1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ring.nop(flags, 1))
                    .withMessageContaining("have unknown bits 0x");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> ring.splice(a, 0, b, 0, -1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> ring.closeFd(-1, 0, 1));
        for (int index : new int[] {-1, 65_536, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ring.readFixed(file, direct(1), index, 0, 0, 1))
                    .withMessageContaining("index " + index);
        }
        assertThat(ring.submit()).isZero();
        assertThat(ring.submitAndWait(NOW, completions)).isZero();
    }

    @Test
    void writeOfAReadOnlyBuffer_isAllowed() throws Exception {
        ring.write(file, direct("ab").asReadOnlyBuffer(), 0, 0, 1);
        assertThat(awaitOne(1)).isEqualTo(2);
        assertThat(path).hasContent("ab23456789");
    }
}
