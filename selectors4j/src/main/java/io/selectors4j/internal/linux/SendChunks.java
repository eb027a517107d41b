package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Pieces of native memory for bytes that wait to be sent. The owner serializes the calls.
public final class SendChunks {

    /// The size of a chunk in bytes.
    public static final int SIZE = 8192 + 64;

    private static final int CHUNKS_OF_SLAB = 32;

    private final List<ByteBuffer> slabs = new ArrayList<>();
    private long[] addresses = new long[0];
    private int[] free = new int[0];
    private int freeCount;

    /// Takes a chunk.
    ///
    /// @return its number
    public int take() {
        reserve(1);
        return free[--freeCount];
    }

    /// Makes sure that some chunks are free.
    ///
    /// @param count their number, at most 32
    public void reserve(int count) {
        if (freeCount < count) {
            addSlab();
        }
    }

    private void addSlab() {
        int count = slabs.size() + 1;
        int[] moreFree = Arrays.copyOf(free, count * CHUNKS_OF_SLAB);
        long[] moreAddresses = Arrays.copyOf(addresses, count);
        ByteBuffer slab = NativeMemory.buffer(CHUNKS_OF_SLAB * SIZE);
        moreAddresses[count - 1] = MemorySegment.ofBuffer(slab).address();
        slabs.add(slab);
        free = moreFree;
        addresses = moreAddresses;
        for (int i = CHUNKS_OF_SLAB - 1; i >= 0; i--) {
            free[freeCount++] = (count - 1) * CHUNKS_OF_SLAB + i;
        }
    }

    /// Gives a chunk back.
    public void release(int chunk) {
        free[freeCount++] = chunk;
    }

    /// Returns the address of a byte of a chunk.
    public long address(int chunk, int offset) {
        return addresses[chunk / CHUNKS_OF_SLAB] + chunk % CHUNKS_OF_SLAB * (long) SIZE + offset;
    }

    /// Copies bytes into a chunk, from the position of a buffer, which advances.
    public void put(int chunk, int offset, ByteBuffer source, int count) {
        int position = source.position();
        slabs.get(chunk / CHUNKS_OF_SLAB).put(chunk % CHUNKS_OF_SLAB * SIZE + offset, source, position, count);
        source.position(position + count);
    }

    /// Copies bytes out of a chunk.
    public void get(int chunk, int offset, byte[] target, int start, int count) {
        slabs.get(chunk / CHUNKS_OF_SLAB).get(chunk % CHUNKS_OF_SLAB * SIZE + offset, target, start, count);
    }
}
