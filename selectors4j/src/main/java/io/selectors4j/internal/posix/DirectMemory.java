package io.selectors4j.internal.posix;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.Objects;

/// The memory of a direct buffer. Finding its address creates objects, so this object is kept from one call to the
/// next. It refers to the buffer weakly.
///
/// The memory of most direct buffers is freed after the buffer becomes unreachable. A call may be given its address, if
/// the buffer stays reachable until the call returns. The memory of a buffer made from a [MemorySegment] may be freed
/// at any time, by closing its arena. A call needs a segment then, which the JDK keeps alive during the call.
final class DirectMemory extends WeakReference<ByteBuffer> {

    /// Matches no buffer.
    static final DirectMemory NONE = new DirectMemory();

    private final long address;
    private final int capacity;
    private final boolean closeable;

    /// Weak, because the segment refers to the buffer or to the buffer that it is a slice of. A caller must keep a
    /// strong reference.
    private WeakReference<MemorySegment> segment;

    private DirectMemory() {
        super(null);
        address = 0;
        capacity = 0;
        closeable = false;
        segment = new WeakReference<>(MemorySegment.NULL);
    }

    DirectMemory(ByteBuffer buffer) {
        super(buffer);
        ByteBuffer all = buffer.duplicate().clear();
        MemorySegment memory = MemorySegment.ofBuffer(all);
        address = memory.address();
        capacity = all.capacity();
        closeable = haveSameScope(memory, MemorySegment.ofBuffer(all));
        segment = new WeakReference<>(memory);
    }

    /// Two segments of one buffer have the same scope, the one of the arena, if the buffer was made from a segment.
    /// Otherwise each segment has a scope of its own, which keeps the buffer reachable.
    @SuppressWarnings("ReferenceEquality") // scopes of one buffer are always equal
    private static boolean haveSameScope(MemorySegment one, MemorySegment other) {
        return one.scope() == other.scope();
    }

    /// Whether this is the memory of this buffer object.
    boolean isOf(ByteBuffer buffer) {
        return refersTo(buffer);
    }

    /// Whether the memory can be freed while the buffer is reachable: a call needs [#segment], not [#address].
    boolean isCloseable() {
        return closeable;
    }

    /// Returns the address of a part of the memory.
    ///
    /// @throws IndexOutOfBoundsException if the part is not within the memory
    long address(int position, int count) {
        return address + Objects.checkFromIndexSize(position, count, capacity);
    }

    /// Returns all of the memory as a segment.
    MemorySegment segment(ByteBuffer buffer) {
        MemorySegment all = segment.get();
        if (all == null) {
            all = MemorySegment.ofBuffer(buffer.duplicate().clear());
            segment = new WeakReference<>(all);
        }
        return all;
    }

    /// Returns a part of the memory as a segment.
    ///
    /// @throws IndexOutOfBoundsException if the part is not within the memory
    MemorySegment segment(ByteBuffer buffer, int position, int count) {
        return segment(buffer).asSlice(position, count);
    }
}
