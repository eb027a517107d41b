package io.selectors4j.stress.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.posix.FdSets;
import io.selectors4j.internal.posix.PosixBytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// The sets of `select` beside sets of Java's: whatever is asked for, and whatever bits the kernel answers.
final class FdSetsModel {

    private static final int SETS = 3;

    private FdSetsModel() {}

    static void play(Input input) {
        FdSets sets = new FdSets();
        List<BitSet> asked = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            asked.add(new BitSet());
        }
        while (input.hasMore()) {
            int set = input.below(SETS);
            int fd = input.oneOf(input.below(64), input.below(200), input.below(20_000));
            switch (input.below(4)) {
                case 0, 1 -> {
                    sets.add(set, fd);
                    asked.get(set).set(fd);
                }
                case 2 -> {
                    sets.remove(set, fd);
                    asked.get(set).clear(fd);
                }
                default -> answer(sets, input);
            }
            requireSame(sets, asked);
        }
        sets.clear();
        asked.forEach(BitSet::clear);
        requireSame(sets, asked);
    }

    private static void requireSame(FdSets sets, List<BitSet> asked) {
        int nfds = asked.stream().mapToInt(BitSet::length).max().orElseThrow();
        assertThat(sets.nfds()).isEqualTo(nfds);
        sets.prepare();
        assertThat(sets.returnedNfds()).isEqualTo(nfds);
        for (int set = 0; set < SETS; set++) {
            long[] words = asked.get(set).toLongArray();
            for (int word = 0; word < sets.returnedWords(); word++) {
                long expected = word < words.length ? words[word] : 0;
                assertThat(sets.requested(set, word)).isEqualTo(expected);
                assertThat(sets.returned(set, word)).isEqualTo(expected);
            }
        }
    }

    /// Bits that nobody has asked for as well.
    private static void answer(FdSets sets, Input input) {
        sets.prepare();
        sets.save();
        for (int set = 0; set < SETS; set++) {
            MemorySegment answer = PosixBytes.answer(sets, set);
            for (int word = 0; word < sets.returnedWords(); word++) {
                long bits = input.longNumber();
                answer.setAtIndex(ValueLayout.JAVA_LONG, word, bits);
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
