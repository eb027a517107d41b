package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// The attributes of a file that statx(2) fills in: its type and its size.
///
/// ```c
/// struct statx {
///     __u32 stx_mask;        // 0
///     __u32 stx_blksize;     // 4
///     __u64 stx_attributes;  // 8
///     __u32 stx_nlink;       // 16
///     __u32 stx_uid;         // 20
///     __u32 stx_gid;         // 24
///     __u16 stx_mode;        // 28
///                            // 30: spare
///     __u64 stx_ino;         // 32
///     __u64 stx_size;        // 40
///     ...
/// };                         // 256 bytes
/// ```
///
/// Source: linux/stat.h, the same on every architecture.
public final class Statx implements Memory {

    /// The struct.
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("stx_mask"),
            ValueLayout.JAVA_INT.withName("stx_blksize"),
            ValueLayout.JAVA_LONG.withName("stx_attributes"),
            ValueLayout.JAVA_INT.withName("stx_nlink"),
            ValueLayout.JAVA_INT.withName("stx_uid"),
            ValueLayout.JAVA_INT.withName("stx_gid"),
            ValueLayout.JAVA_SHORT.withName("stx_mode"),
            MemoryLayout.paddingLayout(2),
            ValueLayout.JAVA_LONG.withName("stx_ino"),
            ValueLayout.JAVA_LONG.withName("stx_size"),
            MemoryLayout.paddingLayout(208));

    private static final long STX_MODE = Layouts.offset(LAYOUT, "stx_mode");
    private static final long STX_SIZE = Layouts.offset(LAYOUT, "stx_size");

    // linux/stat.h
    private static final int S_IFMT = 0170000;
    private static final int S_IFREG = 0100000;

    private final MemorySegment segment = NativeMemory.allocate(LAYOUT);

    /// Returns whether this is a regular file.
    public boolean isRegularFile() {
        return (segment.get(ValueLayout.JAVA_SHORT, STX_MODE) & S_IFMT) == S_IFREG;
    }

    /// Returns the size in bytes.
    public long size() {
        return segment.get(ValueLayout.JAVA_LONG, STX_SIZE);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
