package io.selectors4j.internal.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Functions of POSIX.1-2008 on descriptors of any kind. A function belongs here only if POSIX.1-2008 mandates it and
/// its prototype is the same on every LP64 system, except for `nfds_t`. Additions of one system belong to the class of
/// that system.
///
/// Every method has the name of the C function and returns its value or `-errno`. A handle is linked on the first call,
/// since linking costs start-up time.
public final class PosixLibc {

    private PosixLibc() {}

    /// The handles of the shared shape. They are linked together: in a known shape that costs next to nothing.
    private static final class Shared {
        static final MethodHandle READ =
                Downcalls.linkAsLongs("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
        static final MethodHandle WRITE =
                Downcalls.linkAsLongs("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
        static final MethodHandle CLOSE = Downcalls.linkAsLongs("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        static final MethodHandle DUP2 =
                Downcalls.linkAsLongs("dup2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        static final MethodHandle MKFIFO =
                Downcalls.linkAsLongs("mkfifo", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        static final MethodHandle PIPE = Downcalls.linkAsLongs("pipe", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    /// `ssize_t read(int fd, void *buf, size_t count);`; the caller keeps the memory reachable until the call has
    /// returned.
    public static long read(ErrnoCapture state, int fd, long buf, long count) {
        try {
            return state.valueOrErrno((long) Shared.READ.invokeExact(state.segment(), (long) fd, buf, count, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("read", t);
        }
    }

    private static final class ReadSegment {
        static final MethodHandle HANDLE =
                Downcalls.linkWithBuffer("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    }

    /// `ssize_t read(int fd, void *buf, size_t count);`; another thread may close the arena of the memory.
    public static long read(ErrnoCapture state, int fd, MemorySegment buf, long count) {
        try {
            return state.valueOrErrno(
                    (long) ReadSegment.HANDLE.invokeExact(state.segment(), (long) fd, buf, count, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("read", t);
        }
    }

    /// `ssize_t write(int fd, const void *buf, size_t count);`; the caller keeps the memory reachable until the call
    /// has returned.
    public static long write(ErrnoCapture state, int fd, long buf, long count) {
        try {
            return state.valueOrErrno((long) Shared.WRITE.invokeExact(state.segment(), (long) fd, buf, count, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("write", t);
        }
    }

    private static final class WriteSegment {
        static final MethodHandle HANDLE =
                Downcalls.linkWithBuffer("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    }

    /// `ssize_t write(int fd, const void *buf, size_t count);`; another thread may close the arena of the memory.
    public static long write(ErrnoCapture state, int fd, MemorySegment buf, long count) {
        try {
            return state.valueOrErrno(
                    (long) WriteSegment.HANDLE.invokeExact(state.segment(), (long) fd, buf, count, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("write", t);
        }
    }

    /// `int close(int fd);`
    public static int close(ErrnoCapture state, int fd) {
        try {
            return state.valueOrErrno((int) (long) Shared.CLOSE.invokeExact(state.segment(), (long) fd, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("close", t);
        }
    }

    /// `int dup2(int oldfd, int newfd);`
    public static int dup2(ErrnoCapture state, int oldfd, int newfd) {
        try {
            return state.valueOrErrno(
                    (int) (long) Shared.DUP2.invokeExact(state.segment(), (long) oldfd, (long) newfd, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("dup2", t);
        }
    }

    private static final class Open {
        static final MethodHandle HANDLE =
                Downcalls.linkVariadic("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    }

    /// `int open(const char *pathname, int flags, ... /* mode_t mode */);`
    public static int open(ErrnoCapture state, CString pathname, int flags, int mode) {
        try {
            return state.valueOrErrno((int) Open.HANDLE.invokeExact(state.segment(), pathname.segment(), flags, mode));
        } catch (Throwable t) {
            throw Downcalls.rethrow("open", t);
        }
    }

    private static final class Fcntl {
        static final MethodHandle HANDLE =
                Downcalls.linkVariadic("fcntl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    }

    /// `int fcntl(int fd, int cmd, ... /* int arg */);`
    public static int fcntl(ErrnoCapture state, int fd, int cmd, int arg) {
        try {
            return state.valueOrErrno((int) Fcntl.HANDLE.invokeExact(state.segment(), fd, cmd, arg));
        } catch (Throwable t) {
            throw Downcalls.rethrow("fcntl", t);
        }
    }

    /// `int mkfifo(const char *pathname, mode_t mode);`
    public static int mkfifo(ErrnoCapture state, CString pathname, int mode) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (int) (long)
                            Shared.MKFIFO.invokeExact(state.segment(), Memory.address(pathname), (long) mode, 0L, 0L),
                    pathname));
        } catch (Throwable t) {
            throw Downcalls.rethrow("mkfifo", t);
        }
    }

    private static final class Unsetenv {
        static final MethodHandle HANDLE = Downcalls.linkAsLongs("unsetenv", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    /// `int unsetenv(const char *name);`
    public static int unsetenv(ErrnoCapture state, CString name) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (int) (long) Unsetenv.HANDLE.invokeExact(state.segment(), Memory.address(name), 0L, 0L, 0L), name));
        } catch (Throwable t) {
            throw Downcalls.rethrow("unsetenv", t);
        }
    }

    /// `int pipe(int pipefd[2]);`
    public static int pipe(ErrnoCapture state, Ints pipefd) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (int) (long) Shared.PIPE.invokeExact(state.segment(), Memory.address(pipefd), 0L, 0L, 0L), pipefd));
        } catch (Throwable t) {
            throw Downcalls.rethrow("pipe", t);
        }
    }

    private static final class Poll {
        static final MethodHandle HANDLE = NfdsT.asLong(
                1, Downcalls.link("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, NfdsT.CURRENT, JAVA_INT)));
    }

    /// `int poll(struct pollfd *fds, nfds_t nfds, int timeout);`
    public static int poll(ErrnoCapture state, PollFds fds, long nfds, int timeout) {
        try {
            return state.valueOrErrno((int) Poll.HANDLE.invokeExact(state.segment(), fds.segment(), nfds, timeout));
        } catch (Throwable t) {
            throw Downcalls.rethrow("poll", t);
        }
    }

    private static final class Pselect {
        static final MethodHandle HANDLE = Downcalls.link(
                "pselect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    }

    /// `int pselect(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, const struct timespec *timeout,
    /// const sigset_t *sigmask);`
    public static int pselect(
            ErrnoCapture state, int nfds, FdSets sets, @Nullable Timespec timeout, @Nullable SigSet sigmask) {
        try {
            return state.valueOrErrno((int) Pselect.HANDLE.invokeExact(
                    state.segment(),
                    nfds,
                    sets.segment(FdSets.READ),
                    sets.segment(FdSets.WRITE),
                    sets.segment(FdSets.EXCEPT),
                    Memory.pointer(timeout),
                    Memory.pointer(sigmask)));
        } catch (Throwable t) {
            throw Downcalls.rethrow("pselect", t);
        }
    }
}
