package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.ByteIo;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.selector.CloseListeners;
import io.selectors4j.internal.sys.Fcntl;
import io.selectors4j.internal.sys.SystemCall;
import io.selectors4j.internal.sys.UseCount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/// A file descriptor and the object that owns it: a byte channel that any selector takes.
///
/// Closing it unregisters it from every selector first, then gives its number back. A number that is in use by another
/// thread's call is given back when that call returns, so no call ever hits a new owner of the number.
///
/// All methods may be called by any thread, and several at once; whose bytes come first is then up to the kernel. A read or
/// write on a blocking descriptor waits in the kernel: [Thread#interrupt] does not end it, and a virtual thread occupies
/// its carrier meanwhile. Wait with a selector or with [io.selectors4j.Await] instead.
///
/// Every descriptor that this package creates is close-on-exec: a child process does not inherit it. Writing to what
/// nobody reads any more fails with EPIPE; the signal SIGPIPE is avoided on sockets, and is ignored by the Java virtual
/// machine elsewhere.
///
/// Source: read(2), write(2), fcntl(2), close(2).
public class Fd implements Pollable, ByteChannel {

    static {
        CloseListeners.addAccessor(new Access());
    }

    /// A class, since the first lambda of a program starts machinery of the JDK's.
    private static final class Access implements Function<Pollable, @Nullable CloseListeners> {
        @Override
        public @Nullable CloseListeners apply(Pollable fileobj) {
            return fileobj instanceof Fd object ? object.membership : null;
        }
    }

    private static final UseCount<Fd> USES = new UseCount<>(AtomicIntegerFieldUpdater.newUpdater(Fd.class, "uses"));

    private final int fd;
    private final boolean owned;

    @SuppressWarnings("unused") // by USES
    private volatile int uses = UseCount.OWNED;

    private final CloseListeners membership = new CloseListeners();

    /// Those of a thread that has read or written here: mostly it is the next one as well.
    private @Nullable ByteIo recent;

    /// Makes an object of a descriptor, for a descriptor type of its own.
    ///
    /// @param fd the descriptor's number, which is open
    /// @param owned whether closing the object closes the descriptor
    /// @throws IllegalArgumentException if the number is negative
    protected Fd(int fd, boolean owned) {
        if (fd < 0) {
            throw new IllegalArgumentException("invalid file descriptor " + fd);
        }
        this.fd = fd;
        this.owned = owned;
    }

    /// Makes an object of a descriptor that belongs to somebody else, such as a native library. Closing the object leaves
    /// its selectors, and leaves the descriptor open.
    ///
    /// @param fd the descriptor's number
    /// @return an object that does not own it
    /// @throws IllegalArgumentException if the number is negative
    /// @throws NativeIOException EBADF if it is not open
    public static Fd borrow(int fd) throws IOException {
        return new Fd(requireOpen(fd), false);
    }

    /// Makes an object of a descriptor that nobody else will close. Closing the object closes the descriptor.
    ///
    /// @param fd the descriptor's number
    /// @return an object that owns it
    /// @throws IllegalArgumentException if the number is negative
    /// @throws NativeIOException EBADF if it is not open
    public static Fd fromFd(int fd) throws IOException {
        return new Fd(requireOpen(fd), true);
    }

    /// The standard input, descriptor 0. What [System#in] has read ahead is not seen here. Closing the object leaves the
    /// descriptor open.
    ///
    /// @return a new object for it
    /// @throws NativeIOException EBADF if the process was started without
    public static Fd stdin() throws IOException {
        return borrow(0);
    }

    /// The standard output, descriptor 1. Closing the object leaves the descriptor open.
    ///
    /// @return a new object for it
    /// @throws NativeIOException EBADF if the process was started without
    public static Fd stdout() throws IOException {
        return borrow(1);
    }

    /// The standard error output, descriptor 2. Closing the object leaves the descriptor open.
    ///
    /// @return a new object for it
    /// @throws NativeIOException EBADF if the process was started without
    public static Fd stderr() throws IOException {
        return borrow(2);
    }

    static int requireOpen(int fd) throws IOException {
        if (fd < 0) {
            throw new IllegalArgumentException("invalid file descriptor " + fd);
        }
        Fcntl.requireOpen(fd);
        return fd;
    }

    /// The number of the descriptor.
    ///
    /// @return the number, or -1 once this object is closed
    @Override
    public final int fileno() {
        return isOpen() ? fd : -1;
    }

    @Override
    public final boolean isOpen() {
        return USES.isOpen(this);
    }

