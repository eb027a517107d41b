package io.selectors4j.internal.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Functions that transfer several messages; the same rules as in [LinuxLibc].
public final class LinuxMessages {

    private LinuxMessages() {}

    private static final class Recvmmsg {
        static final MethodHandle HANDLE = Downcalls.link(
                "recvmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
    }

    /// `int recvmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags, struct timespec *timeout);`
    /// without timeout.
    public static int recvmmsg(ErrnoCapture state, int sockfd, MmsghdrArray msgvec, int vlen, int flags) {
        try {
            return state.valueOrErrno((int) Recvmmsg.HANDLE.invokeExact(
                    state.segment(), sockfd, msgvec.segment(), vlen, flags, MemorySegment.NULL));
        } catch (Throwable t) {
            throw Downcalls.rethrow("recvmmsg", t);
        }
    }

    private static final class Sendmmsg {
        static final MethodHandle HANDLE = Downcalls.linkAsLongs(
                "sendmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    }

    /// `int sendmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags);`
    ///
    /// @param offset the index of the first message
    public static int sendmmsg(ErrnoCapture state, int sockfd, MmsghdrArray msgvec, int offset, int vlen, int flags) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (int) (long) Sendmmsg.HANDLE.invokeExact(
                            state.segment(),
                            (long) sockfd,
                            Memory.address(msgvec) + (long) MmsghdrArray.SIZE * offset,
                            (long) vlen,
                            (long) flags),
                    msgvec));
        } catch (Throwable t) {
            throw Downcalls.rethrow("sendmmsg", t);
        }
    }
}
