package io.selectors4j.internal.posix;

import static io.selectors4j.internal.posix.FdSets.EXCEPT;
import static io.selectors4j.internal.posix.FdSets.READ;
import static io.selectors4j.internal.posix.FdSets.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FdSetsTest {

    private final FdSets sets = new FdSets();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 62, 63, 64, 65, 127, 128, 1022, 1023, 1024, 1025, 4095, 20_000})
    void descriptor_isOneBit(int fd) {
        for (int set : new int[] {READ, WRITE, EXCEPT}) {
            FdSets fresh = new FdSets();
            fresh.add(set, fd);
            fresh.prepare();
            assertThat(fresh.nfds()).isEqualTo(fd + 1);
            assertThat(fresh.returnedNfds()).isEqualTo(fd + 1);
            assertThat(fresh.returnedWords()).isEqualTo(fd / 64 + 1);
            for (int other : new int[] {READ, WRITE, EXCEPT}) {
                for (int word = 0; word < fresh.returnedWords(); word++) {
                    long expected = other == set && word == fd / 64 ? 1L << (fd % 64) : 0;
                    assertThat(fresh.returned(other, word)).isEqualTo(expected);
                    assertThat(fresh.requested(other, word)).isEqualTo(expected);
                }
            }
            assertThat(fresh.isReturned(set, fd)).isTrue();
        }
    }

    @Test
    void memory_isThatOfAnFdSet() {
        // Bit fd % 8 of byte fd / 8 on a little-endian machine; the three sets do not overlap.
        sets.add(READ, 3);
        sets.add(WRITE, 64);
        sets.add(EXCEPT, 129);
        sets.prepare();
        assertThat(sets.segment(READ).getAtIndex(ValueLayout.JAVA_LONG, 0)).isEqualTo(8);
        assertThat(sets.segment(WRITE).getAtIndex(ValueLayout.JAVA_LONG, 1)).isEqualTo(1);
        assertThat(sets.segment(EXCEPT).getAtIndex(ValueLayout.JAVA_LONG, 2)).isEqualTo(2);
    }

    @Test
    void emptySets_haveNfdsZero() {
        sets.prepare();
        assertThat(sets.nfds()).isZero();
        assertThat(sets.returnedNfds()).isZero();
        assertThat(sets.returnedWords()).isZero();
    }

    @Test
    void removingTheLargest_lowersNfds() {
        sets.add(READ, 5);
        sets.add(WRITE, 64);
        sets.add(EXCEPT, 20_000);
        assertThat(sets.nfds()).isEqualTo(20_001);
        sets.remove(EXCEPT, 20_000);
        assertThat(sets.nfds()).isEqualTo(65);
        sets.remove(WRITE, 64);
        assertThat(sets.nfds()).isEqualTo(6);
        sets.remove(READ, 5);
        assertThat(sets.nfds()).isZero();
    }

    @Test
    void nfds_isTheLargestOfAllSets() {
        sets.add(READ, 70);
        sets.add(WRITE, 70);
        sets.remove(READ, 70);
        assertThat(sets.nfds()).isEqualTo(71);
        sets.remove(WRITE, 70);
        assertThat(sets.nfds()).isZero();
    }

    @Test
    void removingAbsent_changesNothing() {
        sets.remove(READ, 0);
        sets.remove(READ, 1_000_000);
        sets.add(READ, 3);
        sets.remove(READ, 2);
        sets.remove(WRITE, 3);
        sets.remove(WRITE, 1_000_000);
        assertThat(sets.nfds()).isEqualTo(4);
        assertThat(sets.requested(READ, 0)).isEqualTo(8);
    }

    @Test
    void addingTwice_isAddingOnce() {
        sets.add(READ, 9);
        sets.add(READ, 9);
        sets.remove(READ, 9);
        assertThat(sets.nfds()).isZero();
        assertThat(sets.requested(READ, 0)).isZero();
    }

    @Test
    void growing_keepsRequestedSets() {
        sets.add(READ, 1);
        sets.add(WRITE, 63);
        sets.add(EXCEPT, 1023);
        sets.add(READ, 100_000);
        sets.prepare();
        assertThat(sets.isReturned(READ, 1)).isTrue();
        assertThat(sets.isReturned(WRITE, 63)).isTrue();
        assertThat(sets.isReturned(EXCEPT, 1023)).isTrue();
        assertThat(sets.isReturned(READ, 100_000)).isTrue();
        assertThat(sets.isReturned(WRITE, 1)).isFalse();
    }

    @Test
    void growingDuringCall_keepsItsMemoryAndSize() {
        sets.add(READ, 3);
        sets.prepare();
        MemorySegment duringCall = sets.segment(READ);
        sets.add(WRITE, 50_000); // another thread registers a descriptor during the call
        assertThat(sets.returnedNfds()).isEqualTo(4);
        assertThat(sets.segment(READ).address()).isEqualTo(duringCall.address());
        assertThat(sets.returned(READ, 0)).isEqualTo(8);
        sets.prepare();
        assertThat(sets.segment(READ).address()).isNotEqualTo(duringCall.address());
        assertThat(sets.returnedNfds()).isEqualTo(50_001);
        // The previous memory is valid as long as it is reachable.
        assertThat(duringCall.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(8);
    }

    @Test
    void prepareWithoutGrowth_keepsTheMemory() {
        sets.add(READ, 3);
        sets.prepare();
        long address = sets.segment(READ).address();
        sets.add(WRITE, 1000);
        sets.prepare();
        assertThat(sets.segment(READ).address()).isEqualTo(address);
    }

    @Test
    void clearReturned_keepsRequestedSets() {
        sets.add(READ, 3);
        sets.add(EXCEPT, 900);
        sets.prepare();
        sets.clearReturned();
        assertThat(sets.isReturned(READ, 3)).isFalse();
        assertThat(sets.isReturned(EXCEPT, 900)).isFalse();
        sets.prepare();
        assertThat(sets.isReturned(READ, 3)).isTrue();
        assertThat(sets.isReturned(EXCEPT, 900)).isTrue();
    }

    @Test
    void prepare_overwritesReturnedSets() {
        sets.add(READ, 500);
        sets.prepare();
        sets.remove(READ, 500);
        sets.add(READ, 2);
        sets.prepare();
        assertThat(sets.returnedWords()).isEqualTo(1);
        assertThat(sets.returned(READ, 0)).isEqualTo(4);
    }

    @Test
    void randomChanges_matchABitSet() {
        Random random = new Random(42);
        BitSet[] model = {new BitSet(), new BitSet(), new BitSet()};
        for (int i = 0; i < 20_000; i++) {
            int set = random.nextInt(3);
            int fd = random.nextInt(1 << random.nextInt(15));
            if (random.nextInt(3) == 0) {
                sets.add(set, fd);
                model[set].set(fd);
            } else {
                sets.remove(set, fd);
                model[set].clear(fd);
            }
            int highest = Math.max(model[0].length(), Math.max(model[1].length(), model[2].length()));
            assertThat(sets.nfds()).isEqualTo(highest);
        }
        sets.prepare();
        for (int set = 0; set < 3; set++) {
            for (int fd = 0; fd < sets.returnedNfds(); fd++) {
                assertThat(sets.isReturned(set, fd)).isEqualTo(model[set].get(fd));
            }
        }
    }
}
