package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import org.jspecify.annotations.Nullable;

/// The system calls of io_uring. They return a value or `-errno`.
public final class IoUringCalls {

    private IoUringCalls() {}

    /// Calls io_uring_setup(2).
    public static int setup(ErrnoCapture state, int entries, IoUringParams params) {
        return Memory.keepAlive(
                (int) LinuxSyscalls.syscall(
                        state, LinuxSyscalls.SYS_IO_URING_SETUP, entries, Memory.address(params), 0, 0, 0, 0),
                params);
    }

    /// Calls io_uring_enter(2).
    public static int enter(
            ErrnoCapture state, int fd, int toSubmit, int minComplete, int flags, @Nullable IoUringWaitArgument arg) {
        return Memory.keepAlive(
                (int) LinuxSyscalls.syscall(
                        state,
                        LinuxSyscalls.SYS_IO_URING_ENTER,
                        fd,
                        toSubmit,
                        minComplete,
                        flags,
                        Memory.address(arg),
                        arg == null ? 0 : IoUringWaitArgument.SIZE),
                arg);
    }

    /// Calls io_uring_register(2).
    public static int register(ErrnoCapture state, int fd, int opcode, @Nullable Memory arg, int count) {
        return Memory.keepAlive(
                (int) LinuxSyscalls.syscall(
                        state, LinuxSyscalls.SYS_IO_URING_REGISTER, fd, opcode, Memory.address(arg), count, 0, 0),
                arg);
    }
}
