package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.CallState;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Reads and writes between a descriptor and a [ByteBuffer]. A direct buffer is handed to the kernel as it is; the bytes
/// of a heap buffer go through native memory, because a call that can block must not hold the heap still.
///
/// Each method makes one system call, advances the buffer by what it moved, and returns the number of bytes or `-errno`. Reads,
/// writes and their like create no objects, for as long as a thread uses the same buffers, or buffers of the heap.
public final class Transfers {

    /// Heap bytes that fit the memory kept for each platform thread.
    private static final int KEPT = 16 * 1024;

    /// Most heap bytes that one call moves on a stream: more would only be copied in vain.
    private static final int STREAM_CHUNK = 256 * 1024;

    private static final ThreadLocal<Transfers> OF_THREAD = new ThreadLocal<>() {
        @Override
        protected Transfers initialValue() {
            return new Transfers();
        }
    };

    private static final WeakReference<Direct> NONE = new WeakReference<>(null);

    private final CallState state = CallState.current();
    private WeakReference<Direct> last = NONE;
    private WeakReference<Direct> lastButOne = NONE;
    private @Nullable HeapCopy kept;

    private Transfers() {}

    /// A direct buffer and all its memory.
    private record Direct(ByteBuffer buffer, MemorySegment memory) {

        @SuppressWarnings("ReferenceEquality") // buffers are equal if their contents are
        boolean isOf(ByteBuffer other) {
            return buffer == other;
        }
    }

    /// Those of the current thread, with what it remembers: errno, buffers, memory.
    ///
    /// @return the current thread's own
    public static Transfers current() {
        return OF_THREAD.get();
    }

    /// `read`.
    public long read(int fd, ByteBuffer target) {
        if (target.isDirect()) {
            MemorySegment rest = rest(target);
            return advance(target, PosixLibc.read(state, fd, rest, rest.byteSize()));
        }
        int position = target.position();
        int count = Math.min(remaining(target, position), STREAM_CHUNK);
        try (HeapCopy copy = heapCopy(count)) {
            return received(target, position, count, copy, PosixLibc.read(state, fd, copy.segment(), count));
        }
    }

    /// `write`.
    public long write(int fd, ByteBuffer source) {
        if (source.isDirect()) {
            MemorySegment rest = rest(source);
            return advance(source, PosixLibc.write(state, fd, rest, rest.byteSize()));
        }
        int position = source.position();
        int count = Math.min(remaining(source, position), STREAM_CHUNK);
        try (HeapCopy copy = heapCopy(count)) {
            copy.take(source, position, count);
            return advance(source, PosixLibc.write(state, fd, copy.segment(), count));
        }
    }

    /// `recv`: a whole message at a time, if it is not to be torn.
    public long recv(int fd, ByteBuffer target, int flags, boolean whole) {
        if (target.isDirect()) {
            MemorySegment rest = rest(target);
            return advance(target, PosixSockets.recv(state, fd, rest, rest.byteSize(), flags));
        }
        int position = target.position();
        int count = Math.min(remaining(target, position), whole ? Integer.MAX_VALUE : STREAM_CHUNK);
        try (HeapCopy copy = heapCopy(count)) {
            return received(target, position, count, copy, PosixSockets.recv(state, fd, copy.segment(), count, flags));
        }
    }

    /// `send`: a whole message at a time, if it is not to be torn.
    public long send(int fd, ByteBuffer source, int flags, boolean whole) {
        if (source.isDirect()) {
            MemorySegment rest = rest(source);
            return advance(source, PosixSockets.send(state, fd, rest, rest.byteSize(), flags));
        }
        int position = source.position();
        int count = Math.min(remaining(source, position), whole ? Integer.MAX_VALUE : STREAM_CHUNK);
        try (HeapCopy copy = heapCopy(count)) {
            copy.take(source, position, count);
            return advance(source, PosixSockets.send(state, fd, copy.segment(), count, flags));
        }
    }

    /// `recvfrom`: a whole message at a time.
    public long recvfrom(int fd, ByteBuffer target, int flags, SockAddr address) {
        if (target.isDirect()) {
            MemorySegment rest = rest(target);
            return advance(
                    target, PosixSockets.recvfrom(state, fd, rest, rest.byteSize(), flags, address, address.length()));
        }
        int position = target.position();
        int count = remaining(target, position);
        try (HeapCopy copy = heapCopy(count)) {
            long moved = PosixSockets.recvfrom(state, fd, copy.segment(), count, flags, address, address.length());
            return received(target, position, count, copy, moved);
        }
    }

    /// `sendto`: a whole message at a time.
    public long sendto(int fd, ByteBuffer source, int flags, SockAddr address) {
        if (source.isDirect()) {
            MemorySegment rest = rest(source);
            return advance(
                    source, PosixSockets.sendto(state, fd, rest, rest.byteSize(), flags, address, address.size()));
        }
        int position = source.position();
        int count = remaining(source, position);
        try (HeapCopy copy = heapCopy(count)) {
            copy.take(source, position, count);
            return advance(
                    source, PosixSockets.sendto(state, fd, copy.segment(), count, flags, address, address.size()));
        }
    }

    /// The memory between a buffer's position and its limit, both of which another thread may be changing: each is read once, and
    /// what they make is checked against all of the buffer's memory, which nobody can change.
    ///
    /// To make a segment of a buffer takes memory of the heap, to cut a piece from one does not, once it is compiled. So the last two
    /// buffers are remembered: one to read into and one to write from. They may be collected all the same.
    private MemorySegment rest(ByteBuffer buffer) {
        int position = buffer.position();
        int limit = buffer.limit();
        return memory(buffer).asSlice(position, limit - position);
    }

    private MemorySegment memory(ByteBuffer buffer) {
        Direct known = last.get();
        if (known != null && known.isOf(buffer)) {
            return known.memory();
        }
        WeakReference<Direct> former = last;
        Direct other = lastButOne.get();
        if (other != null && other.isOf(buffer)) {
            last = lastButOne;
            lastButOne = former;
            return other.memory();
        }
        MemorySegment memory = MemorySegment.ofBuffer(buffer.duplicate().clear());
        last = new WeakReference<>(new Direct(buffer, memory));
        lastButOne = former;
        return memory;
    }

    /// Native memory for the bytes of a heap buffer. A virtual thread keeps none: there may be a million of them.
    private HeapCopy heapCopy(int count) {
        if (count > KEPT || Thread.currentThread().isVirtual()) {
            return HeapCopy.of(count);
        }
        if (kept == null) {
            kept = HeapCopy.kept(KEPT);
        }
        return kept;
    }

    /// How much there is from a position on; another thread may be moving both position and limit.
    private static int remaining(ByteBuffer buffer, int position) {
        return Math.max(0, buffer.limit() - position);
    }

    private static long received(ByteBuffer target, int position, int count, HeapCopy copy, long moved) {
        if (moved > 0) {
            copy.give(target, position, (int) Math.min(moved, count));
        }
        return advance(target, moved);
    }

    private static long advance(ByteBuffer buffer, long moved) {
        if (moved > 0) {
            // MSG_TRUNC returns the length of the datagram, which may be more than what fitted.
            buffer.position(buffer.position() + (int) Math.min(moved, buffer.remaining()));
        }
        return moved;
    }
}
