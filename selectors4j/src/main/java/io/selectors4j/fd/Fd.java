package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.PollableChannel;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.posix.ByteIo;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.posix.UnixIoctl;
import io.selectors4j.internal.selector.CloseListeners;
import io.selectors4j.internal.selector.IoUringStream;
import io.selectors4j.internal.selector.StreamAccess;
import io.selectors4j.internal.sys.Fcntl;
import io.selectors4j.internal.sys.OwnedDescriptors;
import io.selectors4j.internal.sys.SystemCall;
import io.selectors4j.internal.sys.UseCount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/// A file descriptor with an object of its own: a byte channel that can be registered with any selector.
///
/// An object owns its descriptor or borrows it. An owner closes the descriptor: every object that this package creates,
/// and an object that adopts a number ([#fromFd]). An object that borrows a number ([#borrow]) leaves the descriptor
/// open when it is closed.
///
/// Closing an object first unregisters it from every selector, then closes the number. If another thread is in a call
/// on the object, the number is closed when that call returns, so no call ever reaches a new owner of the number.
///
/// All methods may be called by any thread, also concurrently; the kernel then decides the order of the bytes. A read
/// or write on a blocking descriptor blocks in the kernel: [Thread#interrupt] does not end it, and a virtual thread
/// occupies its carrier meanwhile. Wait with a selector or with [io.selectors4j.Await] instead.
///
/// Every descriptor that this package creates is close-on-exec: a child process does not inherit it. Writing to a pipe
/// or connection without a reader fails with EPIPE. Sockets suppress the signal SIGPIPE; elsewhere the Java virtual
/// machine ignores it.
///
/// A subclass adds a kind of descriptor: it passes an open number to the constructor and makes its system calls with
/// [#use], so that they are safe against a concurrent [#close].
///
/// Source: read(2), write(2), fcntl(2), dup(2), ioctl(2), close(2).
public class Fd implements PollableChannel {

    static {
        CloseListeners.addAccessor(new Access());
    }

    /// A class instead of a lambda: the first lambda of a program initializes the JDK's lambda machinery.
    private static final class Access implements Function<Pollable, @Nullable CloseListeners>, StreamAccess {
        @Override
        public @Nullable CloseListeners apply(Pollable fileobj) {
            return fileobj instanceof Fd object ? object.closeListeners : null;
        }

        @Override
        public @Nullable IoUringStream get(Pollable fileobj) {
            return fileobj instanceof Fd object ? object.stream : null;
        }

        @Override
        public void set(Pollable fileobj, @Nullable IoUringStream stream) {
            ((Fd) fileobj).stream = stream;
        }

        @Override
        public boolean acquire(Pollable fileobj) {
            return USES.acquire((Fd) fileobj);
        }

        @Override
        public void release(Pollable fileobj) {
            ((Fd) fileobj).release();
        }

        @Override
        public int callCount(Pollable fileobj) {
            return fileobj instanceof Fd object ? object.callCount & Integer.MAX_VALUE : -1;
        }
    }

    /// A bit that [SocketFd#MSG_DONTWAIT] has on Windows, and no flag of Windows.
    private static final int UNKNOWN_TO_WINDOWS = 1 << 31;

    private static final UseCount<Fd> USES = new UseCount<>(AtomicIntegerFieldUpdater.newUpdater(Fd.class, "uses"));

    private final int fd;
    private final boolean owned;

    @SuppressWarnings("unused") // by USES
    private volatile int uses = UseCount.OWNED;

    /// The number of calls on this object, for [StreamAccess#callCount]. Without a lock: concurrent calls may count
    /// once.
    private int callCount;

    private final CloseListeners closeListeners;

    /// The bytes of a socket that a selector moves in batches; null otherwise.
    private volatile @Nullable IoUringStream stream;

    /// The [ByteIo] of the last thread that read or wrote here; usually the next call is by the same thread.
    private @Nullable ByteIo lastByteIo;

