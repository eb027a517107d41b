package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads into and writes from several buffers with one system call: scatter/gather. Direct buffers are passed to the
/// kernel as they are, the bytes of heap buffers are copied, as [ByteIo] does.
///
/// A stream transfers a part of the buffers if one call cannot take all: the first 1024 (IOV_MAX), up to 256 KiB of
/// heap buffers, and memory of one arena that another thread could close, because the JDK keeps one arena open during a
/// call. A message is never split: buffers that one call cannot take are copied to one piece of memory.
///
/// An object serves one thread, one call at a time. It remembers the memory of the direct buffer at each index, once
/// for reads and once for writes. So calls create no objects in steady state if a thread passes the same buffers again.
final class VectorIo {

    private static final int MIN_CAPACITY = 16;

    /// The most bytes that [#heapCopy] is asked for; a larger array does not exist.
    private static final int MAX_COPY = Integer.MAX_VALUE - 8;

    private final ByteIo owner;
    private final ErrnoCapture state;
    private final IovecArray iovecs;
    private final Msghdr message;
    private final DirectMemory[] targets;
    private final DirectMemory[] sources;

    // The buffers of the current call with the values that the kernel gets. Other threads may change the caller's array
    // and the buffers' positions meanwhile.
    private final @Nullable ByteBuffer[] buffers;
    private final int[] positions;
    private final int[] counts;

    /// Number of buffers that the current call keeps reachable.
    private int taken;

    /// Number of elements of the current call.
    private int size;

    /// Number of bytes in the heap buffers of the current call.
    private long heapBytes;

    /// The address and the control data of a message; null for neither.
    private @Nullable SockAddr name;

    private @Nullable ControlBuffer control;

    /// A segment of the arena that stays open during the current call.
    private @Nullable MemorySegment keptOpen;

    private VectorIo(ByteIo owner, ErrnoCapture state, int capacity) {
        this.owner = owner;
        this.state = state;
        iovecs = new IovecArray(capacity);
        message = new Msghdr(iovecs);
        targets = new DirectMemory[capacity];
        sources = new DirectMemory[capacity];
        Arrays.fill(targets, DirectMemory.NONE);
        Arrays.fill(sources, DirectMemory.NONE);
        buffers = new @Nullable ByteBuffer[capacity];
        positions = new int[capacity];
        counts = new int[capacity];
    }

    /// Returns an object for a number of buffers: the given one if it is large enough. More buffers than IOV_MAX need
    /// no larger one.
    static VectorIo of(@Nullable VectorIo cached, ByteIo owner, ErrnoCapture state, int count) {
        int needed = Math.min(count, Constants.IOV_MAX);
        if (cached != null && needed <= cached.iovecs.capacity()) {
            return cached;
        }
        int capacity = Math.max(MIN_CAPACITY, Integer.highestOneBit(Math.max(1, needed - 1)) << 1);
        return new VectorIo(owner, state, Math.min(capacity, Constants.IOV_MAX));
    }

    /// Receives a message with its address and control data: `recvmsg`.
    long recvmsg(
            int fd,
            ByteBuffer[] all,
            int start,
            int end,
            int flags,
            boolean wholeMessage,
            SockAddr from,
            ControlBuffer data) {
        data.clear();
        name = from;
        control = data;
        return read(ByteIo.Calls.SOCKET, fd, all, start, end, flags, wholeMessage);
    }

    /// Sends a message with an address and control data: `sendmsg`.
    long sendmsg(
            int fd,
            ByteBuffer[] all,
            int start,
            int end,
            int flags,
            boolean wholeMessage,
            @Nullable SockAddr to,
            @Nullable ControlBuffer data) {
        name = to;
        control = data;
        return write(ByteIo.Calls.SOCKET, fd, all, start, end, flags, wholeMessage);
    }

    /// Reads into the buffers from index `start` up to `end`, at least one. None of them is read-only.
    ///
    /// @param flags the flags of `recvmsg`
    long read(ByteIo.Calls calls, int fd, ByteBuffer[] all, int start, int end, int flags, boolean wholeMessage) {
        try {
            take(all, start, end, targets, wholeMessage);
            if (wholeMessage && size < end - start) {
                return readCopied(calls, fd, all, start, end, flags);
            }
            if (heapBytes == 0) {
                return scatter(null, receive(calls, fd, flags));
            }
            try (HeapCopy copy = heapCopy(wholeMessage)) {
                place(copy, wholeMessage, false);
                return scatter(copy, receive(calls, fd, flags));
            }
        } finally {
            clear();
        }
    }

