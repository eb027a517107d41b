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

/// Socket functions of POSIX.1-2008; the same rules as in [PosixLibc].
public final class PosixSockets {

    private PosixSockets() {}

    /// The handles of the shared shape. They are linked together: in a known shape that costs next to nothing.
    private static final class Shared {
        static final MethodHandle GETPEERNAME =
                Downcalls.linkAsLongs("getpeername", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
        static final MethodHandle GETSOCKNAME =
                Downcalls.linkAsLongs("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
        static final MethodHandle ACCEPT =
                Downcalls.linkAsLongs("accept", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
        static final MethodHandle SOCKET =
                Downcalls.linkAsLongs("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        static final MethodHandle SOCKETPAIR = Downcalls.linkAsLongs(
                "socketpair", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
        static final MethodHandle BIND =
                Downcalls.linkAsLongs("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
        static final MethodHandle LISTEN =
                Downcalls.linkAsLongs("listen", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        static final MethodHandle CONNECT =
                Downcalls.linkAsLongs("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
        static final MethodHandle SHUTDOWN =
                Downcalls.linkAsLongs("shutdown", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        static final MethodHandle SEND =
                Downcalls.linkAsLongs("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        static final MethodHandle RECV =
                Downcalls.linkAsLongs("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    }

    /// `int socket(int domain, int type, int protocol);`
    public static int socket(ErrnoCapture state, int domain, int type, int protocol) {
        try {
            return state.valueOrErrno((int)
                    (long) Shared.SOCKET.invokeExact(state.segment(), (long) domain, (long) type, (long) protocol, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("socket", t);
        }
    }

    /// `int socketpair(int domain, int type, int protocol, int sv[2]);`
    public static int socketpair(ErrnoCapture state, int domain, int type, int protocol, Ints sv) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (int) (long) Shared.SOCKETPAIR.invokeExact(
                            state.segment(), (long) domain, (long) type, (long) protocol, Memory.address(sv)),
                    sv));
        } catch (Throwable t) {
            throw Downcalls.rethrow("socketpair", t);
        }
    }

    /// `int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen);`
    public static int bind(ErrnoCapture state, int sockfd, SockAddr addr, int addrlen) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (int) (long) Shared.BIND.invokeExact(
                            state.segment(), (long) sockfd, Memory.address(addr), (long) addrlen, 0L),
                    addr));
        } catch (Throwable t) {
            throw Downcalls.rethrow("bind", t);
        }
    }

    /// `int listen(int sockfd, int backlog);`
    public static int listen(ErrnoCapture state, int sockfd, int backlog) {
        try {
            return state.valueOrErrno(
                    (int) (long) Shared.LISTEN.invokeExact(state.segment(), (long) sockfd, (long) backlog, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("listen", t);
        }
    }

    /// `int accept(int sockfd, struct sockaddr *addr, socklen_t *addrlen);`
    public static int accept(ErrnoCapture state, int sockfd, SockAddr addr, Ints addrlen) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (int) (long) Shared.ACCEPT.invokeExact(
                            state.segment(), (long) sockfd, Memory.address(addr), Memory.address(addrlen), 0L),
                    addr,
                    addrlen));
        } catch (Throwable t) {
            throw Downcalls.rethrow("accept", t);
        }
    }

    /// `int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen);`
    public static int connect(ErrnoCapture state, int sockfd, SockAddr addr, int addrlen) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (int) (long) Shared.CONNECT.invokeExact(
                            state.segment(), (long) sockfd, Memory.address(addr), (long) addrlen, 0L),
                    addr));
        } catch (Throwable t) {
            throw Downcalls.rethrow("connect", t);
        }
    }

    /// `int shutdown(int sockfd, int how);`
    public static int shutdown(ErrnoCapture state, int sockfd, int how) {
        try {
            return state.valueOrErrno(
                    (int) (long) Shared.SHUTDOWN.invokeExact(state.segment(), (long) sockfd, (long) how, 0L, 0L));
        } catch (Throwable t) {
            throw Downcalls.rethrow("shutdown", t);
        }
    }

    /// `int getsockname(int sockfd, struct sockaddr *addr, socklen_t *addrlen);`
    public static int getsockname(ErrnoCapture state, int sockfd, SockAddr addr, Ints addrlen) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (int) (long) Shared.GETSOCKNAME.invokeExact(
                            state.segment(), (long) sockfd, Memory.address(addr), Memory.address(addrlen), 0L),
                    addr,
                    addrlen));
        } catch (Throwable t) {
            throw Downcalls.rethrow("getsockname", t);
        }
    }

    /// `int getpeername(int sockfd, struct sockaddr *addr, socklen_t *addrlen);`
    public static int getpeername(ErrnoCapture state, int sockfd, SockAddr addr, Ints addrlen) {
        try {
            return state.valueOrErrno(Memory.keepAlive(
                    (int) (long) Shared.GETPEERNAME.invokeExact(
                            state.segment(), (long) sockfd, Memory.address(addr), Memory.address(addrlen), 0L),
                    addr,
                    addrlen));
        } catch (Throwable t) {
            throw Downcalls.rethrow("getpeername", t);
        }
    }

    private static final class Getsockopt {
        static final MethodHandle HANDLE = Downcalls.link(
                "getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    }

    /// `int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen);`
    public static int getsockopt(ErrnoCapture state, int sockfd, int level, int optname, Memory optval, Ints optlen) {
        try {
            return state.valueOrErrno((int) Getsockopt.HANDLE.invokeExact(
                    state.segment(), sockfd, level, optname, optval.segment(), optlen.segment()));
        } catch (Throwable t) {
            throw Downcalls.rethrow("getsockopt", t);
        }
    }

    private static final class Setsockopt {
        static final MethodHandle HANDLE = Downcalls.link(
                "setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    }

    /// `int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen);`
    public static int setsockopt(ErrnoCapture state, int sockfd, int level, int optname, Memory optval, int optlen) {
        try {
            return state.valueOrErrno((int)
                    Setsockopt.HANDLE.invokeExact(state.segment(), sockfd, level, optname, optval.segment(), optlen));
        } catch (Throwable t) {
            throw Downcalls.rethrow("setsockopt", t);
        }
    }

    /// `ssize_t send(int sockfd, const void *buf, size_t len, int flags);`; the caller keeps the memory reachable until
    /// the call has returned.
    public static long send(ErrnoCapture state, int sockfd, long buf, long len, int flags) {
        try {
            return state.valueOrErrno(
                    (long) Shared.SEND.invokeExact(state.segment(), (long) sockfd, buf, len, (long) flags));
        } catch (Throwable t) {
            throw Downcalls.rethrow("send", t);
        }
    }

    private static final class SendSegment {
        static final MethodHandle HANDLE = Downcalls.linkWithBuffer(
                "send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    }

    /// `ssize_t send(int sockfd, const void *buf, size_t len, int flags);`; another thread may close the arena of the
    /// memory.
    public static long send(ErrnoCapture state, int sockfd, MemorySegment buf, long len, int flags) {
        try {
            return state.valueOrErrno(
                    (long) SendSegment.HANDLE.invokeExact(state.segment(), (long) sockfd, buf, len, (long) flags));
        } catch (Throwable t) {
            throw Downcalls.rethrow("send", t);
        }
    }

    /// `ssize_t recv(int sockfd, void *buf, size_t len, int flags);`; the caller keeps the memory reachable until the
    /// call has returned.
    public static long recv(ErrnoCapture state, int sockfd, long buf, long len, int flags) {
        try {
            return state.valueOrErrno(
                    (long) Shared.RECV.invokeExact(state.segment(), (long) sockfd, buf, len, (long) flags));
        } catch (Throwable t) {
            throw Downcalls.rethrow("recv", t);
        }
    }

    private static final class RecvSegment {
        static final MethodHandle HANDLE = Downcalls.linkWithBuffer(
                "recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    }

    /// `ssize_t recv(int sockfd, void *buf, size_t len, int flags);`; another thread may close the arena of the memory.
    public static long recv(ErrnoCapture state, int sockfd, MemorySegment buf, long len, int flags) {
        try {
            return state.valueOrErrno(
                    (long) RecvSegment.HANDLE.invokeExact(state.segment(), (long) sockfd, buf, len, (long) flags));
        } catch (Throwable t) {
            throw Downcalls.rethrow("recv", t);
        }
    }

    private static final class Sendto {
        static final MethodHandle HANDLE = Downcalls.link(
                "sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    }

    /// `ssize_t sendto(int sockfd, const void *buf, size_t len, int flags, const struct sockaddr *dest_addr, socklen_t
    /// addrlen);`
    public static long sendto(
            ErrnoCapture state, int sockfd, MemorySegment buf, long len, int flags, SockAddr dest_addr, int addrlen) {
        try {
            return state.valueOrErrno((long)
                    Sendto.HANDLE.invokeExact(state.segment(), sockfd, buf, len, flags, dest_addr.segment(), addrlen));
        } catch (Throwable t) {
            throw Downcalls.rethrow("sendto", t);
        }
    }

    private static final class Recvfrom {
        static final MethodHandle HANDLE = Downcalls.link(
                "recvfrom", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS));
    }

    /// `ssize_t recvfrom(int sockfd, void *buf, size_t len, int flags, struct sockaddr *src_addr, socklen_t *addrlen);`
    public static long recvfrom(
            ErrnoCapture state, int sockfd, MemorySegment buf, long len, int flags, SockAddr src_addr, Ints addrlen) {
        try {
            return state.valueOrErrno((long) Recvfrom.HANDLE.invokeExact(
                    state.segment(), sockfd, buf, len, flags, src_addr.segment(), addrlen.segment()));
        } catch (Throwable t) {
            throw Downcalls.rethrow("recvfrom", t);
        }
    }
}
