package io.selectors4j.nio;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import org.jspecify.annotations.Nullable;

/// What the channels of sockets share.
final class Sockets {

    private Sockets() {}

    /// Opens a non-blocking socket.
    static SocketFd open(StandardProtocolFamily family, SocketFd.Type type) throws IOException {
        SocketFd fd;
        try {
            fd = SocketFd.open(family, type);
        } catch (IOException e) {
            throw Failures.ofSocket(e);
        }
        try {
            fd.setBlocking(false);
            if (family == StandardProtocolFamily.INET6) {
                fd.setOption(SocketFd.IPV6_V6ONLY, false);
            }
            return fd;
        } catch (Throwable t) {
            fd.close();
            throw t;
        }
    }

    /// Opens a non-blocking socket that is to listen.
    static SocketFd openServer(StandardProtocolFamily family) throws IOException {
        SocketFd fd = open(family, SocketFd.Type.STREAM);
        try {
            if (family != StandardProtocolFamily.UNIX) {
                fd.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            return fd;
        } catch (Throwable t) {
            fd.close();
            throw t;
        }
    }

    /// Binds a socket.
    ///
    /// @param address the address; null for any address of an internet socket, or no name of a Unix socket
    /// @return the address that the socket has got
    static SocketAddress bind(SocketFd fd, @Nullable SocketAddress address, StandardProtocolFamily family)
            throws IOException {
        SocketAddress checked = Addresses.forBind(address, family);
        if (checked.equals(Addresses.UNNAMED)) {
            return checked;
        }
        try {
            fd.bind(checked);
            return fd.localAddress();
        } catch (IOException e) {
            throw Failures.ofSocket(e);
        }
    }

    /// A call of shutdown(2).
    @FunctionalInterface
    interface Shutdown {
        void run() throws IOException;
    }

    /// Shuts down one direction. Does nothing if the peer has ended the connection.
    static void shutdown(Shutdown shutdown) throws IOException {
        try {
            shutdown.run();
        } catch (NativeIOException e) {
            if (!e.errnoName().equals("ENOTCONN")) {
                throw Failures.ofSocket(e);
            }
        }
    }

}
