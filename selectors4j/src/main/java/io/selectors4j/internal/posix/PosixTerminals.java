package io.selectors4j.internal.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.selectors4j.internal.ffi.CallState;
import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.Memory;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// The functions on terminals, and on the signals that go with them, that every POSIX system has; the same rules as in
/// [PosixLibc]. Not here: `tcgetattr` and its like, whose struct differs between the C libraries of one system.
public final class PosixTerminals {

    private PosixTerminals() {}

    private static final class PosixOpenpt {
        static final MethodHandle HANDLE =
                Downcalls.linkPadded("posix_openpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    /// `int posix_openpt(int flags);`
    public static int posix_openpt(CallState state, int flags) {
        try {
            return state.result((int) (long) PosixOpenpt.HANDLE.invokeExact(state.segment(), (long) flags, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.broken("posix_openpt", t);
        }
    }

    private static final class Grantpt {
        static final MethodHandle HANDLE = Downcalls.linkPadded("grantpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    /// `int grantpt(int fd);`
    public static int grantpt(CallState state, int fd) {
        try {
            return state.result((int) (long) Grantpt.HANDLE.invokeExact(state.segment(), (long) fd, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.broken("grantpt", t);
        }
    }

    private static final class Unlockpt {
        static final MethodHandle HANDLE = Downcalls.linkPadded("unlockpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    /// `int unlockpt(int fd);`
    public static int unlockpt(CallState state, int fd) {
        try {
            return state.result((int) (long) Unlockpt.HANDLE.invokeExact(state.segment(), (long) fd, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.broken("unlockpt", t);
        }
    }

    private static final class Isatty {
        static final MethodHandle HANDLE = Downcalls.linkPadded("isatty", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    /// `int isatty(int fd);`
    ///
    /// Returns 1 or 0, never `-errno`.
    public static int isatty(CallState state, int fd) {
        try {
            return state.result((int) (long) Isatty.HANDLE.invokeExact(state.segment(), (long) fd, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.broken("isatty", t);
        }
    }

    private static final class PthreadSigmask {
        static final MethodHandle HANDLE =
                Downcalls.link("pthread_sigmask", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    }

    /// `int pthread_sigmask(int how, const sigset_t *set, sigset_t *oldset);`
    ///
    /// The C function returns errno itself; this method negates it.
    public static int pthread_sigmask(CallState state, int how, SigSet set, @Nullable SigSet oldset) {
        try {
            return -(int)
                    PthreadSigmask.HANDLE.invokeExact(state.segment(), how, set.segment(), Memory.pointer(oldset));
        } catch (Throwable t) {
            throw Downcalls.broken("pthread_sigmask", t);
        }
    }
}
