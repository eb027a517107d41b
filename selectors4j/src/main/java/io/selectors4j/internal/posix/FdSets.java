package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// The three descriptor sets of select(2), as requested and as returned. A descriptor is bit `fd % 64` of the 64-bit
/// word `fd / 64`.
///
/// glibc's `fd_set` ends at FD_SETSIZE (1024), and a larger descriptor overruns it. These sets grow with the largest
/// descriptor; the kernel reads as many bits as `nfds` says.
public final class FdSets {

    /// Index of the read set.
    public static final int READ = 0;

    /// Index of the write set.
    public static final int WRITE = 1;

    /// Index of the set of exceptional conditions.
    public static final int EXCEPT = 2;

    private static final int SETS = 3;

    private int words = 16;
    private long[] requested = new long[SETS * words];
    private int nfds;
    // The memory of the call. Only prepare() replaces it, so it stays the same during a call.
    private MemorySegment returned = allocate(words);
    private int returnedCapacity = words;
    private int returnedNfds;
    private long[] saved = {};

    /// Adds a descriptor to a requested set.
    public void add(int set, int fd) {
        grow(fd / Long.SIZE + 1);
        requested[set * words + fd / Long.SIZE] |= 1L << fd;
        nfds = Math.max(nfds, fd + 1);
    }

    /// Removes a descriptor from a requested set.
    public void remove(int set, int fd) {
        if (fd < nfds) {
            requested[set * words + fd / Long.SIZE] &= ~(1L << fd);
            if (fd == nfds - 1) {
                nfds = highest() + 1;
            }
        }
    }

    /// Removes all descriptors from the requested sets.
    public void clear() {
        Arrays.fill(requested, 0);
        nfds = 0;
    }

    /// Copies the requested sets to the memory that the call reads, and writes its result to.
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

    /// Saves the sets that the next call reads, since a call that times out clears them.
    public void save() {
        saved = returned.toArray(ValueLayout.JAVA_LONG);
    }

    /// Restores the sets that [#save] has saved.
    public void restore() {
        MemorySegment.copy(saved, 0, returned, ValueLayout.JAVA_LONG, 0, saved.length);
    }

    /// Returns one more than the largest requested descriptor, or 0 if no descriptor is requested.
    public int nfds() {
        return nfds;
    }

    /// Returns the first argument of `select`: [#nfds] at the time of [#prepare].
    public int returnedNfds() {
        return returnedNfds;
    }

    /// Returns the number of words of a returned set.
    public int returnedWords() {
        return words(returnedNfds);
    }

    /// Returns a word of a requested set: the bits of descriptors `64 * word` and up. The index is at most that of
    /// [#nfds].
    public long requested(int set, int word) {
        return requested[set * words + word];
    }

    /// Returns a word of a returned set: the bits of descriptors `64 * word` and up. The index is below
    /// [#returnedWords].
    public long returned(int set, int word) {
        return returned.getAtIndex(ValueLayout.JAVA_LONG, (long) set * returnedCapacity + word);
    }

    /// Returns whether a returned set contains a descriptor, which must have been requested.
    public boolean isReturned(int set, int fd) {
        return (returned(set, fd / Long.SIZE) >>> fd & 1) != 0;
    }

    /// Adds a descriptor, which must have been requested, to a returned set.
    public void addReturned(int set, int fd) {
        long index = (long) set * returnedCapacity + fd / Long.SIZE;
        long word = returned.getAtIndex(ValueLayout.JAVA_LONG, index);
        returned.setAtIndex(ValueLayout.JAVA_LONG, index, word | 1L << fd);
    }

    /// Clears the returned sets: no descriptor is ready.
    public void clearReturned() {
        returned.fill((byte) 0);
    }

    /// Returns the memory of a set, for the call.
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
