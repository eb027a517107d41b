package io.selectors4j.internal.selector;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.linux.IoUringBufferRing;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// [ReceivedBytes] returns all bytes in order, wherever they are.
class ReceivedBytesTest {

    private static final int COUNT = 8;
    private static final int SIZE = 100;

    private final IoUringBufferRing group = new IoUringBufferRing(COUNT, SIZE);
    private final ReceivedBytes received = new ReceivedBytes(group);
    private final Random random = new Random(1);
    private byte nextIn;
    private byte nextOut;

    private void receive(IoUringBufferRing from, int id, int count) {
        ByteBuffer buffer = from.slice(id);
        for (int i = 0; i < count; i++) {
            buffer.put(nextIn++);
        }
        received.add(id, count);
    }

    private int read(int limit) {
        ByteBuffer target = ByteBuffer.allocate(limit);
        int count = received.read(target);
        assertThat(target.flip().remaining()).isEqualTo(count);
        while (target.hasRemaining()) {
            assertThat(target.get()).isEqualTo(nextOut++);
        }
        return count;
    }

    @Test
    void bytes_areReadInOrder() {
        IoUringBufferRing buffers = group;
        Queue<Integer> free = new ArrayDeque<>();
        int expected = 0;
        for (int i = 0; i < 10_000; i++) {
            if (received.count() == received.ownCount()) {
                free.clear();
                for (int id = 0; id < COUNT; id++) {
                    free.add(id); // none is held
                }
            }
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    Integer id = free.poll();
                    if (id != null) {
                        int count = 1 + random.nextInt(SIZE);
                        receive(buffers, id, count);
                        expected += count;
                    }
                }
                case 3 -> {
                    received.returnBuffers();
                    assertThat(received.ownCount()).isEqualTo(expected);
                }
                case 4 -> {
                    buffers = new IoUringBufferRing(COUNT, SIZE);
                    received.setGroup(buffers);
                }
                default -> expected -= read(1 + random.nextInt(150));
            }
            assertThat(received.count()).isEqualTo(expected);
        }
        assertThat(read(expected)).isEqualTo(expected);
    }

    /// The shared memory may have any number.
    @Test
    void anyCount_staysInsideTheBuffer() {
        received.add(0, Integer.MAX_VALUE);
        assertThat(received.count()).isEqualTo(SIZE);
        for (int id : new int[] {COUNT, 65_535}) {
            assertThat(received.hasBuffer(id)).isFalse();
        }
        assertThat(received.hasBuffer(COUNT - 1)).isTrue();
    }

    @Test
    void clear_removesAllBytes() {
        receive(group, 0, 50);
        received.returnBuffers();
        receive(group, 1, 50);
        receive(group, 2, 50);
        ByteBuffer target = ByteBuffer.allocate(70);
        assertThat(received.read(target)).isEqualTo(70);
        received.clear();
        assertThat(received.count()).isZero();
        assertThat(received.ownCount()).isZero();
        assertThat(received.read(target.clear())).isZero();
        nextOut = nextIn;
        receive(group, 3, 20);
        assertThat(read(SIZE)).isEqualTo(20);
    }
}
