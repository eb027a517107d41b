package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The queues in memory that ends right behind them, so that every access outside of them throws.
class IoUringRingsTest {

    private static final int SQ_ENTRIES = 4;
    private static final int CQ_ENTRIES = 8;

    // Offsets in the memory of the queues.
    private static final int SQ_HEAD = 0;
    private static final int SQ_TAIL = 4;
    private static final int CQ_HEAD = 8;
    private static final int CQ_TAIL = 12;
    private static final int SQ_FLAGS = 16;
    private static final int ARRAY = 24;
    private static final int CQES = ARRAY + 4 * SQ_ENTRIES;

    private final MemorySegment queues = MemorySegment.ofArray(new long[(CQES + 16 * CQ_ENTRIES) / 8]);
    private final MemorySegment entries = MemorySegment.ofArray(new long[64 * SQ_ENTRIES / 8]);

    private IoUringRings create() {
        IoUringParams params = new IoUringParams(CQ_ENTRIES, 0);
        int[][] fields = {
            {0, SQ_ENTRIES}, {44, SQ_TAIL}, {56, SQ_FLAGS}, {64, ARRAY}, {80, CQ_HEAD}, {84, CQ_TAIL}, {100, CQES}
        };
        for (int[] field : fields) {
            params.segment().set(JAVA_INT, field[0], field[1]);
        }
        return new IoUringRings(params, Arena.global(), queues, entries);
    }

    private static void add(IoUringRings rings, int number) {
        rings.add(number, 0, 0, number, 0, 0, 0, 0, 0, 0, number);
    }

    private int fd(int slot) {
        return entries.get(JAVA_INT, 64L * slot + 4);
    }

    private void complete(int slot, int number) {
        queues.set(JAVA_LONG, CQES + 16L * slot, number);
        queues.set(JAVA_INT, CQES + 16L * slot + 8, -number);
        queues.set(JAVA_INT, CQES + 16L * slot + 12, 2 * number);
    }

    @Test
    void entries_areSeenAfterPublish() {
        IoUringRings rings = create();
        add(rings, 1);
        add(rings, 2);
        assertThat(queues.get(JAVA_INT, SQ_TAIL)).isZero();
        assertThat(rings.publish()).isEqualTo(2);
        assertThat(queues.get(JAVA_INT, SQ_TAIL)).isEqualTo(2);
        assertThat(fd(0)).isEqualTo(1);
        assertThat(fd(1)).isEqualTo(2);
        for (int i = 0; i < SQ_ENTRIES; i++) {
            assertThat(queues.get(JAVA_INT, ARRAY + 4L * i)).isEqualTo(i);
        }
        assertThat(rings.isConsumed(2)).isFalse();
        queues.set(JAVA_INT, SQ_HEAD, 2);
        assertThat(rings.isConsumed(2)).isTrue();
        assertThat(rings.pending()).isZero();
    }

    @Test
    void lastEntries_canBeChangedAndDiscarded() {
        IoUringRings rings = create();
        add(rings, 1);
        add(rings, 2);
        add(rings, 3);
        rings.setFd(1, 30);
        rings.setFd(3, 10);
        assertThat(new int[] {fd(0), fd(1), fd(2)}).containsExactly(10, 2, 30);
        rings.discard(2);
        assertThat(rings.publish()).isEqualTo(1);
    }

    /// The indices have no end but that of 32 bits.
    @Test
    void indices_goOnBehindTheLargestNumber() {
        for (int start : new int[] {Integer.MAX_VALUE, -1}) {
            queues.set(JAVA_INT, SQ_HEAD, start);
            queues.set(JAVA_INT, SQ_TAIL, start);
            queues.set(JAVA_INT, CQ_HEAD, start);
            queues.set(JAVA_INT, CQ_TAIL, start + 2);
            IoUringRings rings = create();
            complete(CQ_ENTRIES - 1, 5);
            complete(0, 6);
            assertThat(rings.available()).isEqualTo(2);
            assertThat(rings.userData(0)).isEqualTo(5);
            assertThat(rings.result(1)).isEqualTo(-6);
            assertThat(rings.flags(1)).isEqualTo(12);
            rings.advance(1);
            assertThat(queues.get(JAVA_INT, CQ_HEAD)).isEqualTo(start + 1);
            assertThat(rings.userData(0)).isEqualTo(6);
            add(rings, 7);
            add(rings, 8);
            assertThat(rings.publish()).isEqualTo(2);
            assertThat(fd(SQ_ENTRIES - 1)).isEqualTo(7);
            assertThat(fd(0)).isEqualTo(8);
            assertThat(rings.isConsumed(start + 2)).isFalse();
        }
    }

    @Test
    void overflowFlag_isOneOfSeveral() {
        IoUringRings rings = create();
        for (int flags = 0; flags < 8; flags++) {
            queues.set(JAVA_INT, SQ_FLAGS, flags);
            assertThat(rings.hasOverflow()).isEqualTo((flags & 2) != 0);
        }
    }

    @Test
    void anyBytes_leadToNoAccessOutside() {
        Random random = new Random(1);
        IoUringRings rings = create();
        for (int i = 0; i < 100_000; i++) {
            int number = random.nextBoolean() ? random.nextInt() : random.nextInt(40) - 20;
            queues.setAtIndex(JAVA_INT, random.nextInt((int) queues.byteSize() / 4), number);
            int available = rings.available();
            assertThat(available).isBetween(0, CQ_ENTRIES);
            long sum = 0;
            for (int j = 0; j < available; j++) {
                sum += rings.userData(j) + rings.result(j) + rings.flags(j);
            }
            rings.advance(random.nextInt(available + 1));
            add(rings, (int) sum);
            rings.setFd(1 + random.nextInt(SQ_ENTRIES), number);
            rings.discard(random.nextInt(2));
            assertThat(rings.publish()).isEqualTo(rings.tail() - queues.get(JAVA_INT, SQ_HEAD));
        }
    }
}
