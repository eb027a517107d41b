package io.selectors4j.internal.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Functions of POSIX.1-2008 on files that have a position; the same rules as in [PosixLibc]. An `off_t` has 64 bits on
/// every LP64 system.
public final class PosixFiles {

    private PosixFiles() {}

    /// The handles of the shared shape. They are linked together: in a known shape that costs next to nothing.
    private static final class Shared {
        static final MethodHandle LSEEK =
                Downcalls.linkAsLongs("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
        static final MethodHandle FTRUNCATE =
                Downcalls.linkAsLongs("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
        static final MethodHandle FSYNC = Downcalls.linkAsLongs("fsync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        static final MethodHandle PREAD = Downcalls.linkAsLongs(
                "pread", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
        static final MethodHandle PWRITE = Downcalls.linkAsLongs(
                "pwrite", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    }

    /// `off_t lseek(int fd, off_t offset, int whence);`
    public static long lseek(ErrnoCapture state, int fd, long offset, int whence) {
        try {
            return state.valueOrErrno(
                    (long) Shared.LSEEK.invokeExact(state.segment(), (long) fd, offset, (long) whence, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("lseek", t);
        }
    }

    /// `int ftruncate(int fd, off_t length);`
    public static int ftruncate(ErrnoCapture state, int fd, long length) {
        try {
            return state.valueOrErrno(
                    (int) (long) Shared.FTRUNCATE.invokeExact(state.segment(), (long) fd, length, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("ftruncate", t);
        }
    }

    /// `int fsync(int fd);`
    public static int fsync(ErrnoCapture state, int fd) {
        try {
            return state.valueOrErrno((int) (long) Shared.FSYNC.invokeExact(state.segment(), (long) fd, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("fsync", t);
        }
    }

    /// `ssize_t pread(int fd, void *buf, size_t count, off_t offset);`; the caller keeps the memory reachable until the
    /// call has returned.
    public static long pread(ErrnoCapture state, int fd, long buf, long count, long offset) {
        try {
            return state.valueOrErrno((long) Shared.PREAD.invokeExact(state.segment(), (long) fd, buf, count, offset));
        } catch (Throwable t) {
            throw Downcalls.rethrow("pread", t);
        }
    }

    private static final class PreadSegment {
        static final MethodHandle HANDLE = Downcalls.linkWithBuffer(
                "pread", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    }

    /// `ssize_t pread(int fd, void *buf, size_t count, off_t offset);`; another thread may close the arena of the
    /// memory.
    public static long pread(ErrnoCapture state, int fd, MemorySegment buf, long count, long offset) {
        try {
            return state.valueOrErrno(
                    (long) PreadSegment.HANDLE.invokeExact(state.segment(), (long) fd, buf, count, offset));
        } catch (Throwable t) {
            throw Downcalls.rethrow("pread", t);
        }
    }

    /// `ssize_t pwrite(int fd, const void *buf, size_t count, off_t offset);`; the caller keeps the memory reachable
    /// until the call has returned.
    public static long pwrite(ErrnoCapture state, int fd, long buf, long count, long offset) {
        try {
            return state.valueOrErrno((long) Shared.PWRITE.invokeExact(state.segment(), (long) fd, buf, count, offset));
        } catch (Throwable t) {
            throw Downcalls.rethrow("pwrite", t);
        }
    }

    private static final class PwriteSegment {
        static final MethodHandle HANDLE = Downcalls.linkWithBuffer(
                "pwrite", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    }

    /// `ssize_t pwrite(int fd, const void *buf, size_t count, off_t offset);`; another thread may close the arena of
    /// the memory.
    public static long pwrite(ErrnoCapture state, int fd, MemorySegment buf, long count, long offset) {
        try {
            return state.valueOrErrno(
                    (long) PwriteSegment.HANDLE.invokeExact(state.segment(), (long) fd, buf, count, offset));
        } catch (Throwable t) {
            throw Downcalls.rethrow("pwrite", t);
        }
    }
}
