package io.selectors4j.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectMemoryTest {

    private static final List<UnaryOperator<ByteBuffer>> VIEWS = List.of(
            buffer -> buffer, ByteBuffer::duplicate, ByteBuffer::asReadOnlyBuffer, buffer -> buffer.slice(3, 5));

    @Test
    void memoryOfBuffer_isNotCloseable(@TempDir Path directory) throws IOException {
        assertCloseable(ByteBuffer.allocateDirect(10), false);
        assertCloseable(ByteBuffer.allocateDirect(20).slice(5, 10), false);
        Path file = Files.write(directory.resolve("file"), new byte[10]);
        try (FileChannel channel = FileChannel.open(file)) {
            assertCloseable(channel.map(MapMode.READ_ONLY, 0, 10), false);
        }
    }

    @Test
    void memoryOfArena_isCloseable(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[10]);
        try (Arena confined = Arena.ofConfined();
                Arena shared = Arena.ofShared();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            assertCloseable(confined.allocate(10).asByteBuffer(), true);
            assertCloseable(shared.allocate(10).asByteBuffer(), true);
            assertCloseable(channel.map(MapMode.READ_ONLY, 0, 10, shared).asByteBuffer(), true);
        }
    }

    private static void assertCloseable(ByteBuffer buffer, boolean closeable) {
        for (UnaryOperator<ByteBuffer> view : VIEWS) {
            assertThat(new DirectMemory(view.apply(buffer)).isCloseable()).isEqualTo(closeable);
        }
    }

    @Test
    void addressAndSegment_areOfPart() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(100).slice(10, 50).position(20);
        DirectMemory memory = new DirectMemory(buffer);
        MemorySegment rest = MemorySegment.ofBuffer(buffer);
        assertThat(memory.address(20, 30)).isEqualTo(rest.address());
        MemorySegment part = memory.segment(buffer, 21, 4);
        assertThat(part.address()).isEqualTo(rest.address() + 1);
        assertThat(part.byteSize()).isEqualTo(4);
        buffer.put(22, (byte) 7);
        assertThat(part.get(ValueLayout.JAVA_BYTE, 1)).isEqualTo((byte) 7);
    }

    @Test
    void outOfBounds_isRefused() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(10);
        DirectMemory memory = new DirectMemory(buffer);
        assertThat(memory.address(10, 0)).isEqualTo(memory.address(0, 10) + 10);
        for (int[] part : new int[][] {{0, 11}, {10, 1}, {-1, 2}, {5, -1}, {11, 0}, {1, Integer.MAX_VALUE}}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> memory.address(part[0], part[1]));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> memory.segment(buffer, part[0], part[1]));
        }
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> DirectMemory.NONE.address(0, 1));
    }

    @Test
    void isOf_matchesSameBufferOnly() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(10);
        DirectMemory memory = new DirectMemory(buffer);
        assertThat(memory.isOf(buffer)).isTrue();
        assertThat(memory.isOf(buffer.duplicate())).isFalse();
        assertThat(memory.isOf(ByteBuffer.allocateDirect(10)))
                .as("an equal buffer")
                .isFalse();
        assertThat(DirectMemory.NONE.isOf(buffer)).isFalse();
    }
}
