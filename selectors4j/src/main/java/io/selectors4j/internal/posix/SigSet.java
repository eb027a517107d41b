package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A `sigset_t`. Signal 1 is the lowest bit of the first `unsigned long`. glibc and musl give it 128 bytes, of which
/// the kernel reads the first 8.
public final class SigSet implements Memory {

    /// Size of glibc's and musl's `sigset_t` in bytes.
    public static final int SIZE = 128;

    private final MemorySegment segment = NativeMemory.allocate(SIZE, Long.BYTES);

    /// Creates a set; bit `n - 1` stands for signal `n`.
    public SigSet(long bits) {
        segment.set(ValueLayout.JAVA_LONG, 0, bits);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
