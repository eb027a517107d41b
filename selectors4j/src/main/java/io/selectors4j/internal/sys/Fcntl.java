package io.selectors4j.internal.sys;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixLibc;

/// What fcntl(2) knows about a descriptor.
public final class Fcntl {

    private Fcntl() {}

    /// Whether a number is an open descriptor.
    ///
    /// @param fd any number
    /// @return whether it is open
    public static boolean isOpen(int fd) {
        return PosixLibc.fcntl(ErrnoCapture.current(), fd, Constants.F_GETFD, 0) != -Errno.EBADF;
    }

    /// Makes sure that a number is an open descriptor.
    ///
    /// @param fd any number
    /// @throws NativeIOException EBADF if it is not
    public static void requireOpen(int fd) throws NativeIOException {
        if (!isOpen(fd)) {
            throw new NativeIOException("fcntl(fd=" + fd + ", F_GETFD)", Errno.EBADF);
        }
    }

    /// Duplicates a descriptor; a child process does not inherit the duplicate.
    ///
    /// @param fd the descriptor
    /// @return the duplicate, or `-errno`
    public static int duplicate(int fd) {
        return PosixLibc.fcntl(ErrnoCapture.current(), fd, Constants.F_DUPFD_CLOEXEC, 0);
    }

    /// Has a descriptor closed in a child process that runs another program.
    ///
    /// @param fd the descriptor
    /// @throws NativeIOException if the call fails
    public static void setCloseOnExec(int fd) throws NativeIOException {
        int result = PosixLibc.fcntl(ErrnoCapture.current(), fd, Constants.F_SETFD, Constants.FD_CLOEXEC);
        if (result < 0) {
            throw new NativeIOException("fcntl(fd=" + fd + ", F_SETFD, FD_CLOEXEC)", -result);
        }
    }

    /// Whether calls on a descriptor wait, as opposed to failing with EAGAIN.
    ///
    /// @param fd the descriptor
    /// @return whether O_NONBLOCK is not set
    /// @throws NativeIOException if the call fails
    public static boolean isBlocking(int fd) throws NativeIOException {
        return (flags(fd) & Constants.O_NONBLOCK) == 0;
    }

    /// Sets whether calls on a descriptor wait. That is a property of the open file, shared by all its duplicates.
    ///
    /// @param fd the descriptor
    /// @param blocking whether to wait
    /// @throws NativeIOException if a call fails
    public static void setBlocking(int fd, boolean blocking) throws NativeIOException {
        int old = flags(fd);
        int flags = blocking ? old & ~Constants.O_NONBLOCK : old | Constants.O_NONBLOCK;
        if (flags != old) {
            int result = PosixLibc.fcntl(ErrnoCapture.current(), fd, Constants.F_SETFL, flags);
            if (result < 0) {
                throw new NativeIOException(
                        "fcntl(fd=" + fd + ", F_SETFL, 0" + Integer.toOctalString(flags) + ")", -result);
            }
        }
    }

    /// Whether a descriptor was opened to read.
    ///
    /// @param fd the descriptor
    /// @return whether it was
    /// @throws NativeIOException if the call fails
    public static boolean isReadable(int fd) throws NativeIOException {
        return (flags(fd) & Constants.O_ACCMODE) != Constants.O_WRONLY;
    }

    /// Whether a descriptor was opened to write.
    ///
    /// @param fd the descriptor
    /// @return whether it was
    /// @throws NativeIOException if the call fails
    public static boolean isWritable(int fd) throws NativeIOException {
        return (flags(fd) & Constants.O_ACCMODE) != Constants.O_RDONLY;
    }

    private static int flags(int fd) throws NativeIOException {
        int flags = PosixLibc.fcntl(ErrnoCapture.current(), fd, Constants.F_GETFL, 0);
        if (flags < 0) {
            throw new NativeIOException("fcntl(fd=" + fd + ", F_GETFL)", -flags);
        }
        return flags;
    }
}
