package io.selectors4j.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.sys.Fcntl;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;

/// System calls that tests make without the library's knowledge. The bindings here are for functions that the library
/// does not need; the others are the library's own.
///
/// A failure throws an [AssertionError] that names errno, unless the method returns `-errno`.
public final class Libc {

    // asm-generic/errno-base.h
    public static final int EPERM = 1;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EBADF = Platform.IS_WINDOWS ? 10038 : 9; // winsock2.h: WSAENOTSOCK
    public static final int EMFILE = Platform.IS_WINDOWS ? 10024 : 24;

    /// A number that is never an open descriptor: it is above every limit that the tests run under.
    public static final int NEVER_OPEN = 1_000_000_000;

    /// The limit of open files that tests assume on Windows, which has none.
    private static final long WINDOWS_LIMIT = 12_000;

    // asm-generic/resource.h, linux/prctl.h, linux/seccomp.h, asm-generic/signal-defs.h, asm-generic/fcntl.h,
    // linux/fcntl.h, linux/fs.h
    private static final int RLIMIT_NOFILE = Platform.CURRENT.os() == Os.LINUX ? 7 : 8; // sys/resource.h of the BSDs
    private static final int PTRACE_SEIZE = 0x4206;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_SET_SECCOMP = 22;
    private static final int SECCOMP_MODE_FILTER = 2;
    private static final int SIG_BLOCK = 0;
    private static final int SIG_UNBLOCK = 1;
    private static final int F_DUPFD = 0;
    private static final int HANDLE_FLAG_INHERIT = 1; // winbase.h
    private static final int AT_FDCWD = -100;
    private static final int RENAME_EXCHANGE = 2;

