package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/// An array of bytes in native memory: a value whose layout the caller knows.
public final class Bytes implements Memory {

    private final MemorySegment segment;

    /// Allocates zeroed bytes, aligned for any type of C.
    ///
    /// @param size the number of bytes; no bytes get an address, too
    public Bytes(long size) {
        segment = NativeMemory.allocate(Math.max(size, 1), 2L * Long.BYTES);
    }

    /// Copies the remaining bytes of a buffer, whose position stays.
    public Bytes(ByteBuffer source) {
        this(source.remaining());
        put(source);
    }

    /// Copies the remaining bytes of a buffer to the beginning. The position of the buffer stays.
    public void put(ByteBuffer source) {
        MemorySegment bytes = MemorySegment.ofBuffer(source);
        MemorySegment.copy(bytes, 0, segment, 0, bytes.byteSize());
    }

    /// Copies bytes from the beginning to the position of a buffer, which advances.
    public void get(ByteBuffer target, int count) {
        target.put(segment.asByteBuffer().limit(count));
    }

    /// Returns a copy of bytes from the beginning.
    public byte[] toArray(int count) {
        return segment.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
