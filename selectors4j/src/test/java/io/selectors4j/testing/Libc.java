package io.selectors4j.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.CallState;
import io.selectors4j.internal.ffi.Downcalls;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// What tests do behind the library's back: functions of the C library that the library itself has no use for. Each
/// returns the C function's value, or `-errno`.
public final class Libc {

    // asm-generic/errno-base.h
    public static final int EPERM = 1;
    public static final int EINTR = 4;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int EMFILE = 24;

    /// asm-generic/signal.h: urgent data on a socket, which a process ignores unless it handles it.
    public static final int SIGURG = 23;

    /// asm-generic/resource.h
    private static final int RLIMIT_NOFILE = 7;

    private static final MethodHandle CLOSE = link("close", JAVA_INT);
    private static final MethodHandle DUP = link("dup", JAVA_INT);
    private static final MethodHandle DUP2 = link("dup2", JAVA_INT, JAVA_INT);
    private static final MethodHandle GETTID = link("gettid");
    private static final MethodHandle TGKILL = link("tgkill", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle UNLOCKPT = link("unlockpt", JAVA_INT);
    private static final MethodHandle PTSNAME_R = link("ptsname_r", JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle POLL = link("poll", ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle GETRLIMIT = link("getrlimit", JAVA_INT, ADDRESS);
    private static final MethodHandle SETRLIMIT = link("setrlimit", JAVA_INT, ADDRESS);
    private static final MethodHandle READ =
            Downcalls.link("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle SIGNAL =
            Downcalls.link("signal", FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));

    private Libc() {}

    private static MethodHandle link(String name, ValueLayout... parameters) {
        return Downcalls.link(name, FunctionDescriptor.of(JAVA_INT, parameters));
    }

    /// `int close(int fd);`
    public static int close(int fd) {
        CallState state = CallState.current();
        try {
            return state.result((int) CLOSE.invokeExact(state.segment(), fd));
        } catch (Throwable t) {
            throw Downcalls.broken("close", t);
        }
    }

    /// `int dup(int oldfd);`
    public static int dup(int oldfd) {
        CallState state = CallState.current();
        try {
            return state.result((int) DUP.invokeExact(state.segment(), oldfd));
        } catch (Throwable t) {
            throw Downcalls.broken("dup", t);
        }
    }

    /// `int dup2(int oldfd, int newfd);`
    public static int dup2(int oldfd, int newfd) {
        CallState state = CallState.current();
        try {
            return state.result((int) DUP2.invokeExact(state.segment(), oldfd, newfd));
        } catch (Throwable t) {
            throw Downcalls.broken("dup2", t);
        }
    }

    /// `ssize_t read(int fd, void *buf, size_t count);` for eight bytes.
    ///
    /// @return the bytes read as a number, or `-errno`, or -1000 at the end of the data
    public static long readLong(int fd, MemorySegment buffer) {
        CallState state = CallState.current();
        long count;
        try {
            count = state.result((long) READ.invokeExact(state.segment(), fd, buffer, (long) Long.BYTES));
        } catch (Throwable t) {
            throw Downcalls.broken("read", t);
        }
        return count == 0 ? -1000 : count < 0 ? count : buffer.get(ValueLayout.JAVA_LONG, 0);
    }

    /// `pid_t gettid(void);`
    public static int gettid() {
        CallState state = CallState.current();
        try {
            return state.result((int) GETTID.invokeExact(state.segment()));
        } catch (Throwable t) {
            throw Downcalls.broken("gettid", t);
        }
    }

    /// `int tgkill(pid_t tgid, pid_t tid, int sig);` for a thread of this process.
    public static int tgkill(int tid, int sig) {
        CallState state = CallState.current();
        int tgid = (int) ProcessHandle.current().pid();
        try {
            return state.result((int) TGKILL.invokeExact(state.segment(), tgid, tid, sig));
        } catch (Throwable t) {
            throw Downcalls.broken("tgkill", t);
        }
    }

    /// `sighandler_t signal(int signum, sighandler_t handler);` with a handler that does nothing: the C function `abs`,
    /// which takes the signal's number and is safe to run at any place. System calls are restarted afterwards, but for
    /// the ones that wait: signal(7).
    public static void handleAndIgnore(int signum) {
        CallState state = CallState.current();
        MemorySegment handler =
                Linker.nativeLinker().defaultLookup().find("abs").orElseThrow();
        MemorySegment former;
        try {
            former = (MemorySegment) SIGNAL.invokeExact(state.segment(), signum, handler);
        } catch (Throwable t) {
            throw Downcalls.broken("signal", t);
        }
        if (former.address() == -1) {
            throw new AssertionError("signal(" + signum + ") failed");
        }
    }

    /// `int poll(struct pollfd *fds, nfds_t nfds, int timeout);` for no descriptors.
    public static int pollNothing(int millis) {
        CallState state = CallState.current();
        try {
            return state.result((int) POLL.invokeExact(state.segment(), MemorySegment.NULL, 0L, millis));
        } catch (Throwable t) {
            throw Downcalls.broken("poll", t);
        }
    }

    /// `int unlockpt(int fd);`
    public static int unlockpt(int fd) {
        CallState state = CallState.current();
        try {
            return state.result((int) UNLOCKPT.invokeExact(state.segment(), fd));
        } catch (Throwable t) {
            throw Downcalls.broken("unlockpt", t);
        }
    }

    /// `int ptsname_r(int fd, char *buf, size_t buflen);`
    public static String ptsname(int fd) {
        CallState state = CallState.current();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(64);
            int result = (int) PTSNAME_R.invokeExact(state.segment(), fd, buffer, buffer.byteSize());
            if (result != 0) {
                throw new AssertionError("ptsname_r: " + result);
            }
            return buffer.getString(0);
        } catch (Throwable t) {
            throw Downcalls.broken("ptsname_r", t);
        }
    }

    /// The limit of descriptor numbers, `rlim_cur` of RLIMIT_NOFILE.
    public static long openFileLimit() throws NativeIOException {
        try (Arena arena = Arena.ofConfined()) {
            return limits(arena).get(JAVA_LONG, 0);
        }
    }

    /// Sets `rlim_cur` of RLIMIT_NOFILE.
    public static void setOpenFileLimit(long limit) throws NativeIOException {
        CallState state = CallState.current();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = limits(arena);
            limits.set(JAVA_LONG, 0, limit);
            int result;
            try {
                result = state.result((int) SETRLIMIT.invokeExact(state.segment(), RLIMIT_NOFILE, limits));
            } catch (Throwable t) {
                throw Downcalls.broken("setrlimit", t);
            }
            if (result < 0) {
                throw new NativeIOException("setrlimit(RLIMIT_NOFILE, " + limit + ")", -result);
            }
        }
    }

    private static MemorySegment limits(Arena arena) throws NativeIOException {
        CallState state = CallState.current();
        MemorySegment limits = arena.allocate(JAVA_LONG, 2);
        int result;
        try {
            result = state.result((int) GETRLIMIT.invokeExact(state.segment(), RLIMIT_NOFILE, limits));
        } catch (Throwable t) {
            throw Downcalls.broken("getrlimit", t);
        }
        if (result < 0) {
            throw new NativeIOException("getrlimit(RLIMIT_NOFILE)", -result);
        }
        return limits;
    }
}
