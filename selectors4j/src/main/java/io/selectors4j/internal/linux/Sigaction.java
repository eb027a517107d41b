package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A `struct sigaction`, at first with the default action, SIG_DFL, and no flags: all bytes are 0. The order of the
/// members after the first one differs between architectures.
///
/// Source: bits/sigaction.h of glibc and of musl.
public final class Sigaction implements Memory {

    /// Size of the struct of glibc and musl in bytes.
    public static final int SIZE = 152;

    // bits/signum-generic.h
    private static final long SIG_IGN = 1;

    private final MemorySegment segment = NativeMemory.allocate(SIZE, Long.BYTES);

    /// Returns whether the signal is ignored.
    public boolean isIgnored() {
        return segment.get(ValueLayout.JAVA_LONG, 0) == SIG_IGN;
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
