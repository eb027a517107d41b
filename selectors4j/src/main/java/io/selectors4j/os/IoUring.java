package io.selectors4j.os;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.linux.IoUringBufferRing;
import io.selectors4j.internal.linux.IoUringConstants;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.IovecArray;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.Descriptors;
import io.selectors4j.internal.sys.IoUringInstance;
import io.selectors4j.internal.sys.UseCount;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/// An io_uring instance: a queue of requests for the kernel, and a queue of their completions. Many requests are
/// submitted, and many completions received, with one system call.
///
/// ## Requests
/// A method such as [#recv] prepares a request: it fills an entry of the submission queue, without a system call. The
/// kernel starts the request at the next [#submit] or [#submitAndWait], or when the submission queue is full and
/// another request is prepared. Its completion has the request's user data, and a result: what the system call of the
/// same name returns, or `-errno`. A request that the kernel refuses, also because its descriptor was closed before the
/// submission, completes with that error. Completions come in any order.
///
/// Each of these methods has two last parameters: IOSQE_* flags, 0 for none, and the user data, any 64 bits. Each
/// returns the id of the request, for [#cancel].
///
/// A multishot request completes many times. As long as a completion has the flag IORING_CQE_F_MORE
/// ([IoUringCompletions#hasMore]), more of them follow.
///
/// ## Buffers
/// The kernel uses a buffer after the method that was given it has returned: until the last completion of the request
/// was received with [#submitAndWait]. The instance keeps the buffer reachable as long, whatever is closed or collected
/// meanwhile. The program must not use its contents before.
///
/// A buffer must be direct, and not made from a memory segment, whose arena can be closed. The bytes are those between
/// its position and its limit at the time of the call. No method changes the position: the result of the completion is
/// the number of bytes.
///
/// ## Threads
/// All methods may be called by any thread, also concurrently. Each completion is received once. On a virtual thread,
/// [#submitAndWait] does not occupy the carrier. The kernel cancels the requests that a thread has submitted when this
/// thread ends; for a virtual thread, that is its carrier, which the JDK may end when it has long been idle.
///
/// ## Closing
/// [#close] cancels all requests and waits for their completions, up to a second. If the kernel completes a request
/// later still, such as a read from a disk that hangs, its memory stays allocated until the end of the process. An
/// instance that becomes unreachable is not closed, and keeps its memory.
///
/// ## Availability
/// Linux since 5.11. [IoUringFeature] lists what newer versions have added. Container engines often refuse io_uring,
/// and an administrator can disable it: [#unavailabilityCause].
///
/// Source: io_uring(7), io_uring_setup(2), io_uring_enter(2), io_uring_register(2).
public final class IoUring implements Pollable, Closeable {

    // linux/io_uring.h

    /// The descriptor of the request is an index of [#registerFiles].
    public static final int IOSQE_FIXED_FILE = 1;

    /// The next request starts after this one has succeeded. If this one fails, or transfers fewer bytes than asked
    /// for, the next one completes with ECANCELED. While a chain is prepared, no other thread may use the instance: its
    /// submission would end the chain.
    public static final int IOSQE_IO_LINK = 1 << 2;

    /// As [#IOSQE_IO_LINK], but the next request starts also if this one fails.
    public static final int IOSQE_IO_HARDLINK = 1 << 3;

    /// A thread of the kernel makes the call at once, instead of first trying it without blocking.
    public static final int IOSQE_ASYNC = 1 << 4;

    private static final int ALL_FLAGS = IOSQE_FIXED_FILE | IOSQE_IO_LINK | IOSQE_IO_HARDLINK | IOSQE_ASYNC;

    /// The completion has a provided buffer; see [IoUringCompletions#bufferId].
    public static final int IORING_CQE_F_BUFFER = 1;

    /// The request will complete again.
    public static final int IORING_CQE_F_MORE = 1 << 1;

    /// The socket has more bytes to receive.
    public static final int IORING_CQE_F_SOCK_NONEMPTY = 1 << 2;

    /// [#fsync] writes the data, and only the metadata that are needed to read them.
    public static final int IORING_FSYNC_DATASYNC = 1;

    /// The offset of [#read], [#write] and [#splice] that stands for the file's own position, and for none.
    public static final long CURRENT_POSITION = -1;

