package io.selectors4j.internal.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.selectors4j.internal.ffi.Downcalls;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Functions of POSIX.1-2024 (issue 8). Linux and the BSDs have had them for long; macOS lacks them. The same rules as
/// in [PosixLibc].
public final class PosixIssue8 {

    private PosixIssue8() {}

    /// The handles of the shared shape.
    private static final class Shared {
        static final MethodHandle ACCEPT4 =
                Downcalls.linkAsLongs("accept4", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
        static final MethodHandle PIPE2 =
                Downcalls.linkAsLongs("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    }

    /// `int accept4(int sockfd, struct sockaddr *addr, socklen_t *addrlen, int flags);`
    public static int accept4(ErrnoCapture state, int sockfd, SockAddr addr, Ints addrlen, int flags) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (int) (long) Shared.ACCEPT4.invokeExact(
                            state.segment(), (long) sockfd, Memory.address(addr), Memory.address(addrlen), (long)
                                    flags),
                    addr,
                    addrlen));
        } catch (Throwable t) {
            throw Downcalls.rethrow("accept4", t);
        }
    }

    /// `int pipe2(int pipefd[2], int flags);`
    public static int pipe2(ErrnoCapture state, Ints pipefd, int flags) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (int) (long)
                            Shared.PIPE2.invokeExact(state.segment(), Memory.address(pipefd), (long) flags, 0L, 0L),
                    pipefd));
        } catch (Throwable t) {
            throw Downcalls.rethrow("pipe2", t);
        }
    }

    private static final class Ppoll {
        static final MethodHandle HANDLE = NfdsT.asLong(
                1, Downcalls.link("ppoll", FunctionDescriptor.of(JAVA_INT, ADDRESS, NfdsT.CURRENT, ADDRESS, ADDRESS)));
    }

    /// `int ppoll(struct pollfd *fds, nfds_t nfds, const struct timespec *tmo_p, const sigset_t *sigmask);`
    public static int ppoll(
            ErrnoCapture state, PollFds fds, long nfds, @Nullable Timespec tmo_p, @Nullable SigSet sigmask) {
        try {
            return state.valueOrErrno((int) Ppoll.HANDLE.invokeExact(
                    state.segment(), fds.segment(), nfds, Memory.pointer(tmo_p), Memory.pointer(sigmask)));
        } catch (Throwable t) {
            throw Downcalls.rethrow("ppoll", t);
        }
    }
}
