package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.CallState;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Reads and writes between a descriptor and a [ByteBuffer]. A direct buffer is handed to the kernel as it is; the bytes
/// of a heap buffer go through native memory, because a call that can block must not hold the heap still.
///
/// Each method makes one system call, advances the buffer by what it moved, and returns the number of bytes or `-errno`. Reads,
/// writes and their like create no objects, for as long as a thread uses the same buffers, or buffers of the heap.
public final class Transfers {

    /// Most heap bytes that one call moves on a stream: more would only be copied in vain.
    private static final int STREAM_CHUNK = 256 * 1024;

    private Transfers() {}

    /// `read`.
    public static long read(CallState state, int fd, ByteBuffer target) {
        if (target.isDirect()) {
            MemorySegment rest = DirectMemory.rest(target);
            return advance(target, PosixLibc.read(state, fd, rest, rest.byteSize()));
        }
        int position = target.position();
        int count = Math.min(remaining(target, position), STREAM_CHUNK);
        try (HeapCopy copy = HeapCopy.of(count)) {
            return received(target, position, count, copy, PosixLibc.read(state, fd, copy.segment(), count));
        }
    }

    /// `write`.
    public static long write(CallState state, int fd, ByteBuffer source) {
        if (source.isDirect()) {
            MemorySegment rest = DirectMemory.rest(source);
            return advance(source, PosixLibc.write(state, fd, rest, rest.byteSize()));
        }
        int position = source.position();
        int count = Math.min(remaining(source, position), STREAM_CHUNK);
        try (HeapCopy copy = HeapCopy.of(count)) {
            copy.take(source, position, count);
            return advance(source, PosixLibc.write(state, fd, copy.segment(), count));
        }
    }

    /// `recv`: a whole message at a time, if it is not to be torn.
    public static long recv(CallState state, int fd, ByteBuffer target, int flags, boolean whole) {
        if (target.isDirect()) {
            MemorySegment rest = DirectMemory.rest(target);
            return advance(target, PosixSockets.recv(state, fd, rest, rest.byteSize(), flags));
        }
        int position = target.position();
        int count = Math.min(remaining(target, position), whole ? Integer.MAX_VALUE : STREAM_CHUNK);
        try (HeapCopy copy = HeapCopy.of(count)) {
            return received(target, position, count, copy, PosixSockets.recv(state, fd, copy.segment(), count, flags));
        }
    }

    /// `send`: a whole message at a time, if it is not to be torn.
    public static long send(CallState state, int fd, ByteBuffer source, int flags, boolean whole) {
        if (source.isDirect()) {
            MemorySegment rest = DirectMemory.rest(source);
            return advance(source, PosixSockets.send(state, fd, rest, rest.byteSize(), flags));
        }
        int position = source.position();
        int count = Math.min(remaining(source, position), whole ? Integer.MAX_VALUE : STREAM_CHUNK);
        try (HeapCopy copy = HeapCopy.of(count)) {
            copy.take(source, position, count);
            return advance(source, PosixSockets.send(state, fd, copy.segment(), count, flags));
        }
    }

    /// `recvfrom`: a whole message at a time.
    public static long recvfrom(CallState state, int fd, ByteBuffer target, int flags, SockAddr address) {
        if (target.isDirect()) {
            MemorySegment rest = DirectMemory.rest(target);
            return advance(
                    target, PosixSockets.recvfrom(state, fd, rest, rest.byteSize(), flags, address, address.length()));
        }
        int position = target.position();
        int count = remaining(target, position);
        try (HeapCopy copy = HeapCopy.of(count)) {
            long moved = PosixSockets.recvfrom(state, fd, copy.segment(), count, flags, address, address.length());
            return received(target, position, count, copy, moved);
        }
    }

    /// `sendto`: a whole message at a time.
    public static long sendto(CallState state, int fd, ByteBuffer source, int flags, SockAddr address) {
        if (source.isDirect()) {
            MemorySegment rest = DirectMemory.rest(source);
            return advance(
                    source, PosixSockets.sendto(state, fd, rest, rest.byteSize(), flags, address, address.size()));
        }
        int position = source.position();
        int count = remaining(source, position);
        try (HeapCopy copy = HeapCopy.of(count)) {
            copy.take(source, position, count);
            return advance(
                    source, PosixSockets.sendto(state, fd, copy.segment(), count, flags, address, address.size()));
        }
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
