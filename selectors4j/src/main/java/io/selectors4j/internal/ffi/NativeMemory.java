package io.selectors4j.internal.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Allocates all native memory that outlives a call. The garbage collector frees it, some time after the last object
/// that refers to it became unreachable.
///
/// A separate class, since the tests of `stress/` replace it by one that ends each allocation at a protected page.
public final class NativeMemory {

    private NativeMemory() {}

    /// Allocates zeroed memory. The alignment is a power of two.
    public static MemorySegment allocate(long size, long alignment) {
        return Arena.ofAuto().allocate(size, alignment);
    }

    /// Allocates zeroed memory for a struct.
    public static MemorySegment allocate(MemoryLayout layout) {
        return allocate(layout.byteSize(), layout.byteAlignment());
    }

    /// Allocates a direct buffer.
    public static ByteBuffer buffer(int size) {
        return ByteBuffer.allocateDirect(size);
    }
}
