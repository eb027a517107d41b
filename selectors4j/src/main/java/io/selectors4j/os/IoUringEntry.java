package io.selectors4j.os;

import io.selectors4j.Pollable;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.IoUringConstants;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.IovecArray;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.posix.SockAddr;
import io.selectors4j.internal.posix.StableMemory;
import io.selectors4j.internal.posix.Timespec;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.Descriptors;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The fields of one submission entry (`struct io_uring_sqe`) before it is in the queue, and the objects that belong to
/// the request. The static methods have the arguments of the methods of [IoUring], which documents them.
///
/// Source: io_uring_enter(2).
final class IoUringEntry {

    private static final int MAX_INDEX = 0xFFFF;

    final int opcode;

    /// The flags of the caller.
    final int flags;

    final long data;

    /// The flags that a caller cannot set.
    int internalFlags;

    int fd = -1;
    int sourceFd;
    int ioprio;
    long off;
    long addr;
    int len;
    int opFlags;
    int bufIndex;

    /// The memory that the kernel may use until the last completion.
    @Nullable
    Object memory;

    /// The object with the descriptor; null if the request has none.
    private @Nullable Pollable fileobj;

    /// The object with the second descriptor; null if the request has none.
    private @Nullable Pollable source;

    private IoUringEntry(int opcode, int flags, long data) {
        this.opcode = opcode;
        this.flags = flags;
        this.data = data;
    }

    /// Creates an entry without a descriptor.
    static IoUringEntry of(int opcode, int flags, long data) {
        return new IoUringEntry(opcode, flags, data);
    }

    private static IoUringEntry of(int opcode, Pollable fileobj, int flags, long data) {
        IoUringEntry entry = new IoUringEntry(opcode, flags, data);
        entry.fd = Descriptors.requireFd(fileobj);
        entry.fileobj = fileobj;
        return entry;
    }

    static IoUringEntry read(Pollable fileobj, ByteBuffer target, long offset, int flags, long data) {
        requireWritable(target);
        return of(IoUringConstants.IORING_OP_READ, fileobj, flags, data)
                .buffer(target)
                .off(offset);
    }

    static IoUringEntry write(Pollable fileobj, ByteBuffer source, long offset, int flags, long data) {
        return of(IoUringConstants.IORING_OP_WRITE, fileobj, flags, data)
                .buffer(source)
                .off(offset);
    }

    static IoUringEntry readv(Pollable fileobj, ByteBuffer[] targets, long offset, int flags, long data) {
        for (ByteBuffer target : targets) {
            requireWritable(target);
        }
        return of(IoUringConstants.IORING_OP_READV, fileobj, flags, data)
                .buffers(targets)
                .off(offset);
    }

    static IoUringEntry writev(Pollable fileobj, ByteBuffer[] sources, long offset, int flags, long data) {
        return of(IoUringConstants.IORING_OP_WRITEV, fileobj, flags, data)
                .buffers(sources)
                .off(offset);
    }

    static IoUringEntry readFixed(Pollable fileobj, ByteBuffer target, int index, long offset, int flags, long data) {
        requireWritable(target);
        return of(IoUringConstants.IORING_OP_READ_FIXED, fileobj, flags, data)
                .buffer(target)
                .registered(index)
                .off(offset);
    }

    static IoUringEntry writeFixed(Pollable fileobj, ByteBuffer source, int index, long offset, int flags, long data) {
        return of(IoUringConstants.IORING_OP_WRITE_FIXED, fileobj, flags, data)
                .buffer(source)
                .registered(index)
                .off(offset);
    }

    static IoUringEntry recv(Pollable fileobj, ByteBuffer target, int msgFlags, int flags, long data) {
        requireWritable(target);
        return of(IoUringConstants.IORING_OP_RECV, fileobj, flags, data)
                .buffer(target)
                .opFlags(msgFlags);
    }

    static IoUringEntry recv(
            Pollable fileobj,
            IoUring ring,
            IoUringBuffers buffers,
            boolean multishot,
            int msgFlags,
            int flags,
            long data) {
        IoUringEntry entry =
                of(IoUringConstants.IORING_OP_RECV, fileobj, flags, data).opFlags(msgFlags);
        entry.internalFlags = IoUringConstants.IOSQE_BUFFER_SELECT;
        entry.memory = buffers;
        entry.bufIndex = buffers.group(ring);
        entry.ioprio = multishot ? IoUringConstants.IORING_RECV_MULTISHOT : 0;
        entry.len = multishot ? 0 : buffers.size(); // Linux 5.19 takes 0 as a length
        return entry;
    }

