package io.selectors4j.internal.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/// Clock functions of POSIX.1-2008; the same rules as in [PosixLibc]. The values of CLOCK_* differ between systems.
public final class PosixClocks {

    private PosixClocks() {}

    private static final class ClockGettime {
        static final MethodHandle HANDLE =
                Downcalls.linkAsLongs("clock_gettime", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    }

    /// `int clock_gettime(clockid_t clockid, struct timespec *tp);`
    public static int clock_gettime(ErrnoCapture state, int clockid, Timespec tp) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (int) (long) ClockGettime.HANDLE.invokeExact(
                            state.segment(), (long) clockid, Memory.address(tp), 0L, 0L),
                    tp));
        } catch (Throwable t) {
            throw Downcalls.rethrow("clock_gettime", t);
        }
    }
}
