package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.Selector;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class FdTest {

    private PipeFd.Pipe pipe;
    private PipeFd reader;
    private PipeFd writer;

    @BeforeEach
    void open() throws Exception {
        pipe = PipeFd.open();
        reader = pipe.reader();
        writer = pipe.writer();
    }

    @AfterEach
    void close() throws Exception {
        pipe.close();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static ByteBuffer oneByte() {
        return ByteBuffer.wrap(new byte[] {'x'});
    }

    /// A kind of buffer.
    enum Kind {
        HEAP,
        DIRECT,
        HEAP_SLICE,
        DIRECT_SLICE,
        HEAP_OFFSET,
        SEGMENT;

        ByteBuffer of(byte[] bytes) {
            int size = bytes.length;
            ByteBuffer buffer = switch (this) {
                case HEAP -> ByteBuffer.allocate(size);
                case DIRECT -> ByteBuffer.allocateDirect(size);
                case HEAP_SLICE -> ByteBuffer.allocate(size + 20).slice(7, size);
                case DIRECT_SLICE -> ByteBuffer.allocateDirect(size + 20).slice(7, size);
                case HEAP_OFFSET ->
                    ByteBuffer.wrap(new byte[size + 20], 5, size).slice();
                case SEGMENT -> Arena.ofAuto().allocate(size).asByteBuffer();
            };
            return buffer.put(bytes).flip();
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytes_passThroughAnyKindOfBuffer(Kind kind) throws Exception {
        for (int length : new int[] {1, 100, 16 * 1024, 16 * 1024 + 1, 60_000}) {
            byte[] bytes = random(length);
            for (Function<ByteBuffer, ByteBuffer> view :
                    List.<Function<ByteBuffer, ByteBuffer>>of(b -> b, ByteBuffer::asReadOnlyBuffer)) {
                ByteBuffer source = view.apply(kind.of(bytes));
                assertThat(writer.write(source)).isEqualTo(length);
                assertThat(source.hasRemaining()).isFalse();
                ByteBuffer target = kind.of(new byte[length]);
                while (target.hasRemaining()) {
                    assertThat(reader.read(target)).isPositive();
                }
                assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(bytes));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesOutsideOfLimits_areUnchanged(Kind kind) throws Exception {
        ByteBuffer source = kind.of(new byte[] {1, 2, 3, 4, 5, 6}).position(2).limit(5);
        assertThat(writer.write(source)).isEqualTo(3);
        assertThat(source.position()).isEqualTo(5);
        assertThat(source.limit()).isEqualTo(5);
        ByteBuffer target = kind.of(new byte[] {9, 9, 9, 9, 9, 9}).position(1).limit(5);
        assertThat(reader.read(target)).isEqualTo(3);
        assertThat(target.position()).isEqualTo(4);
        byte[] all = new byte[6];
        target.clear().get(all);
        assertThat(all).containsExactly(9, 3, 4, 5, 9, 9);
    }

    @ParameterizedTest
    @EnumSource
    void virtualThread_readsAndWrites(Kind kind) throws Exception {
        byte[] bytes = random(5_000);
        ByteBuffer target = kind.of(new byte[bytes.length]);
        Thread thread = Thread.startVirtualThread(() -> {
            try {
                writer.write(kind.of(bytes));
                reader.read(target);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.join();
        assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(bytes));
    }

    @Test
    void readOnlyTarget_isRefused() throws Exception {
        writer.write(oneByte());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reader.read(ByteBuffer.allocate(1).asReadOnlyBuffer()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reader.read(ByteBuffer.allocateDirect(1).asReadOnlyBuffer()));
        assertThat(reader.read(ByteBuffer.allocate(1))).as("nothing was lost").isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void blockingWrite_writesAll(Kind kind) throws Exception {
        byte[] bytes = random(3_000_000);
        try (Background<Integer> writing = Background.start(() -> writer.write(kind.of(bytes)))) {
            ByteBuffer target = kind.of(new byte[bytes.length]);
            while (target.hasRemaining()) {
                assertThat(reader.read(target)).isPositive();
            }
            assertThat(writing.result()).isEqualTo(bytes.length);
            assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(bytes));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nonBlockingWrite_fillsAvailableRoom(Kind kind) throws Exception {
        writer.setBlocking(false);
        ByteBuffer source = kind.of(random(3_000_000));
        int written = writer.write(source);
        assertThat(written).isPositive().isLessThan(3_000_000).isEqualTo(source.position());
        assertThat(writer.write(source)).isZero();
        assertThat(source.position()).isEqualTo(written);
    }

    @Test
    void nonBlockingRead_noData_isZero() throws Exception {
        reader.setBlocking(false);
        assertThat(reader.read(ByteBuffer.allocate(10))).isZero();
        assertThat(reader.read(ByteBuffer.allocateDirect(10))).isZero();
        writer.write(oneByte());
        assertThat(reader.read(ByteBuffer.allocate(10))).isEqualTo(1);
    }

    @Test
    void end_isMinusOneAfterData() throws Exception {
        writer.write(oneByte());
        writer.close();
        assertThat(reader.read(ByteBuffer.allocate(0))).isZero();
        assertThat(reader.read(ByteBuffer.allocate(10))).isEqualTo(1);
        assertThat(reader.read(ByteBuffer.allocate(10))).isEqualTo(-1);
        assertThat(reader.read(ByteBuffer.allocateDirect(10))).isEqualTo(-1);
        assertThat(reader.read(ByteBuffer.allocate(0))).isZero();
    }

    @Test
    void writeWithoutReader_failsWithEpipe() throws Exception {
        reader.close();
        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> writer.write(oneByte()))
                    .withMessage("write(fd=" + writer.fileno() + "): EPIPE (32) Broken pipe")
                    .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EPIPE"));
        }
    }

    @Test
    void emptyWrite_isZero() throws Exception {
        assertThat(writer.write(ByteBuffer.allocate(0))).isZero();
        assertThat(writer.write(ByteBuffer.allocateDirect(0))).isZero();
    }

    @Test
    void wrongEnd_isRefused() {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> reader.write(oneByte()))
                .withMessageContaining("EBADF");
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> writer.read(ByteBuffer.allocate(1)))
                .withMessageContaining("EBADF");
    }

    @Test
    void blockingMode_belongsToOpenFile() throws Exception {
        try (PipeFd copy = reader.dup()) {
            assertThat(reader.isBlocking()).isTrue();
            reader.setBlocking(false);
            reader.setBlocking(false);
            assertThat(copy.isBlocking()).isFalse();
            copy.setBlocking(true);
            assertThat(reader.isBlocking()).isTrue();
        }
    }

    @Test
    void duplicate_outlivesOriginal() throws Exception {
        try (PipeFd copy = writer.dup()) {
            assertThat(copy.fileno()).isNotEqualTo(writer.fileno());
            assertThat(Libc.isCloseOnExec(copy.fileno())).isTrue();
            writer.close();
            assertThat(copy.isOpen()).isTrue();
            copy.write(oneByte());
            assertThat(reader.read(ByteBuffer.allocate(5))).isEqualTo(1);
        }
        assertThat(reader.read(ByteBuffer.allocate(5))).isEqualTo(-1);
    }

    static List<BackendUnderTest> backends() {
        return Backends.underTest();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void close_leavesSelectors_reusedFdIsNotReported(BackendUnderTest backend) throws Exception {
        try (Selector<String> one = backend.open();
                Selector<String> two = backend.open()) {
            writer.write(oneByte());
            int fd = reader.fileno();
            one.register(reader, Interest.READ, "one");
            two.register(reader, Interest.READ, "two");
            assertThat(one.selectNow()).hasSize(1);
            try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
                pair.second().write(oneByte());
                reader.close();
                assertThat(one.getMap()).isEmpty();
                assertThat(two.getMap()).isEmpty();
                // The next owner of the number is also readable, and not registered.
                Libc.dupOnto(pair.first().fileno(), fd);
                assertThat(one.selectNow()).isEmpty();
                assertThat(two.selectNow()).isEmpty();
                one.register(Pollable.borrow(fd), Interest.READ, "next");
                assertThat(one.selectNow()).hasSize(1);
                one.unregister(Pollable.borrow(fd));
                Libc.close(fd);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void close_leavesSelectorDespiteDuplicate(BackendUnderTest backend) throws Exception {
        try (Selector<String> selector = backend.open();
                PipeFd copy = reader.dup()) {
            selector.register(reader, Interest.READ, "closed");
            reader.close();
            writer.write(oneByte());
            assertThat(selector.selectNow()).isEmpty();
            selector.register(copy, Interest.READ, "copy");
            assertThat(selector.selectNow()).hasSize(1);
        }
    }

    @Test
    void closed_refusesEverything() throws Exception {
        int fd = reader.fileno();
        reader.close();
        reader.close();
        assertThat(reader.isOpen()).isFalse();
        assertThat(reader.fileno()).isEqualTo(-1);
        assertThat(reader).hasToString("PipeFd[closed]");
        assertThat(Libc.isOpen(fd)).isFalse();
        List<ThrowingCallable> uses = List.of(
                () -> reader.read(ByteBuffer.allocate(1)),
                () -> reader.write(ByteBuffer.allocate(1)),
                reader::isBlocking,
                () -> reader.setBlocking(true),
                reader::dup);
        for (ThrowingCallable use : uses) {
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(use);
        }
    }

    @Test
    void closeDuringRead_keepsNumberUntilReturn() throws Exception {
        int fd = reader.fileno();
        try (Background<Integer> reading = Background.start(() -> reader.read(ByteBuffer.allocate(10)))) {
            reading.awaitAsleep();
            reader.close();
            assertThat(reader.isOpen()).isFalse();
            assertThat(Libc.isOpen(fd)).as("during the read").isTrue();
            try (PipeFd.Pipe other = PipeFd.open()) {
                assertThat(other.reader().fileno()).isNotEqualTo(fd);
                assertThat(other.writer().fileno()).isNotEqualTo(fd);
            }
            writer.write(oneByte());
            assertThat(reading.result()).as("the byte is not lost").isEqualTo(1);
            assertThat(Libc.isOpen(fd)).isFalse();
        }
    }

    @Test
    void readEndingAfterClose_reportsClose() throws Exception {
        try (Background<Integer> reading = Background.start(() -> reader.read(ByteBuffer.allocate(10)))) {
            reading.awaitAsleep();
            reader.close();
            writer.close();
            assertThatExceptionOfType(AsynchronousCloseException.class).isThrownBy(reading::result);
        }
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void borrowedFd_staysOpen() throws Exception {
        int fd = reader.fileno();
        try (Fd borrowed = Fd.borrow(fd)) {
            assertThat(borrowed.fileno()).isEqualTo(fd);
            assertThat(borrowed).hasToString("Fd[fd=" + fd + "]");
            writer.write(oneByte());
            assertThat(borrowed.read(ByteBuffer.allocate(1))).isEqualTo(1);
            borrowed.close();
            assertThat(borrowed.isOpen()).isFalse();
        }
        assertThat(Libc.isOpen(fd)).isTrue();
    }

    @Test
    void adoptedFd_isClosed() throws Exception {
        int fd = Libc.dupAtLeast(reader.fileno(), 200);
        try (Fd owned = Fd.fromFd(fd)) {
            writer.write(oneByte());
            assertThat(owned.read(ByteBuffer.allocate(1))).isEqualTo(1);
            try (Fd copy = owned.dup()) {
                assertThat(copy.isOpen()).isTrue();
            }
        }
        assertThat(Libc.isOpen(fd)).isFalse();
    }

    @Test
    void duplicateOfBorrowedFd_isOwned() throws Exception {
        int number;
        try (Fd borrowed = Fd.borrow(reader.fileno());
                Fd copy = borrowed.dup()) {
            number = copy.fileno();
        }
        assertThat(Libc.isOpen(number)).isFalse();
        assertThat(reader.isOpen()).isTrue();
    }

    @Test
    void closedNumber_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Fd.borrow(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> Fd.fromFd(Integer.MIN_VALUE));
        for (int fd : new int[] {Libc.NEVER_OPEN, Integer.MAX_VALUE}) {
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> Fd.borrow(fd))
                    .withMessageContaining("EBADF")
                    .withMessageContaining("" + fd);
            assertThatExceptionOfType(NativeIOException.class).isThrownBy(() -> Fd.fromFd(fd));
        }
    }

    @Test
    void standardDescriptors_areBorrowed() throws Exception {
        List<Fd> standard = List.of(Fd.stdin(), Fd.stdout(), Fd.stderr());
        for (int fd = 0; fd < 3; fd++) {
            Fd object = standard.get(fd);
            assertThat(object.fileno()).isEqualTo(fd);
            object.close();
            assertThat(Libc.isOpen(fd)).isTrue();
        }
    }

    @Test
    void numberClosedElsewhere_closeFailsWithEbadf() throws Exception {
        Fd owned = Fd.fromFd(Libc.dupAtLeast(reader.fileno(), 200));
        Libc.close(owned.fileno());
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(owned::close)
                .withMessageContaining("EBADF");
        assertThat(owned.isOpen()).isFalse();
        owned.close();
    }

    /// ByteIo remembers two buffers; the third in turn is always a new one.
    @Test
    void alternatingBuffers_keepBytesApart() throws IOException {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            for (int round = 0; round < 3; round++) {
                for (int size = 1; size <= 5; size++) {
                    ByteBuffer source = ByteBuffer.allocateDirect(10).position(size);
                    for (int i = 0; i < size; i++) {
                        source.put(size + i, (byte) (10 * round + i));
                    }
                    assertThat(pipe.writer().write(source.limit(2 * size))).isEqualTo(size);
                    ByteBuffer target = ByteBuffer.allocateDirect(7).position(1);
                    assertThat(pipe.reader().read(target)).isEqualTo(size);
                    for (int i = 0; i < size; i++) {
                        assertThat(target.get(1 + i)).isEqualTo((byte) (10 * round + i));
                    }
                    assertThat(target.position()).isEqualTo(1 + size);
                }
            }
        }
    }
}
