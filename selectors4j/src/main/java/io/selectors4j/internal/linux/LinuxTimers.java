package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.posix.Constants;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// timerfd(2); the same rules as in [LinuxLibc]. The constants are the same on every architecture.
public final class LinuxTimers {

    // linux/time.h
    public static final int CLOCK_REALTIME = 0;
    public static final int CLOCK_MONOTONIC = 1;
    public static final int CLOCK_BOOTTIME = 7;
    public static final int CLOCK_REALTIME_ALARM = 8;
    public static final int CLOCK_BOOTTIME_ALARM = 9;

    // linux/timerfd.h
    public static final int TFD_TIMER_ABSTIME = 1;
    public static final int TFD_TIMER_CANCEL_ON_SET = 2;
    public static final int TFD_CLOEXEC = Constants.O_CLOEXEC;

    private LinuxTimers() {}

    private static final class TimerfdCreate {
        static final MethodHandle HANDLE =
                Downcalls.linkAsLongs("timerfd_create", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    }

    /// `int timerfd_create(int clockid, int flags);`
    public static int timerfd_create(ErrnoCapture state, int clockid, int flags) {
        try {
            return state.valueOrErrno((int)
                    (long) TimerfdCreate.HANDLE.invokeExact(state.segment(), (long) clockid, (long) flags, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("timerfd_create", t);
        }
    }

    private static final class TimerfdSettime {
        static final MethodHandle HANDLE = Downcalls.link(
                "timerfd_settime", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    }

    /// `int timerfd_settime(int fd, int flags, const struct itimerspec *new_value, struct itimerspec *old_value);`
    public static int timerfd_settime(
            ErrnoCapture state, int fd, int flags, Itimerspec new_value, @Nullable Itimerspec old_value) {
        try {
            return state.valueOrErrno((int) TimerfdSettime.HANDLE.invokeExact(
                    state.segment(), fd, flags, new_value.segment(), Memory.pointer(old_value)));
        } catch (Throwable t) {
            throw Downcalls.rethrow("timerfd_settime", t);
        }
    }

    private static final class TimerfdGettime {
        static final MethodHandle HANDLE =
                Downcalls.linkAsLongs("timerfd_gettime", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    }

    /// `int timerfd_gettime(int fd, struct itimerspec *curr_value);`
    public static int timerfd_gettime(ErrnoCapture state, int fd, Itimerspec curr_value) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (int) (long) TimerfdGettime.HANDLE.invokeExact(
                            state.segment(), (long) fd, Memory.address(curr_value), 0L, 0L),
                    curr_value));
        } catch (Throwable t) {
            throw Downcalls.rethrow("timerfd_gettime", t);
        }
    }
}
