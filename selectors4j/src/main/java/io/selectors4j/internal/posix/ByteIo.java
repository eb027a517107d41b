package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.ErrnoCapture;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;

/// Reads and writes between a descriptor and a [ByteBuffer]. A direct buffer is handed to the kernel as it is; the bytes
/// of a heap buffer go through native memory, because a call that can block must not hold the heap still.
///
/// Each method makes one system call, advances the buffer by what it moved, and returns the number of bytes or `-errno`. Reads,
/// writes and their like create no objects, for as long as a thread uses the same buffers, or buffers of the heap.
///
/// They belong to a thread and know it: weakly, since the object of a descriptor keeps those of its last thread.
public final class ByteIo extends WeakReference<Thread> {

    /// Most heap bytes that one call moves on a stream: more would only be copied in vain.
    private static final int STREAM_CHUNK = 256 * 1024;

    /// What reads.
    public enum ReadCall {
        /// `read`.
        READ("read"),
        /// `recv`.
        RECV("recv");

        private final String function;

        ReadCall(String function) {
            this.function = function;
        }

        /// The function's name.
        ///
        /// @return its name in C
        public String function() {
            return function;
        }
    }

    /// What writes.
    public enum WriteCall {
        /// `write`.
        WRITE("write"),
        /// `send`.
        SEND("send");

        private final String function;

        WriteCall(String function) {
            this.function = function;
        }

        /// The function's name.
        ///
        /// @return its name in C
        public String function() {
            return function;
        }
    }

    private static final ThreadLocal<ByteIo> OF_THREAD = new ThreadLocal<>() {
        @Override
        protected ByteIo initialValue() {
            return new ByteIo();
        }
    };

    private final ErrnoCapture state = ErrnoCapture.current();
    private DirectMemory last = DirectMemory.NONE;
    private DirectMemory lastButOne = DirectMemory.NONE;

    private ByteIo() {
        super(Thread.currentThread());
    }

    /// Those of the current thread, with what it remembers: errno, buffers, memory.
    ///
    /// @return the current thread's own
    public static ByteIo current() {
        return OF_THREAD.get();
    }

    /// Whether these are [#current], which takes longer to find out by asking for those.
    ///
    /// @return whether they are the current thread's own
    public boolean belongsToCurrentThread() {
        return refersTo(Thread.currentThread());
    }

    /// Reads. (In few methods: the compiler inlines only so many in depth, and what others hand to each other are objects of the heap.)
    ///
    /// @param call the call
    /// @param fd the descriptor
    /// @param target where to put the bytes
    /// @param flags those of `recv`
    /// @param whole whether a message is not to be torn
    public long read(ReadCall call, int fd, ByteBuffer target, int flags, boolean whole) {
        if (!target.isDirect()) {
            return inCopied(call, fd, target, flags, whole);
        }
        int position = target.position();
        int count = remaining(target, position);
        DirectMemory memory = memory(target);
        if (memory.isCloseable()) {
            return inSegment(call, fd, target, flags, memory, position, count);
        }
        long address = memory.address(position, count);
        return advance(
                target,
                call == ReadCall.RECV
                        ? PosixSockets.recv(state, fd, address, count, flags)
                        : PosixLibc.read(state, fd, address, count));
    }

    /// Makes the segment itself: what is handed to a method that is not compiled into this one is an object of the heap.
    private long inSegment(
            ReadCall call, int fd, ByteBuffer target, int flags, DirectMemory memory, int position, int count) {
        MemorySegment part = memory.segment(target, position, count);
        return advance(
                target,
                call == ReadCall.RECV
                        ? PosixSockets.recv(state, fd, part, count, flags)
                        : PosixLibc.read(state, fd, part, count));
    }

    private long inCopied(ReadCall call, int fd, ByteBuffer target, int flags, boolean whole) {
        int position = target.position();
        int count = Math.min(remaining(target, position), whole ? Integer.MAX_VALUE : STREAM_CHUNK);
        try (HeapCopy copy = HeapCopy.of(count)) {
            long address = copy.address();
            return received(
                    target,
                    position,
                    count,
                    copy,
                    call == ReadCall.RECV
                            ? PosixSockets.recv(state, fd, address, count, flags)
                            : PosixLibc.read(state, fd, address, count));
        }
    }

