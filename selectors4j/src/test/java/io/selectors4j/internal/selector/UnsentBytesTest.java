package io.selectors4j.internal.selector;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.linux.SendChunks;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnsentBytesTest {

    private final SendChunks chunks = new SendChunks();
    private final UnsentBytes unsent = new UnsentBytes(chunks);

    private void write(int count) {
        assertThat(unsent.add(ByteBuffer.allocate(count))).isEqualTo(count);
    }

    @Test
    void shortSends_goOnWhereTheyEnded() {
        write(10);
        unsent.prepare();
        long address = unsent.address();
        write(5);
        unsent.sent(3);
        unsent.prepare();
        assertThat(unsent.address()).isEqualTo(address + 3);
        assertThat(unsent.count()).isEqualTo(7);
        unsent.sent(0);
        assertThat(unsent.count()).isEqualTo(7);
        unsent.sent(7);
        assertThat(unsent.isEmpty()).isFalse();
        unsent.prepare();
        assertThat(unsent.count()).isEqualTo(5);
        unsent.sent(5);
        assertThat(unsent.isEmpty()).isTrue();
    }

    @Test
    void fullChunk_takesNoByteUntilItIsPrepared() {
        write(SendChunks.SIZE);
        assertThat(unsent.hasRoom()).isFalse();
        assertThat(unsent.add(ByteBuffer.allocate(1))).isZero();
        unsent.prepare();
        assertThat(unsent.hasRoom()).isTrue();
        write(SendChunks.SIZE);
        unsent.prepare(); // the first chunk is still being sent
        assertThat(unsent.hasRoom()).isFalse();
    }

    /// The shared memory may have any number.
    @Test
    void anyResult_staysInsideTheChunk() {
        for (int result : new int[] {7, 8, SendChunks.SIZE, Integer.MAX_VALUE}) {
            write(10);
            unsent.prepare();
            unsent.sent(3);
            unsent.sent(result);
            assertThat(unsent.isEmpty()).as("after %d", result).isTrue();
        }
    }

    @Test
    void chunks_areUsedAgain() {
        for (int i = 0; i < 100; i++) {
            write(10);
            unsent.prepare();
            write(10);
            if (i % 2 == 0) {
                unsent.clear();
            } else {
                unsent.sent(10);
                unsent.prepare();
                unsent.sent(10);
            }
            assertThat(unsent.isEmpty()).isTrue();
        }
        // The first slab has 32 chunks: none is missing, and none is free twice.
        assertThat(IntStream.generate(chunks::take).limit(32).distinct())
                .hasSize(32)
                .allMatch(chunk -> chunk < 32);
    }
}
