package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.internal.ffi.Platform;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/// An array of `struct iovec` (sys/uio.h), the same on every LP64 system; on Windows an array of `WSABUF` (ws2def.h),
/// where the length comes first and has 4 bytes, and 4 bytes of padding.
///
/// ```c
/// struct iovec { void  *iov_base;   // 0
///                size_t iov_len; }; // 8 (16)
/// ```
public final class IovecArray implements Memory {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.ADDRESS.withName("iov_base"), ValueLayout.JAVA_LONG.withName("iov_len"));

    private static final int LONGS = 2;

    /// Index of the address in an element.
    private static final int ADDRESS = Platform.IS_WINDOWS ? 1 : 0;

    private final int capacity;
    private final MemorySegment segment;

    /// A view of the same memory. Unlike a segment, it needs no var handles, which cost start-up time.
    private final LongBuffer longs;

    /// Allocates an array.
    public IovecArray(int capacity) {
        this.capacity = capacity;
        segment = NativeMemory.allocate(capacity * LAYOUT.byteSize(), LAYOUT.byteAlignment());
        longs = segment.asByteBuffer().order(ByteOrder.nativeOrder()).asLongBuffer();
    }

    int capacity() {
        return capacity;
    }

    /// Sets an element. The caller keeps the memory at the address alive during the call that uses it.
    public void set(int index, long address, long length) {
        longs.put(LONGS * index + ADDRESS, address);
        longs.put(LONGS * index + 1 - ADDRESS, length);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
