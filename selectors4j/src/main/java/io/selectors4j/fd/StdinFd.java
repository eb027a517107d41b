package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.posix.PosixTerminals;
import io.selectors4j.internal.sys.EpollInstance;
import io.selectors4j.internal.sys.Fcntl;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The standard input, whatever it is, for every selector. A terminal, a pipe or a socket is [Fd#stdin], descriptor 0.
///
/// Epoll refuses a regular file and a device such as `/dev/null`, which can be read at any time, and a kqueue does not
/// report that a file is at its end. In place of such a standard input, this object has a descriptor of its own: the
/// reading end of a pipe whose writer has closed. Every selector and [io.selectors4j.Await] report it as readable, with
/// a hang-up where the backend reports one, as for a writer that has written everything and has ended. [#read] reads
/// the file. After it has returned -1, unregister the object: the end stays ready.
///
/// If the process was started without a standard input, [#read] returns -1. Descriptor 0 then is closed or is a file
/// that the Java virtual machine has opened: `lib/modules` of the JDK, which this class never reads.
///
/// The descriptor of the pipe is [#fileno] and the argument of [#use]: system calls on this number do not see the file.
/// All other methods use the file, and [#dup] returns an object for it. Wait for [io.selectors4j.Interest#READ] only: a
/// pipe at its end is not writable.
///
/// Closing this object leaves descriptor 0 open.
///
/// Source: epoll_ctl(2), poll(2), pipe(7), kqueue(2).
public final class StdinFd extends Fd {

    private static final int STDIN = 0;

    /// The standard input, if the descriptor of this object is a pipe in its place; null otherwise.
    private final @Nullable Fd input;

    /// The number of the file that the methods use.
    private final int file;

    private StdinFd(int fd, boolean owned, @Nullable Fd input, int file) {
        super(fd, owned);
        this.input = input;
        this.file = file;
    }

    /// Opens the standard input. Bytes that [System#in] has already buffered are not read here.
    ///
    /// @return a new object
    /// @throws UnsupportedOperationException on Windows
    /// @throws NativeIOException if the system refuses: EMFILE or ENFILE at a limit of open files
    public static StdinFd open() throws IOException {
        refuseOnWindows("a thread can read System.in");
        return open(STDIN);
    }

    /// Opens a descriptor as if it were the standard input.
    static StdinFd open(int fd) throws IOException {
        if (isMissing(fd)) {
            int atEnd = openAtEnd();
            return new StdinFd(atEnd, true, null, atEnd);
        }
        boolean pollable = Platform.CURRENT.os() == Platform.Os.LINUX ? !isRefusedByEpoll(fd) : !isAlwaysReadable();
        return pollable ? new StdinFd(fd, false, null, fd) : new StdinFd(openAtEnd(), true, borrow(fd), fd);
    }

    /// Returns whether the process was started without a standard input.
    private static boolean isMissing(int fd) {
        if (!Fcntl.isOpen(fd)) {
            return true;
        }
        String home = System.getProperty("java.home");
        try {
            return home != null && Files.isSameFile(Path.of("/dev/fd/" + fd), Path.of(home, "lib", "modules"));
        } catch (IOException e) {
            return false; // one of the two paths does not exist
        }
    }

    /// Returns whether epoll refuses a descriptor.
    static boolean isRefusedByEpoll(int fd) throws IOException {
        EpollInstance epoll = EpollInstance.create();
        try {
            return epoll.add(fd, 0, 0) == -Errno.EPERM;
        } finally {
            epoll.close();
        }
    }

    /// Returns whether the standard input has a position and is no terminal: a regular file, `/dev/null`.
    @SuppressWarnings("resource") // closing the stream would close the standard input
    static boolean isAlwaysReadable() {
        try {
            new FileInputStream(FileDescriptor.in).getChannel().position();
        } catch (IOException e) {
            return false; // ESPIPE: a pipe, a socket
        }
        return PosixTerminals.isatty(ErrnoCapture.current(), STDIN) != 1;
    }

    /// Creates a pipe, closes its writing end, and returns the reading end.
    private static int openAtEnd() throws IOException {
        Ints pipe = PipeFd.create();
        PosixLibc.close(ErrnoCapture.current(), pipe.get(1));
        return pipe.get(0);
    }

    @Override
    int fileFd(int fd) {
        return file;
    }

    /// Reads the available bytes of the standard input, up to the remaining space of the buffer; otherwise as
    /// [Fd#read]. A read of a regular file waits for the disk.
    ///
    /// @param target the buffer for the bytes, heap or direct
    /// @return the number of bytes read; 0 if none are available and the descriptor is non-blocking, or if the buffer
    ///     is full; -1 at the end of the data
    /// @throws IllegalArgumentException if the buffer is read-only
    /// @throws IllegalStateException if the memory of the buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call
    /// @throws NativeIOException if the read fails: EIO if the terminal has hung up, EISDIR for a directory
    @Override
    public int read(ByteBuffer target) throws IOException {
        Fd other = input;
        if (other == null) {
            return super.read(target);
        }
        requireWritable(target);
        acquire();
        try {
            return other.read(target);
        } finally {
            release();
        }
    }

    /// Writes to the standard input, as [Fd#write]: a terminal or socket that is open for both directions.
    ///
    /// @param source the bytes, in a heap or direct buffer
    /// @return the number of bytes written
    /// @throws IllegalStateException if the memory of the buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call
    /// @throws NativeIOException if the write fails: EBADF if the standard input is not open for writing
    @Override
    public int write(ByteBuffer source) throws IOException {
        Fd other = input;
        if (other == null) {
            return super.write(source);
        }
        acquire();
        try {
            return other.write(source);
        } finally {
            release();
        }
    }
}
