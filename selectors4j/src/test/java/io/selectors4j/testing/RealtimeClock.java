package io.selectors4j.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Sets the system clock by a nanosecond, which only timers notice.
public final class RealtimeClock {

    private static final MethodHandle ADJTIMEX = Downcalls.link("adjtimex", FunctionDescriptor.of(JAVA_INT, ADDRESS));

    // linux/timex.h
    private static final int ADJ_SETOFFSET = 0x0100;
    private static final int ADJ_NANO = 0x2000;
    private static final long SIZE = 208; // sizeof(struct timex)
    private static final long TIME = 72;

    private RealtimeClock() {}

    /// Returns whether this process may set the clock.
    public static boolean isSettable() {
        return shift(0) >= 0;
    }

    /// Sets the clock forward by a nanosecond and back. A shift by 0 would not notify the timers of the kernel.
    public static void jump() {
        if (shift(1) < 0) {
            throw new AssertionError("the clock cannot be set");
        }
        shift(-1);
    }

    /// `int adjtimex(struct timex *buf);`
    private static int shift(long nanos) {
        ErrnoCapture state = ErrnoCapture.current();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timex = arena.allocate(SIZE, Long.BYTES);
            timex.set(JAVA_INT, 0, ADJ_SETOFFSET | ADJ_NANO);
            timex.set(JAVA_LONG, TIME, Math.floorDiv(nanos, 1_000_000_000L));
            timex.set(JAVA_LONG, TIME + 8, Math.floorMod(nanos, 1_000_000_000L));
            return adjtimex(state, timex);
        }
    }

    private static int adjtimex(ErrnoCapture state, MemorySegment timex) {
        try {
            return state.valueOrErrno((int) ADJTIMEX.invokeExact(state.segment(), timex));
        } catch (Throwable t) {
            throw Downcalls.rethrow("adjtimex", t);
        }
    }
}
