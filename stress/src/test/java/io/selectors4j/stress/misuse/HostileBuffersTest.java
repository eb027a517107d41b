package io.selectors4j.stress.misuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.PidFd;
import io.selectors4j.fd.TimerFd;
import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.Background;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Buffers that are read-only, closed, of another thread, or whose memory or position changes during a call. The method
/// refuses the buffer with a clear exception and loses no byte, or it completes the transfer that it began.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class HostileBuffersTest {

    private static final RunCounts COUNTS = new RunCounts("misuse");
    private static final int SIZE = 64;
    private static final int PAGE = 4096;
    private static final int PAGES = 8;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count);
    }

    /// Requires that exactly the sent bytes are still readable.
    private static void expectThere(Transport.Channel channel, int count) throws IOException {
        channel.reader().setBlocking(false);
        assertThat(channel.reader().read(bytes(2 * SIZE))).isEqualTo(count);
        assertThat(channel.reader().read(bytes(2 * SIZE))).isLessThanOrEqualTo(0);
        channel.reader().setBlocking(true);
    }

    /// Requires that the buffer is refused for reading and writing, and that no byte is lost.
    private static void expectRefused(
            Transport transport, Class<? extends Throwable> exception, ByteBuffer buffer, boolean writing)
            throws IOException {
        try (Transport.Channel channel = transport.open()) {
            channel.out().with(bytes(SIZE));
            int position = buffer.position();
            assertThatExceptionOfType(exception).isThrownBy(() -> channel.in().with(buffer));
            assertThat(buffer.position()).isEqualTo(position);
            expectThere(channel, SIZE);
            if (writing) {
                assertThatExceptionOfType(exception)
                        .isThrownBy(() -> channel.out().with(buffer));
                assertThat(buffer.position()).isEqualTo(position);
                channel.out().with(bytes(1));
                expectThere(channel, 1);
            }
        }
        COUNTS.add("hostile buffers", 1);
    }

    @ParameterizedTest
    @EnumSource
    void readOnly_isRefused(Transport transport) throws IOException {
        for (BufferKind kind : BufferKind.values()) {
            expectRefused(
                    transport, IllegalArgumentException.class, kind.all(SIZE).asReadOnlyBuffer(), false);
        }
    }

    @Test
    void readOnlyForCountersAndPidFd_isRefused() throws IOException {
        ByteBuffer readOnly = bytes(Long.BYTES).asReadOnlyBuffer();
        Process process = FdKind.process();
        try (TimerFd timer = TimerFd.open(TimerFd.Clock.MONOTONIC);
                EventFd event = EventFd.open(1);
                PidFd pidfd = PidFd.of(process)) {
            for (Fd fd : List.of(timer, event, pidfd)) {
                assertThatIllegalArgumentException().isThrownBy(() -> fd.read(readOnly));
            }
            timer.set(Duration.ofNanos(1));
            for (Fd fd : List.of(timer, event)) {
                ByteBuffer guarded = NativeMemory.buffer(Long.BYTES);
                assertThat(fd.read(guarded)).isEqualTo(Long.BYTES);
                assertThat(guarded.hasRemaining()).isFalse();
            }
            assertThatExceptionOfType(NativeIOException.class).isThrownBy(() -> event.write(bytes(1)));
            assertThatExceptionOfType(NativeIOException.class).isThrownBy(() -> event.read(bytes(1)));
            assertThat(event.write(1)).isTrue();
            assertThat(event.read()).isEqualTo(1);
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @EnumSource
    void empty_transfersNothing(Transport transport) throws IOException {
        for (BufferKind kind : BufferKind.values()) {
            try (Transport.Channel channel = transport.open()) {
                ByteBuffer empty = kind.part(0);
                if (!transport.preservesMessages()) { // empty messages exist
                    assertThat(channel.out().with(empty)).isZero();
                }
                channel.out().with(bytes(SIZE));
                assertThat(channel.in().with(empty)).isZero();
                assertThat(empty.position()).isEqualTo(BufferKind.MARGIN);
                if (transport != Transport.DATAGRAMS) { // reading with a full buffer loses a datagram
                    expectThere(channel, SIZE);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void closedArena_isRefused(Transport transport) throws IOException {
        for (boolean shared : new boolean[] {false, true}) {
            Arena arena = shared ? Arena.ofShared() : Arena.ofConfined();
            ByteBuffer buffer = arena.allocate(SIZE).asByteBuffer();
            arena.close();
            expectRefused(transport, IllegalStateException.class, buffer, true);
        }
    }

    /// The buffer was used before, so the library may have cached its address.
    @ParameterizedTest
    @EnumSource
    void arenaClosedAfterUse_isRefused(Transport transport) throws IOException {
        try (Transport.Channel channel = transport.open()) {
            Arena arena = Arena.ofShared();
            ByteBuffer buffer = arena.allocate(SIZE).asByteBuffer();
            channel.out().with(buffer);
            channel.in().with(buffer.clear());
            arena.close();
            channel.out().with(bytes(SIZE));
            assertThatIllegalStateException().isThrownBy(() -> channel.in().with(buffer.clear()));
            expectThere(channel, SIZE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void otherThreadsArena_isRefused(Transport transport) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer buffer = arena.allocate(SIZE).asByteBuffer();
            Background.run(() -> {
                expectRefused(transport, WrongThreadException.class, buffer, true);
                return true;
            });
        }
    }

    /// The arena is closed right before the system call, after the library has checked the buffer.
    @ParameterizedTest
    @EnumSource
    void arenaClosedDuringCall_isRefused(Transport transport) throws Exception {
        for (boolean writing : new boolean[] {false, true}) {
            try (Transport.Channel channel = transport.open()) {
                Arena arena = Arena.ofShared();
                ByteBuffer buffer = arena.allocate(SIZE).asByteBuffer();
                channel.out().with(buffer);
                channel.in().with(buffer.clear());
                channel.out().with(bytes(SIZE));
                Transport.Transfer move = writing ? channel.out() : channel.in();
                assertThatIllegalStateException()
                        .isThrownBy(() -> InjectionPoints.before(0, arena::close, () -> move.with(buffer.clear())));
                expectThere(channel, SIZE);
            }
        }
    }

    /// The arena is closed at a random moment.
    @ParameterizedTest
    @EnumSource
    void arenaClosedAtRandomMoment_isSafe(Transport transport) throws Exception {
        int rounds = 30;
        for (int round = 0; round < rounds; round++) {
            try (Transport.Channel channel = transport.open()) {
                channel.reader().setBlocking(false);
                Arena arena = Arena.ofShared();
                ByteBuffer buffer = arena.allocate(SIZE).asByteBuffer();
                int spins = 300 * round;
                Background<Boolean> closing = Background.start(() -> {
                    for (int i = spins; i > 0; i--) {
                        Thread.onSpinWait();
                    }
                    closeWhenUnused(arena);
                    return true;
                });
                try {
                    while (true) {
                        channel.out().with(bytes(SIZE));
                        channel.out().with(buffer.clear());
                        channel.reader().read(buffer.clear());
                        while (channel.reader().read(bytes(10 * SIZE)) > 0) {
                            // makes room
                        }
                    }
                } catch (IllegalStateException e) {
                    closing.result();
                    assertThat(e).hasMessage("Already closed");
                }
            }
        }
        COUNTS.add("hostile buffers", rounds);
    }

    private static void closeWhenUnused(Arena arena) {
        boolean closed = false;
        while (!closed) {
            try {
                arena.close();
                closed = true;
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("acquired");
            }
        }
    }

    /// The position and limit change right before the system call, which uses the values that the library has checked.
    @ParameterizedTest
    @EnumSource
    void positionChangedDuringCall_isIgnored(Transport transport) throws Exception {
        try (Transport.Channel channel = transport.open()) {
            for (BufferKind kind : BufferKind.values()) {
                for (int place : new int[] {0, BufferKind.MARGIN + SIZE / 2, 2 * BufferKind.MARGIN + SIZE}) {
                    ByteBuffer source = kind.part(SIZE);
                    ByteBuffer target = kind.part(SIZE);
                    ByteBuffer witness = target.duplicate().clear();
                    InjectionPoints.before(
                            0,
                            () -> source.clear().position(place),
                            () -> channel.out().with(source));
                    channel.reader().setBlocking(false);
                    assertThat(channel.reader().read(bytes(10 * SIZE))).isBetween(SIZE, source.capacity());
                    while (channel.reader().read(bytes(10 * SIZE)) > 0) {
                        // a write that is blocking goes on where the position is
                    }
                    channel.reader().setBlocking(true);

                    channel.out().with(filled(SIZE));
                    InjectionPoints.before(
                            0,
                            () -> target.clear().position(place),
                            () -> channel.in().with(target));
                    for (int i = 0; i < witness.capacity(); i++) {
                        boolean inside = i >= BufferKind.MARGIN && i < BufferKind.MARGIN + SIZE;
                        assertThat(witness.get(i)).isEqualTo((byte) (inside ? 1 : 0));
                    }
                    COUNTS.add("hostile buffers", 2);
                }
            }
        }
    }

    private static ByteBuffer filled(int count) {
        ByteBuffer buffer = bytes(count);
        while (buffer.hasRemaining()) {
            buffer.put((byte) 1);
        }
        return buffer.flip();
    }

    /// The position and limit change continuously: no memory outside of the buffer is accessed, and the virtual machine
    /// survives.
    @ParameterizedTest
    @EnumSource
    void positionChangedContinuously_isSafe(BufferKind kind) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        ByteBuffer all = kind.all(SIZE + 2 * BufferKind.MARGIN);
        ByteBuffer inner = all.slice(BufferKind.MARGIN, SIZE);
        Background<Boolean> mover = Background.start(() -> {
            Random random = new Random(1);
            while (!over.get()) {
                inner.clear();
                inner.limit(random.nextInt(SIZE + 1));
                inner.position(random.nextInt(inner.limit() + 1));
            }
            return true;
        });
        long transfers = 0;
        try (Transport.Channel channel = Transport.STREAM.open()) {
            channel.reader().setBlocking(false);
            channel.writer().setBlocking(false);
            do {
                channel.writer().write(filled(SIZE));
                for (ThrowingCallable call : List.<ThrowingCallable>of(
                        () -> channel.reader().read(inner),
                        () -> channel.writer().write(inner))) {
                    try {
                        call.call();
                    } catch (IllegalArgumentException e) {
                        // the position that was to be set is above the limit by now
                    } catch (Throwable e) {
                        throw new AssertionError(e);
                    }
                    transfers++;
                }
                while (channel.reader().read(bytes(10 * SIZE)) > 0) {
                    // makes room
                }
            } while (transfers < 2_000);
        } finally {
            over.set(true);
            mover.result();
        }
        for (int i = 0; i < BufferKind.MARGIN; i++) {
            assertThat(all.get(i)).isZero();
            assertThat(all.get(SIZE + BufferKind.MARGIN + i)).isZero();
        }
        COUNTS.add("transfers with continuously changing buffers", transfers);
    }

    /// The kernel finds no memory beyond the end of the file. An access by the virtual machine would cause SIGBUS.
    @ParameterizedTest
    @EnumSource
    void truncatedMappedFile_failsWithEfault(Transport transport) throws IOException {
        for (boolean segment : new boolean[] {false, true}) {
            Path path = Files.createTempFile(directory, "mapped", "");
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    Transport.Channel channel = transport.open()) {
                long size = (long) PAGES * PAGE;
                ByteBuffer mapped = segment
                        ? file.map(FileChannel.MapMode.READ_WRITE, 0, size, Arena.ofAuto())
                                .asByteBuffer()
                        : file.map(FileChannel.MapMode.READ_WRITE, 0, size);
                file.truncate(PAGE);
                mapped.position(2 * PAGE);
                expectFault(() -> channel.out().with(mapped));
                channel.out().with(bytes(SIZE));
                expectFault(() -> channel.in().with(mapped));
            }
        }
    }

    private static void expectFault(ThrowingCallable call) {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EFAULT"));
        COUNTS.add("hostile buffers", 1);
    }

    /// A segment that is larger than its memory.
    @ParameterizedTest
    @EnumSource
    void unmappedPage_failsWithEfault(Transport transport) throws IOException {
        try (Transport.Channel channel = transport.open()) {
            MemorySegment memory = NativeMemory.allocate(SIZE, 1);
            ByteBuffer tooLong = tooLong(memory);
            expectFault(() -> channel.out().with(tooLong));
            channel.out().with(bytes(SIZE));
            expectFault(() -> channel.in().with(tooLong));
            assertThat(memory.byteSize()).isEqualTo(SIZE); // keeps it reachable
        }
    }

    @SuppressWarnings("restricted")
    private static ByteBuffer tooLong(MemorySegment memory) {
        return MemorySegment.ofAddress(memory.address() + SIZE)
                .reinterpret(SIZE)
                .asByteBuffer();
    }

    /// A buffer of the maximum size.
    @ParameterizedTest
    @EnumSource
    void maximumSize_isTransferred(Transport transport) throws IOException {
        Path path = directory.resolve("huge");
        try (FileChannel file = FileChannel.open(
                        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                Transport.Channel channel = transport.open()) {
            ByteBuffer huge = file.map(FileChannel.MapMode.READ_WRITE, 0, Integer.MAX_VALUE);
            huge.position(Integer.MAX_VALUE - SIZE);
            assertThat(channel.out().with(huge)).isEqualTo(SIZE);
            assertThat(huge.hasRemaining()).isFalse();
            huge.position(Integer.MAX_VALUE - SIZE);
            assertThat(channel.in().with(huge)).isEqualTo(SIZE);
            channel.out().with(filled(SIZE));
            assertThat(channel.in().with(huge.clear())).isEqualTo(SIZE);
            assertThat(huge.position()).isEqualTo(SIZE);
            assertThat(huge.get(SIZE - 1)).isEqualTo((byte) 1);
            assertThat(huge.get(SIZE)).isZero();
            if (transport != Transport.FILE) {
                writeAsMuchAsFits(transport, channel, huge.clear());
            }
        }
    }

    private static void writeAsMuchAsFits(Transport transport, Transport.Channel channel, ByteBuffer huge)
            throws IOException {
        channel.writer().setBlocking(false);
        if (transport.preservesMessages()) {
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> channel.out().with(huge))
                    .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EMSGSIZE"));
            assertThat(huge.position()).isZero();
        } else {
            int written = channel.out().with(huge);
            assertThat(written).isPositive().isEqualTo(huge.position());
        }
    }
}
