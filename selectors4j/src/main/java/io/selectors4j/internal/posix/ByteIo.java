package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.ErrnoCapture;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Reads and writes between a descriptor and a [ByteBuffer]. A direct buffer is passed to the kernel as it is. The
/// bytes of a heap buffer are copied through native memory, because a blocking call must not pin the heap.
///
/// Each method makes one system call, advances the buffer by the bytes transferred, and returns their number or
/// `-errno`.
///
/// [#read] and [#write] create no objects in steady state on a platform thread, if the thread alternates between at
/// most two direct buffers, or uses heap buffers. Streams transfer at most 256 KiB of a heap buffer in one call, for
/// which a thread keeps memory. A larger message in a heap buffer and every heap buffer on a virtual thread need new
/// memory for each call.
///
/// An object belongs to one thread, to which it refers weakly, because an [io.selectors4j.fd.Fd] keeps the object of
/// its last thread.
public final class ByteIo extends WeakReference<Thread> {

    /// The system calls that read and write.
    public enum Calls {
        /// `read` and `write`; `readv` and `writev`.
        FILE("read", "write", "readv", "writev"),
        /// `recv` and `send`; `recvmsg` and `sendmsg`.
        SOCKET("recv", "send", "recvmsg", "sendmsg");

        private final String read;
        private final String write;
        private final String scatter;
        private final String gather;

        Calls(String read, String write, String scatter, String gather) {
            this.read = read;
            this.write = write;
            this.scatter = scatter;
            this.gather = gather;
        }

        /// Returns the name of the C function that reads.
        public String readName() {
            return read;
        }

        /// Returns the name of the C function that writes.
        public String writeName() {
            return write;
        }

        /// Returns the name of the C function that reads into several buffers.
        public String scatterName() {
            return scatter;
        }

        /// Returns the name of the C function that writes from several buffers.
        public String gatherName() {
            return gather;
        }
    }

    private static final ThreadLocal<ByteIo> OF_THREAD = new ThreadLocal<>() {
        @Override
        protected ByteIo initialValue() {
            return new ByteIo();
        }
    };

    private final ErrnoCapture state = ErrnoCapture.current();
    private DirectMemory lastMemory = DirectMemory.NONE;
    private DirectMemory previousMemory = DirectMemory.NONE;

    /// The memory that this thread keeps for the bytes of heap buffers.
    private @Nullable HeapCopy heapCopy;

    /// The state of calls with several buffers.
    private @Nullable VectorIo vectorIo;

    private ByteIo() {
        super(Thread.currentThread());
    }

    /// Returns memory for one call. A platform thread keeps its memory. A virtual thread does not: there may be a
    /// million of them.
    HeapCopy heapCopy(int count) {
        if (count > HeapCopy.MAX_CACHED || Thread.currentThread().isVirtual()) {
            return HeapCopy.forOneCall(count);
        }
        HeapCopy copy = HeapCopy.cached(heapCopy, count);
        heapCopy = copy;
        return copy;
    }

    /// Returns the object of the current thread.
    public static ByteIo current() {
        return OF_THREAD.get();
    }

    /// Whether this is the object of the current thread. Faster than comparing with [#current].
    public boolean belongsToCurrentThread() {
        return refersTo(Thread.currentThread());
    }

    /// Reads. Written as few methods: the compiler inlines to a limited depth, and segments passed to a method that is
    /// not inlined are allocated on the heap.
    ///
    /// @param flags the flags of `recv`
    /// @param wholeMessage whether one call must have room for all bytes of the buffer
    public long read(Calls calls, int fd, ByteBuffer target, int flags, boolean wholeMessage) {
        if (!target.isDirect()) {
            return readCopied(calls, fd, target, flags, wholeMessage);
        }
        int position = target.position();
        int count = remaining(target, position);
        DirectMemory memory = memory(target);
        if (memory.isCloseable()) {
            return readSegment(calls, fd, target, flags, memory, position, count);
        }
        long address = memory.address(position, count);
        return advance(
                target,
                calls == Calls.SOCKET
                        ? PosixSockets.recv(state, fd, address, count, flags)
                        : PosixLibc.read(state, fd, address, count));
    }

    /// Creates the segment in this method: a segment passed to a method that is not inlined is allocated on the heap.
    private long readSegment(
            Calls calls, int fd, ByteBuffer target, int flags, DirectMemory memory, int position, int count) {
        MemorySegment part = memory.segment(target, position, count);
        return advance(
                target,
                calls == Calls.SOCKET
                        ? PosixSockets.recv(state, fd, part, count, flags)
                        : PosixLibc.read(state, fd, part, count));
    }

