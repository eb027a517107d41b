package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Native memory for the bytes of a heap buffer, because a call that can block must not hold the heap still. For one call of one
/// thread.
final class HeapCopy implements AutoCloseable {

    /// Bytes that fit what is kept.
    private static final int KEPT = 16 * 1024;

    private static final ThreadLocal<HeapCopy> OF_THREAD = new ThreadLocal<>() {
        @Override
        protected HeapCopy initialValue() {
            return new HeapCopy(NativeMemory.buffer(KEPT), null);
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

    /// Memory for so many bytes, for one call. A platform thread keeps some; a virtual one does not: there may be a million of them.
    ///
    /// @param count how many bytes at most
    static HeapCopy of(int count) {
        if (count <= KEPT && !Thread.currentThread().isVirtual()) {
            return OF_THREAD.get();
        }
        Arena arena = Arena.ofConfined();
        return new HeapCopy(arena.allocate(count).asByteBuffer(), arena);
    }

    /// The memory.
    MemorySegment segment() {
        return segment;
    }

    /// The memory's address, for a call that ends before [#close].
    long address() {
        return segment.address();
    }

    /// Copies bytes here.
    ///
    /// @param source the bytes, of which another thread may be changing position and limit
    /// @param position where they begin there
    /// @param count how many
    void take(ByteBuffer source, int position, int count) {
        if (source.hasArray()) {
            bytes.put(0, source.array(), source.arrayOffset() + position, count);
        } else {
            bytes.put(0, source, position, count); // it is read-only
        }
    }

    /// Copies bytes from here.
    ///
    /// @param target where to: not read-only; another thread may be changing its position and limit
    /// @param position where they begin there
    /// @param count how many
    void give(ByteBuffer target, int position, int count) {
        bytes.get(0, target.array(), target.arrayOffset() + position, count);
    }

    /// Frees the memory, unless it is kept for the next call.
    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
    }
}