    private static final int MAX_ENTRIES = 32_768; // IORING_MAX_ENTRIES
    private static final int MAX_GROUPS = 65_536;

    /// The rings with requests that the kernel may still complete. They keep the memory of the requests reachable.
    private static final Set<IoUring> OPEN = ConcurrentHashMap.newKeySet();

    private static final UseCount<IoUring> USES =
            new UseCount<>(AtomicIntegerFieldUpdater.newUpdater(IoUring.class, "uses"));

    private final IoUringInstance instance;

    /// Also the lock that guards the queues. It is never held while the kernel waits.
    private final IoUringQueue queue;

    /// Guards what is registered. A registration may wait for requests, so it does not hold the other lock.
    private final Object registrations = new Object();

    @SuppressWarnings("unused") // by USES
    private volatile int uses = UseCount.OWNED;

    /// The registered buffers, which have to stay reachable. Guarded by `registrations`.
    @SuppressWarnings("unused")
    private ByteBuffer @Nullable [] registeredBuffers;

    /// The number of groups of provided buffers so far. No number is used twice: a request of a group that was
    /// unregistered would take a buffer of the next group with its number. Guarded by `registrations`.
    private int groups;

    private IoUring(IoUringInstance instance) {
        this.instance = instance;
        queue = new IoUringQueue(instance.rings());
    }

    /// Creates an instance whose completion queue has twice as many entries as its submission queue.
    ///
    /// @param entries the number of entries of the submission queue, from 1 to 32768, rounded up to a power of two
    /// @return a new instance, which a child process does not inherit
    /// @throws IllegalArgumentException if the number is out of range
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    /// @throws UnsupportedOperationException if io_uring is not available; the message says why
    public static IoUring create(int entries) throws IOException {
        return create(entries, 2 * Math.min(entries, MAX_ENTRIES));
    }

    /// Creates an instance. Completions for which its completion queue has no room wait in the kernel, so none is lost.
    ///
    /// @param entries the number of entries of the submission queue, from 1 to 32768, rounded up to a power of two
    /// @param completions the number of entries of the completion queue, from `entries` to 65536, rounded up too
    /// @return a new instance, which a child process does not inherit
    /// @throws IllegalArgumentException if a number is out of range
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    /// @throws UnsupportedOperationException if io_uring is not available; the message says why
    public static IoUring create(int entries, int completions) throws IOException {
        if (entries < 1 || entries > MAX_ENTRIES) {
            throw new IllegalArgumentException("entries " + entries + " is not from 1 to " + MAX_ENTRIES);
        }
        if (completions < entries || completions > 2 * MAX_ENTRIES) {
            throw new IllegalArgumentException(
                    "completions " + completions + " is not from " + entries + " to " + 2 * MAX_ENTRIES);
        }
        LinuxOnly.require("io_uring", "Selector.open() uses the best interface of each system");
        IoUring ring = new IoUring(IoUringInstance.create(entries, completions));
        OPEN.add(ring);
        return ring;
    }

    /// Returns why no instance can be created: another operating system, an old kernel, a setting or a filter that
    /// refuses io_uring, or native access that is not enabled. Tries to create one.
    ///
    /// @return the cause; empty if [#create(int)] works
    public static Optional<String> unavailabilityCause() {
        try {
            create(1).close();
            return Optional.empty();
        } catch (UnsupportedOperationException | IOException e) {
            return Optional.of(Objects.requireNonNull(e.getMessage()));
        }
    }

    /// Returns whether this kernel has a feature.
    ///
    /// @param feature the feature
    /// @return false if the methods that need it throw an [UnsupportedOperationException]
    public boolean supports(IoUringFeature feature) {
        return feature.isIn(instance);
    }

    /// Returns the descriptor of the instance, which is readable while a completion is in the queue. A selector can
    /// wait for it.
    ///
    /// @return the descriptor's number, or -1 once this object is closed
    @Override
    public int fileno() {
        return USES.isOpen(this) ? instance.fileno() : -1;
    }

    /// Tells whether this object is closed.
    ///
    /// @return whether it is closed
    public boolean closed() {
        return !USES.isOpen(this);
    }

