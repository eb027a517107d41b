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

    private static final ThreadLocal<HeapCopy> OF_THREAD = new ThreadLocal<>() {
        @Override
        protected HeapCopy initialValue() {
            return new HeapCopy(NativeMemory.buffer(INITIAL_CACHED), null);
        }
    };

    private final ByteBuffer bytes;
    private final MemorySegment segment;
    private final @Nullable Arena arena;

    private HeapCopy(ByteBuffer bytes, @Nullable Arena arena) {
        this.bytes = bytes;
        this.segment = MemorySegment.ofBuffer(bytes.duplicate());
        this.arena = arena;
    }

    /// Returns memory for one call. A platform thread keeps its memory. A virtual thread does not: there may be a
    /// million of them.
    static HeapCopy of(int count) {
        if (count > MAX_CACHED || Thread.currentThread().isVirtual()) {
            Arena arena = Arena.ofConfined();
            return new HeapCopy(arena.allocate(count).asByteBuffer(), arena);
        }
        HeapCopy cached = OF_THREAD.get();
        return count <= cached.bytes.capacity() ? cached : grow();
    }

    private static HeapCopy grow() {
        HeapCopy larger = new HeapCopy(NativeMemory.buffer(MAX_CACHED), null);
        OF_THREAD.set(larger);
        return larger;
    }

    MemorySegment segment() {
        return segment;
    }

    /// Returns the address of the memory, for a call that ends before [#close].
    long address() {
        return segment.address();
    }

    /// Copies bytes of a buffer to this memory. Another thread may change the position and limit of the buffer
    /// concurrently.
    void copyFrom(ByteBuffer source, int position, int count) {
        if (source.hasArray()) {
            bytes.put(0, source.array(), source.arrayOffset() + position, count);
        } else {
            bytes.put(0, source, position, count); // a read-only buffer
        }
    }

    /// Copies bytes of this memory to a buffer that is not read-only. Another thread may change its position and limit
    /// concurrently.
    void copyTo(ByteBuffer target, int position, int count) {
        bytes.get(0, target.array(), target.arrayOffset() + position, count);
    }

    /// Frees the memory unless the thread keeps it.
    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
    }
}
