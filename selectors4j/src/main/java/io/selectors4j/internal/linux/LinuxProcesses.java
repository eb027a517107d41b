package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/// Functions on processes; the same rules as in [LinuxLibc].
///
/// `pidfd_open` and `pidfd_send_signal` go through `syscall`, since glibc has them since 2.36 only. System calls from
/// 424 on have the same number on every architecture.
public final class LinuxProcesses {

    // asm-generic/unistd.h
    public static final long SYS_PIDFD_SEND_SIGNAL = 424;
    public static final long SYS_PIDFD_OPEN = 434;

    // linux/wait.h
    public static final int P_PIDFD = 3;
    public static final int WNOHANG = 0x00000001;
    public static final int WEXITED = 0x00000004;
    public static final int WNOWAIT = 0x01000000;

    // asm-generic/siginfo.h
    public static final int CLD_EXITED = 1;

    private LinuxProcesses() {}

    private static final class Syscall {
        static final MethodHandle HANDLE = Downcalls.linkVariadic(
                "syscall", 1, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    /// `long syscall(long number, ...);` with four arguments, of which the kernel reads as many as the call has.
    public static long syscall(ErrnoCapture state, long number, long arg1, long arg2, long arg3, long arg4) {
        try {
            return state.valueOrErrno(
                    (long) Syscall.HANDLE.invokeExact(state.segment(), number, arg1, arg2, arg3, arg4));
        } catch (Throwable t) {
            throw Downcalls.rethrow("syscall", t);
        }
    }

    private static final class Waitid {
        static final MethodHandle HANDLE =
                Downcalls.link("waitid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    }

    /// `int waitid(idtype_t idtype, id_t id, siginfo_t *infop, int options);`
    public static int waitid(ErrnoCapture state, int idtype, int id, Siginfo infop, int options) {
        try {
            return state.valueOrErrno(
                    (int) Waitid.HANDLE.invokeExact(state.segment(), idtype, id, infop.segment(), options));
        } catch (Throwable t) {
            throw Downcalls.rethrow("waitid", t);
        }
    }
}
