package io.selectors4j.fd;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.posix.SockAddr;
import io.selectors4j.internal.sys.DescriptorFactory;
import io.selectors4j.internal.sys.Fcntl;
import io.selectors4j.internal.sys.SystemCall;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.util.Set;

/// Creates the sockets of [SocketFd].
final class SocketFactory {

    private static final int SO_DOMAIN =
            Platform.CURRENT.os() == Platform.Os.LINUX ? LinuxConstants.SO_DOMAIN : Constants.NONE;

    /// winsock2.h: the complement of SO_REUSEADDR.
    private static final int SO_EXCLUSIVEADDRUSE = ~Constants.SO_REUSEADDR;

    /// Errors after which accept is called again: EINTR, and those of a new connection that is already gone. accept(2):
    /// treat them like EAGAIN by retrying.
    static final Set<Integer> ACCEPT_AGAIN = Errno.known(
            Platform.CURRENT,
            "EINTR",
            "ECONNABORTED",
            "EPROTO",
            "ENETDOWN",
            "ENOPROTOOPT",
            "EHOSTDOWN",
            "ENONET",
            "EHOSTUNREACH",
            "ENETUNREACH");

    /// The kernel lowers it to its own limit, see [SocketFd#listen()].
    static final int DEFAULT_BACKLOG = Integer.MAX_VALUE;

    private SocketFactory() {}

    static SocketFd open(int domain, SocketFd.Type type, int protocol) throws IOException {
        int fd = SystemCall.check(
                DescriptorFactory.current().socket(ErrnoCapture.current(), domain, type.number, protocol),
                () -> "socket(" + SocketDomains.name(domain) + ", " + type
                        + (protocol == 0 ? ")" : ", " + protocol + ")"));
        return new SocketFd(fd, true, domain, type, true);
    }

    static SocketFd.Pair pair(SocketFd.Type type) throws IOException {
        if (Platform.IS_WINDOWS && type != SocketFd.Type.STREAM) {
            throw new UnsupportedOperationException(
                    "Windows has no socketpair(): only SocketFd.pair(STREAM) is supported there");
        }
        Ints fds = new Ints(-1, -1);
        DescriptorFactory factory = DescriptorFactory.current();
        int domain = factory.pairDomain();
        SystemCall.check(
                factory.socketpair(ErrnoCapture.current(), domain, type.number, 0, fds),
                () -> "socketpair(" + SocketDomains.name(domain) + ", " + type + ")");
        return new SocketFd.Pair(
                new SocketFd(fds.get(0), true, domain, type, true), new SocketFd(fds.get(1), true, domain, type, true));
    }

    static SocketFd server(SocketAddress address, int backlog) throws IOException {
        requireBacklog(backlog); // before bind creates a path
        SocketFd server = open(SocketDomains.of(address), SocketFd.Type.STREAM, 0);
        try {
            if (Platform.IS_WINDOWS && address instanceof InetSocketAddress) {
                // SO_REUSEADDR would let any process take the port over.
                server.setOption(Constants.SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1);
            } else if (address instanceof InetSocketAddress) {
                server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            server.bind(address);
            server.listen(backlog);
            return server;
        } catch (Throwable t) {
            server.closeAfter(t);
            throw t;
        }
    }

    static void requireBacklog(int backlog) {
        if (backlog < 0) {
            throw new IllegalArgumentException("negative backlog " + backlog);
        }
    }

    static SocketFd connection(SocketAddress address) throws IOException {
        SocketFd client = open(SocketDomains.of(address), SocketFd.Type.STREAM, 0);
        try {
            client.connect(address);
            return client;
        } catch (Throwable t) {
            client.closeAfter(t);
            throw t;
        }
    }

    /// Returns a new object of an existing socket.
    static SocketFd of(int fd, boolean owned) throws IOException {
        Fd.requireOpen(fd);
        int domain = SO_DOMAIN == Constants.NONE
                ? domainOfName(fd)
                : SocketOptions.get(fd, Constants.SOL_SOCKET, SO_DOMAIN, "SO_DOMAIN");
        int type = SocketOptions.get(fd, Constants.SOL_SOCKET, Constants.SO_TYPE, "SO_TYPE");
        return new SocketFd(fd, owned, domain, type(type), Platform.IS_WINDOWS || Fcntl.isBlocking(fd));
    }

    /// Returns a new object that owns a descriptor from another process: a [SocketFd] if it is a socket.
    static Fd received(int fd) {
        try {
            if (Constants.MSG_CMSG_CLOEXEC == Constants.NONE) {
                Fcntl.setCloseOnExec(fd);
            }
            return of(fd, true);
        } catch (IOException e) {
            return new Fd(fd, true); // ENOTSOCK
        }
    }

    /// Returns the family of the socket's local address, for systems without the option SO_DOMAIN. An unbound socket
    /// has it too.
    static int domainOfName(int fd) throws IOException {
        SockAddr name = new SockAddr();
        SystemCall.check(
                PosixSockets.getsockname(ErrnoCapture.current(), fd, name, name.length()),
                () -> "getsockname(fd=" + fd + ")");
        return name.family();
    }

    private static SocketFd.Type type(int number) {
        for (SocketFd.Type type : SocketFd.Type.values()) {
            if (type.number == number) {
                return type;
            }
        }
        return SocketFd.Type.DATAGRAM; // SOCK_DCCP and SOCK_PACKET, which the library does not support
    }
}