    /// Prepares a request that does nothing, and completes with the result 0.
    ///
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long nop(int flags, long data) throws IOException {
        return prepare(IoUringEntry.of(IoUringConstants.IORING_OP_NOP, flags, data));
    }

    /// Prepares a `read` or `pread`. The result is the number of bytes; 0 at the end of the data.
    ///
    /// @param fileobj the object with the descriptor
    /// @param target the buffer for the bytes
    /// @param offset the position in the file; [#CURRENT_POSITION] for its own, and for a file without one
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, if the buffer is read-only, or if the kernel
    ///     cannot use it after the call, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long read(Pollable fileobj, ByteBuffer target, long offset, int flags, long data) throws IOException {
        return prepare(IoUringEntry.read(fileobj, target, offset, flags, data));
    }

    /// Prepares a `write` or `pwrite`. The result is the number of bytes.
    ///
    /// @param fileobj the object with the descriptor
    /// @param source the bytes
    /// @param offset the position in the file; [#CURRENT_POSITION] for its own, and for a file without one
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, if the kernel cannot use the buffer after the
    ///     call, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long write(Pollable fileobj, ByteBuffer source, long offset, int flags, long data) throws IOException {
        return prepare(IoUringEntry.write(fileobj, source, offset, flags, data));
    }

    /// Prepares a `readv` or `preadv`. The result is the number of bytes; 0 at the end of the data.
    ///
    /// @param fileobj the object with the descriptor
    /// @param targets the buffers for the bytes, at most 1024, filled one after the other
    /// @param offset the position in the file; [#CURRENT_POSITION] for its own, and for a file without one
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, if a buffer is read-only, or if the kernel
    ///     cannot use it after the call, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long readv(Pollable fileobj, ByteBuffer[] targets, long offset, int flags, long data) throws IOException {
        return prepare(IoUringEntry.readv(fileobj, targets, offset, flags, data));
    }

    /// Prepares a `writev` or `pwritev`. The result is the number of bytes.
    ///
    /// @param fileobj the object with the descriptor
    /// @param sources the bytes, at most 1024 buffers
    /// @param offset the position in the file; [#CURRENT_POSITION] for its own, and for a file without one
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, if the kernel cannot use a buffer after the
    ///     call, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long writev(Pollable fileobj, ByteBuffer[] sources, long offset, int flags, long data) throws IOException {
        return prepare(IoUringEntry.writev(fileobj, sources, offset, flags, data));
    }

    /// Prepares a read into a registered buffer, which saves the kernel the mapping of its memory. A buffer
    /// outside the registered one completes with EFAULT.
    ///
    /// @param fileobj the object with the descriptor
    /// @param target a part of the registered buffer: the buffer itself, a slice or a duplicate
    /// @param index the index of the registered buffer; see [#registerBuffers]
    /// @param offset the position in the file; [#CURRENT_POSITION] for its own, and for a file without one
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, if the buffer is read-only, or if the kernel
    ///     cannot use it after the call, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long readFixed(Pollable fileobj, ByteBuffer target, int index, long offset, int flags, long data)
            throws IOException {
        return prepare(IoUringEntry.readFixed(fileobj, target, index, offset, flags, data));
    }

    /// Prepares a write from a registered buffer, which saves the kernel the mapping of its memory. A buffer
    /// outside the registered one completes with EFAULT.
    ///
    /// @param fileobj the object with the descriptor
    /// @param source a part of the registered buffer: the buffer itself, a slice or a duplicate
    /// @param index the index of the registered buffer; see [#registerBuffers]
    /// @param offset the position in the file; [#CURRENT_POSITION] for its own, and for a file without one
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, if the kernel cannot use the buffer after the
    ///     call, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long writeFixed(Pollable fileobj, ByteBuffer source, int index, long offset, int flags, long data)
            throws IOException {
        return prepare(IoUringEntry.writeFixed(fileobj, source, index, offset, flags, data));
    }

    /// Prepares a `recv`. The result is the number of bytes; 0 at the end of the data.
    ///
    /// @param fileobj the object with the socket
    /// @param target the buffer for the bytes
    /// @param msgFlags MSG_* flags of recv(2)
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, if the buffer is read-only, or if the kernel
    ///     cannot use it after the call, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long recv(Pollable fileobj, ByteBuffer target, int msgFlags, int flags, long data) throws IOException {
        return prepare(IoUringEntry.recv(fileobj, target, msgFlags, flags, data));
    }

    /// Prepares a `recv` into a provided buffer, which the kernel takes when there are bytes. If all buffers are taken,
    /// it completes with ENOBUFS.
    ///
    /// @param fileobj the object with the socket
    /// @param buffers the buffers
    /// @param msgFlags MSG_* flags of recv(2)
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, or if a flag is unknown
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    /// @throws IllegalStateException if the buffers belong to another instance or are unregistered, or if the
    ///     submission queue is full in the middle of a chain
    public long recv(Pollable fileobj, IoUringBuffers buffers, int msgFlags, int flags, long data) throws IOException {
        return prepare(IoUringEntry.recv(fileobj, this, buffers, false, msgFlags, flags, data));
    }

    /// Prepares a `recv` that repeats: each time bytes arrive, it completes with a provided buffer. It ends with the
    /// result 0 at the end of the data, with ENOBUFS if all buffers are taken, and with an error.
    ///
    /// @param fileobj the object with the socket
    /// @param buffers the buffers
    /// @param msgFlags MSG_* flags of recv(2)
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completions
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, or if a flag is unknown
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    /// @throws IllegalStateException if the buffers belong to another instance or are unregistered, or if the
    ///     submission queue is full in the middle of a chain
    /// @throws UnsupportedOperationException if the kernel has no [IoUringFeature#RECV_MULTISHOT]
    public long recvMultishot(Pollable fileobj, IoUringBuffers buffers, int msgFlags, int flags, long data)
            throws IOException {
        require(IoUringFeature.RECV_MULTISHOT);
        return prepare(IoUringEntry.recv(fileobj, this, buffers, true, msgFlags, flags, data));
    }

    /// Prepares a `send`, with MSG_NOSIGNAL. The result is the number of bytes.
    ///
    /// @param fileobj the object with the socket
    /// @param source the bytes
    /// @param msgFlags MSG_* flags of send(2); with MSG_WAITALL, the request completes after all bytes (Linux 5.19)
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, if the kernel cannot use the buffer after the
    ///     call, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long send(Pollable fileobj, ByteBuffer source, int msgFlags, int flags, long data) throws IOException {
        return prepare(IoUringEntry.send(fileobj, source, msgFlags, flags, data));
    }

    /// Prepares a `recvmsg`. The result is the number of bytes.
    ///
    /// @param fileobj the object with the socket
    /// @param message the buffers and the address, not in use by another request; in use until the completion was
    ///     received
    /// @param msgFlags MSG_* flags of recvmsg(2)
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, if a buffer is read-only, or if a flag is
    ///     unknown
    /// @throws IllegalStateException if the message is in use, or if the submission queue is full in the middle of a
    ///     chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long recvmsg(Pollable fileobj, IoUringMessage message, int msgFlags, int flags, long data)
            throws IOException {
        return prepare(IoUringEntry.recvmsg(fileobj, message, msgFlags, flags, data));
    }

    /// Prepares a `sendmsg`, with MSG_NOSIGNAL. The result is the number of bytes.
    ///
    /// @param fileobj the object with the socket
    /// @param message the buffers and the address, not in use by another request; in use until the completion was
    ///     received
    /// @param msgFlags MSG_* flags of sendmsg(2)
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, or if a flag is unknown
    /// @throws IllegalStateException if the message is in use, or if the submission queue is full in the middle of a
    ///     chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long sendmsg(Pollable fileobj, IoUringMessage message, int msgFlags, int flags, long data)
            throws IOException {
        return prepare(IoUringEntry.sendmsg(fileobj, message, msgFlags, flags, data));
    }

    /// Prepares an `accept4`. The result is the number of a new socket, close-on-exec, which belongs to the caller:
    /// [io.selectors4j.fd.SocketFd#fromFd] makes an object of it. A number that was not received when the instance is
    /// closed is closed too.
    ///
    /// @param fileobj the object with the listening socket
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long accept(Pollable fileobj, int flags, long data) throws IOException {
        return prepare(IoUringEntry.accept(fileobj, false, flags, data));
    }

    /// Prepares an `accept4` that repeats, as [#accept]. It ends with an error, such as EMFILE at the limit of open
    /// files.
    ///
    /// @param fileobj the object with the listening socket
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completions
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    /// @throws UnsupportedOperationException if the kernel has no [IoUringFeature#ACCEPT_MULTISHOT]
    public long acceptMultishot(Pollable fileobj, int flags, long data) throws IOException {
        require(IoUringFeature.ACCEPT_MULTISHOT);
        return prepare(IoUringEntry.accept(fileobj, true, flags, data));
    }

    /// Prepares a `connect`. It completes when the connection is established or refused, also on a non-blocking socket.
    ///
    /// @param fileobj the object with the socket
    /// @param address an [InetSocketAddress] or a [java.net.UnixDomainSocketAddress]. With IOSQE_FIXED_FILE, an IPv6
    ///     socket needs an IPv6 address
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, if the address is not of the family of the
    ///     socket, of an unknown class or too long, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    /// @throws UnknownHostException if the address is unresolved
    public long connect(Pollable fileobj, SocketAddress address, int flags, long data) throws IOException {
        return prepare(IoUringEntry.connect(fileobj, address, flags, data));
    }

    /// Prepares a `poll`. The result is the mask of the events that are pending, as soon as there is one.
    ///
    /// @param fileobj the object with the descriptor
    /// @param eventmask POLL* flags
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long poll(Pollable fileobj, int eventmask, int flags, long data) throws IOException {
        return prepare(IoUringEntry.poll(fileobj, eventmask, false, flags, data));
    }

    /// Prepares a `poll` that repeats: it completes each time an event becomes pending, as edge-triggered epoll does.
    ///
    /// @param fileobj the object with the descriptor
    /// @param eventmask POLL* flags
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completions
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    /// @throws UnsupportedOperationException if the kernel has no [IoUringFeature#POLL_MULTISHOT]
    public long pollMultishot(Pollable fileobj, int eventmask, int flags, long data) throws IOException {
        require(IoUringFeature.POLL_MULTISHOT);
        return prepare(IoUringEntry.poll(fileobj, eventmask, true, flags, data));
    }

    /// Prepares a timer. It completes with ETIME when the time is over.
    ///
    /// @param time the time from the submission on, to the nanosecond, not negative
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the time is negative, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long timeout(Duration time, int flags, long data) throws IOException {
        return prepare(IoUringEntry.timer(IoUringConstants.IORING_OP_TIMEOUT, time, flags, data));
    }

    /// Prepares a timer for the request before it, which must have [#IOSQE_IO_LINK]. When the time is over, the kernel
    /// cancels that request, which then completes with ECANCELED or EINTR, and this one completes with ETIME. Otherwise
    /// this one completes with ECANCELED.
    ///
    /// @param time the time from the start of the other request on, to the nanosecond, not negative
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the time is negative, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long linkTimeout(Duration time, int flags, long data) throws IOException {
        return prepare(IoUringEntry.timer(IoUringConstants.IORING_OP_LINK_TIMEOUT, time, flags, data));
    }

    /// Prepares the cancellation of a request. It completes with 0 if the request was canceled, with ENOENT if there is
    /// none with this id, and with EALREADY if the request could not be canceled any more. A canceled request completes
    /// with ECANCELED, or with EINTR if a thread of the kernel was in the call.
    ///
    /// @param id the id of the request
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long cancel(long id, int flags, long data) throws IOException {
        return prepare(IoUringEntry.cancel(id, flags, data));
    }

    /// Prepares the cancellation of all requests of a descriptor. The result is their number.
    ///
    /// @param fileobj the object with the descriptor
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    /// @throws UnsupportedOperationException if the kernel has no [IoUringFeature#CANCEL_ALL]
    public long cancelAll(Pollable fileobj, int flags, long data) throws IOException {
        require(IoUringFeature.CANCEL_ALL);
        return prepare(IoUringEntry.cancelAll(fileobj, flags, data));
    }

    /// Prepares a `splice`: moves bytes between a pipe and another descriptor. The result is the number of bytes; 0 at
    /// the end of the data.
    ///
    /// @param source the object with the descriptor to read from
    /// @param sourceOffset the position in its file; [#CURRENT_POSITION] for a pipe, and for the file's own
    /// @param target the object with the descriptor to write to
    /// @param targetOffset the position in its file; [#CURRENT_POSITION] for a pipe, and for the file's own
    /// @param count the largest number of bytes, not negative
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, if the count is negative, or if a flag is
    ///     unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long splice(
            Pollable source, long sourceOffset, Pollable target, long targetOffset, int count, int flags, long data)
            throws IOException {
        return prepare(IoUringEntry.splice(source, sourceOffset, target, targetOffset, count, flags, data));
    }

    /// Prepares an `fsync`. It completes when the data are on the disk. It waits for no earlier write: link them.
    ///
    /// @param fileobj the object with the descriptor
    /// @param fsyncFlags [#IORING_FSYNC_DATASYNC] or 0
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the descriptor is negative, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long fsync(Pollable fileobj, int fsyncFlags, int flags, long data) throws IOException {
        return prepare(IoUringEntry.fsync(fileobj, fsyncFlags, flags, data));
    }

    /// Prepares a `close`. It completes with 0, or with EBADF if the descriptor is not open.
    ///
    /// @param fd the number of a descriptor that no object owns, such as the result of [#accept]
    /// @param flags IOSQE_* flags
    /// @param data the user data of the completion
    /// @return the id of the request
    /// @throws IllegalArgumentException if the number is negative, or if a flag is unknown
    /// @throws IllegalStateException if the submission queue is full in the middle of a chain
    /// @throws NativeIOException if the submission queue is full and the kernel takes no request
    /// @throws ClosedChannelException if this object is closed
    public long closeFd(int fd, int flags, long data) throws IOException {
        return prepare(IoUringEntry.close(fd, flags, data));
    }

    private void require(IoUringFeature feature) {
        if (!supports(feature)) {
            throw new UnsupportedOperationException(feature + " needs Linux " + feature.version());
        }
    }

    private long prepare(IoUringEntry entry) throws IOException {
        try {
            entry.requireFlags(ALL_FLAGS);
            acquire();
            try {
                return add(entry);
            } finally {
                release();
            }
        } catch (Throwable t) {
            entry.abandon();
            throw t;
        }
    }

    private long add(IoUringEntry entry) throws IOException {
        synchronized (queue) {
            requireOpen();
            while (queue.isFull()) {
                if (queue.isInsideChain()) {
                    throw new IllegalStateException("the submission queue of " + queue.capacity()
                            + " entries is full in the middle of a chain of linked requests");
                }
                submitPrepared();
            }
            return queue.add(entry);
        }
    }

    /// Submits the prepared requests, without waiting. Does nothing if there is none.
    ///
    /// @return the number of requests that the kernel has taken
    /// @throws NativeIOException if the kernel takes none: EBUSY if completions have to be received first, EAGAIN if it
    ///     has no memory; the requests stay prepared
    /// @throws ClosedChannelException if this object is closed
    public int submit() throws IOException {
        acquire();
        try {
            synchronized (queue) {
                requireOpen();
                return submitPrepared();
            }
        } finally {
            release();
        }
    }

    /// Called with the lock held.
    private int submitPrepared() throws NativeIOException {
        int count = queue.publish();
        if (count == 0) {
            return 0;
        }
        int result = instance.submit(count);
        if (result < 0 || (result == 0 && queue.pending() == count)) { // another thread may have submitted them
            throw failure(count, result);
        }
        return result;
    }

    private NativeIOException failure(int count, int result) {
        return new NativeIOException(
                "io_uring_enter(fd=" + instance.fileno() + ", to_submit=" + count + ")",
                result == 0 ? Errno.EAGAIN : -result);
    }

    /// Submits the prepared requests, and waits for completions: at least one, and all that are there then, as many as
    /// fit. A signal does not end the wait.
    ///
    /// @param timeout the longest wait, to the nanosecond, never shorter; null or negative for no limit; zero not to
    ///     wait
    /// @param into receives the completions; the next call returns those that do not fit
    /// @return the number of completions; 0 at the timeout
    /// @throws NativeIOException if the kernel takes no request, as [#submit] says, and there is no completion
    /// @throws AsynchronousCloseException if this object was closed during the wait
    /// @throws ClosedChannelException if this object is closed
    public int submitAndWait(@Nullable Duration timeout, IoUringCompletions into) throws IOException {
        long nanos = Deadline.nanos(timeout);
        into.clear();
        acquire();
        try {
            return submitAndWait(nanos < 0 ? Deadline.FOREVER : nanos, into);
        } finally {
            release();
        }
    }

    private int submitAndWait(long nanos, IoUringCompletions into) throws IOException {
        long start = Deadline.start(nanos);
        long left = nanos;
        while (true) {
            int count;
            int available;
            long submission;
            synchronized (queue) {
                requireOpen();
                count = queue.publish();
                available = queue.available();
                submission = count > 0 ? queue.beginSubmission() : 0;
            }
            int result = 0;
            try {
                if (count > 0 || available == 0) {
                    result = instance.submitAndWait(into.memory(), count, available > 0 ? 0 : left);
                }
            } finally {
                queue.endSubmission(submission);
            }
            synchronized (queue) {
                if (closed()) {
                    throw new AsynchronousCloseException();
                }
                queue.take(into);
            }
            if (into.size() > 0) {
                return into.size();
            }
            if (result < 0) {
                throw failure(count, result);
            }
            if (left == 0) {
                return 0;
            }
            left = Deadline.remaining(nanos, start);
        }
    }

    /// Registers descriptors, which saves the kernel the lookup in each request. A request with [#IOSQE_FIXED_FILE]
    /// names a descriptor by its index: a [Pollable] whose `fileno` is the index, such as `Pollable.borrow(0)`. The
    /// kernel keeps the files open until [#unregisterFiles].
    ///
    /// @param files the objects with the descriptors, at least one
    /// @throws IllegalArgumentException if a descriptor is negative
    /// @throws NativeIOException if the kernel refuses: EBUSY if descriptors are registered, EBADF if one is not open,
    ///     EMFILE if there are too many, EINVAL if there is none
    /// @throws ClosedChannelException if this object is closed
    public void registerFiles(Collection<? extends Pollable> files) throws IOException {
        int[] fds = files.stream().mapToInt(Descriptors::requireFd).toArray();
        register("REGISTER_FILES", IoUringConstants.IORING_REGISTER_FILES, new Ints(fds), fds.length);
    }

    /// Unregisters the descriptors. Requests that use them go on; before Linux 6.13, this method waits for them.
    ///
    /// @throws NativeIOException ENXIO if none are registered
    /// @throws ClosedChannelException if this object is closed
    public void unregisterFiles() throws IOException {
        register("UNREGISTER_FILES", IoUringConstants.IORING_UNREGISTER_FILES, null, 0);
    }

    /// Registers buffers for [#readFixed] and [#writeFixed]: their memory between position and limit. It counts against
    /// the limit of locked memory (RLIMIT_MEMLOCK) of a process without CAP_IPC_LOCK.
    ///
    /// @param buffers the buffers, at least one and at most 1024
    /// @throws IllegalArgumentException if the kernel cannot use a buffer after the call, or if there are too many
    /// @throws NativeIOException if the kernel refuses: EBUSY if buffers are registered, ENOMEM at the limit of locked
    ///     memory, EINVAL if there is none, EFAULT for an empty one
    /// @throws ClosedChannelException if this object is closed
    public void registerBuffers(ByteBuffer... buffers) throws IOException {
        ByteBuffer[] all = buffers.clone();
        IovecArray iovecs = IoUringEntry.iovecs(all);
        synchronized (registrations) {
            register("REGISTER_BUFFERS", IoUringConstants.IORING_REGISTER_BUFFERS, iovecs, all.length);
            registeredBuffers = all;
        }
    }

    /// Unregisters the buffers. Requests that use them go on; before Linux 6.13, this method waits for them.
    ///
    /// @throws NativeIOException ENXIO if none are registered
    /// @throws ClosedChannelException if this object is closed
    public void unregisterBuffers() throws IOException {
        synchronized (registrations) {
            register("UNREGISTER_BUFFERS", IoUringConstants.IORING_UNREGISTER_BUFFERS, null, 0);
            registeredBuffers = null;
        }
    }

    /// Registers an eventfd, to which the kernel adds 1 for each completion. One can be registered.
    ///
    /// @param fileobj the object with the eventfd
    /// @throws IllegalArgumentException if the descriptor is negative
    /// @throws NativeIOException if the kernel refuses: EBUSY if one is registered, EINVAL if it is no eventfd, EBADF
    ///     if it is not open
    /// @throws ClosedChannelException if this object is closed
    public void registerEventfd(Pollable fileobj) throws IOException {
        Ints fd = new Ints(Descriptors.requireFd(fileobj));
        register("REGISTER_EVENTFD", IoUringConstants.IORING_REGISTER_EVENTFD, fd, 1);
    }

    /// Unregisters the eventfd.
    ///
    /// @throws NativeIOException ENXIO if none is registered
    /// @throws ClosedChannelException if this object is closed
    public void unregisterEventfd() throws IOException {
        register("UNREGISTER_EVENTFD", IoUringConstants.IORING_UNREGISTER_EVENTFD, null, 0);
    }

    /// Allocates buffers from which the kernel takes one for each completion of [#recvMultishot] or of
    /// [#recv(Pollable, IoUringBuffers, int, int, long)].
    ///
    /// @param count the number of buffers, a power of two from 1 to 32768
    /// @param size the size of each buffer in bytes, positive; all of them together have at most 2 GiB
    /// @return the buffers
    /// @throws IllegalArgumentException if a number is out of range
    /// @throws IllegalStateException if this instance has had 65,536 groups of buffers, also unregistered ones
    /// @throws NativeIOException if the kernel refuses: ENOMEM
    /// @throws UnsupportedOperationException if the kernel has no [IoUringFeature#PROVIDED_BUFFERS]
    /// @throws ClosedChannelException if this object is closed
    public IoUringBuffers provideBuffers(int count, int size) throws IOException {
        require(IoUringFeature.PROVIDED_BUFFERS);
        if (count < 1 || count > MAX_ENTRIES || Integer.bitCount(count) != 1) {
            throw new IllegalArgumentException("count " + count + " is not a power of two from 1 to " + MAX_ENTRIES);
        }
        if (size < 1 || (long) count * size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(count + " buffers of " + size + " bytes are not from 1 byte to 2 GiB");
        }
        IoUringBufferRing memory = new IoUringBufferRing(count, size);
        synchronized (registrations) {
            if (groups == MAX_GROUPS) {
                throw new IllegalStateException("the instance has had " + MAX_GROUPS + " groups of buffers");
            }
            register("REGISTER_PBUF_RING", IoUringConstants.IORING_REGISTER_PBUF_RING, memory.registration(groups), 1);
            return new IoUringBuffers(this, groups++, memory, count);
        }
    }

    /// Unregisters provided buffers, unless this object is closed.
    void unregisterBuffers(int group, IoUringBufferRing memory) {
        if (USES.acquire(this)) {
            try {
                instance.register(IoUringConstants.IORING_UNREGISTER_PBUF_RING, memory.registration(group), 1);
            } finally {
                release();
            }
        }
    }

    private void register(String name, int opcode, @Nullable Memory argument, int count) throws IOException {
        acquire();
        try {
            int result = instance.register(opcode, argument, count);
            if (result < 0) {
                throw new NativeIOException(
                        "io_uring_register(fd=" + instance.fileno() + ", IORING_" + name + ", " + count + ")", -result);
            }
        } finally {
            release();
        }
    }

    /// Closes the instance; see the class. A thread in [#submitAndWait] returns with an [AsynchronousCloseException];
    /// the last such thread closes the instance then. Closing again does nothing.
    @Override
    public void close() {
        if (USES.beginClose(this)) {
            try {
                synchronized (queue) {
                    queue.beginClose(instance);
                }
            } finally {
                release();
            }
        }
    }

    private void acquire() throws ClosedChannelException {
        if (!USES.acquire(this)) {
            throw new ClosedChannelException();
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (closed()) {
            throw new ClosedChannelException();
        }
    }

    private void release() {
        if (USES.release(this)) {
            finish();
        }
    }

    /// Ends all requests, and closes the descriptor. No other thread uses the instance any more.
    private void finish() {
        synchronized (queue) {
            try {
                if (queue.finish(instance)) {
                    OPEN.remove(this);
                }
            } finally {
                instance.close();
            }
        }
    }

    @Override
    public String toString() {
        return closed() ? "IoUring[closed]" : "IoUring[fd=" + fileno() + "]";
    }
}