    static IoUringEntry send(Pollable fileobj, ByteBuffer source, int msgFlags, int flags, long data) {
        return of(IoUringConstants.IORING_OP_SEND, fileobj, flags, data)
                .buffer(source)
                .opFlags(msgFlags | Constants.MSG_NOSIGNAL);
    }

    static IoUringEntry recvmsg(Pollable fileobj, IoUringMessage message, int msgFlags, int flags, long data) {
        IoUringEntry entry =
                of(IoUringConstants.IORING_OP_RECVMSG, fileobj, flags, data).opFlags(msgFlags);
        return entry.memory(message, StableMemory.of(message.beginReceive(), 1));
    }

    static IoUringEntry sendmsg(Pollable fileobj, IoUringMessage message, int msgFlags, int flags, long data) {
        IoUringEntry entry =
                of(IoUringConstants.IORING_OP_SENDMSG, fileobj, flags, data).opFlags(msgFlags | Constants.MSG_NOSIGNAL);
        return entry.memory(message, StableMemory.of(message.beginSend(), 1));
    }

    static IoUringEntry accept(Pollable fileobj, boolean multishot, int flags, long data) {
        IoUringEntry entry =
                of(IoUringConstants.IORING_OP_ACCEPT, fileobj, flags, data).opFlags(Constants.SOCK_CLOEXEC);
        entry.memory = IoUringQueue.Marker.NEW_DESCRIPTORS;
        entry.ioprio = multishot ? IoUringConstants.IORING_ACCEPT_MULTISHOT : 0;
        return entry;
    }

    static IoUringEntry connect(Pollable fileobj, SocketAddress address, int flags, long data)
            throws UnknownHostException {
        IoUringEntry entry = of(IoUringConstants.IORING_OP_CONNECT, fileobj, flags, data);
        boolean v6 = (flags & IoUring.IOSQE_FIXED_FILE) == 0
                ? isInet6(entry.fd)
                : address instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet6Address;
        SockAddr name = new SockAddr(address, v6);
        return entry.memory(name, StableMemory.of(name, 0)).off(name.size());
    }

    /// Returns whether a descriptor is an IPv6 socket, which takes IPv6 addresses only.
    private static boolean isInet6(int fd) {
        Ints domain = new Ints(0);
        Ints size = new Ints(Integer.BYTES);
        int result = PosixSockets.getsockopt(
                ErrnoCapture.current(), fd, Constants.SOL_SOCKET, LinuxConstants.SO_DOMAIN, domain, size);
        return result == 0 && domain.get(0) == Constants.AF_INET6;
    }

    static IoUringEntry poll(Pollable fileobj, int eventmask, boolean multishot, int flags, long data) {
        IoUringEntry entry =
                of(IoUringConstants.IORING_OP_POLL_ADD, fileobj, flags, data).opFlags(pollEvents(eventmask));
        entry.len = multishot ? IoUringConstants.IORING_POLL_ADD_MULTI : 0;
        return entry;
    }

