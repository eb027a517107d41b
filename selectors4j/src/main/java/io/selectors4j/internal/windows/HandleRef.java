package io.selectors4j.internal.windows;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A `HANDLE` or `SOCKET` that a function returns through a pointer, followed by the `DWORD` with the number of bytes
/// that `WSAIoctl` returns.
public final class HandleRef implements Memory {

    private static final long COUNT = Long.BYTES;

    private final MemorySegment segment = NativeMemory.allocate(2 * Long.BYTES, Long.BYTES);
    private final MemorySegment count = segment.asSlice(COUNT);

    /// Returns the handle.
    public long get() {
        return segment.get(ValueLayout.JAVA_LONG, 0);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    /// Returns the segment of the number of bytes.
    MemorySegment count() {
        return count;
    }
}
