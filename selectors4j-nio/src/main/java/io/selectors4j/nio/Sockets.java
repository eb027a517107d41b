package io.selectors4j.nio;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What the channels of sockets share.
final class Sockets {

    /// The shortest and the longest pause between two connects to a Unix socket whose queue is full.
    private static final long MIN_PAUSE_NANOS = 100_000;

    private static final long MAX_PAUSE_NANOS = 10_000_000;

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
        bindTo(fd, checked);
        return fd.localAddress();
    }

    /// Binds a socket to an address that [Addresses] has checked.
    static void bindTo(SocketFd fd, SocketAddress address) throws IOException {
        try {
            fd.bind(Addresses.scoped(address));
        } catch (IOException e) {
            throw Failures.ofSocket(e);
        } catch (IllegalArgumentException e) {
            throw pathTooLong(e);
        }
    }

    /// Connects a socket to an address that [Addresses] has checked. If the queue of a Unix socket is full and the
    /// channel is blocking, tries again until there is room: poll(2) does not report it.
    ///
    /// @return whether the socket is connected
    static boolean connect(SocketChannel channel, SocketFd fd, SocketAddress address) throws IOException {
        SocketAddress remote = Addresses.scoped(address);
        long nanos = MIN_PAUSE_NANOS;
        while (true) {
            try {
                return fd.connect(remote);
            } catch (NativeIOException e) {
                if (fd.domain() != SocketFd.AF_UNIX || !e.errnoName().equals("EAGAIN") || !channel.isBlocking()) {
                    throw e;
                }
            } catch (ClosedChannelException e) {
                throw (IOException) new AsynchronousCloseException().initCause(e);
            } catch (IllegalArgumentException e) {
                throw pathTooLong(e);
            }
            LockSupport.parkNanos(fd, nanos);
            Blocking.begin(channel);
            nanos = Math.min(2 * nanos, MAX_PAUSE_NANOS);
        }
    }

    /// Waits until a connect in progress has ended.
    ///
    /// @param nanos the longest wait, [Blocking#FOREVER] for no limit
    /// @return true
    /// @throws SocketTimeoutException after the timeout
    static boolean awaitConnection(SocketChannel channel, SocketFd fd, long nanos) throws IOException {
        long start = Blocking.start(nanos);
        do {
            if (!Blocking.await(channel, fd, Interest.WRITE, Blocking.remaining(nanos, start))) {
                throw new SocketTimeoutException("Connect timed out");
            }
        } while (!fd.finishConnect());
        return true;
    }

    /// Closes a channel after a failed connect.
    ///
    /// @return the exception to throw
    /// @throws RuntimeException if the failure is one
    static IOException failedConnect(SocketChannel channel, Exception failure) throws IOException {
        boolean wasOpen = channel.isOpen();
        boolean wasBlocking = channel.isBlocking();
        channel.close();
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof NativeIOException e) {
            return wasOpen ? Failures.ofSocket(e) : new AsynchronousCloseException();
        }
        return wasBlocking ? Blocking.closedDuring((IOException) failure) : (IOException) failure;
    }

    /// Converts the only exception for a checked address.
    private static SocketException pathTooLong(IllegalArgumentException cause) {
        return new SocketException("Unix domain path too long", cause);
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