    /// Converts POLL* flags to the field `poll32_events`, whose halves are swapped on a big-endian system.
    private static int pollEvents(int eventmask) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? Integer.rotateLeft(eventmask, Short.SIZE) : eventmask;
    }

    static IoUringEntry timer(int opcode, Duration time, int flags, long data) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("negative time " + time);
        }
        Timespec timespec = new Timespec().set(Deadline.nanos(time));
        return of(opcode, flags, data).memory(timespec, StableMemory.of(timespec, 1));
    }

    static IoUringEntry cancel(long id, int flags, long data) {
        IoUringEntry entry = of(IoUringConstants.IORING_OP_ASYNC_CANCEL, flags, data);
        entry.addr = id;
        return entry;
    }

    static IoUringEntry cancelAll(Pollable fileobj, int flags, long data) {
        return of(IoUringConstants.IORING_OP_ASYNC_CANCEL, fileobj, flags, data)
                .opFlags(IoUringConstants.IORING_ASYNC_CANCEL_ALL | IoUringConstants.IORING_ASYNC_CANCEL_FD);
    }

    static IoUringEntry splice(
            Pollable source, long sourceOffset, Pollable target, long targetOffset, int count, int flags, long data) {
        IoUringEntry entry =
                of(IoUringConstants.IORING_OP_SPLICE, target, flags, data).off(targetOffset);
        entry.sourceFd = Descriptors.requireFd(source);
        entry.source = source;
        entry.addr = sourceOffset;
        entry.len = requireNotNegative(count);
        return entry;
    }

    static IoUringEntry fsync(Pollable fileobj, int fsyncFlags, int flags, long data) {
        return of(IoUringConstants.IORING_OP_FSYNC, fileobj, flags, data).opFlags(fsyncFlags);
    }

    static IoUringEntry close(int fd, int flags, long data) {
        IoUringEntry entry = of(IoUringConstants.IORING_OP_CLOSE, flags, data);
        entry.fd = requireNotNegative(fd);
        return entry;
    }

    private static void requireWritable(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("cannot read into a read-only buffer");
        }
    }

    private static int requireNotNegative(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("negative number " + value);
        }
        return value;
    }

    private IoUringEntry buffer(ByteBuffer buffer) {
        return memory(buffer, StableMemory.of(buffer));
    }

    private IoUringEntry buffers(ByteBuffer[] buffers) {
        ByteBuffer[] kept = buffers.clone();
        IovecArray iovecs = iovecs(kept);
        return memory(new Object[] {iovecs, kept}, StableMemory.of(iovecs, kept.length));
    }

    private IoUringEntry memory(Object kept, StableMemory bytes) {
        memory = kept;
        addr = bytes.address();
        len = bytes.count();
        return this;
    }

    private IoUringEntry off(long value) {
        off = value;
        return this;
    }

    private IoUringEntry opFlags(int value) {
        opFlags = value;
        return this;
    }

    private IoUringEntry registered(int index) {
        if (index < 0 || index > MAX_INDEX) {
            throw new IllegalArgumentException("index " + index + " is not from 0 to " + MAX_INDEX);
        }
        bufIndex = index;
        return this;
    }

    /// Creates an array of the remaining bytes of buffers.
    ///
    /// @throws IllegalArgumentException if the kernel cannot use a buffer after the call, or if there are too many
    static IovecArray iovecs(ByteBuffer[] buffers) {
        if (buffers.length > Constants.IOV_MAX) {
            throw new IllegalArgumentException(buffers.length + " buffers, more than " + Constants.IOV_MAX);
        }
        IovecArray iovecs = new IovecArray(Math.max(1, buffers.length));
        for (int i = 0; i < buffers.length; i++) {
            set(iovecs, i, buffers[i]);
        }
        return iovecs;
    }

    /// Sets an element of an array to the remaining bytes of a buffer.
    ///
    /// @throws IllegalArgumentException if the kernel cannot use the buffer after the call
    static void set(IovecArray iovecs, int index, ByteBuffer buffer) {
        StableMemory bytes = StableMemory.of(buffer);
        iovecs.set(index, bytes.address(), bytes.count());
    }

    /// Throws an [IllegalArgumentException] if the caller has set a flag that is not among the given ones.
    void requireFlags(int allowed) {
        if ((flags & ~allowed) != 0) {
            throw new IllegalArgumentException("the flags 0x" + Integer.toHexString(flags) + " have unknown bits 0x"
                    + Integer.toHexString(flags & ~allowed));
        }
    }

    /// Ends the use of the memory: the request is not added.
    void abandon() {
        if (memory instanceof IoUringMessage message) {
            message.endUse();
        }
    }

    /// Returns whether the next entry belongs to the same chain.
    boolean isLink() {
        return (flags & (IoUring.IOSQE_IO_LINK | IoUring.IOSQE_IO_HARDLINK)) != 0;
    }

    /// Returns whether a descriptor has changed since this entry was created, because its object was closed.
    boolean isClosed() {
        return (fileobj != null && Descriptors.fdOrMinusOne(fileobj) != fd)
                || (source != null && Descriptors.fdOrMinusOne(source) != sourceFd);
    }
}
