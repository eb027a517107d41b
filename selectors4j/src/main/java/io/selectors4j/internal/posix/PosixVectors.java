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

/// Functions of POSIX.1-2008 that transfer several buffers; the same rules as in [PosixLibc].
///
/// The caller keeps the memory of all elements reachable until the call has returned. Another thread may close one
/// arena of this memory: a segment of this arena is passed as `keptOpen`, otherwise [MemorySegment#NULL].
public final class PosixVectors {

    private PosixVectors() {}

    /// The handles of one shape. They are linked together: in a known shape that costs next to nothing.
    private static final class Shared {
        static final MethodHandle READV =
                Downcalls.linkKeepingOpen("readv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
        static final MethodHandle WRITEV =
                Downcalls.linkKeepingOpen("writev", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
        static final MethodHandle RECVMSG =
                Downcalls.linkKeepingOpen("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
        static final MethodHandle SENDMSG =
                Downcalls.linkKeepingOpen("sendmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    }

    /// `ssize_t readv(int fd, const struct iovec *iov, int iovcnt);`
    public static long readv(ErrnoCapture state, int fd, IovecArray iov, int iovcnt, MemorySegment keptOpen) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (long) Shared.READV.invokeExact(
                            state.segment(), (long) fd, Memory.address(iov), (long) iovcnt, keptOpen),
                    iov));
        } catch (Throwable t) {
            throw Downcalls.rethrow("readv", t);
        }
    }

    /// `ssize_t writev(int fd, const struct iovec *iov, int iovcnt);`
    public static long writev(ErrnoCapture state, int fd, IovecArray iov, int iovcnt, MemorySegment keptOpen) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (long) Shared.WRITEV.invokeExact(
                            state.segment(), (long) fd, Memory.address(iov), (long) iovcnt, keptOpen),
                    iov));
        } catch (Throwable t) {
            throw Downcalls.rethrow("writev", t);
        }
    }

    /// `ssize_t recvmsg(int sockfd, struct msghdr *msg, int flags);`
    public static long recvmsg(ErrnoCapture state, int sockfd, Msghdr msg, int flags, MemorySegment keptOpen) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (long) Shared.RECVMSG.invokeExact(
                            state.segment(), (long) sockfd, Memory.address(msg), (long) flags, keptOpen),
                    msg));
        } catch (Throwable t) {
            throw Downcalls.rethrow("recvmsg", t);
        }
    }

    /// `ssize_t sendmsg(int sockfd, const struct msghdr *msg, int flags);`
    public static long sendmsg(ErrnoCapture state, int sockfd, Msghdr msg, int flags, MemorySegment keptOpen) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (long) Shared.SENDMSG.invokeExact(
                            state.segment(), (long) sockfd, Memory.address(msg), (long) flags, keptOpen),
                    msg));
        } catch (Throwable t) {
            throw Downcalls.rethrow("sendmsg", t);
        }
    }
}