    /// Reads what there is, up to what the buffer takes. Waits for the first byte if the descriptor is blocking.
    ///
    /// @param target where to put the bytes, a heap or a direct buffer
    /// @return how many bytes were read; 0 if there are none now and the descriptor is non-blocking, or if the buffer is
    ///     full; -1 at the end
    /// @throws IllegalArgumentException if the buffer is read-only
    /// @throws IllegalStateException if the buffer's memory is an arena's that is closed
    /// @throws WrongThreadException if it is an arena's that only another thread may use
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed while this call waited
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
                count = byteIo().read(reading(), fd, target, 0, false);
            } while (count == -Errno.EINTR && isOpen());
        } finally {
            release();
        }
        return toReadResult(reading().function(), count, true);
    }

    /// Writes the whole buffer if the descriptor is blocking; otherwise what there is room for now.
    ///
    /// @param source the bytes to write, a heap or a direct buffer
    /// @return how many bytes were written; fewer than the buffer had only if the descriptor is non-blocking, or an error
    ///     came up after these; then the next call fails
    /// @throws IllegalStateException if the buffer's memory is an arena's that is closed
    /// @throws WrongThreadException if it is an arena's that only another thread may use
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed while this call waited
    /// @throws NativeIOException if the write fails: EPIPE if nobody reads any more, ECONNRESET
    @Override
    public int write(ByteBuffer source) throws IOException {
        acquire();
        try {
            int written = 0;
            long count;
            do {
                count = byteIo().write(writing(), fd, source, writingFlags(), preservesMessages());
                written += (int) Math.max(count, 0);
            } while (source.hasRemaining() && isOpen() && (count > 0 || count == -Errno.EINTR));
            return written > 0 ? written : toWriteResult(writing().function(), count);
        } finally {
            release();
        }
    }

    /// The current thread's transfers.
    final ByteIo byteIo() {
        ByteIo transfers = recent;
        if (transfers == null || !transfers.belongsToCurrentThread()) {
            transfers = ByteIo.current();
            recent = transfers;
        }
        return transfers;
    }

    /// The system call that reads.
    ByteIo.ReadCall reading() {
        return ByteIo.ReadCall.READ;
    }

    /// The system call that writes.
    ByteIo.WriteCall writing() {
        return ByteIo.WriteCall.WRITE;
    }

    /// The flags of that call, if it takes any.
    int writingFlags() {
        return 0;
    }

    /// Whether one read and one write are one message.
    boolean preservesMessages() {
        return false;
    }

    /// Reads a message.
    int readMessage(ByteBuffer target) throws IOException {
        throw new UnsupportedOperationException("a stream of bytes: " + target);
    }

    /// Whether reads and writes wait.
    ///
    /// @return whether they do
    /// @throws ClosedChannelException if this object is closed
    public final boolean isBlocking() throws IOException {
        return use(Fcntl::isBlocking);
    }

    /// Sets whether reads and writes wait. New descriptors do. That is a property of the open file: it changes for all
    /// duplicates of the descriptor, in other processes too (a terminal on standard input is usually shared with the
    /// shell).
    ///
    /// @param blocking whether to wait
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public final void setBlocking(boolean blocking) throws IOException {
        use(fd -> {
            Fcntl.setBlocking(fd, blocking);
            return fd;
        });
    }

    /// Duplicates the descriptor: another number for the same open file, which stays open until both are closed. The new one
    /// is registered nowhere.
    ///
    /// @return an object that owns the new descriptor
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    public Fd dup() throws IOException {
        return new Fd(duplicate(), true);
    }

    /// Duplicates the number.
    ///
    /// @return the new number, which is close-on-exec and belongs to the caller
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    protected final int duplicate() throws IOException {
        return use(fd -> SystemCall.check(
                PosixLibc.fcntl(ErrnoCapture.current(), fd, Constants.F_DUPFD_CLOEXEC, 0),
                () -> "fcntl(fd=" + fd + ", F_DUPFD_CLOEXEC)"));
    }

    /// What a child process is to read from, for [ProcessBuilder#redirectInput(ProcessBuilder.Redirect)]: the pipe, the FIFO,
    /// the terminal or the file of this descriptor.
    ///
    /// Starting the process opens that anew, by its path below `/proc/self/fd`, so this object must be open until
    /// [ProcessBuilder#start] has returned. What the child gets is blocking and has a position of its own: it reads a regular
    /// file from the beginning. Starting waits for the other end of a FIFO that nobody has opened.
    ///
    /// If this process leads a session without a controlling terminal, a terminal that starting opens becomes that.
    ///
    /// @return where the child reads from
    /// @throws ClosedChannelException if this object is closed
    /// @throws NonReadableChannelException if this descriptor is not for reading, such as the writing end of a pipe
    /// @throws UnsupportedOperationException if it cannot be opened by a path: a socket, a selector's or an event's
    ///     descriptor; the message says what to do
    /// @throws IOException if its path cannot be found, where `/proc` is not mounted
    public final ProcessBuilder.Redirect redirectFrom() throws IOException {
        return use(ProcessRedirects::from);
    }

    /// What a child process is to write to, for [ProcessBuilder#redirectOutput(ProcessBuilder.Redirect)] and
    /// [ProcessBuilder#redirectError(ProcessBuilder.Redirect)]: the pipe, the FIFO, the terminal or the file of this
    /// descriptor.
    ///
    /// Starting the process opens that anew, as with [#redirectFrom]. A regular file is not emptied: the child writes at its
    /// end, wherever the position of this descriptor is. The reader of a pipe finds its end when the child has ended and
    /// this object, too, is closed.
    ///
    /// @return where the child writes to
    /// @throws ClosedChannelException if this object is closed
    /// @throws NonWritableChannelException if this descriptor is not for writing, such as the reading end of a pipe
    /// @throws UnsupportedOperationException if it cannot be opened by a path: a socket, a selector's or an event's
    ///     descriptor; the message says what to do
    /// @throws IOException if its path cannot be found, where `/proc` is not mounted
    public final ProcessBuilder.Redirect redirectTo() throws IOException {
        return use(ProcessRedirects::to);
    }

    /// Unregisters the descriptor from all selectors, then closes it, unless it belongs to somebody else. If another thread
    /// is in a call on it, the number is given back when that call returns. On a socket that is blocking at that moment it returns
    /// at once, since the connection is shut down, also for the duplicates of the descriptor; [SocketFd] names the sockets that
    /// cannot be shut down. Elsewhere it goes on until something else ends it, unless the class says otherwise. Closing again
    /// does nothing.
    ///
    /// @throws NativeIOException if the kernel reports that data written before were lost (EIO, ENOSPC, EDQUOT); the
    ///     descriptor is closed all the same. Not reported where another thread's call is the last one to leave
    @Override
    public final void close() throws IOException {
        if (!USES.beginClose(this)) {
            return;
        }
        int result;
        try {
            membership.fireClosing(this, fd);
            if (USES.isInUse(this)) {
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

    /// Ends the calls of other threads that wait on the descriptor, as far as that is possible. Called by [#close] while
    /// another thread is in a call, before the number is closed. Does nothing here.
    ///
    /// @param fd the descriptor's number, which is still open
    /// @throws IOException if the system refuses; the descriptor is closed all the same
    protected void preClose(int fd) throws IOException {}

    /// Lets go of what comes with the descriptor, before its number is given back.
    void onClose(int fd) throws IOException {}

    /// Whether closing this gives the number back to the kernel.
    final boolean isOwned() {
        return owned;
    }

    /// Starts to use the descriptor, whose number is not given back until [#release], which must follow.
    final int acquire() throws ClosedChannelException {
        if (!USES.acquire(this)) {
            throw new ClosedChannelException();
        }
        return fd;
    }

    /// Ends what [#acquire] or closing began: gives the number back if this was the last use of what is closed. Returns 0, or `-errno` of
    /// `close`.
    final int release() {
        return USES.release(this) && owned ? PosixLibc.close(ErrnoCapture.current(), fd) : 0;
    }

    /// Applies a function to the descriptor's number, for system calls that this class has no method for. If another thread closes
    /// this object meanwhile, the number stays open until the function returns, so no call hits a new owner of the number.
    ///
    /// @param <T> type of the result
    /// @param <X> type of the exception that the function may throw
    /// @param function the function; it must not keep the number
    /// @return what the function returns
    /// @throws ClosedChannelException if this object is closed
    /// @throws X what the function throws
    public final <T extends @Nullable Object, X extends Exception> T use(FdFunction<T, X> function)
            throws ClosedChannelException, X {
        acquire();
        try {
            return function.apply(fd);
        } finally {
            release();
        }
    }

    /// Makes a system call, again if a signal has interrupted it.
    final long transfer(IntToLongFunction call) throws ClosedChannelException {
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

    /// What a call has received, in the terms of a channel.
    final int toReadResult(String call, long count, boolean ends) throws IOException {
        return count == 0 && ends && isOpen() ? -1 : toWriteResult(call, count);
    }

    /// What a call has sent, in the terms of a channel.
    final int toWriteResult(String call, long count) throws IOException {
        if (count > 0) {
            return (int) count;
        }
        if (!isOpen()) {
            throw new AsynchronousCloseException();
        }
        if (count == 0 || count == -Errno.EAGAIN) {
            return 0;
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
