package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// The window size of a terminal (asm-generic/termios.h, the same on powerpc).
///
/// ```c
/// struct winsize {
///     unsigned short ws_row;     // 0
///     unsigned short ws_col;     // 2
///     unsigned short ws_xpixel;  // 4
///     unsigned short ws_ypixel;  // 6
/// };                             // 8 bytes
/// ```
public final class WinsizeStruct implements Memory {

    /// The struct, the same on every architecture.
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_SHORT.withName("ws_row"),
            ValueLayout.JAVA_SHORT.withName("ws_col"),
            ValueLayout.JAVA_SHORT.withName("ws_xpixel"),
            ValueLayout.JAVA_SHORT.withName("ws_ypixel"));

    private final MemorySegment segment = NativeMemory.allocate(LAYOUT);

    /// Creates a struct from its fields in order, each from 0 to 65535. Missing fields are 0.
    public WinsizeStruct(int... fields) {
        for (int i = 0; i < fields.length; i++) {
            segment.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) fields[i]);
        }
    }

    /// Returns a field by its index, 0 to 65535.
    public int get(int index) {
        return Short.toUnsignedInt(segment.getAtIndex(ValueLayout.JAVA_SHORT, index));
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
