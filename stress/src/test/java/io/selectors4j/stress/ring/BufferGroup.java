package io.selectors4j.stress.ring;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A ring of provided buffers, as the kernel sees it.
final class BufferGroup {
    private final MemorySegment bufs;
    private final int entries;
    private short head;

    BufferGroup(MemorySegment bufs, int entries) {
        this.bufs = bufs;
        this.entries = entries;
    }

    /// Returns the next buffer without taking it, or null.
    @Nullable
    MemorySegment peek() {
        boolean empty = bufs.get(JAVA_SHORT, 14) == head;
        return empty ? null : bufs.asSlice(16L * (head & (entries - 1)), 16);
    }

    int size() {
        return Short.toUnsignedInt((short) (bufs.get(JAVA_SHORT, 14) - head));
    }

    void take() {
        head++;
    }
}