    /// Creates an object for a descriptor. Does not check that the number is open, and makes no system call.
    ///
    /// @param fd the number of an open descriptor
    /// @param owned true to own the descriptor: closing the object closes it; false to borrow it
    /// @throws IllegalArgumentException if the number is negative
    @SuppressWarnings("this-escape") // for its class and its reachability only
    protected Fd(int fd, boolean owned) {
        this.fd = requireValid(fd);
        this.owned = owned;
        closeListeners = new CloseListeners(owned, this instanceof SocketFd);
        if (owned) {
            OwnedDescriptors.opened(this, fd);
        }
    }

    /// Borrows a descriptor by its number: the descriptor keeps its owner, such as a native library. Closing the
    /// returned object unregisters it from its selectors and leaves the descriptor open.
    ///
    /// @param fd the number of an open descriptor, whose owner keeps it open while the object is in use
    /// @return a new object that does not own the descriptor
    /// @throws IllegalArgumentException if the number is negative
    /// @throws NativeIOException EBADF if it is not open
    public static Fd borrow(int fd) throws IOException {
        return new Fd(requireOpen(fd), false);
    }

    /// Adopts a descriptor by its number: the returned object owns the descriptor, and closing the object closes it.
    ///
    /// @param fd the number of an open descriptor that no other code closes
    /// @return a new object that owns the descriptor
    /// @throws IllegalArgumentException if the number is negative
    /// @throws NativeIOException EBADF if it is not open
    public static Fd fromFd(int fd) throws IOException {
        return new Fd(requireOpen(fd), true);
    }

    /// Borrows the standard input, descriptor 0. Bytes that [System#in] has already buffered are not read here. Closing
    /// the object leaves the descriptor open. A selector may refuse the object if the standard input is a file;
    /// [StdinFd#open] returns one that every selector takes.
    ///
    /// @return a new object
    /// @throws UnsupportedOperationException on Windows
    /// @throws NativeIOException EBADF if the process was started without it
    public static Fd stdin() throws IOException {
        refuseOnWindows("a thread can read System.in");
        return borrow(0);
    }

    /// Borrows the standard output, descriptor 1. Closing the object leaves the descriptor open.
    ///
    /// @return a new object
    /// @throws UnsupportedOperationException on Windows
    /// @throws NativeIOException EBADF if the process was started without it
    public static Fd stdout() throws IOException {
        refuseOnWindows("a thread can write to System.out");
        return borrow(1);
    }

    /// Borrows the standard error output, descriptor 2. Closing the object leaves the descriptor open.
    ///
    /// @return a new object
    /// @throws UnsupportedOperationException on Windows
    /// @throws NativeIOException EBADF if the process was started without it
    public static Fd stderr() throws IOException {
        refuseOnWindows("a thread can write to System.err");
        return borrow(2);
    }

    private static int requireValid(int fd) {
        if (fd < 0) {
            throw new IllegalArgumentException("invalid file descriptor " + fd);
        }
        return fd;
    }

    static int requireOpen(int fd) throws IOException {
        Fcntl.requireOpen(requireValid(fd));
        return fd;
    }

    /// Returns the number of the descriptor.
    ///
    /// @return the number; -1 once this object is closed
    @Override
    public final int fileno() {
        return isOpen() ? fd : -1;
    }

    @Override
    public final boolean isOpen() {
        return USES.isOpen(this);
    }