    /// Writes from the buffers from index `start` up to `end`, at least one.
    ///
    /// @param flags the flags of `sendmsg`
    long write(ByteIo.Calls calls, int fd, ByteBuffer[] all, int start, int end, int flags, boolean wholeMessage) {
        try {
            take(all, start, end, sources, wholeMessage);
            if (wholeMessage && size < end - start) {
                return writeCopied(calls, fd, all, start, end, flags);
            }
            if (heapBytes == 0) {
                return advance(send(calls, fd, flags));
            }
            if (wholeMessage && heapBytes > MAX_COPY) {
                return -Errno.EMSGSIZE;
            }
            try (HeapCopy copy = heapCopy(wholeMessage)) {
                place(copy, wholeMessage, true);
                return advance(send(calls, fd, flags));
            }
        } finally {
            clear();
        }
    }

    /// Takes as many buffers as one call can have, and sets the elements of direct buffers.
    private void take(ByteBuffer[] all, int start, int end, DirectMemory[] memories, boolean wholeMessage) {
        int most = Math.min(end - start, iovecs.capacity());
        // POSIX and macOS limit the sum, Linux transfers a part
        long room = wholeMessage ? Long.MAX_VALUE : Integer.MAX_VALUE;
        while (size < most) {
            ByteBuffer buffer = all[start + size];
            int position = buffer.position();
            int count = (int) Math.min(room, Math.max(0, buffer.limit() - position));
            if (buffer.isDirect()) {
                DirectMemory memory = memory(buffer, memories, (start + size) % memories.length);
                if (!keepOpen(buffer, memory)) {
                    return;
                }
                iovecs.set(size, memory.address(position, count), count);
            } else {
                iovecs.set(size, 0, 0); // in place of the element of an earlier call; see place()
                heapBytes += count;
            }
            buffers[size] = buffer;
            positions[size] = position;
            counts[size] = count;
            room -= count;
            taken = ++size;
        }
    }

    private static DirectMemory memory(ByteBuffer buffer, DirectMemory[] memories, int index) {
        DirectMemory memory = memories[index];
        if (!memory.isOf(buffer)) {
            memory = new DirectMemory(buffer);
            memories[index] = memory;
        }
        return memory;
    }

    /// Lets the arena of a buffer stay open during the call. Returns false if another arena stays open already.
    private boolean keepOpen(ByteBuffer buffer, DirectMemory memory) {
        if (!memory.isCloseable()) {
            return true;
        }
        MemorySegment segment = memory.segment(buffer);
        MemorySegment kept = keptOpen;
        if (kept == null) {
            keptOpen = segment;
            return true;
        }
        return segment.scope().equals(kept.scope());
    }

    private MemorySegment keptOpen() {
        MemorySegment kept = keptOpen;
        return kept == null ? MemorySegment.NULL : kept;
    }

    /// Returns memory for the heap buffers of the current call.
    private HeapCopy heapCopy(boolean wholeMessage) {
        return owner.heapCopy((int) Math.min(heapBytes, wholeMessage ? MAX_COPY : HeapCopy.MAX_CACHED));
    }

    /// Sets the elements of heap buffers. A buffer that does not fit becomes the last one.
    private void place(HeapCopy copy, boolean wholeMessage, boolean writing) {
        int most = (int) Math.min(heapBytes, wholeMessage ? MAX_COPY : HeapCopy.MAX_CACHED);
        int used = 0;
        for (int i = 0; i < size; i++) {
            ByteBuffer buffer = buffer(i);
            if (buffer.isDirect()) {
                continue;
            }
            int count = Math.min(counts[i], most - used);
            if (writing) {
                copy.copyFrom(buffer, positions[i], count, used);
            }
            iovecs.set(i, copy.address() + used, count);
            used += count;
            if (count < counts[i]) {
                counts[i] = count;
                size = i + 1;
            }
        }
    }

    /// Makes the call. There is one place for each C function, because the compiler inlines to a limited depth.
    private long receive(ByteIo.Calls calls, int fd, int flags) {
        if (Platform.IS_WINDOWS) {
            return WinsockVectors.WSARecv(state, fd, iovecs, size, keptOpen());
        }
        if (calls != ByteIo.Calls.SOCKET) {
            return PosixVectors.readv(state, fd, iovecs, size, keptOpen());
        }
        long count = PosixVectors.recvmsg(state, fd, message.setTarget(size, name, control), flags, keptOpen());
        if (count >= 0) {
            message.get(name, control); // before anything fails: the control data may have descriptors
        }
        return count;
    }

