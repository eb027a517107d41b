package io.selectors4j.fd;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.posix.SockAddr;
import io.selectors4j.internal.sys.DescriptorFactory;
import io.selectors4j.internal.sys.SystemCall;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;

/// Where sockets come from.
final class SocketFactory {

    private static final int SO_DOMAIN =
            Platform.CURRENT.os() == Platform.Os.LINUX ? LinuxConstants.SO_DOMAIN : Constants.NONE;

    private SocketFactory() {}

    static SocketFd open(int domain, SocketFd.Type type, int protocol) throws IOException {
        int fd = SystemCall.check(
                DescriptorFactory.current().socket(ErrnoCapture.current(), domain, type.number, protocol),
                () -> "socket(" + SocketDomains.name(domain) + ", " + type
                        + (protocol == 0 ? ")" : ", " + protocol + ")"));
        return new SocketFd(fd, true, domain, type);
    }

    static SocketFd.Pair pair(SocketFd.Type type) throws IOException {
        Ints fds = new Ints(-1, -1);
        int unix = Constants.AF_UNIX;
        SystemCall.check(
                DescriptorFactory.current().socketpair(ErrnoCapture.current(), unix, type.number, 0, fds),
                () -> "socketpair(UNIX, " + type + ")");
        return new SocketFd.Pair(
                new SocketFd(fds.get(0), true, unix, type), new SocketFd(fds.get(1), true, unix, type));
    }

    static SocketFd server(SocketAddress address, int backlog) throws IOException {
        requireBacklog(backlog); // before a path is there that nobody listens at
        return with(open(SocketDomains.of(address), SocketFd.Type.STREAM, 0), server -> {
            if (address instanceof InetSocketAddress) {
                server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            server.bind(address);
            server.listen(backlog);
        });
    }

    static void requireBacklog(int backlog) {
        if (backlog < 0) {
            throw new IllegalArgumentException("negative backlog " + backlog);
        }
    }

    static SocketFd connection(SocketAddress address) throws IOException {
        return with(open(SocketDomains.of(address), SocketFd.Type.STREAM, 0), client -> client.connect(address));
    }

    /// An object of a socket that exists.
    static SocketFd of(int fd, boolean owned) throws IOException {
        Fd.requireOpen(fd);
        int domain = SO_DOMAIN == Constants.NONE
                ? domainOfName(fd)
                : SocketOptions.get(fd, Constants.SOL_SOCKET, SO_DOMAIN, "SO_DOMAIN");
        int type = SocketOptions.get(fd, Constants.SOL_SOCKET, Constants.SO_TYPE, "SO_TYPE");
        return new SocketFd(fd, owned, domain, type(type));
    }

    /// The family of a socket where no option says it: that of its own address, which it has even if it is bound to none.
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
        return SocketFd.Type.DATAGRAM; // SOCK_DCCP and SOCK_PACKET, of which the library knows nothing
    }

    interface Setup {
        void on(SocketFd socket) throws IOException;
    }

    /// Sets a new socket up, or closes it.
    static SocketFd with(SocketFd socket, Setup setup) throws IOException {
        boolean done = false;
        try {
            setup.on(socket);
            done = true;
            return socket;
        } finally {
            if (!done) {
                socket.close();
            }
        }
    }
}