    private static final MethodHandle GETTID = link("gettid");
    private static final MethodHandle TGKILL = link("tgkill", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle KILL = link("kill", JAVA_INT, JAVA_INT);
    private static final MethodHandle SETPGID = link("setpgid", JAVA_INT, JAVA_INT);
    private static final MethodHandle PTRACE =
            link("ptrace", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PTHREAD_SIGMASK = link("pthread_sigmask", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SIGACTION = link("sigaction", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle POLL = link("poll", ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle TCGETATTR = link("tcgetattr", JAVA_INT, ADDRESS);
    private static final MethodHandle TCSETATTR = link("tcsetattr", JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle CFMAKERAW = link("cfmakeraw", FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle GETRLIMIT = link("getrlimit", JAVA_INT, ADDRESS);
    private static final MethodHandle SETRLIMIT = link("setrlimit", JAVA_INT, ADDRESS);
    private static final MethodHandle SETFSUID = link("setfsuid", JAVA_INT);
    private static final MethodHandle RENAMEAT2 = link("renameat2", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle PRCTL = link("prctl", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle STRERROR = link("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private Libc() {}

    private static MethodHandle link(String name, ValueLayout... parameters) {
        return link(name, FunctionDescriptor.of(JAVA_INT, parameters));
    }

    /// Links a function. If the system lacks it, the handle throws.
    private static MethodHandle link(String name, FunctionDescriptor type) {
        if (Platform.IS_WINDOWS || Downcalls.LIBC.find(name).isPresent()) {
            return Downcalls.link(name, type);
        }
        MethodType called = type.toMethodType().insertParameterTypes(0, MemorySegment.class);
        MethodHandle thrown = MethodHandles.throwException(called.returnType(), Error.class)
                .bindTo(new UnsatisfiedLinkError("this system has no " + name + "()"));
        return MethodHandles.dropArguments(thrown, 0, called.parameterList());
    }

    private interface Call {
        int with(MemorySegment state) throws Throwable;
    }

    /// Calls a function.
    ///
    /// @return its value, or `-errno`
    private static int result(String name, Call call) {
        ErrnoCapture state = ErrnoCapture.current();
        try {
            return state.valueOrErrno(call.with(state.segment()));
        } catch (Throwable t) {
            throw Downcalls.rethrow(name, t);
        }
    }

    /// Calls a function that must not fail.
    private static int require(String name, Call call) {
        return require(name, result(name, call));
    }

    private static int require(String name, int result) {
        if (result < 0) {
            throw new AssertionError(name + ": " + strerror(-result));
        }
        return result;
    }

    /// `char *strerror(int errnum);`
    @SuppressWarnings("restricted")
    public static String strerror(int errnum) {
        if (Platform.IS_WINDOWS) {
            return Errno.text(errnum);
        }
        ErrnoCapture state = ErrnoCapture.current();
        MemorySegment text;
        try {
            text = (MemorySegment) STRERROR.invokeExact(state.segment(), errnum);
        } catch (Throwable t) {
            throw Downcalls.rethrow("strerror", t);
        }
        return text.reinterpret(256).getString(0);
    }

    /// Closes a number without telling the library.
    public static void close(int fd) {
        require("close", PosixLibc.close(ErrnoCapture.current(), fd));
    }

    /// Duplicates a descriptor to the lowest free number, without close-on-exec; on Windows to any number.
    public static int dup(int fd) {
        return Platform.IS_WINDOWS ? require("WSADuplicateSocketW", Fcntl.duplicate(fd)) : dupAtLeast(fd, 0);
    }

    /// Duplicates a descriptor as [#dup] does, if that is possible.
    ///
    /// @return the number, or `-errno`
    public static int tryDup(int fd) {
        return Platform.IS_WINDOWS ? Fcntl.duplicate(fd) : PosixLibc.fcntl(ErrnoCapture.current(), fd, F_DUPFD, 0);
    }

    /// Duplicates a descriptor to the lowest free number not below a given one, without close-on-exec.
    public static int dupAtLeast(int fd, int lowest) {
        return require("fcntl(F_DUPFD)", PosixLibc.fcntl(ErrnoCapture.current(), fd, F_DUPFD, lowest));
    }

    /// Duplicates a descriptor onto a given number, without close-on-exec.
    public static void dupOnto(int fd, int number) {
        require("dup2", PosixLibc.dup2(ErrnoCapture.current(), fd, number));
    }

    /// Returns whether a number is an open descriptor.
    public static boolean isOpen(int fd) {
        return Fcntl.isOpen(fd);
    }

    /// Returns whether a descriptor is closed by execve(2).
    public static boolean isCloseOnExec(int fd) {
        int flags = require("fcntl(F_GETFD)", PosixLibc.fcntl(ErrnoCapture.current(), fd, Constants.F_GETFD, 0));
        return (flags & Constants.FD_CLOEXEC) != 0;
    }

    /// Returns whether a child process inherits a descriptor.
    public static boolean isInherited(int fd) {
        return Platform.IS_WINDOWS ? isHandleInherited(fd) : !isCloseOnExec(fd);
    }

    /// `BOOL GetHandleInformation(HANDLE hObject, LPDWORD lpdwFlags);`
    private static boolean isHandleInherited(int handle) {
        MethodHandle information = Downcalls.link(
                Downcalls.library("kernel32").orElseThrow(),
                "GetHandleInformation",
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment flags = arena.allocate(JAVA_INT);
            int result =
                    result("GetHandleInformation", state -> (int) information.invokeExact(state, (long) handle, flags));
            if (result == 0) {
                throw new AssertionError("GetHandleInformation: no handle " + handle);
            }
            return (flags.get(JAVA_INT, 0) & HANDLE_FLAG_INHERIT) != 0;
        }
    }

    /// Opens a socket that child processes inherit.
    public static int inheritedSocket() {
        return require(
                "socket", PosixSockets.socket(ErrnoCapture.current(), Constants.AF_INET, Constants.SOCK_STREAM, 0));
    }

    /// Reads eight bytes, on Windows of a socket.
    ///
    /// @return the bytes as a number, `-errno`, or -1000 at the end of the data
    public static long readLong(int fd, MemorySegment buffer) {
        ErrnoCapture state = ErrnoCapture.current();
        long count = Platform.IS_WINDOWS
                ? PosixSockets.recv(state, fd, buffer, Long.BYTES, 0)
                : PosixLibc.read(state, fd, buffer, Long.BYTES);
        return count == 0 ? -1000 : count < 0 ? count : buffer.get(JAVA_LONG, 0);
    }

    /// `int poll(struct pollfd *fds, nfds_t nfds, int timeout);` for no descriptors.
    ///
    /// @return 0 or `-errno`
    public static int pollNothing(int millis) {
        return result("poll", state -> (int) POLL.invokeExact(state, MemorySegment.NULL, 0L, millis));
    }

    /// `void cfmakeraw(struct termios *termios_p);` between `tcgetattr` and `tcsetattr(TCSANOW)`.
    public static void makeRaw(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment termios = arena.allocate(128, 8); // at most 60 bytes
            require("tcgetattr", state -> (int) TCGETATTR.invokeExact(state, fd, termios));
            require("cfmakeraw", state -> {
                CFMAKERAW.invokeExact(state, termios);
                return 0;
            });
            require("tcsetattr", state -> (int) TCSETATTR.invokeExact(state, fd, 0, termios));
        }
    }

    /// `pid_t gettid(void);`
    public static int gettid() {
        return require("gettid", state -> (int) GETTID.invokeExact(state));
    }

    /// `int kill(pid_t pid, int sig);`
    public static void kill(long pid, int signal) {
        require("kill", state -> (int) KILL.invokeExact(state, (int) pid, signal));
    }

    /// `int tgkill(pid_t tgid, pid_t tid, int sig);` for a thread of this process.
    public static void tgkill(int tid, int signal) {
        if (!tryTgkill(tid, signal)) {
            throw new AssertionError("tgkill: there is no thread " + tid);
        }
    }

    /// Sends a signal to a thread that may have ended.
    ///
    /// @return whether the thread exists
    public static boolean tryTgkill(int tid, int signal) {
        int tgid = (int) ProcessHandle.current().pid();
        int result = result("tgkill", state -> (int) TGKILL.invokeExact(state, tgid, tid, signal));
        return result != -ESRCH && require("tgkill", result) == 0;
    }

    /// `setpgid(pid, pgid)`.
    public static void setpgid(int pid, int pgid) {
        require("setpgid", state -> (int) SETPGID.invokeExact(state, pid, pgid));
    }

    /// Makes this thread the tracer of a process, until the thread ends: `ptrace(PTRACE_SEIZE, ...)`.
    public static void trace(int pid) {
        require("ptrace", state -> (int) (long) PTRACE.invokeExact(state, PTRACE_SEIZE, pid, 0L, 0L));
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
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(128, 8);
            set.set(JAVA_LONG, 0, 1L << (signal - 1));
            int error = result(
                    "pthread_sigmask", state -> (int) PTHREAD_SIGMASK.invokeExact(state, how, set, MemorySegment.NULL));
            require("pthread_sigmask", -error);
        }
    }

    /// Returns whether a signal is blocked for this thread.
    public static boolean isBlocked(int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(128, 8);
            int error = result("pthread_sigmask", state ->
                    (int) PTHREAD_SIGMASK.invokeExact(state, SIG_BLOCK, MemorySegment.NULL, set));
            require("pthread_sigmask", -error);
            return (set.get(JAVA_LONG, 0) & (1L << (signal - 1))) != 0;
        }
    }

    /// Installs a handler that interrupts system calls (EINTR) instead of restarting them, and does nothing else. The
    /// handler is `abs`, which takes an int and is async-signal-safe.
    ///
    /// @return restores the previous action
    public static Runnable interruptOn(int signal) {
        // struct sigaction of glibc and musl: handler, mask of 128 bytes, flags, restorer
        MemorySegment action = Arena.ofAuto().allocate(152, 8);
        action.set(ADDRESS, 0, Linker.nativeLinker().defaultLookup().findOrThrow("abs"));
        MemorySegment before = Arena.ofAuto().allocate(152, 8);
        sigaction(signal, action, before);
        return () -> sigaction(signal, before, MemorySegment.NULL);
    }

    /// Restores the default action of a signal: `SIG_DFL`.
    public static void defaultAction(int signal) {
        sigaction(signal, Arena.ofAuto().allocate(152, 8), MemorySegment.NULL);
    }

    private static void sigaction(int signal, MemorySegment action, MemorySegment before) {
        require("sigaction", state -> (int) SIGACTION.invokeExact(state, signal, action, before));
    }

    /// Drops the file privileges of root for this thread, which should end soon: `setfsuid(65534)`. Without root
    /// privileges it has no effect.
    public static void dropFilePrivileges() {
        require("setfsuid", state -> (int) SETFSUID.invokeExact(state, 65534));
    }

    /// Renames a file over another one, or a directory over an empty one: `rename`.
    public static void rename(Path from, Path to) {
        renameat2(from, to, 0);
    }

    /// Exchanges two files atomically: `renameat2(..., RENAME_EXCHANGE)`.
    public static void exchange(Path one, Path other) {
        renameat2(one, other, RENAME_EXCHANGE);
    }

    private static void renameat2(Path one, Path other, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = arena.allocateFrom(one.toString());
            MemorySegment to = arena.allocateFrom(other.toString());
            require("renameat2", state -> (int) RENAMEAT2.invokeExact(state, AT_FDCWD, from, AT_FDCWD, to, flags));
        }
    }

    /// Returns the soft limit of open files.
    public static long openFilesLimit() {
        if (Platform.IS_WINDOWS) {
            return WINDOWS_LIMIT;
        }
        try (Arena arena = Arena.ofConfined()) {
            return rlimit(arena).get(JAVA_LONG, 0);
        }
    }

    /// Sets the soft limit of open files, at most to the hard limit.
    public static void setOpenFilesLimit(long soft) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = rlimit(arena);
            limit.set(JAVA_LONG, 0, soft);
            require("setrlimit", state -> (int) SETRLIMIT.invokeExact(state, RLIMIT_NOFILE, limit));
        }
    }

    private static MemorySegment rlimit(Arena arena) {
        MemorySegment limit = arena.allocate(JAVA_LONG, 2);
        require("getrlimit", state -> (int) GETRLIMIT.invokeExact(state, RLIMIT_NOFILE, limit));
        return limit;
    }

    /// Makes a system call fail for this thread, permanently, by a seccomp filter. The last filter added takes
    /// precedence.
    ///
    /// @param syscall the number of the system call
    /// @param errno the errno it fails with
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
            prctl(PR_SET_NO_NEW_PRIVS, 1, 0);
            prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program.address());
        }
    }

    private static void instruction(MemorySegment filter, int index, int code, int jt, int jf, int k) {
        filter.set(JAVA_SHORT, index * 8L, (short) code);
        filter.set(JAVA_BYTE, index * 8L + 2, (byte) jt);
        filter.set(JAVA_BYTE, index * 8L + 3, (byte) jf);
        filter.set(JAVA_INT, index * 8L + 4, k);
    }

    private static void prctl(int option, long arg2, long arg3) {
        require("prctl(" + option + ")", state -> (int) PRCTL.invokeExact(state, option, arg2, arg3, 0L, 0L));
    }
}
