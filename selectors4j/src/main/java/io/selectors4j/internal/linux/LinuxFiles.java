package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.posix.CString;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Functions on files; the same rules as in [LinuxLibc].
public final class LinuxFiles {

    // linux/memfd.h
    public static final int MFD_CLOEXEC = 0x0001;

    // linux/fcntl.h
    public static final int AT_EMPTY_PATH = 0x1000;

    // linux/stat.h
    public static final int STATX_TYPE = 0x001;
    public static final int STATX_SIZE = 0x200;

    // bits/fcntl-linux.h (glibc), linux/splice.h
    public static final int SPLICE_F_MOVE = 1;
    public static final int SPLICE_F_NONBLOCK = 2;
    public static final int SPLICE_F_MORE = 4;

    private LinuxFiles() {}

    private static final class MemfdCreate {
        // since glibc 2.27
        static final @Nullable MethodHandle HANDLE = Downcalls.linkIfPresent(
                        "memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT))
                .orElse(null);
    }

    /// `int memfd_create(const char *name, unsigned int flags);`
    ///
    /// Returns `-ENOSYS` if the C library lacks the function, as an old kernel does.
    public static int memfd_create(ErrnoCapture state, CString name, int flags) {
        MethodHandle handle = MemfdCreate.HANDLE;
        if (handle == null) {
            return -Errno.ENOSYS;
        }
        try {
            return state.valueOrErrno((int) handle.invokeExact(state.segment(), name.segment(), flags));
        } catch (Throwable t) {
            throw Downcalls.rethrow("memfd_create", t);
        }
    }

    private static final class Sendfile {
        static final MethodHandle HANDLE = Downcalls.linkAsLongs(
                "sendfile", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG));
    }

    /// `ssize_t sendfile(int out_fd, int in_fd, off_t *offset, size_t count);`
    public static long sendfile(ErrnoCapture state, int out_fd, int in_fd, @Nullable FileOffset offset, long count) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (long) Sendfile.HANDLE.invokeExact(
                            state.segment(), (long) out_fd, (long) in_fd, Memory.address(offset), count),
                    offset));
        } catch (Throwable t) {
            throw Downcalls.rethrow("sendfile", t);
        }
    }

    private static final class Tee {
        static final MethodHandle HANDLE =
                Downcalls.linkAsLongs("tee", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    }

    /// `ssize_t tee(int fd_in, int fd_out, size_t len, unsigned int flags);`
    public static long tee(ErrnoCapture state, int fd_in, int fd_out, long len, int flags) {
        try {
            return state.valueOrErrno(
                    (long) Tee.HANDLE.invokeExact(state.segment(), (long) fd_in, (long) fd_out, len, (long) flags));
        } catch (Throwable t) {
            throw Downcalls.rethrow("tee", t);
        }
    }

    private static final class Splice {
        static final MethodHandle HANDLE = Downcalls.link(
                "splice", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    }

    /// `ssize_t splice(int fd_in, off_t *off_in, int fd_out, off_t *off_out, size_t len, unsigned int flags);`
    public static long splice(
            ErrnoCapture state,
            int fd_in,
            @Nullable FileOffset off_in,
            int fd_out,
            @Nullable FileOffset off_out,
            long len,
            int flags) {
        try {
            return state.valueOrErrno((long) Splice.HANDLE.invokeExact(
                    state.segment(), fd_in, Memory.pointer(off_in), fd_out, Memory.pointer(off_out), len, flags));
        } catch (Throwable t) {
            throw Downcalls.rethrow("splice", t);
        }
    }

    private static final class CopyFileRange {
        // since glibc 2.27; not in every musl
        static final @Nullable MethodHandle HANDLE = Downcalls.linkIfPresent(
                        "copy_file_range",
                        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT))
                .orElse(null);
    }

    /// `ssize_t copy_file_range(int fd_in, off_t *off_in, int fd_out, off_t *off_out, size_t len, unsigned int flags);`
    ///
    /// Returns `-ENOSYS` if the C library lacks the function, as an old kernel does.
    public static long copy_file_range(
            ErrnoCapture state,
            int fd_in,
            @Nullable FileOffset off_in,
            int fd_out,
            @Nullable FileOffset off_out,
            long len,
            int flags) {
        MethodHandle handle = CopyFileRange.HANDLE;
        if (handle == null) {
            return -Errno.ENOSYS;
        }
        try {
            return state.valueOrErrno((long) handle.invokeExact(
                    state.segment(), fd_in, Memory.pointer(off_in), fd_out, Memory.pointer(off_out), len, flags));
        } catch (Throwable t) {
            throw Downcalls.rethrow("copy_file_range", t);
        }
    }

    private static final class Fdatasync {
        static final MethodHandle HANDLE =
                Downcalls.linkAsLongs("fdatasync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    /// `int fdatasync(int fd);`
    public static int fdatasync(ErrnoCapture state, int fd) {
        try {
            return state.valueOrErrno(
                    (int) (long) Fdatasync.HANDLE.invokeExact(state.segment(), (long) fd, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("fdatasync", t);
        }
    }

    private static final class StatxFunction {
        // since glibc 2.28; not in every musl
        static final @Nullable MethodHandle HANDLE = Downcalls.linkIfPresent(
                        "statx", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS))
                .orElse(null);
    }

    /// `int statx(int dirfd, const char *pathname, int flags, unsigned int mask, struct statx *statxbuf);`
    ///
    /// Returns `-ENOSYS` if the C library lacks the function, as an old kernel does.
    public static int statx(ErrnoCapture state, int dirfd, CString pathname, int flags, int mask, Statx statxbuf) {
        MethodHandle handle = StatxFunction.HANDLE;
        if (handle == null) {
            return -Errno.ENOSYS;
        }
        try {
            return state.valueOrErrno((int)
                    handle.invokeExact(state.segment(), dirfd, pathname.segment(), flags, mask, statxbuf.segment()));
        } catch (Throwable t) {
            throw Downcalls.rethrow("statx", t);
        }
    }
}
