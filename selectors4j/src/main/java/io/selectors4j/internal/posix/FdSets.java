package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// The three sets of `select`, each asked for and answered: bit `fd % 64` of the 64-bit word `fd / 64`.
///
/// These are not glibc's `fd_set`, which ends at FD_SETSIZE (1024) and is overrun by a larger descriptor: they grow with
/// the largest descriptor, and the kernel reads as many bits as it is told.
public final class FdSets {

    /// Index of the set of descriptors to wait on for reading.
    public static final int READ = 0;

    /// Index of the set of descriptors to wait on for writing.
    public static final int WRITE = 1;

    /// Index of the set of descriptors to wait on for exceptional conditions.
    public static final int EXCEPT = 2;

    private static final int SETS = 3;

    private int words = 16;
    private long[] asked = new long[SETS * words];
    private int nfds;
    // What a call is pointed at. Only prepare() replaces it, so a call under way keeps its memory.
    private MemorySegment answered = allocate(words);
    private int answeredWords = words;
    private int answeredNfds;
    private long[] kept = {};

    /// Asks for a descriptor.
    ///
    /// @param set which set
    /// @param fd the descriptor
    public void add(int set, int fd) {
        grow(fd / Long.SIZE + 1);
        asked[set * words + fd / Long.SIZE] |= 1L << fd;
        nfds = Math.max(nfds, fd + 1);
    }

    /// Asks no longer for a descriptor.
    ///
    /// @param set which set
    /// @param fd the descriptor
    public void remove(int set, int fd) {
        if (fd < nfds) {
            asked[set * words + fd / Long.SIZE] &= ~(1L << fd);
            if (fd == nfds - 1) {
                nfds = highest() + 1;
            }
        }
    }

    /// Asks for nothing any more.
    public void clear() {
        Arrays.fill(asked, 0);
        nfds = 0;
    }

    /// Copies what is asked for to where the call will find it and leave its answer.
    public void prepare() {
        if (answeredWords < words) {
            answered = allocate(words);
            answeredWords = words;
        }
        answeredNfds = nfds;
        int used = answerWords();
        for (int set = 0; set < SETS; set++) {
            long offset = (long) set * answeredWords * Long.BYTES;
            MemorySegment.copy(asked, set * words, answered, ValueLayout.JAVA_LONG, offset, used);
        }
    }

    /// Remembers what the next call is asked: one whose time is over clears it.
    public void keep() {
        kept = answered.toArray(ValueLayout.JAVA_LONG);
    }

    /// Asks once more for what [#keep] has remembered.
    public void restore() {
        MemorySegment.copy(kept, 0, answered, ValueLayout.JAVA_LONG, 0, kept.length);
    }

    /// One more than the largest descriptor asked for.
    ///
    /// @return 0 if nothing is asked for
    public int nfds() {
        return nfds;
    }

    /// The first argument of `select`: [#nfds] at the time of [#prepare].
    ///
    /// @return one more than the largest descriptor that the call looks at
    public int answerNfds() {
        return answeredNfds;
    }

    /// How many words [#answer] has something to say in.
    ///
    /// @return the number of words
    public int answerWords() {
        return words(answeredNfds);
    }

    /// One word of what was asked for.
    ///
    /// @param set which set
    /// @param word the word's index, at most that of [#nfds]
    /// @return bits of descriptors `64 * word` and up
    public long question(int set, int word) {
        return asked[set * words + word];
    }

    /// One word of the answer.
    ///
    /// @param set which set
    /// @param word the word's index, below [#answerWords]
    /// @return bits of descriptors `64 * word` and up
    public long answer(int set, int word) {
        return answered.getAtIndex(ValueLayout.JAVA_LONG, (long) set * answeredWords + word);
    }

    /// Whether the answer holds a descriptor.
    ///
    /// @param set which set
    /// @param fd the descriptor, one that was asked for
    /// @return whether its bit is set
    public boolean isAnswered(int set, int fd) {
        return (answer(set, fd / Long.SIZE) >>> fd & 1) != 0;
    }

    /// Takes back the answer: nothing is ready.
    public void clearAnswer() {
        answered.fill((byte) 0);
    }

    /// Where the answer of one set lies.
    MemorySegment segment(int set) {
        return answered.asSlice((long) set * answeredWords * Long.BYTES);
    }

    private int highest() {
        for (int word = words(nfds) - 1; word >= 0; word--) {
            long any = question(READ, word) | question(WRITE, word) | question(EXCEPT, word);
            if (any != 0) {
                return word * Long.SIZE + Long.SIZE - 1 - Long.numberOfLeadingZeros(any);
            }
        }
        return -1;
    }

    private static int words(int nfds) {
        return (nfds + Long.SIZE - 1) / Long.SIZE;
    }

    private void grow(int needed) {
        if (needed > words) {
            int larger = Math.max(needed, 2 * words);
            long[] copy = new long[SETS * larger];
            for (int set = 0; set < SETS; set++) {
                System.arraycopy(asked, set * words, copy, set * larger, words);
            }
            asked = copy;
            words = larger;
        }
    }

    private static MemorySegment allocate(int words) {
        return NativeMemory.allocate((long) SETS * words * Long.BYTES, Long.BYTES);
    }
}
