package io.selectors4j.internal.windows;

import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.internal.posix.FdSets;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The three sets of `select` on Windows (winsock2.h), where a set is an array of sockets with their number. FD_SETSIZE
/// (64) is no limit: it is the size of the array of C programs, and the function reads as many sockets as there are.
///
/// Windows reports a failed connect in the third set alone. So each socket of the write set is in the third one too,
/// and counts as writable if it is returned there.
///
/// ```c
/// struct fd_set { u_int  fd_count;       // 0
///                 SOCKET fd_array[]; };  // 8
/// ```
public final class SocketSets {

    private static final int SETS = 3;
    private static final long ARRAY = Long.BYTES;

    private int capacity = 16;
    private MemorySegment memory = allocate(capacity);

    /// Takes the prepared bits of sets.
    public void copyFrom(FdSets sets) {
        ensureCapacity(sets.returnedWords() * Long.SIZE);
        for (int set = 0; set < SETS; set++) {
            int count = 0;
            for (int word = 0; word < sets.returnedWords(); word++) {
                long bits = sets.returned(set, word) | (set == FdSets.EXCEPT ? sets.returned(FdSets.WRITE, word) : 0);
                for (; bits != 0; bits &= bits - 1) {
                    long socket = (long) word * Long.SIZE + Long.numberOfTrailingZeros(bits);
                    memory.set(ValueLayout.JAVA_LONG, address(set, count++), socket);
                }
            }
            memory.set(ValueLayout.JAVA_INT, start(set), count);
        }
    }

    /// Stores what the call has returned as bits in the sets of [#copyFrom].
    ///
    /// @return the number of bits
    public int copyTo(FdSets sets) {
        int[] failed = new int[size(FdSets.EXCEPT)];
        int[] exceptional = new int[failed.length];
        int failures = 0;
        int exceptions = 0;
        for (int i = 0; i < failed.length; i++) {
            int socket = get(FdSets.EXCEPT, i);
            if (sets.isReturned(FdSets.WRITE, socket)) {
                failed[failures++] = socket;
            }
            if (sets.isReturned(FdSets.EXCEPT, socket)) {
                exceptional[exceptions++] = socket;
            }
        }
        sets.clearReturned();
        int bits = 0;
        for (int i = 0; i < size(FdSets.READ); i++) {
            bits += add(sets, FdSets.READ, get(FdSets.READ, i));
        }
        for (int i = 0; i < size(FdSets.WRITE); i++) {
            bits += add(sets, FdSets.WRITE, get(FdSets.WRITE, i));
        }
        for (int i = 0; i < failures; i++) {
            bits += add(sets, FdSets.WRITE, failed[i]);
        }
        for (int i = 0; i < exceptions; i++) {
            bits += add(sets, FdSets.EXCEPT, exceptional[i]);
        }
        return bits;
    }

    private static int add(FdSets sets, int set, int socket) {
        if (sets.isReturned(set, socket)) {
            return 0;
        }
        sets.addReturned(set, socket);
        return 1;
    }

    /// Returns whether no set has a socket; Windows refuses the call then.
    public boolean isEmpty() {
        return size(FdSets.READ) == 0 && size(FdSets.EXCEPT) == 0;
    }

    private int size(int set) {
        return memory.get(ValueLayout.JAVA_INT, start(set));
    }

    private int get(int set, int index) {
        return (int) memory.get(ValueLayout.JAVA_LONG, address(set, index));
    }

    /// Returns the memory of a set, for the call.
    MemorySegment segment(int set) {
        return memory.asSlice(start(set));
    }

    private long start(int set) {
        return set * (ARRAY + (long) capacity * Long.BYTES);
    }

    private long address(int set, int index) {
        return start(set) + ARRAY + (long) index * Long.BYTES;
    }

    private void ensureCapacity(int needed) {
        if (needed > capacity) {
            memory = allocate(needed);
            capacity = needed;
        }
    }

    private static MemorySegment allocate(int capacity) {
        return NativeMemory.allocate(SETS * (ARRAY + (long) capacity * Long.BYTES), Long.BYTES);
    }
}
