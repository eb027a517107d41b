package io.selectors4j.internal.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// `ioctl`, whose prototype in POSIX.1-2008 no system has; the same rules as in [PosixLibc].
public final class UnixIoctl {

    private UnixIoctl() {}

    private static final class Ioctl {
        static final MethodHandle HANDLE =
                Downcalls.linkVariadic("ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    }

    /// `int ioctl(int fd, unsigned long request, ... /* void *argp */);`
    ///
    /// The request is an `int` in musl, which passes its low 32 bits to the kernel as well.
    public static int ioctl(ErrnoCapture state, int fd, long request, Memory argp) {
        try {
            return state.valueOrErrno((int) Ioctl.HANDLE.invokeExact(state.segment(), fd, request, argp.segment()));
        } catch (Throwable t) {
            throw Downcalls.rethrow("ioctl", t);
        }
    }

    /// `int ioctl(int fd, unsigned long request, ... /* void *argp */);`; the argument is a number, not an address.
    public static int ioctl(ErrnoCapture state, int fd, long request, int argument) {
        try {
            return state.valueOrErrno(
                    (int) Ioctl.HANDLE.invokeExact(state.segment(), fd, request, MemorySegment.ofAddress(argument)));
        } catch (Throwable t) {
            throw Downcalls.rethrow("ioctl", t);
        }
    }
}
