package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.CallState;
import io.selectors4j.internal.ffi.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Reads and writes between a descriptor and a [ByteBuffer]. A direct buffer is handed to the kernel as it is; the bytes
/// of a heap buffer go through native memory, because a call that can block must not hold the heap still.
///
/// Each method makes one system call, advances the buffer by what it moved, and returns the number of bytes or `-errno`.
public final class Transfers {

    /// Heap bytes that fit the memory kept for each platform thread. A virtual thread keeps none: there may be a
    /// million of them.
    private static final int KEPT = 16 * 1024;

    /// Most heap bytes that one call moves on a stream: more would only be copied in vain.
    private static final int STREAM_CHUNK = 256 * 1024;

    private static final ThreadLocal<MemorySegment> SCRATCH =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(KEPT));

    private Transfers() {}

    /// A system call that moves bytes from or to memory.
    private interface Call {
        long on(MemorySegment memory, long count);
    }

    /// `read`.
    public static long read(CallState state, int fd, ByteBuffer target) {
        return into(target, STREAM_CHUNK, (memory, count) -> PosixLibc.read(state, fd, memory, count));
    }

    /// `write`.
    public static long write(CallState state, int fd, ByteBuffer source) {
        return from(source, STREAM_CHUNK, (memory, count) -> PosixLibc.write(state, fd, memory, count));
    }

    /// `recv`: a whole message at a time, if it is not to be torn.
    public static long recv(CallState state, int fd, ByteBuffer target, int flags, boolean whole) {
        return into(
                target,
                whole ? Integer.MAX_VALUE : STREAM_CHUNK,
                (memory, count) -> PosixSockets.recv(state, fd, memory, count, flags));
    }

    /// `send`: a whole message at a time, if it is not to be torn.
    public static long send(CallState state, int fd, ByteBuffer source, int flags, boolean whole) {
        return from(
                source,
                whole ? Integer.MAX_VALUE : STREAM_CHUNK,
                (memory, count) -> PosixSockets.send(state, fd, memory, count, flags));
    }

    /// `recvfrom`: a whole message at a time.
    public static long recvfrom(CallState state, int fd, ByteBuffer target, int flags, SockAddr address) {
        return into(
                target,
                Integer.MAX_VALUE,
                (memory, count) -> PosixSockets.recvfrom(state, fd, memory, count, flags, address, address.length()));
    }

    /// `sendto`: a whole message at a time.
    public static long sendto(CallState state, int fd, ByteBuffer source, int flags, SockAddr address) {
        return from(
                source,
                Integer.MAX_VALUE,
                (memory, count) -> PosixSockets.sendto(state, fd, memory, count, flags, address, address.size()));
    }

    private static long into(ByteBuffer target, int most, Call call) {
        MemorySegment rest = rest(target);
        if (rest.isNative()) {
            return advance(target, call.on(rest, rest.byteSize()));
        }
        long count = Math.min(rest.byteSize(), most);
        try (Scratch scratch = new Scratch(count)) {
            long moved = call.on(scratch.segment(), count);
            if (moved > 0) {
                MemorySegment.copy(scratch.segment(), 0, rest, 0, Math.min(moved, count));
            }
            return advance(target, moved);
        }
    }

    private static long from(ByteBuffer source, int most, Call call) {
        MemorySegment rest = rest(source);
        if (rest.isNative()) {
            return advance(source, call.on(rest, rest.byteSize()));
        }
        long count = Math.min(rest.byteSize(), most);
        try (Scratch scratch = new Scratch(count)) {
            MemorySegment.copy(rest, 0, scratch.segment(), 0, count);
            return advance(source, call.on(scratch.segment(), count));
        }
    }

    /// The memory between a buffer's position and its limit, both of which another thread may be changing: a duplicate has
    /// read each once and checked them, and nobody else can change that. A segment of the buffer itself can end up behind
    /// the buffer's end.
    private static MemorySegment rest(ByteBuffer buffer) {
        return MemorySegment.ofBuffer(buffer.duplicate());
    }

    private static long advance(ByteBuffer buffer, long moved) {
        if (moved > 0) {
            // MSG_TRUNC returns the length of the datagram, which may be more than what fitted.
            buffer.position(buffer.position() + (int) Math.min(moved, buffer.remaining()));
        }
        return moved;
    }

    /// Native memory for the bytes of a heap buffer.
    private static final class Scratch implements Memory, AutoCloseable {

        private final @Nullable Arena arena;
        private final MemorySegment segment;

        Scratch(long count) {
            if (count <= KEPT && !Thread.currentThread().isVirtual()) {
                arena = null;
                segment = SCRATCH.get();
            } else {
                arena = Arena.ofConfined();
                segment = arena.allocate(count);
            }
        }

        @Override
        public MemorySegment segment() {
            return segment;
        }

        @Override
        public void close() {
            if (arena != null) {
                arena.close();
            }
        }
    }
}
