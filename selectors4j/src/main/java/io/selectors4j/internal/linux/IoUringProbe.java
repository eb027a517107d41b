package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct io_uring_probe` (linux/io_uring.h) without its array: the kernel writes the last operation that it knows.
public final class IoUringProbe implements Memory {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            JAVA_BYTE.withName("last_op"), JAVA_BYTE.withName("ops_len"), MemoryLayout.paddingLayout(14));

    private static final long LAST_OP = Layouts.offset(LAYOUT, "last_op");

    private final MemorySegment segment = NativeMemory.allocate(LAYOUT);

    /// Returns the number of the last operation that the kernel knows; 0 before the call.
    public int lastOp() {
        return Byte.toUnsignedInt(segment.get(JAVA_BYTE, LAST_OP));
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