    /// Reads the available bytes, up to the remaining space of the buffer. Waits for the first byte if the descriptor
    /// is blocking.
    ///
    /// Creates no objects on a platform thread in steady state, except for one message of more than 256 KiB into a heap
    /// buffer. The bytes of a heap buffer go through native memory that the thread keeps, up to 256 KiB; a virtual
    /// thread allocates that memory for each call.
    ///
    /// @param target the buffer for the bytes, heap or direct
    /// @return the number of bytes read; 0 if none are available and the descriptor is non-blocking, or if the buffer
    ///     is full; -1 at the end of the data
    /// @throws IllegalArgumentException if the buffer is read-only
    /// @throws IllegalStateException if the memory of the buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call
    /// @throws NativeIOException if the read fails, such as ECONNRESET
    @Override
    public int read(ByteBuffer target) throws IOException {
        requireWritable(target);
        if (preservesMessages()) {
            return readMessage(target);
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        acquire();
        long count;
        try {
            do {
                IoUringStream batched = stream;
                count = batched == null ? byteIo().read(calls(), fd, target, 0, false) : batched.read(byteIo(), target);
            } while (count == -Errno.EINTR && isOpen());
        } finally {
            release();
        }
        return toReadResult(calls().readName(), count, true);
    }

    /// Writes the whole buffer if the descriptor is blocking, else as many bytes as there is room for now. Creates
    /// objects as rarely as [#read] does.
    ///
    /// @param source the bytes, in a heap or direct buffer
    /// @return the number of bytes written; fewer than the buffer had if the descriptor is non-blocking, or if an error
    ///     occurred after these bytes, which the next call reports
    /// @throws IllegalStateException if the memory of the buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call
    /// @throws NativeIOException if the write fails: EPIPE if there is no reader, ECONNRESET
    @Override
    public int write(ByteBuffer source) throws IOException {
        acquire();
        try {
            int written = 0;
            long count;
            do {
                IoUringStream batched = stream;
                count = batched == null
                        ? byteIo().write(calls(), fd, source, sendFlags(), preservesMessages())
                        : batched.write(byteIo(), source);
                written += (int) Math.max(count, 0);
            } while (isOpen() && (count == -Errno.EINTR || (count > 0 && source.hasRemaining())));
            return written > 0 ? written : toWriteResult(calls().writeName(), count);
        } finally {
            release();
        }
    }

    /// Returns the stream of a batched socket, or null.
    final @Nullable IoUringStream stream() {
        return stream;
    }

    /// Returns whether this is a batched socket, whose bytes [#read] and [#write] move.
    ///
    /// @param flags MSG_* flags of the call
    /// @throws UnsupportedOperationException if it is and does not support the flags
    final boolean isBatched(int flags) {
        requireFlags(flags);
        if ((flags & ~SocketFd.MSG_DONTWAIT) != 0) {
            requireUnbatched("flags of recv and send (0x" + Integer.toHexString(flags) + ")");
        }
        return stream != null;
    }

    /// Throws an exception on Windows.
    ///
    /// @param alternative the end of the message: what replaces the descriptor
    static void refuseOnWindows(String alternative) {
        if (Platform.IS_WINDOWS) {
            throw new UnsupportedOperationException("Windows waits for sockets only: " + alternative);
        }
    }

    /// Throws an exception for flags that this system lacks.
    static void requireFlags(int flags) {
        if (Platform.IS_WINDOWS && (flags & UNKNOWN_TO_WINDOWS) != 0) {
            throw new UnsupportedOperationException("Windows has no MSG_DONTWAIT: use setBlocking(false)");
        }
    }

    /// Throws an exception if this is a batched socket.
    ///
    /// @param what what a batched socket does not support
    final void requireUnbatched(String what) {
        if (stream != null) {
            throw new UnsupportedOperationException("a batched socket has no " + what + ": " + this);
        }
    }

    /// Shuts one direction of a socket down, the output after the bytes that are not sent yet.
    ///
    /// @return 0 or `-errno`
    final int shutdown(int fd, int how) {
        int result;
        do {
            IoUringStream batched = stream;
            result = batched != null && how == Constants.SHUT_WR
                    ? batched.shutdownOutput()
                    : PosixSockets.shutdown(ErrnoCapture.current(), fd, how);
        } while (result == -Errno.EINTR);
        return result;
    }

    /// Returns the [ByteIo] of the current thread.
    final ByteIo byteIo() {
        ByteIo io = lastByteIo;
        if (io == null || !io.belongsToCurrentThread()) {
            io = ByteIo.current();
            lastByteIo = io;
        }
        return io;
    }

    /// Returns the system calls of [#read] and [#write].
    ByteIo.Calls calls() {
        return Platform.IS_WINDOWS ? ByteIo.Calls.SOCKET : ByteIo.Calls.FILE;
    }

    /// Returns the flags for `send`; `write` has none.
    int sendFlags() {
        return 0;
    }

    /// Whether each read and each write transfers one message.
    boolean preservesMessages() {
        return false;
    }

    /// Whether reading 0 bytes means the end of the data.
    boolean zeroIsEnd() {
        return true;
    }

    int readMessage(ByteBuffer target) throws IOException {
        throw new UnsupportedOperationException("a stream of bytes: " + target);
    }

    /// Returns the blocking mode of the open file.
    ///
    /// @return whether reads and writes wait
    /// @throws UnsupportedOperationException on Windows, unless this is a [SocketFd]
    /// @throws ClosedChannelException if this object is closed
    public final boolean isBlocking() throws IOException {
        return useFile(this::isBlocking);
    }

    /// Returns the blocking mode of this object's descriptor.
    boolean isBlocking(int fd) throws IOException {
        return Fcntl.isBlocking(fd);
    }

    /// Sets the blocking mode. New descriptors are blocking. The mode belongs to the open file: it changes for all
    /// duplicates of the descriptor, also in other processes. A terminal on standard input is usually shared with the
    /// shell.
    ///
    /// Non-blocking mode has no effect on regular files and block devices, whose reads and writes wait for the disk. It
    /// also does not apply to [#close].
    ///
    /// @param blocking true for blocking mode
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public void setBlocking(boolean blocking) throws IOException {
        if (blocking) {
            requireUnbatched("blocking mode");
        }
        useFile(fd -> {
            Fcntl.setBlocking(fd, blocking);
            return fd;
        });
    }

    /// Duplicates the descriptor: creates a second number for the same open file, which stays open until both are
    /// closed. The duplicate is not registered anywhere.
    ///
    /// @return a new object that owns the new descriptor
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    public Fd dup() throws IOException {
        return new Fd(duplicate(), true);
    }

    /// Duplicates the descriptor and returns the number, for the [#dup] of a subclass.
    ///
    /// @return the new number, close-on-exec; the caller owns it
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    protected final int duplicate() throws IOException {
        requireUnbatched("duplicate");
        return useFile(fd -> SystemCall.check(
                Fcntl.duplicate(fd),
                () -> (Platform.IS_WINDOWS ? "WSADuplicateSocketW(fd=" + fd : "fcntl(fd=" + fd + ", F_DUPFD_CLOEXEC")
                        + ")"));
    }

    /// Makes a number refer to the same open file as this descriptor, and lets child processes inherit it: `dup2()`.
    /// The same as [#dup2(int, boolean)] with true.
    ///
    /// @param number the number, open or not
    /// @throws IllegalArgumentException if the number is negative
    /// @throws UnsupportedOperationException on Windows, or if this is a batched socket
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: see [#dup2(int, boolean)]
    public final void dup2(int number) throws IOException {
        dup2(number, true);
    }

    /// Makes a number refer to the same open file as this descriptor, such as 0 for the standard input: Python's
    /// `os.dup2`. The kernel first closes the file that is open under the number.
    ///
    /// The caller must know the owner of the number. An object of this library or of the JDK that has the number uses
    /// the new file from then on; its registrations with selectors are not changed. The number stays open until it is
    /// closed, for example by [#fromFd(int)] and [#close].
    ///
    /// @param number the number, open or not
    /// @param inheritable true if a child process inherits the number, as dup2(2) does; false for close-on-exec
    /// @throws IllegalArgumentException if the number is negative
    /// @throws UnsupportedOperationException on Windows, or if this is a batched socket, see
    ///     [io.selectors4j.IoUringSelector#batch]
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EBADF if the number is above the limit of open files, EBUSY if
    ///     another thread is opening a file under the number
    public final void dup2(int number, boolean inheritable) throws IOException {
        requireValid(number);
        requireUnbatched("duplicate");
        useFile(fd -> {
            Fcntl.duplicate(fd, number, inheritable);
            return fd;
        });
    }

    /// Returns the number of bytes that can be read without waiting: `ioctl(FIONREAD)`. Of a datagram socket on Linux,
    /// the length of the next datagram, which may be 0. Of a regular file, the bytes between the position and the end.
    ///
    /// @return the number of bytes
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EINVAL for a listening socket, ENOTTY for a descriptor without
    ///     this number, such as an eventfd
    public final int available() throws IOException {
        IoUringStream batched = stream;
        int received = batched == null ? 0 : batched.available();
        return received
                + useFile(fd -> {
                    Ints count = new Ints(0);
                    SystemCall.check(
                            UnixIoctl.ioctl(ErrnoCapture.current(), fd, Constants.FIONREAD, count),
                            () -> "ioctl(fd=" + fd + ", FIONREAD)");
                    return count.get(0);
                });
    }

    /// Makes a request of a device or another open file that needs no argument: `ioctl(fd, request, 0)`. It blocks as
    /// long as the request does, and is not repeated after EINTR.
    ///
    /// @param request the number of the request, in 32 bits without sign, as in the C headers of this system
    /// @return the result of the request, usually 0
    /// @throws IllegalArgumentException if the number has more than 32 bits
    /// @throws UnsupportedOperationException on Windows
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ENOTTY if files of this kind do not have the request, EFAULT if
    ///     it needs an argument, EINVAL, EPERM, EINTR after a signal
    public final int ioctl(long request) throws IOException {
        return ioctl(request, 0);
    }

    /// Makes a request whose argument is a number. For a request whose argument is the address of memory, see
    /// [#ioctl(long, byte\[\])]: the kernel would take the number for an address. So that this fails with EFAULT, and
    /// changes no memory, only numbers are accepted that are no address of memory.
    ///
    /// @param request the number of the request, in 32 bits without sign, as in the C headers of this system
    /// @param argument the argument, below 65,536; it may be negative
    /// @return the result of the request, usually 0
    /// @throws IllegalArgumentException if the request has more than 32 bits, or if the argument is larger
    /// @throws UnsupportedOperationException on Windows
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: see [#ioctl(long)]
    public final int ioctl(long request, int argument) throws IOException {
        refuseOnWindows("its methods set the properties of a socket");
        return use(fd -> Ioctl.call(fd, request, argument));
    }

    /// Makes a request whose argument is the address of a struct, an `int` or another value: the kernel reads and
    /// writes a copy of the array, whose bytes are then those that the kernel has left. They are in the byte order and
    /// the layout of the system.
    ///
    /// An array that is shorter than the size in the number of the request (`_IOC_SIZE`) is refused. Old requests have
    /// no size there, and that of some is too small. So the kernel always gets at least 64 KiB of memory, far more than
    /// such a request takes: an array that is too short can lose bytes that the kernel writes, but no other memory is
    /// changed. Only requests are dangerous whose struct has addresses, or the length of an array that follows it: they
    /// must fit the memory.
    ///
    /// @param request the number of the request, in 32 bits without sign, as in the C headers of this system
    /// @param inOut the bytes of the argument; they change if the request returns some, not if it fails
    /// @return the result of the request, usually 0
    /// @throws IllegalArgumentException if the request has more than 32 bits, or if the array is shorter than the size
    ///     in the request
    /// @throws UnsupportedOperationException on Windows
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: see [#ioctl(long)]
    public final int ioctl(long request, byte[] inOut) throws IOException {
        refuseOnWindows("its methods set the properties of a socket");
        return use(fd -> Ioctl.call(fd, request, inOut));
    }

    /// Returns this descriptor as the standard input of a child process, for
    /// [ProcessBuilder#redirectInput(ProcessBuilder.Redirect)]: a pipe, FIFO, terminal or file.
    ///
    /// [ProcessBuilder#start] opens the file again by its path below `/proc/self/fd`, so this object must stay open
    /// until `start` has returned. The child's descriptor is blocking and has its own position: it reads a regular file
    /// from the beginning. For a FIFO, `start` waits until the other end is open. If this process leads a session
    /// without a controlling terminal, a terminal opened by `start` becomes the controlling terminal.
    ///
    /// @return the redirect
    /// @throws ClosedChannelException if this object is closed
    /// @throws NonReadableChannelException if this descriptor is not open for reading, such as the writing end of a
    ///     pipe
    /// @throws UnsupportedOperationException if it cannot be opened by a path, such as a socket, an epoll instance or
    ///     an eventfd; the message names an alternative
    /// @throws IOException if its path cannot be found because `/proc` is not mounted
    public final ProcessBuilder.Redirect redirectFrom() throws IOException {
        return useFile(ProcessRedirects::from);
    }

    /// Returns this descriptor as the output of a child process, for
    /// [ProcessBuilder#redirectOutput(ProcessBuilder.Redirect)] and
    /// [ProcessBuilder#redirectError(ProcessBuilder.Redirect)]: a pipe, FIFO, terminal or file.
    ///
    /// [ProcessBuilder#start] opens the file again, as for [#redirectFrom]. A regular file is not truncated: the child
    /// appends to its end, independent of the position of this descriptor. The reader of a pipe reads the end of the
    /// data when the child has ended and this object is closed too.
    ///
    /// @return the redirect
    /// @throws ClosedChannelException if this object is closed
    /// @throws NonWritableChannelException if this descriptor is not open for writing, such as the reading end of a
    ///     pipe
    /// @throws UnsupportedOperationException if it cannot be opened by a path, such as a socket, an epoll instance or
    ///     an eventfd; the message names an alternative
    /// @throws IOException if its path cannot be found because `/proc` is not mounted
    public final ProcessBuilder.Redirect redirectTo() throws IOException {
        return useFile(ProcessRedirects::to);
    }

    /// Unregisters the descriptor from all selectors, then closes it if this object owns it. Closing again does
    /// nothing.
    ///
    /// If another thread is in a call on this object, the descriptor is closed when that call returns. On a blocking
    /// socket the call returns at once, because the connection is shut down, also for duplicates of the descriptor;
    /// [SocketFd] names the sockets without shutdown. A blocked call on another descriptor continues until something
    /// else ends it, unless its class says otherwise.
    ///
    /// Usually returns at once. May block, even in non-blocking mode, where close(2) does: a socket with SO_LINGER
    /// above 0 (see [SocketFd]), a serial port with unsent output, a file of a network file system with unwritten data.
    ///
    /// @throws NativeIOException if close(2) reports that data written before are lost (EIO, ENOSPC, EDQUOT); the
    ///     descriptor is closed nevertheless. Not reported if the call of another thread is the last use of the
    ///     descriptor
    @Override
    public final void close() throws IOException {
        if (!USES.beginClose(this)) {
            return;
        }
        if (owned) {
            OwnedDescriptors.closing(this, fd);
        }
        int result;
        try {
            closeListeners.fireClosing(this, fd);
            IoUringStream batched = stream;
            if (batched != null) {
                batched.close(); // no call blocks, and the selector uses the descriptor
            } else if (USES.isInUse(this)) {
                preClose(fd);
            }
            onClose(fd);
        } finally {
            result = release();
        }
        if (result < 0) {
            throw new NativeIOException("close(fd=" + fd + ")", -result);
        }
    }

    /// Closes this object after a failure. A failure to close is added to the first one as suppressed.
    final void closeAfter(Throwable failure) {
        try {
            close();
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /// Wakes other threads that are blocked in a call on the descriptor. [#close] calls this method if another thread
    /// is in a call, after unregistering from the selectors and before closing the number. The default does nothing.
    ///
    /// @param fd the number of the descriptor, still open
    /// @throws IOException if the system refuses; the descriptor is closed nevertheless
    protected void preClose(int fd) throws IOException {}

    /// Releases the resources that belong to the descriptor, before its number is closed.
    void onClose(int fd) throws IOException {}

    /// Whether closing this object closes the descriptor.
    final boolean isOwned() {
        return owned;
    }

    /// Begins a use of the descriptor. The number stays open until [#release], which must follow.
    final int acquire() throws ClosedChannelException {
        if (!USES.acquire(this)) {
            throw new ClosedChannelException();
        }
        callCount++;
        return fd;
    }

    /// Ends a use, or the owner's share in [#close]. The last one closes the number. Returns 0, or `-errno` of `close`.
    final int release() {
        return USES.release(this) && owned ? PosixLibc.close(ErrnoCapture.current(), fd) : 0;
    }

    /// Applies a function to the number of the descriptor, for system calls that this class has no method for. If
    /// another thread closes this object meanwhile, the number stays open until the function returns, so no call
    /// reaches a new owner of the number.
    ///
    /// @param <T> type of the result
    /// @param <X> type of the exception that the function may throw
    /// @param function the function; it must not keep or close the number
    /// @return the result of the function
    /// @throws ClosedChannelException if this object is closed
    /// @throws X if the function throws it
    public final <T extends @Nullable Object, X extends Exception> T use(FdFunction<T, X> function)
            throws ClosedChannelException, X {
        acquire();
        try {
            return function.apply(fd);
        } finally {
            release();
        }
    }

    /// Applies a function to the number of the file that this object reads.
    private <T extends @Nullable Object, X extends Exception> T useFile(FdFunction<T, X> function)
            throws ClosedChannelException, X {
        return use(fd -> function.apply(fileFd(fd)));
    }

    /// Returns the number of the file that this object reads: that of its descriptor, unless that stands for another
    /// file in a selector.
    int fileFd(int fd) {
        return fd;
    }

    /// Makes a system call, and repeats it while it fails with EINTR.
    final long retryOnEintr(IntToLongFunction call) throws ClosedChannelException {
        acquire();
        try {
            long count;
            do {
                count = call.applyAsLong(fd);
            } while (count == -Errno.EINTR && isOpen());
            return count;
        } finally {
            release();
        }
    }

    /// Converts the result of a receiving call to the result of a channel.
    final int toReadResult(String call, long count, boolean zeroIsEnd) throws IOException {
        return (int) toCount(call, count, zeroIsEnd);
    }

    /// Converts the result of a sending call to the result of a channel.
    final int toWriteResult(String call, long count) throws IOException {
        return (int) toCount(call, count, false);
    }

    /// Converts the result of a call to the result of a channel.
    final long toCount(String call, long count, boolean zeroIsEnd) throws IOException {
        if (count > 0) {
            return count;
        }
        if (!isOpen()) {
            throw new AsynchronousCloseException();
        }
        if (count == 0 || count == -Errno.EAGAIN) {
            return count == 0 && zeroIsEnd ? -1 : 0;
        }
        throw new NativeIOException(call + "(fd=" + fd + ")", (int) -count);
    }

    static void requireWritable(ByteBuffer target) {
        if (Objects.requireNonNull(target, "target").isReadOnly()) {
            throw new IllegalArgumentException("cannot read into a read-only buffer");
        }
    }

    @Override
    public final String toString() {
        int fd = fileno();
        return getClass().getSimpleName() + (fd < 0 ? "[closed]" : "[fd=" + fd + "]");
    }
}
