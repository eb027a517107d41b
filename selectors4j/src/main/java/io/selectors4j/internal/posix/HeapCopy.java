package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Native memory for a copy of the bytes of a heap buffer. A blocking call must not pin the heap. For one call of one
/// thread.
final class HeapCopy implements AutoCloseable {

    /// The most bytes that a platform thread keeps memory for: calls with more bytes create objects.
    static final int MAX_CACHED = 256 * 1024;

    /// The size that a thread starts with. The first call with more bytes replaces it with [#MAX_CACHED].
    private static final int INITIAL_CACHED = 16 * 1024;

    private final ByteBuffer bytes;
    private final MemorySegment segment;
    private final @Nullable Arena arena;

    private HeapCopy(ByteBuffer bytes, @Nullable Arena arena) {
        this.bytes = bytes;
        this.segment = MemorySegment.ofBuffer(bytes.duplicate());
        this.arena = arena;
    }

    /// Creates memory for one call, freed by [#close].
    static HeapCopy forOneCall(int count) {
        Arena arena = Arena.ofConfined();
        return new HeapCopy(arena.allocate(count).asByteBuffer(), arena);
    }

    /// Returns memory that a platform thread keeps: the given one if it is large enough.
    static HeapCopy cached(@Nullable HeapCopy cached, int count) {
        if (cached != null && count <= cached.bytes.capacity()) {
            return cached;
        }
        return new HeapCopy(NativeMemory.buffer(count <= INITIAL_CACHED ? INITIAL_CACHED : MAX_CACHED), null);
    }

    MemorySegment segment() {
        return segment;
    }

    /// Returns the address of the memory, for a call that ends before [#close].
    long address() {
        return segment.address();
    }

    /// Copies bytes of a buffer to the beginning of this memory. Another thread may change the position and limit of
    /// the buffer concurrently.
    void copyFrom(ByteBuffer source, int position, int count) {
        copyFrom(source, position, count, 0);
    }

    /// Copies bytes of a buffer, as [#copyFrom(ByteBuffer, int, int)] does.
    ///
    /// @param at the index of the first byte in this memory
    void copyFrom(ByteBuffer source, int position, int count, int at) {
        if (source.hasArray()) {
            bytes.put(at, source.array(), source.arrayOffset() + position, count);
        } else {
            bytes.put(at, source, position, count); // read-only or direct
        }
    }

    /// Copies bytes from the beginning of this memory to a heap buffer that is not read-only. Another thread may change
    /// its position and limit concurrently.
    void copyTo(ByteBuffer target, int position, int count) {
        bytes.get(0, target.array(), target.arrayOffset() + position, count);
    }

    /// Copies bytes of this memory to a buffer of any kind that is not read-only.
    ///
    /// @param at the index of the first byte in this memory
    void copyTo(ByteBuffer target, int position, int count, int at) {
        if (target.hasArray()) {
            bytes.get(at, target.array(), target.arrayOffset() + position, count);
        } else {
            target.put(position, bytes, at, count);
        }
    }

    /// Frees the memory unless the thread keeps it.
    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
    }
}