    private long readCopied(Calls calls, int fd, ByteBuffer target, int flags, boolean wholeMessage) {
        int position = target.position();
        int count = Math.min(remaining(target, position), wholeMessage ? Integer.MAX_VALUE : HeapCopy.MAX_CACHED);
        try (HeapCopy copy = heapCopy(count)) {
            long address = copy.address();
            return copyBack(
                    target,
                    position,
                    count,
                    copy,
                    calls == Calls.SOCKET
                            ? PosixSockets.recv(state, fd, address, count, flags)
                            : PosixLibc.read(state, fd, address, count));
        }
    }

    /// Writes.
    ///
    /// @param flags the flags of `send`
    /// @param wholeMessage whether one call must transfer all bytes of the buffer
    public long write(Calls calls, int fd, ByteBuffer source, int flags, boolean wholeMessage) {
        if (!source.isDirect()) {
            return writeCopied(calls, fd, source, flags, wholeMessage);
        }
        int position = source.position();
        int count = remaining(source, position);
        DirectMemory memory = memory(source);
        if (memory.isCloseable()) {
            return writeSegment(calls, fd, source, flags, memory, position, count);
        }
        long address = memory.address(position, count);
        return advance(
                source,
                calls == Calls.SOCKET
                        ? PosixSockets.send(state, fd, address, count, flags)
                        : PosixLibc.write(state, fd, address, count));
    }

    /// Creates the segment in this method, as [#readSegment] does.
    private long writeSegment(
            Calls calls, int fd, ByteBuffer source, int flags, DirectMemory memory, int position, int count) {
        MemorySegment part = memory.segment(source, position, count);
        return advance(
                source,
                calls == Calls.SOCKET
                        ? PosixSockets.send(state, fd, part, count, flags)
                        : PosixLibc.write(state, fd, part, count));
    }

    private long writeCopied(Calls calls, int fd, ByteBuffer source, int flags, boolean wholeMessage) {
        int position = source.position();
        int count = Math.min(remaining(source, position), wholeMessage ? Integer.MAX_VALUE : HeapCopy.MAX_CACHED);
        try (HeapCopy copy = heapCopy(count)) {
            copy.copyFrom(source, position, count);
            long address = copy.address();
            return advance(
                    source,
                    calls == Calls.SOCKET
                            ? PosixSockets.send(state, fd, address, count, flags)
                            : PosixLibc.write(state, fd, address, count));
        }
    }

    /// Reads from a position of a file: `pread`. Written as [#read(Calls, int, ByteBuffer, int, boolean)] is.
    public long pread(int fd, ByteBuffer target, long offset) {
        int position = target.position();
        int count = remaining(target, position);
        if (!target.isDirect()) {
            int part = Math.min(count, HeapCopy.MAX_CACHED);
            try (HeapCopy copy = heapCopy(part)) {
                long address = copy.address();
                return copyBack(target, position, part, copy, PosixFiles.pread(state, fd, address, part, offset));
            }
        }
        DirectMemory memory = memory(target);
        if (memory.isCloseable()) {
            MemorySegment part = memory.segment(target, position, count);
            return advance(target, PosixFiles.pread(state, fd, part, count, offset));
        }
        long address = memory.address(position, count);
        return advance(target, PosixFiles.pread(state, fd, address, count, offset));
    }

    /// Writes at a position of a file: `pwrite`.
    public long pwrite(int fd, ByteBuffer source, long offset) {
        int position = source.position();
        int count = remaining(source, position);
        if (!source.isDirect()) {
            int part = Math.min(count, HeapCopy.MAX_CACHED);
            try (HeapCopy copy = heapCopy(part)) {
                copy.copyFrom(source, position, part);
                long address = copy.address();
                return advance(source, PosixFiles.pwrite(state, fd, address, part, offset));
            }
        }
        DirectMemory memory = memory(source);
        if (memory.isCloseable()) {
            MemorySegment part = memory.segment(source, position, count);
            return advance(source, PosixFiles.pwrite(state, fd, part, count, offset));
        }
        long address = memory.address(position, count);
        return advance(source, PosixFiles.pwrite(state, fd, address, count, offset));
    }

    /// Reads into the buffers from index `start` up to `end`: at least one, and none of them is read-only.
    ///
    /// A stream may leave buffers unused that one call cannot take, see [VectorIo]. The first buffer has room, so a
    /// call that returns 0 has reached the end of the data.
    ///
    /// @param wholeMessage whether one call must have room for all bytes of the buffers
    public long read(Calls calls, int fd, ByteBuffer[] targets, int start, int end, boolean wholeMessage) {
        return vectorIo(end - start).read(calls, fd, targets, start, end, 0, wholeMessage);
    }

