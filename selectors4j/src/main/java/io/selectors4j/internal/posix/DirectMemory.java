package io.selectors4j.internal.posix;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;

/// The memory of direct buffers. To make a segment of a buffer takes memory of the heap, to cut a piece from one does not, once it is
/// compiled. So each thread remembers the last two buffers that it used: one to read into and one to write from. It does not keep
/// them from being collected.
final class DirectMemory {

    private static final ThreadLocal<DirectMemory> OF_THREAD = ThreadLocal.withInitial(DirectMemory::new);
    private static final WeakReference<Known> NONE = new WeakReference<>(null);

    private WeakReference<Known> last = NONE;
    private WeakReference<Known> lastButOne = NONE;

    /// A buffer and all its memory.
    private record Known(ByteBuffer buffer, MemorySegment memory) {

        @SuppressWarnings("ReferenceEquality") // buffers are equal if their contents are
        boolean isOf(ByteBuffer other) {
            return buffer == other;
        }
    }

    private DirectMemory() {}

    /// The memory between a buffer's position and its limit, both of which another thread may be changing: each is read once, and
    /// what they make is checked against all of the buffer's memory, which nobody can change.
    ///
    /// @param buffer a direct buffer
    /// @return that memory
    static MemorySegment rest(ByteBuffer buffer) {
        int position = buffer.position();
        int limit = buffer.limit();
        return OF_THREAD.get().memory(buffer).asSlice(position, limit - position);
    }

    private MemorySegment memory(ByteBuffer buffer) {
        Known known = last.get();
        if (known != null && known.isOf(buffer)) {
            return known.memory();
        }
        WeakReference<Known> former = last;
        Known other = lastButOne.get();
        if (other != null && other.isOf(buffer)) {
            last = lastButOne;
            lastButOne = former;
            return other.memory();
        }
        MemorySegment memory = MemorySegment.ofBuffer(buffer.duplicate().clear());
        last = new WeakReference<>(new Known(buffer, memory));
        lastButOne = former;
        return memory;
    }
}