    /// Writes.
    ///
    /// @param call the call
    /// @param fd the descriptor
    /// @param source the bytes
    /// @param flags those of `send`
    /// @param whole whether a message is not to be torn
    public long write(WriteCall call, int fd, ByteBuffer source, int flags, boolean whole) {
        if (!source.isDirect()) {
            return outCopied(call, fd, source, flags, whole);
        }
        int position = source.position();
        int count = remaining(source, position);
        DirectMemory memory = memory(source);
        if (memory.isCloseable()) {
            return outSegment(call, fd, source, flags, memory, position, count);
        }
        long address = memory.address(position, count);
        return advance(
                source,
                call == WriteCall.SEND
                        ? PosixSockets.send(state, fd, address, count, flags)
                        : PosixLibc.write(state, fd, address, count));
    }

    /// Makes the segment itself, as [#inSegment] does.
    private long outSegment(
            WriteCall call, int fd, ByteBuffer source, int flags, DirectMemory memory, int position, int count) {
        MemorySegment part = memory.segment(source, position, count);
        return advance(
                source,
                call == WriteCall.SEND
                        ? PosixSockets.send(state, fd, part, count, flags)
                        : PosixLibc.write(state, fd, part, count));
    }

    private long outCopied(WriteCall call, int fd, ByteBuffer source, int flags, boolean whole) {
        int position = source.position();
        int count = Math.min(remaining(source, position), whole ? Integer.MAX_VALUE : STREAM_CHUNK);
        try (HeapCopy copy = HeapCopy.of(count)) {
            copy.take(source, position, count);
            long address = copy.address();
            return advance(
                    source,
                    call == WriteCall.SEND
                            ? PosixSockets.send(state, fd, address, count, flags)
                            : PosixLibc.write(state, fd, address, count));
        }
    }

    /// `recvfrom`: a whole message at a time.
    public long recvfrom(int fd, ByteBuffer target, int flags, SockAddr address) {
        int position = target.position();
        int count = remaining(target, position);
        if (target.isDirect()) {
            MemorySegment part = memory(target).segment(target, position, count);
            return advance(target, PosixSockets.recvfrom(state, fd, part, count, flags, address, address.length()));
        }
        try (HeapCopy copy = HeapCopy.of(count)) {
            long moved = PosixSockets.recvfrom(state, fd, copy.segment(), count, flags, address, address.length());
            return received(target, position, count, copy, moved);
        }
    }

    /// `sendto`: a whole message at a time.
    public long sendto(int fd, ByteBuffer source, int flags, SockAddr address) {
        int position = source.position();
        int count = remaining(source, position);
        if (source.isDirect()) {
            MemorySegment part = memory(source).segment(source, position, count);
            return advance(source, PosixSockets.sendto(state, fd, part, count, flags, address, address.size()));
        }
        try (HeapCopy copy = HeapCopy.of(count)) {
            copy.take(source, position, count);
            return advance(
                    source, PosixSockets.sendto(state, fd, copy.segment(), count, flags, address, address.size()));
        }
    }

    /// The memory of a direct buffer. The last two are remembered: one to read into and one to write from.
    private DirectMemory memory(ByteBuffer buffer) {
        DirectMemory known = last;
        return known.isOf(buffer) ? known : otherMemory(buffer);
    }

    private DirectMemory otherMemory(ByteBuffer buffer) {
        DirectMemory known = lastButOne;
        lastButOne = last;
        last = known.isOf(buffer) ? known : new DirectMemory(buffer);
        return last;
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

    /// Moves the position on. Until here, after the call, the buffer has to be reachable: the call was given its address. Without `finally`,
    /// as in [io.selectors4j.internal.ffi.Memory#keepAlive].
    @SuppressWarnings("ReachabilityFenceUsage")
    private static long advance(ByteBuffer buffer, long moved) {
        Reference.reachabilityFence(buffer);
        if (moved > 0) {
            // MSG_TRUNC returns the length of the datagram, which may be more than what fitted.
            buffer.position(buffer.position() + (int) Math.min(moved, buffer.remaining()));
        }
        return moved;
    }
}
