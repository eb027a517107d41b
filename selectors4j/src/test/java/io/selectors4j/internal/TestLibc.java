package io.selectors4j.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.selectors4j.internal.ffi.CallState;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.linux.LinuxNumbers;
import io.selectors4j.internal.posix.PosixLibc;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// C functions that only tests need. A failure is an [AssertionError] that names errno.
public final class TestLibc {

    /// A number that is never an open descriptor here: above every limit the tests run under.
    public static final int NEVER_OPEN = 1_000_000_000;

    // sys/resource.h, linux/prctl.h, linux/seccomp.h, asm-generic/signal-defs.h, asm-generic/fcntl.h
    private static final int RLIMIT_NOFILE = 7;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_SET_SECCOMP = 22;
    private static final int SECCOMP_MODE_FILTER = 2;
    private static final int SIG_BLOCK = 0;
    private static final int SIG_UNBLOCK = 1;
    private static final int F_DUPFD = 0;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(StructLayout.PathElement.groupElement("errno"));

    private static final MethodHandle STRERROR = link("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));
    private static final MethodHandle PTHREAD_SELF = link("pthread_self", FunctionDescriptor.of(JAVA_LONG));
    private static final MethodHandle PTHREAD_KILL =
            link("pthread_kill", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle PTHREAD_SIGMASK =
            link("pthread_sigmask", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle GETTID = link("gettid", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle GETRLIMIT =
            linkWithErrno("getrlimit", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle SETRLIMIT =
            linkWithErrno("setrlimit", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle SIGACTION =
            linkWithErrno("sigaction", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle PRCTL = linkWithErrno(
            "prctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));

    private TestLibc() {}

    /// `char *strerror(int errnum);`
    @SuppressWarnings("restricted")
    public static String strerror(int errnum) {
        try {
            return ((MemorySegment) STRERROR.invokeExact(errnum))
                    .reinterpret(256)
                    .getString(0);
        } catch (Throwable t) {
            throw new AssertionError("strerror", t);
        }
    }

    /// `pthread_t pthread_self(void);`
    public static long pthreadSelf() {
        try {
            return (long) PTHREAD_SELF.invokeExact();
        } catch (Throwable t) {
            throw new AssertionError("pthread_self", t);
        }
    }

    /// `int pthread_kill(pthread_t thread, int sig);`
    public static void pthreadKill(long thread, int signal) {
        int error;
        try {
            error = (int) PTHREAD_KILL.invokeExact(thread, signal);
        } catch (Throwable t) {
            throw new AssertionError("pthread_kill", t);
        }
        requireZero("pthread_kill", error);
    }

    /// Blocks a signal for this thread, which should end soon: `pthread_sigmask(SIG_BLOCK, ...)`.
    public static void blockSignal(int signal) {
        sigmask(SIG_BLOCK, signal);
    }

    /// `pthread_sigmask(SIG_UNBLOCK, ...)`.
    public static void unblockSignal(int signal) {
        sigmask(SIG_UNBLOCK, signal);
    }

    private static void sigmask(int how, int signal) {
        int error;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(128, 8);
            set.set(JAVA_LONG, 0, 1L << (signal - 1));
            error = (int) PTHREAD_SIGMASK.invokeExact(how, set, MemorySegment.NULL);
        } catch (Throwable t) {
            throw new AssertionError("pthread_sigmask", t);
        }
        requireZero("pthread_sigmask", error);
    }

    /// Makes a signal interrupt system calls (EINTR) instead of having them restarted, and do nothing else: its handler
    /// is `abs`, which can take a signal's number as well as any other.
    ///
    /// @return what to call to have it as before
    public static Runnable interruptOn(int signal) {
        // struct sigaction of glibc and musl: handler, mask of 128 bytes, flags, restorer
        MemorySegment action = Arena.ofAuto().allocate(152, 8);
        action.set(ADDRESS, 0, LINKER.defaultLookup().findOrThrow("abs"));
        MemorySegment before = Arena.ofAuto().allocate(152, 8);
        sigaction(signal, action, before);
        return () -> sigaction(signal, before, MemorySegment.NULL);
    }

    private static void sigaction(int signal, MemorySegment action, MemorySegment before) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = (int) SIGACTION.invokeExact(state, signal, action, before);
            requireSuccess("sigaction", result, state);
        } catch (Throwable t) {
            throw new AssertionError("sigaction", t);
        }
    }

    /// `pid_t gettid(void);`
    public static int gettid() {
        try {
            return (int) GETTID.invokeExact();
        } catch (Throwable t) {
            throw new AssertionError("gettid", t);
        }
    }

    /// The limit of open files, as the kernel enforces it.
    public static long openFilesLimit() {
        try (Arena arena = Arena.ofConfined()) {
            return rlimit(arena).get(JAVA_LONG, 0);
        }
    }

    /// Sets the limit of open files, up to the hard limit.
    public static void setOpenFilesLimit(long soft) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment limit = rlimit(arena);
            limit.set(JAVA_LONG, 0, soft);
            int result = (int) SETRLIMIT.invokeExact(state, RLIMIT_NOFILE, limit);
            requireSuccess("setrlimit", result, state);
        } catch (Throwable t) {
            throw new AssertionError("setrlimit", t);
        }
    }

    private static MemorySegment rlimit(Arena arena) {
        try {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment limit = arena.allocate(16, 8);
            int result = (int) GETRLIMIT.invokeExact(state, RLIMIT_NOFILE, limit);
            requireSuccess("getrlimit", result, state);
            return limit;
        } catch (Throwable t) {
            throw new AssertionError("getrlimit", t);
        }
    }

    /// Makes one system call fail from now on, for this thread alone and for good: a seccomp filter. Of several filters
    /// the last one decides.
    ///
    /// @param syscall its number
    /// @param errno what it fails with
    public static void failSyscall(int syscall, int errno) {
        try (Arena arena = Arena.ofConfined()) {
            // struct sock_filter { u16 code; u8 jt, jf; u32 k; }
            MemorySegment filter = arena.allocate(4 * 8, 8);
            instruction(filter, 0, 0x20, 0, 0, 0); // BPF_LD|BPF_W|BPF_ABS: seccomp_data.nr
            instruction(filter, 1, 0x15, 0, 1, syscall); // BPF_JMP|BPF_JEQ|BPF_K: else skip one
            instruction(filter, 2, 0x06, 0, 0, 0x0005_0000 | errno); // BPF_RET|BPF_K: SECCOMP_RET_ERRNO
            instruction(filter, 3, 0x06, 0, 0, 0x7fff_0000); // BPF_RET|BPF_K: SECCOMP_RET_ALLOW
            // struct sock_fprog { unsigned short len; struct sock_filter *filter; }
            MemorySegment program = arena.allocate(16, 8);
            program.set(JAVA_SHORT, 0, (short) 4);
            program.set(JAVA_LONG, 8, filter.address());
            prctl(arena, PR_SET_NO_NEW_PRIVS, 1, 0);
            prctl(arena, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program.address());
        }
    }

    private static void instruction(MemorySegment filter, int index, int code, int jt, int jf, int k) {
        filter.set(JAVA_SHORT, index * 8L, (short) code);
        filter.set(JAVA_BYTE, index * 8L + 2, (byte) jt);
        filter.set(JAVA_BYTE, index * 8L + 3, (byte) jf);
        filter.set(JAVA_INT, index * 8L + 4, k);
    }

    private static void prctl(Arena arena, int option, long arg2, long arg3) {
        try {
            MemorySegment state = arena.allocate(STATE);
            int result = (int) PRCTL.invokeExact(state, option, arg2, arg3, 0L, 0L);
            requireSuccess("prctl(" + option + ")", result, state);
        } catch (Throwable t) {
            throw new AssertionError("prctl", t);
        }
    }

    /// Duplicates a descriptor to the lowest free number that is not below a given one; not close-on-exec.
    public static int dupAtLeast(int fd, int lowest) {
        return require("fcntl(F_DUPFD, " + lowest + ")", PosixLibc.fcntl(CallState.current(), fd, F_DUPFD, lowest));
    }

    /// Makes a number refer to the open file of another one.
    public static void dupOnto(int fd, int number) {
        require("dup3", LinuxLibc.dup3(CallState.current(), fd, number, LinuxNumbers.O_CLOEXEC));
    }

    /// Closes a number behind everybody's back.
    public static void close(int fd) {
        require("close(" + fd + ")", PosixLibc.close(CallState.current(), fd));
    }

    /// Whether a number is an open descriptor.
    public static boolean isOpen(int fd) {
        return PosixLibc.fcntl(CallState.current(), fd, LinuxNumbers.F_GETFD, 0) >= 0;
    }

    /// Whether a descriptor is closed in a child process.
    public static boolean isCloseOnExec(int fd) {
        int flags = require("fcntl(F_GETFD)", PosixLibc.fcntl(CallState.current(), fd, LinuxNumbers.F_GETFD, 0));
        return (flags & LinuxNumbers.FD_CLOEXEC) != 0;
    }

    private static int require(String call, int result) {
        if (result < 0) {
            throw new AssertionError(call + ": " + strerror(-result));
        }
        return result;
    }

    private static void requireZero(String call, int error) {
        if (error != 0) {
            throw new AssertionError(call + ": " + strerror(error));
        }
    }

    private static void requireSuccess(String call, int result, MemorySegment state) {
        if (result < 0) {
            throw new AssertionError(call + ": " + strerror((int) ERRNO.get(state, 0L)));
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle linkWithErrno(String name, FunctionDescriptor type, Linker.Option... more) {
        Linker.Option[] options = new Linker.Option[more.length + 1];
        options[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(more, 0, options, 1, more.length);
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }
}