    /// Writes from the buffers from index `start` up to `end`, at least one.
    ///
    /// @param flags the flags of `sendmsg`
    /// @param wholeMessage whether one call must transfer all bytes of the buffers
    public long write(Calls calls, int fd, ByteBuffer[] sources, int start, int end, int flags, boolean wholeMessage) {
        return vectorIo(end - start).write(calls, fd, sources, start, end, flags, wholeMessage);
    }

    /// Receives one message into the buffers from index `start` up to `end`, at least one, none of which is read-only,
    /// with its address and control data.
    ///
    /// @param from the address to fill in; its size is 0 if the kernel gave none
    /// @param control the control data to fill in, with the flags of the message; empty if the call fails
    public long recvmsg(
            int fd,
            ByteBuffer[] targets,
            int start,
            int end,
            int flags,
            boolean wholeMessage,
            SockAddr from,
            ControlBuffer control) {
        return vectorIo(end - start).recvmsg(fd, targets, start, end, flags, wholeMessage, from, control);
    }

    /// Sends the buffers from index `start` up to `end`, at least one, as one message with control data.
    ///
    /// @param to the address of the receiver; null for a connected socket
    /// @param control the control data; null for none
    public long sendmsg(
            int fd,
            ByteBuffer[] sources,
            int start,
            int end,
            int flags,
            boolean wholeMessage,
            @Nullable SockAddr to,
            @Nullable ControlBuffer control) {
        return vectorIo(end - start).sendmsg(fd, sources, start, end, flags, wholeMessage, to, control);
    }

    /// Returns the state for one call. A virtual thread does not keep it, as for [#heapCopy].
    private VectorIo vectorIo(int count) {
        if (Thread.currentThread().isVirtual()) {
            return VectorIo.of(null, this, state, count);
        }
        VectorIo io = VectorIo.of(vectorIo, this, state, count);
        vectorIo = io;
        return io;
    }

    /// Receives one message: `recvfrom`.
    public long recvfrom(int fd, ByteBuffer target, int flags, SockAddr address) {
        int position = target.position();
        int count = remaining(target, position);
        if (target.isDirect()) {
            MemorySegment part = memory(target).segment(target, position, count);
            return advance(target, PosixSockets.recvfrom(state, fd, part, count, flags, address, address.length()));
        }
        try (HeapCopy copy = heapCopy(count)) {
            long moved = PosixSockets.recvfrom(state, fd, copy.segment(), count, flags, address, address.length());
            return copyBack(target, position, count, copy, moved);
        }
    }

    /// Sends one message: `sendto`.
    public long sendto(int fd, ByteBuffer source, int flags, SockAddr address) {
        int position = source.position();
        int count = remaining(source, position);
        if (source.isDirect()) {
            MemorySegment part = memory(source).segment(source, position, count);
            return advance(source, PosixSockets.sendto(state, fd, part, count, flags, address, address.size()));
        }
        try (HeapCopy copy = heapCopy(count)) {
            copy.copyFrom(source, position, count);
            return advance(
                    source, PosixSockets.sendto(state, fd, copy.segment(), count, flags, address, address.size()));
        }
    }

    /// Returns the memory of a direct buffer. Remembers the last two buffers: one to read into and one to write from.
    private DirectMemory memory(ByteBuffer buffer) {
        DirectMemory memory = lastMemory;
        return memory.isOf(buffer) ? memory : previousOrNewMemory(buffer);
    }

    private DirectMemory previousOrNewMemory(ByteBuffer buffer) {
        DirectMemory memory = previousMemory;
        previousMemory = lastMemory;
        lastMemory = memory.isOf(buffer) ? memory : new DirectMemory(buffer);
        return lastMemory;
    }

    /// Returns the bytes between a position and the limit. Another thread may change both concurrently.
    private static int remaining(ByteBuffer buffer, int position) {
        return Math.max(0, buffer.limit() - position);
    }

    private static long copyBack(ByteBuffer target, int position, int count, HeapCopy copy, long moved) {
        if (moved > 0) {
            copy.copyTo(target, position, (int) Math.min(moved, count));
        }
        return advance(target, moved);
    }

    /// Advances the position. Keeps the buffer reachable until after the call, which was given its address; without
    /// `finally`, as [io.selectors4j.internal.ffi.Memory#keepAlive] explains.
    @SuppressWarnings("ReachabilityFenceUsage")
    private static long advance(ByteBuffer buffer, long moved) {
        Reference.reachabilityFence(buffer);
        if (moved > 0) {
            // MSG_TRUNC returns the length of the message, which may be more than the buffer has room for.
            buffer.position(buffer.position() + (int) Math.min(moved, buffer.remaining()));
        }
        return moved;
    }
}
