package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.selectors4j.testing.Background;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The memory of several buffers during reads and writes: arenas, reachability.
class ScatterGatherMemoryTest {

    private static ByteBuffer oneByte() {
        return ByteBuffer.wrap(new byte[] {'x'});
    }

    private static ByteBuffer[] inArenas(Arena... arenas) {
        return Arrays.stream(arenas)
                .map(arena -> arena.allocate(2).asByteBuffer())
                .toArray(ByteBuffer[]::new);
    }

    @Test
    void arena_cannotBeClosedDuringCall() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            Arena arena = Arena.ofShared();
            ByteBuffer[] buffers = {ByteBuffer.allocate(1), arena.allocate(1).asByteBuffer(), ByteBuffer.allocate(1)};
            try (Background<Long> reading = Background.start(() -> pipe.reader().read(buffers))) {
                reading.awaitAsleep();
                assertThatIllegalStateException().isThrownBy(arena::close);
                pipe.writer().write(oneByte());
                assertThat(reading.result()).isEqualTo(1);
            }
            arena.close();
            pipe.writer().write(oneByte());
            buffers[0].clear();
            assertThatIllegalStateException()
                    .isThrownBy(() -> pipe.reader().read(buffers))
                    .withMessageContaining("closed");
            assertThatIllegalStateException()
                    .isThrownBy(() -> pipe.writer().write(buffers))
                    .withMessageContaining("closed");
            assertThat(pipe.reader().read(ByteBuffer.allocate(10)))
                    .as("nothing is lost")
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "SEQPACKET"})
    void arenaOfOtherThread_isRefused(SocketFd.Type type) throws Exception {
        ByteBuffer foreign = CompletableFuture.supplyAsync(
                        () -> Arena.ofConfined().allocate(2).asByteBuffer())
                .join();
        try (SocketFd.Pair pair = SocketFd.pair(type);
                Arena own = Arena.ofConfined()) {
            pair.first().write(oneByte());
            ByteBuffer[] one = {foreign, ByteBuffer.allocate(1)};
            ByteBuffer[] two = {foreign, own.allocate(1).asByteBuffer()};
            for (ByteBuffer[] buffers : new ByteBuffer[][] {one, two}) {
                assertThatExceptionOfType(WrongThreadException.class)
                        .isThrownBy(() -> pair.second().read(buffers));
                assertThatExceptionOfType(WrongThreadException.class)
                        .isThrownBy(() -> pair.first().write(buffers));
            }
            assertThat(pair.second().read(ByteBuffer.allocate(10)))
                    .as("nothing is lost")
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "DATAGRAM", "SEQPACKET"})
    void severalArenas_areWrittenWhole(SocketFd.Type type) throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(type);
                Arena one = Arena.ofShared();
                Arena two = Arena.ofConfined();
                Arena three = Arena.ofShared()) {
            ByteBuffer[] sources = inArenas(one, two, one, three);
            for (int i = 0; i < sources.length; i++) {
                sources[i].put((byte) i).put((byte) -i).flip();
            }
            assertThat(pair.first().write(sources)).isEqualTo(8);
            ByteBuffer[] targets = inArenas(three, two, two, one);
            long read = 0;
            while (read < 8) {
                long count = pair.second().read(targets);
                assertThat(count)
                        .isEqualTo(type == SocketFd.Type.STREAM ? count : 8)
                        .isPositive();
                read += count;
            }
            for (int i = 0; i < targets.length; i++) {
                assertThat(targets[i].get(0)).isEqualTo((byte) i);
                assertThat(targets[i].get(1)).isEqualTo((byte) -i);
            }
        }
    }

    @Test
    void closedArenaAmongSeveral_losesNoMessage() throws Exception {
        try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.DATAGRAM);
                Arena open = Arena.ofShared()) {
            Arena closed = Arena.ofShared();
            ByteBuffer[] buffers = inArenas(open, closed);
            closed.close();
            pair.first().write(oneByte());
            assertThatIllegalStateException().isThrownBy(() -> pair.second().read(buffers));
            assertThatIllegalStateException().isThrownBy(() -> pair.first().write(buffers));
            assertThat(pair.second().read(ByteBuffer.allocate(10))).isEqualTo(1);
        }
    }

    /// The kernel has only the addresses, and another thread may remove the buffers from the array.
    @Test
    void buffersRemovedFromArray_stayReachableDuringCall() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            ByteBuffer[] buffers = {ByteBuffer.allocateDirect(1), ByteBuffer.allocateDirect(1)};
            WeakReference<ByteBuffer> second = new WeakReference<>(buffers[1]);
            try (Background<Long> reading = Background.start(() -> pipe.reader().read(buffers))) {
                reading.awaitAsleep();
                Arrays.fill(buffers, ByteBuffer.allocate(1));
                for (int i = 0; i < 5; i++) {
                    System.gc();
                }
                assertThat(second.get()).isNotNull();
                pipe.writer().write(new ByteBuffer[] {oneByte(), oneByte()});
                assertThat(reading.result()).isEqualTo(2);
            }
        }
    }

    @Test
    void usedBuffers_canBeCollected() throws Exception {
        WeakReference<ByteBuffer> buffer = used();
        for (int i = 0; i < 100 && buffer.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(buffer.get()).isNull();
    }

    private static WeakReference<ByteBuffer> used() throws IOException {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            ByteBuffer[] buffers = {ByteBuffer.allocateDirect(100), ByteBuffer.allocate(600_000)};
            pipe.writer().setBlocking(false);
            assertThat(pipe.writer().write(buffers)).isPositive();
            return new WeakReference<>(buffers[1]);
        }
    }
}
