package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.selectors4j.internal.posix.ByteIo;
import io.selectors4j.testing.Background;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The memory of buffers during reads and writes: arenas, reachability, threads.
class FdMemoryTest {

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

    private static ByteBuffer oneByte() {
        return ByteBuffer.wrap(new byte[] {'x'});
    }

    @Test
    void arena_cannotBeClosedDuringCall() throws Exception {
        Arena arena = Arena.ofShared();
        ByteBuffer buffer = arena.allocate(10).asByteBuffer();
        try (Background<Integer> reading = Background.start(() -> reader.read(buffer))) {
            reading.awaitAsleep();
            assertThatIllegalStateException().isThrownBy(arena::close);
            writer.write(oneByte());
            assertThat(reading.result()).isEqualTo(1);
        }
        arena.close();
        writer.write(oneByte());
        assertThatIllegalStateException().isThrownBy(() -> reader.read(buffer)).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> writer.write(buffer)).withMessageContaining("closed");
        assertThat(reader.read(ByteBuffer.allocate(10))).as("nothing is lost").isEqualTo(1);
    }

    @Test
    void arenaOfOtherThread_isRefused() throws Exception {
        ByteBuffer buffer = CompletableFuture.supplyAsync(
                        () -> Arena.ofConfined().allocate(10).asByteBuffer())
                .join();
        writer.write(oneByte());
        assertThatExceptionOfType(WrongThreadException.class).isThrownBy(() -> reader.read(buffer));
        assertThatExceptionOfType(WrongThreadException.class).isThrownBy(() -> writer.write(buffer));
        assertThat(reader.read(ByteBuffer.allocate(10))).as("nothing is lost").isEqualTo(1);
    }

    /// The system call has only the address, and compiled code does not keep an unused variable reachable.
    @Test
    void directBuffer_staysReachableDuringCall() throws Exception {
        ByteBuffer memory = ByteBuffer.allocateDirect(1);
        List<WeakReference<ByteBuffer>> buffers = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            writer.write(oneByte());
            buffers.clear();
            assertThat(readIntoUnreferencedBuffer(memory, buffers)).isEqualTo(1);
        }
        buffers.clear();
        try (Background<Integer> reading = Background.start(() -> readIntoUnreferencedBuffer(memory, buffers))) {
            reading.awaitAsleep();
            for (int i = 0; i < 5; i++) {
                System.gc();
            }
            assertThat(buffers.getFirst().get()).isNotNull();
            writer.write(oneByte());
            assertThat(reading.result()).isEqualTo(1);
        }
    }

    private int readIntoUnreferencedBuffer(ByteBuffer memory, List<WeakReference<ByteBuffer>> buffers)
            throws IOException {
        ByteBuffer buffer = memory.slice(0, 1);
        buffers.add(new WeakReference<>(buffer));
        return reader.read(buffer);
    }

    /// An [Fd] caches the [ByteIo] of its last thread.
    @Test
    void severalThreads_useOwnByteIo() throws Exception {
        for (int turn = 0; turn < 3; turn++) {
            byte value = (byte) turn;
            assertThat(Background.run(() -> writer.byteIo() == ByteIo.current()))
                    .as("each thread has its own ByteIo")
                    .isTrue();
            assertThat(writer.byteIo()).isSameAs(ByteIo.current());
            Background.run(() -> writer.write(ByteBuffer.allocateDirect(1).put(0, value)));
            Background.run(() -> writer.write(ByteBuffer.wrap(new byte[] {value})));
            ByteBuffer target = ByteBuffer.allocateDirect(2);
            assertThat(reader.read(target)).isEqualTo(2);
            assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {value, value}));
            FutureTask<Integer> writing = new FutureTask<>(() -> writer.write(oneByte()));
            Thread.ofVirtual().start(writing);
            assertThat(writing.get()).isEqualTo(1);
            assertThat(reader.read(ByteBuffer.allocate(2))).isEqualTo(1);
        }
    }

    @Test
    void usedBuffer_canBeCollected() throws Exception {
        WeakReference<ByteBuffer> buffer = used();
        for (int i = 0; i < 100 && buffer.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(buffer.get()).isNull();
    }

    private static WeakReference<ByteBuffer> used() throws IOException {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(100);
            pipe.writer().write(buffer);
            return new WeakReference<>(buffer);
        }
    }
}
