package io.selectors4j.internal.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Where all native memory comes from that outlives a call. The garbage collector frees it, some time after the last object that
/// refers to it became unreachable.
///
/// A class of its own: `stress/` has another one in its place, whose memory ends at a page that nobody may touch.
public final class NativeMemory {

    private NativeMemory() {}

    /// Allocates memory, which is zero.
    ///
    /// @param size how many bytes
    /// @param alignment a power of two
    /// @return a native segment
    public static MemorySegment allocate(long size, long alignment) {
        return Arena.ofAuto().allocate(size, alignment);
    }

    /// Allocates memory for a struct.
    ///
    /// @param layout the struct
    /// @return a native segment, which is zero
    public static MemorySegment allocate(MemoryLayout layout) {
        return allocate(layout.byteSize(), layout.byteAlignment());
    }

    /// Allocates memory for bytes.
    ///
    /// @param size how many
    /// @return a direct buffer
    public static ByteBuffer buffer(int size) {
        return ByteBuffer.allocateDirect(size);
    }
}
