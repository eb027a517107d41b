package io.selectors4j.internal.posix;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.Objects;

/// Where the memory of a direct buffer is. To find that out creates objects, so this is kept from one call to the next; the buffer is
/// not.
///
/// The memory of most direct buffers is freed when nobody can reach the buffer any more: a call can be given its address, if the
/// buffer is reachable until the call has returned. That of a buffer made from a [MemorySegment] may be freed at any
/// time, when its arena is closed: a call has to be given a segment, which the JDK keeps open meanwhile.
final class DirectMemory extends WeakReference<ByteBuffer> {

    /// That of no buffer.
    static final DirectMemory NONE = new DirectMemory();

    private final long address;
    private final int capacity;
    private final boolean closeable;

    /// Weak, since it keeps the buffer or what that is a part of. Whoever uses it holds on to it.
    private WeakReference<MemorySegment> segment;

    private DirectMemory() {
        super(null);
        address = 0;
        capacity = 0;
        closeable = false;
        segment = new WeakReference<>(MemorySegment.NULL);
    }

    /// That of a buffer.
    ///
    /// @param buffer a direct buffer
    DirectMemory(ByteBuffer buffer) {
        super(buffer);
        ByteBuffer all = buffer.duplicate().clear();
        MemorySegment memory = MemorySegment.ofBuffer(all);
        address = memory.address();
        capacity = all.capacity();
        closeable = haveOneScope(memory, MemorySegment.ofBuffer(all));
        segment = new WeakReference<>(memory);
    }

    /// Segments made of one buffer have one scope, the arena's, if the buffer was made from a segment. Otherwise each has its own, which
    /// keeps the buffer reachable.
    @SuppressWarnings("ReferenceEquality") // scopes of one buffer are always equal
    private static boolean haveOneScope(MemorySegment one, MemorySegment other) {
        return one.scope() == other.scope();
    }

    /// Whether this is the memory of one very buffer.
    ///
    /// @param buffer the buffer
    boolean isOf(ByteBuffer buffer) {
        return refersTo(buffer);
    }

    /// Whether somebody may free the memory while the buffer is in use: a call needs [#segment], not [#address].
    boolean isCloseable() {
        return closeable;
    }

    /// The address of a part of the memory.
    ///
    /// @param position where it begins
    /// @param count how many bytes it has
    /// @throws IndexOutOfBoundsException if it is not within the memory
    long address(int position, int count) {
        return address + Objects.checkFromIndexSize(position, count, capacity);
    }

    /// A part of the memory.
    ///
    /// @param buffer the buffer
    /// @param position where it begins
    /// @param count how many bytes it has
    /// @throws IndexOutOfBoundsException if it is not within the memory
    MemorySegment segment(ByteBuffer buffer, int position, int count) {
        MemorySegment all = segment.get();
        if (all == null) {
            all = MemorySegment.ofBuffer(buffer.duplicate().clear());
            segment = new WeakReference<>(all);
        }
        return all.asSlice(position, count);
    }
}
