package io.selectors4j.internal.sys;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixLibc;

/// The properties of a descriptor that fcntl(2) reads and writes.
public final class Fcntl {

    private Fcntl() {}

    /// Returns whether a number is an open descriptor.
    public static boolean isOpen(int fd) {
        return PosixLibc.fcntl(ErrnoCapture.current(), fd, Constants.F_GETFD, 0) != -Errno.EBADF;
    }

    /// Checks that a number is an open descriptor.
    ///
    /// @throws NativeIOException EBADF if it is not
    public static void requireOpen(int fd) throws NativeIOException {
        if (!isOpen(fd)) {
            throw new NativeIOException("fcntl(fd=" + fd + ", F_GETFD)", Errno.EBADF);
        }
    }

    /// Duplicates a descriptor and returns the duplicate, which is close-on-exec, or `-errno`.
    public static int duplicate(int fd) {
        return PosixLibc.fcntl(ErrnoCapture.current(), fd, Constants.F_DUPFD_CLOEXEC, 0);
    }

    /// Sets FD_CLOEXEC, so that the descriptor is closed in a child process that executes another program.
    ///
    /// @throws NativeIOException if the call fails
    public static void setCloseOnExec(int fd) throws NativeIOException {
        int result = PosixLibc.fcntl(ErrnoCapture.current(), fd, Constants.F_SETFD, Constants.FD_CLOEXEC);
        if (result < 0) {
            throw new NativeIOException("fcntl(fd=" + fd + ", F_SETFD, FD_CLOEXEC)", -result);
        }
    }

    /// Returns whether O_NONBLOCK is not set.
    ///
    /// @throws NativeIOException if the call fails
    public static boolean isBlocking(int fd) throws NativeIOException {
        return (flags(fd) & Constants.O_NONBLOCK) == 0;
    }

    /// Sets or clears O_NONBLOCK, which all duplicates of the descriptor share.
    ///
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

    /// Returns whether a descriptor was opened for reading.
    ///
    /// @throws NativeIOException if the call fails
    public static boolean isReadable(int fd) throws NativeIOException {
        return (flags(fd) & Constants.O_ACCMODE) != Constants.O_WRONLY;
    }

    /// Returns whether a descriptor was opened for writing.
    ///
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
