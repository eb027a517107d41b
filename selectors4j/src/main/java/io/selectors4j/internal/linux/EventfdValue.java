package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Where `eventfd_read` puts the counter's value: an `eventfd_t`, which is a `uint64_t` (sys/eventfd.h).
public final class EventfdValue implements Memory {

    private final MemorySegment segment = NativeMemory.allocate(ValueLayout.JAVA_LONG);

    /// Allocates the memory.
    public EventfdValue() {}

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
