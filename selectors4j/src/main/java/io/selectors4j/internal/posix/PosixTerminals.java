package io.selectors4j.internal.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Functions of POSIX.1-2008 on terminals, and on the signals that concern them; the same rules as in [PosixLibc].
/// `tcgetattr` and its like are missing, since their struct differs between the C libraries of one system.
public final class PosixTerminals {

    private PosixTerminals() {}

    private static final class PosixOpenpt {
        static final MethodHandle HANDLE =
                Downcalls.linkAsLongs("posix_openpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    /// `int posix_openpt(int flags);`
    public static int posix_openpt(ErrnoCapture state, int flags) {
        try {
            return state.valueOrErrno(
                    (int) (long) PosixOpenpt.HANDLE.invokeExact(state.segment(), (long) flags, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("posix_openpt", t);
        }
    }

    private static final class Grantpt {
        static final MethodHandle HANDLE = Downcalls.linkAsLongs("grantpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    /// `int grantpt(int fd);`
    public static int grantpt(ErrnoCapture state, int fd) {
        try {
            return state.valueOrErrno((int) (long) Grantpt.HANDLE.invokeExact(state.segment(), (long) fd, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("grantpt", t);
        }
    }

    private static final class Unlockpt {
        static final MethodHandle HANDLE = Downcalls.linkAsLongs("unlockpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    /// `int unlockpt(int fd);`
    public static int unlockpt(ErrnoCapture state, int fd) {
        try {
            return state.valueOrErrno((int) (long) Unlockpt.HANDLE.invokeExact(state.segment(), (long) fd, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("unlockpt", t);
        }
    }

    private static final class Isatty {
        static final MethodHandle HANDLE = Downcalls.linkAsLongs("isatty", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    /// `int isatty(int fd);`
    ///
    /// Returns 1 or 0, never `-errno`.
    public static int isatty(ErrnoCapture state, int fd) {
        try {
            return state.valueOrErrno((int) (long) Isatty.HANDLE.invokeExact(state.segment(), (long) fd, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("isatty", t);
        }
    }

    private static final class Tcgetpgrp {
        static final MethodHandle HANDLE =
                Downcalls.linkAsLongs("tcgetpgrp", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    /// `pid_t tcgetpgrp(int fd);`
    public static int tcgetpgrp(ErrnoCapture state, int fd) {
        try {
            return state.valueOrErrno(
                    (int) (long) Tcgetpgrp.HANDLE.invokeExact(state.segment(), (long) fd, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("tcgetpgrp", t);
        }
    }

    private static final class Getpgrp {
        static final MethodHandle HANDLE = Downcalls.linkAsLongs("getpgrp", FunctionDescriptor.of(JAVA_INT));
    }

    /// `pid_t getpgrp(void);`
    public static int getpgrp(ErrnoCapture state) {
        try {
            return state.valueOrErrno((int) (long) Getpgrp.HANDLE.invokeExact(state.segment(), 0L, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("getpgrp", t);
        }
    }

    private static final class Raise {
        static final MethodHandle HANDLE = Downcalls.linkAsLongs("raise", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    /// `int raise(int sig);`
    ///
    /// The signal is for the calling thread, and is delivered before this method returns.
    public static int raise(ErrnoCapture state, int sig) {
        try {
            return state.valueOrErrno((int) (long) Raise.HANDLE.invokeExact(state.segment(), (long) sig, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("raise", t);
        }
    }

    private static final class PthreadSigmask {
        static final MethodHandle HANDLE =
                Downcalls.link("pthread_sigmask", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    }

    /// `int pthread_sigmask(int how, const sigset_t *set, sigset_t *oldset);`
    ///
    /// The C function returns an errno value; this method negates it.
    public static int pthread_sigmask(ErrnoCapture state, int how, SigSet set, @Nullable SigSet oldset) {
        try {
            return -(int)
                    PthreadSigmask.HANDLE.invokeExact(state.segment(), how, set.segment(), Memory.pointer(oldset));
        } catch (Throwable t) {
            throw Downcalls.rethrow("pthread_sigmask", t);
        }
    }
}
