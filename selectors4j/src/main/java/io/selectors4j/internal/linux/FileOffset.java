package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// An `off_t`, 64 bits on every LP64 system: the position in a file, which the call advances.
public final class FileOffset implements Memory {

    private final MemorySegment segment = NativeMemory.allocate(ValueLayout.JAVA_LONG);

    /// Allocates the value.
    public FileOffset(long position) {
        segment.set(ValueLayout.JAVA_LONG, 0, position);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
