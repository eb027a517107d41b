package io.selectors4j.internal.sys;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.posix.PosixSockets;

/// The properties of a descriptor that fcntl(2) reads and writes, and those of a socket of Windows.
public final class Fcntl {

    /// The number of attempts after EBUSY, which continues while an open of a FIFO waits for the other end.
    private static final int MAX_BUSY = 1_000;

    private Fcntl() {}

    /// Returns whether a number is an open descriptor.
    public static boolean isOpen(int fd) {
        if (Platform.IS_WINDOWS) {
            return WinsockSockets.isOpen(fd);
        }
        return PosixLibc.fcntl(ErrnoCapture.current(), fd, Constants.F_GETFD, 0) != -Errno.EBADF;
    }

    /// Checks that a number is an open descriptor.
    ///
    /// @throws NativeIOException EBADF if it is not
    public static void requireOpen(int fd) throws NativeIOException {
        if (!isOpen(fd)) {
            String call = Platform.IS_WINDOWS ? "getsockopt(fd=" + fd + ", SO_TYPE)" : "fcntl(fd=" + fd + ", F_GETFD)";
            throw new NativeIOException(call, Errno.EBADF);
        }
    }

    /// Duplicates a descriptor and returns the duplicate, which is close-on-exec, or `-errno`.
    public static int duplicate(int fd) {
        if (Platform.IS_WINDOWS) {
            return WinsockSockets.duplicate(fd);
        }
        return PosixLibc.fcntl(ErrnoCapture.current(), fd, Constants.F_DUPFD_CLOEXEC, 0);
    }

    /// Makes a number refer to the same open file as a descriptor, in place of the file that it refers to. Retries
    /// after EINTR, and for a moment after EBUSY: Linux reports EBUSY while another thread opens a file under the
    /// number.
    ///
    /// @param inheritable whether a child process that executes another program keeps the number open
    /// @throws NativeIOException if a call fails
    /// @throws UnsupportedOperationException on Windows
    public static void duplicate(int fd, int number, boolean inheritable) throws NativeIOException {
        if (Platform.IS_WINDOWS) {
            throw new UnsupportedOperationException("Windows assigns the numbers of sockets: dup() duplicates one");
        }
        boolean atomic = !inheritable && Platform.CURRENT.os() == Platform.Os.LINUX;
        int result = fd == number ? number : duplicateTo(fd, number, atomic);
        if (result < 0) {
            throw new NativeIOException((atomic ? "dup3" : "dup2") + "(fd=" + fd + ", " + number + ")", -result);
        }
        if (fd == number && inheritable) {
            setDescriptorFlags(number, 0, "0");
        } else if (!inheritable && (fd == number || !atomic)) {
            setCloseOnExec(number);
        }
    }

    private static int duplicateTo(int fd, int number, boolean atomic) {
        ErrnoCapture state = ErrnoCapture.current();
        int result;
        int busy = 0;
        do {
            result =
                    atomic ? LinuxLibc.dup3(state, fd, number, Constants.O_CLOEXEC) : PosixLibc.dup2(state, fd, number);
        } while (result == -Errno.EINTR || (result == -Errno.EBUSY && busy++ < MAX_BUSY));
        return result;
    }

    /// Sets FD_CLOEXEC, so that the descriptor is closed in a child process that executes another program.
    ///
    /// @throws NativeIOException if the call fails
    public static void setCloseOnExec(int fd) throws NativeIOException {
        setDescriptorFlags(fd, Constants.FD_CLOEXEC, "FD_CLOEXEC");
    }

    private static void setDescriptorFlags(int fd, int flags, String text) throws NativeIOException {
        int result = PosixLibc.fcntl(ErrnoCapture.current(), fd, Constants.F_SETFD, flags);
        if (result < 0) {
            throw new NativeIOException("fcntl(fd=" + fd + ", F_SETFD, " + text + ")", -result);
        }
    }

    /// Returns whether O_NONBLOCK is not set.
    ///
    /// @throws NativeIOException if the call fails
    /// @throws UnsupportedOperationException on Windows, where only the object that set the mode knows it
    public static boolean isBlocking(int fd) throws NativeIOException {
        if (Platform.IS_WINDOWS) {
            throw new UnsupportedOperationException(
                    "Windows does not tell the blocking mode of a socket: the SocketFd that set it knows it");
        }
        return (flags(fd) & Constants.O_NONBLOCK) == 0;
    }

    /// Sets or clears O_NONBLOCK, which all duplicates of the descriptor share.
    ///
    /// @throws NativeIOException if a call fails
    public static void setBlocking(int fd, boolean blocking) throws NativeIOException {
        if (Platform.IS_WINDOWS) {
            int result = WinsockSockets.setBlocking(ErrnoCapture.current(), fd, blocking);
            SystemCall.check(result, () -> "ioctlsocket(fd=" + fd + ", FIONBIO, " + !blocking + ")");
            return;
        }
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

    /// Ends the calls that block on a socket in other threads, and those that are about to.
    public static void endBlockingCalls(int fd) {
        if (Platform.IS_WINDOWS) {
            WinsockSockets.endBlockingCalls(fd);
        } else {
            // Fails with ENOTCONN for a listening socket; its accept returns nevertheless.
            PosixSockets.shutdown(ErrnoCapture.current(), fd, Constants.SHUT_RDWR);
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
