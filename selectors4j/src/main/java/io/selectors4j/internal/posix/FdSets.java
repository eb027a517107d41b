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
    private long[] requested = new long[SETS * words];
    private int nfds;
    // What a call is pointed at. Only prepare() replaces it, so a call under way keeps its memory.
    private MemorySegment returned = allocate(words);
    private int returnedCapacity = words;
    private int returnedNfds;
    private long[] saved = {};

    /// Asks for a descriptor.
    ///
    /// @param set which set
    /// @param fd the descriptor
    public void add(int set, int fd) {
        grow(fd / Long.SIZE + 1);
        requested[set * words + fd / Long.SIZE] |= 1L << fd;
        nfds = Math.max(nfds, fd + 1);
    }

    /// Asks no longer for a descriptor.
    ///
    /// @param set which set
    /// @param fd the descriptor
    public void remove(int set, int fd) {
        if (fd < nfds) {
            requested[set * words + fd / Long.SIZE] &= ~(1L << fd);
            if (fd == nfds - 1) {
                nfds = highest() + 1;
            }
        }
    }

    /// Asks for nothing any more.
    public void clear() {
        Arrays.fill(requested, 0);
        nfds = 0;
    }

    /// Copies what is asked for to where the call will find it and leave its answer.
    public void prepare() {
        if (returnedCapacity < words) {
            returned = allocate(words);
            returnedCapacity = words;
        }
        returnedNfds = nfds;
        int used = returnedWords();
        for (int set = 0; set < SETS; set++) {
            long offset = (long) set * returnedCapacity * Long.BYTES;
            MemorySegment.copy(requested, set * words, returned, ValueLayout.JAVA_LONG, offset, used);
        }
    }

    /// Remembers what the next call is asked: one whose time is over clears it.
    public void save() {
        saved = returned.toArray(ValueLayout.JAVA_LONG);
    }

    /// Asks once more for what [#save] has remembered.
    public void restore() {
        MemorySegment.copy(saved, 0, returned, ValueLayout.JAVA_LONG, 0, saved.length);
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
    public int returnedNfds() {
        return returnedNfds;
    }

    /// How many words [#returned] has something to say in.
    ///
    /// @return the number of words
    public int returnedWords() {
        return words(returnedNfds);
    }

    /// One word of what was asked for.
    ///
    /// @param set which set
    /// @param word the word's index, at most that of [#nfds]
    /// @return bits of descriptors `64 * word` and up
    public long requested(int set, int word) {
        return requested[set * words + word];
    }

    /// One word of the answer.
    ///
    /// @param set which set
    /// @param word the word's index, below [#returnedWords]
    /// @return bits of descriptors `64 * word` and up
    public long returned(int set, int word) {
        return returned.getAtIndex(ValueLayout.JAVA_LONG, (long) set * returnedCapacity + word);
    }

    /// Whether the answer holds a descriptor.
    ///
    /// @param set which set
    /// @param fd the descriptor, one that was asked for
    /// @return whether its bit is set
    public boolean isReturned(int set, int fd) {
        return (returned(set, fd / Long.SIZE) >>> fd & 1) != 0;
    }

    /// Takes back the answer: nothing is ready.
    public void clearReturned() {
        returned.fill((byte) 0);
    }

    /// Where the answer of one set lies.
    MemorySegment segment(int set) {
        return returned.asSlice((long) set * returnedCapacity * Long.BYTES);
    }

    private int highest() {
        for (int word = words(nfds) - 1; word >= 0; word--) {
            long any = requested(READ, word) | requested(WRITE, word) | requested(EXCEPT, word);
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
                System.arraycopy(requested, set * words, copy, set * larger, words);
            }
            requested = copy;
            words = larger;
        }
    }

    private static MemorySegment allocate(int words) {
        return NativeMemory.allocate((long) SETS * words * Long.BYTES, Long.BYTES);
    }
}