    private long send(ByteIo.Calls calls, int fd, int flags) {
        if (Platform.IS_WINDOWS) {
            return WinsockVectors.WSASend(state, fd, iovecs, size, flags, keptOpen());
        }
        return calls == ByteIo.Calls.SOCKET
                ? PosixVectors.sendmsg(state, fd, message.setSource(size, name, control), flags, keptOpen())
                : PosixVectors.writev(state, fd, iovecs, size, keptOpen());
    }

    /// Copies the bytes of heap buffers back, and advances the positions.
    private long scatter(@Nullable HeapCopy copy, long moved) {
        long left = moved;
        int used = 0;
        for (int i = 0; i < size && left > 0; i++) {
            int count = (int) Math.min(left, counts[i]);
            ByteBuffer buffer = buffer(i);
            if (copy != null && !buffer.isDirect()) {
                copy.copyTo(buffer, positions[i], count, used);
                used += counts[i];
            }
            buffer.position(positions[i] + count);
            left -= count;
        }
        return moved;
    }

    /// Advances the positions.
    private long advance(long moved) {
        long left = moved;
        for (int i = 0; i < size && left > 0; i++) {
            int count = (int) Math.min(left, counts[i]);
            buffer(i).position(positions[i] + count);
            left -= count;
        }
        return moved;
    }

    /// Receives a message through one piece of memory.
    private long readCopied(ByteIo.Calls calls, int fd, ByteBuffer[] all, int start, int end, int flags) {
        for (int i = start; i < end; i++) {
            requireAccessible(all[i]);
        }
        int count = (int) Math.min(MAX_COPY, remaining(all, start, end));
        try (HeapCopy copy = owner.heapCopy(count)) {
            takeCopy(copy, count);
            long moved = receive(calls, fd, flags);
            int used = 0;
            for (int i = start; i < end && used < moved; i++) {
                ByteBuffer target = all[i];
                int part = (int) Math.min(moved - used, target.remaining());
                copy.copyTo(target, target.position(), part, used);
                target.position(target.position() + part);
                used += part;
            }
            return moved;
        }
    }

    /// Sends a message through one piece of memory.
    private long writeCopied(ByteIo.Calls calls, int fd, ByteBuffer[] all, int start, int end, int flags) {
        long total = remaining(all, start, end);
        if (total > MAX_COPY) {
            return -Errno.EMSGSIZE;
        }
        int count = (int) total;
        try (HeapCopy copy = owner.heapCopy(count)) {
            int used = 0;
            for (int i = start; i < end; i++) {
                int part = Math.min(all[i].remaining(), count - used);
                copy.copyFrom(all[i], all[i].position(), part, used);
                used += part;
            }
            takeCopy(copy, used);
            long moved = send(calls, fd, flags);
            if (moved >= 0) {
                for (int i = start; i < end; i++) {
                    all[i].position(all[i].limit());
                }
            }
            return moved;
        }
    }

    private void takeCopy(HeapCopy copy, int count) {
        forgetBuffers();
        iovecs.set(0, copy.address(), count);
        size = 1;
    }

    private static long remaining(ByteBuffer[] all, int start, int end) {
        long sum = 0;
        for (int i = start; i < end; i++) {
            sum += all[i].remaining();
        }
        return sum;
    }

    /// Checks the arena of a direct buffer before a message is received: afterwards, a failure would lose the message.
    private static void requireAccessible(ByteBuffer buffer) {
        if (buffer.isDirect()) {
            MemorySegment segment = MemorySegment.ofBuffer(buffer);
            if (!segment.scope().isAlive()) {
                throw new IllegalStateException("Already closed");
            }
            if (!segment.isAccessibleBy(Thread.currentThread())) {
                throw new WrongThreadException("the memory of the buffer belongs to another thread");
            }
        }
    }

    private ByteBuffer buffer(int index) {
        ByteBuffer buffer = buffers[index];
        if (buffer == null) {
            throw new AssertionError("no buffer " + index);
        }
        return buffer;
    }

    /// Ends a call. The references kept the buffers, the address and the control data reachable until here.
    private void clear() {
        forgetBuffers();
        name = null;
        control = null;
    }

    private void forgetBuffers() {
        Arrays.fill(buffers, 0, taken, null);
        taken = 0;
        size = 0;
        heapBytes = 0;
        keptOpen = null;
    }
}
