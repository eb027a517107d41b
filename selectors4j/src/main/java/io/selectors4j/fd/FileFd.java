package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxFiles;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.posix.CString;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PathNames;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.sys.SystemCall;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

/// A descriptor that `open()` made from a path: a FIFO, a device, a terminal, a serial port, a file of sysfs or procfs, a
/// regular file; or of a file in memory.
///
/// A regular file is always ready, also one in memory, and so is a device such as `/dev/null`: SELECT and POLL say so, and
/// EPOLL refuses it with EPERM.
///
/// The reading end of a FIFO that nobody has opened for writing yet is at its end for a read (-1), while a selector reports
/// nothing; once the last writer has left, it reports a hang-up, again and again. Who waits for one writer after the other
/// opens the FIFO with [#O_RDWR], and so is a writer too, or opens it anew.
///
/// Source: open(2), mkfifo(3), fifo(7), memfd_create(2).
public final class FileFd extends Fd {

    /// Open to read.
    public static final int O_RDONLY = Constants.O_RDONLY;

    /// Open to write.
    public static final int O_WRONLY = Constants.O_WRONLY;

    /// Open to read and write.
    public static final int O_RDWR = Constants.O_RDWR;

    /// Create the file if it does not exist.
    public static final int O_CREAT = Constants.O_CREAT;

    /// With [#O_CREAT]: fail with EEXIST if the file exists.
    public static final int O_EXCL = Constants.O_EXCL;

    /// Do not make a terminal the controlling terminal of the process.
    public static final int O_NOCTTY = Constants.O_NOCTTY;

    /// Empty a regular file.
    public static final int O_TRUNC = Constants.O_TRUNC;

    /// Write at the end, whatever its place is.
    public static final int O_APPEND = Constants.O_APPEND;

    /// Neither wait for the other end of a FIFO here, nor in reads and writes later.
    public static final int O_NONBLOCK = Constants.O_NONBLOCK;

    private static final int DEFAULT_MODE = 0666;
    private static final int LONGEST_MEMFD_NAME = 249;

    private FileFd(int fd) {
        super(fd, true);
    }

    /// Opens a path. What it creates gets the mode 0666, less the process's umask.
    ///
    /// @param path the path, of the default file system
    /// @param flags one of [#O_RDONLY], [#O_WRONLY], [#O_RDWR] and any other O_* flags; close-on-exec is always added
    /// @return an object that owns the descriptor
    /// @throws UnsupportedOperationException if the path is of another file system
    /// @throws NativeIOException if the system refuses: see [#open(Path, int, int)]
    public static FileFd open(Path path, int flags) throws IOException {
        return open(path, flags, DEFAULT_MODE);
    }

    /// Opens a path. Without [#O_NONBLOCK], opening one end of a FIFO waits until somebody opens the other end.
    ///
    /// @param path the path, of the default file system
    /// @param flags one of [#O_RDONLY], [#O_WRONLY], [#O_RDWR] and any other O_* flags; close-on-exec is always added
    /// @param mode permission bits of what is created, less the process's umask
    /// @return an object that owns the descriptor
    /// @throws UnsupportedOperationException if the path is of another file system
    /// @throws NativeIOException if the system refuses: ENOENT, EACCES, EEXIST, EISDIR, EMFILE at the limit of open files,
    ///     ENXIO for the writing end of a FIFO that nobody reads, with [#O_NONBLOCK]
    public static FileFd open(Path path, int flags, int mode) throws IOException {
        CString pathname = PathNames.encode(path);
        int result;
        do {
            result = PosixLibc.open(ErrnoCapture.current(), pathname, flags | Constants.O_CLOEXEC, mode);
        } while (result == -Errno.EINTR);
        return new FileFd(SystemCall.check(result, () -> "open(" + path + ", 0" + Integer.toOctalString(flags) + ")"));
    }

    /// Creates a FIFO: a pipe with a name, to be opened at both ends.
    ///
    /// @param path the path, of the default file system
    /// @param mode permission bits, less the process's umask
    /// @throws UnsupportedOperationException if the path is of another file system
    /// @throws NativeIOException if the system refuses: EEXIST, ENOENT, EACCES
    public static void mkfifo(Path path, int mode) throws IOException {
        CString pathname = PathNames.encode(path);
        SystemCall.check(PosixLibc.mkfifo(ErrnoCapture.current(), pathname, mode), () -> "mkfifo(" + path + ")");
    }

    /// Creates a file in memory that has no path. It is gone when the last descriptor of it is closed. It is empty, open to
    /// read and write, and behaves as a regular file does; `/proc/self/fd/` and the descriptor's number are a path by which it
    /// can be opened again, to read it from its begin.
    ///
    /// @param name what stands in `/proc/self/fd` for it, after `memfd:`; any number of files can have the same. At most 249
    ///     bytes
    /// @return an object that owns the descriptor
    /// @throws IllegalArgumentException if the name is longer, or has a zero character
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws NativeIOException if the system refuses: EMFILE or ENFILE at a limit of open files, ENOSYS before Linux 3.17
    ///     and where the C library does not have the function
    public static FileFd memfd(String name) throws IOException {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a zero character in the name of a memfd: " + name.replace('\0', '?'));
        }
        LinuxOnly.require("memfd");
        CString encoded = new CString(name);
        if (encoded.length() > LONGEST_MEMFD_NAME) {
            throw new IllegalArgumentException("the name of a memfd has at most " + LONGEST_MEMFD_NAME
                    + " bytes, this one has " + encoded.length() + ": " + name);
        }
        return new FileFd(SystemCall.check(
                LinuxFiles.memfd_create(ErrnoCapture.current(), encoded, LinuxFiles.MFD_CLOEXEC),
                () -> "memfd_create(" + name + ", MFD_CLOEXEC)"));
    }

    /// Duplicates the descriptor.
    ///
    /// @return an object that owns the new descriptor
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    @Override
    public FileFd dup() throws IOException {
        return new FileFd(duplicate());
    }
}
