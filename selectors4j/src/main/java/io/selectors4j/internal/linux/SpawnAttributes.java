package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;

/// A `posix_spawnattr_t`: the process group, session and signal mask of a child. Only the C library knows its members.
///
/// Source: spawn.h of glibc and of musl.
public final class SpawnAttributes implements Memory {

    /// Size of the struct of glibc and musl in bytes.
    public static final int SIZE = 336;

    private final MemorySegment segment = NativeMemory.allocate(SIZE, Long.BYTES);

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
