package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/// System calls for which the C library has no function: none has those of io_uring, and glibc has `pidfd_open` and
/// `pidfd_send_signal` since 2.36. System calls from 424 on have the same number on every architecture.
public final class LinuxSyscalls {

    // asm-generic/unistd.h
    public static final long SYS_PIDFD_SEND_SIGNAL = 424;
    public static final long SYS_IO_URING_SETUP = 425;
    public static final long SYS_IO_URING_ENTER = 426;
    public static final long SYS_IO_URING_REGISTER = 427;
    public static final long SYS_PIDFD_OPEN = 434;

    private LinuxSyscalls() {}

    private static final class Syscall {
        static final MethodHandle HANDLE = Downcalls.linkVariadic(
                "syscall",
                1,
                FunctionDescriptor.of(
                        JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    /// `long syscall(long number, ...);` with six arguments, of which the kernel reads as many as the call has. The
    /// caller keeps memory whose address is an argument reachable until this method returns.
    public static long syscall(
            ErrnoCapture state, long number, long arg1, long arg2, long arg3, long arg4, long arg5, long arg6) {
        try {
            return state.valueOrErrno(
                    (long) Syscall.HANDLE.invokeExact(state.segment(), number, arg1, arg2, arg3, arg4, arg5, arg6));
        } catch (Throwable t) {
            throw Downcalls.rethrow("syscall", t);
        }
    }
}
