package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.linux.LinuxFiles;
import io.selectors4j.internal.linux.Statx;
import io.selectors4j.internal.posix.CString;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixFiles;
import io.selectors4j.internal.sys.Fcntl;
import java.nio.channels.NonWritableChannelException;
import org.jspecify.annotations.Nullable;

/// The position and the size of a file.
final class FilePosition {

    private static final boolean LINUX = Platform.CURRENT.os() == Os.LINUX;

    private FilePosition() {}

    /// Throws an exception if a position or a size is negative.
    static void require(long number, String name) {
        if (number < 0) {
            throw new IllegalArgumentException(name + " " + number + " is negative");
        }
    }

    /// Sets the position and returns it.
    ///
    /// @param whence a SEEK_* constant
    static long seek(int fd, long offset, int whence) throws NativeIOException {
        long result = PosixFiles.lseek(ErrnoCapture.current(), fd, offset, whence);
        if (result < 0) {
            throw new NativeIOException("lseek(fd=" + fd + ", " + offset + ", " + whence + ")", (int) -result);
        }
        return result;
    }

    /// Returns the attributes of a file.
    ///
    /// @return null if this system has no statx(2)
    private static @Nullable Statx attributes(int fd) throws NativeIOException {
        if (!LINUX) {
            return null;
        }
        Statx attributes = new Statx();
        int result = LinuxFiles.statx(
                ErrnoCapture.current(),
                fd,
                new CString(""),
                LinuxFiles.AT_EMPTY_PATH,
                LinuxFiles.STATX_TYPE | LinuxFiles.STATX_SIZE,
                attributes);
        if (result == -Errno.ENOSYS) {
            return null;
        }
        if (result < 0) {
            throw new NativeIOException("statx(fd=" + fd + ", STATX_TYPE | STATX_SIZE)", -result);
        }
        return attributes;
    }

    /// Returns whether a descriptor is known to be that of a regular file.
    static boolean isRegularFile(int fd) throws NativeIOException {
        Statx attributes = attributes(fd);
        return attributes != null && attributes.isRegularFile();
    }

    static long size(int fd) throws NativeIOException {
        Statx attributes = attributes(fd);
        if (attributes != null && attributes.isRegularFile()) {
            return attributes.size();
        }
        long position = seek(fd, 0, Constants.SEEK_CUR);
        long size = seek(fd, 0, Constants.SEEK_END);
        seek(fd, position, Constants.SEEK_SET);
        return size;
    }

    static void truncate(int fd, long size) throws NativeIOException {
        if (!Fcntl.isWritable(fd)) {
            throw new NonWritableChannelException();
        }
        if (size < size(fd)) {
            int result;
            do {
                result = PosixFiles.ftruncate(ErrnoCapture.current(), fd, size);
            } while (result == -Errno.EINTR);
            if (result < 0) {
                throw new NativeIOException("ftruncate(fd=" + fd + ", " + size + ")", -result);
            }
        }
        if (seek(fd, 0, Constants.SEEK_CUR) > size) {
            seek(fd, size, Constants.SEEK_SET);
        }
    }

    static void force(int fd, boolean metaData) throws NativeIOException {
        boolean all = metaData || !LINUX;
        int result;
        do {
            ErrnoCapture state = ErrnoCapture.current();
            result = all ? PosixFiles.fsync(state, fd) : LinuxFiles.fdatasync(state, fd);
        } while (result == -Errno.EINTR);
        if (result < 0) {
            throw new NativeIOException((all ? "fsync" : "fdatasync") + "(fd=" + fd + ")", -result);
        }
    }
}
