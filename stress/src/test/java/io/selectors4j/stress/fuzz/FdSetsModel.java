package io.selectors4j.stress.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.posix.FdSets;
import io.selectors4j.internal.posix.PosixBytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Compares [FdSets] with Java's bit sets, for any requested descriptors and any bits from the kernel.
final class FdSetsModel {

    private static final int SETS = 3;

    private FdSetsModel() {}

    static void check(Input input) {
        FdSets sets = new FdSets();
        List<BitSet> requested = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            requested.add(new BitSet());
        }
        while (input.hasMore()) {
            int set = input.below(SETS);
            int fd = input.choose(input.below(64), input.below(200), input.below(20_000));
            switch (input.below(4)) {
                case 0, 1 -> {
                    sets.add(set, fd);
                    requested.get(set).set(fd);
                }
                case 2 -> {
                    sets.remove(set, fd);
                    requested.get(set).clear(fd);
                }
                default -> returnBits(sets, input);
            }
            requireSame(sets, requested);
        }
        sets.clear();
        requested.forEach(BitSet::clear);
        requireSame(sets, requested);
    }

    private static void requireSame(FdSets sets, List<BitSet> requested) {
        int nfds = requested.stream().mapToInt(BitSet::length).max().orElseThrow();
        assertThat(sets.nfds()).isEqualTo(nfds);
        sets.prepare();
        assertThat(sets.returnedNfds()).isEqualTo(nfds);
        for (int set = 0; set < SETS; set++) {
            long[] words = requested.get(set).toLongArray();
            for (int word = 0; word < sets.returnedWords(); word++) {
                long expected = word < words.length ? words[word] : 0;
                assertThat(sets.requested(set, word)).isEqualTo(expected);
                assertThat(sets.returned(set, word)).isEqualTo(expected);
            }
        }
    }

    /// Returns any bits, unrequested bits included.
    private static void returnBits(FdSets sets, Input input) {
        sets.prepare();
        sets.save();
        for (int set = 0; set < SETS; set++) {
            MemorySegment words = PosixBytes.returned(sets, set);
            for (int word = 0; word < sets.returnedWords(); word++) {
                long bits = input.longNumber();
                words.setAtIndex(ValueLayout.JAVA_LONG, word, bits);
                assertThat(sets.returned(set, word)).isEqualTo(bits);
                int bit = input.below(Long.SIZE);
                assertThat(sets.isReturned(set, word * Long.SIZE + bit)).isEqualTo((bits >>> bit & 1) != 0);
            }
        }
        sets.clearReturned();
        for (int word = 0; word < sets.returnedWords(); word++) {
            assertThat(sets.returned(FdSets.EXCEPT, word)).isZero();
        }
        sets.restore();
    }
}
