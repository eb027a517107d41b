package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Functions on processes; the same rules as in [LinuxLibc].
public final class LinuxProcesses {

    // linux/wait.h
    public static final int P_PID = 1;
    public static final int P_PIDFD = 3;
    public static final int WNOHANG = 0x00000001;
    public static final int WEXITED = 0x00000004;
    public static final int WNOWAIT = 0x01000000;

    // asm-generic/siginfo.h
    public static final int CLD_EXITED = 1;

    private LinuxProcesses() {}

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

    private static final class SigactionCall {
        static final MethodHandle HANDLE =
                Downcalls.linkAsLongs("sigaction", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    }

    /// `int sigaction(int signum, const struct sigaction *act, struct sigaction *oldact);`
    public static int sigaction(ErrnoCapture state, int signum, @Nullable Sigaction act, @Nullable Sigaction oldact) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (int) (long) SigactionCall.HANDLE.invokeExact(
                            state.segment(), (long) signum, Memory.address(act), Memory.address(oldact), 0L),
                    act,
                    oldact));
        } catch (Throwable t) {
            throw Downcalls.rethrow("sigaction", t);
        }
    }

    private static final class Kill {
        static final MethodHandle HANDLE =
                Downcalls.linkAsLongs("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    }

    /// `int kill(pid_t pid, int sig);`
    ///
    /// @param pid a process, or the negative number of a process group
    public static int kill(ErrnoCapture state, int pid, int sig) {
        try {
            return state.valueOrErrno(
                    (int) (long) Kill.HANDLE.invokeExact(state.segment(), (long) pid, (long) sig, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("kill", t);
        }
    }
}
