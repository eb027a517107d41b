package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.posix.SockAddr;
import io.selectors4j.internal.windows.KernelLibc;
import io.selectors4j.internal.windows.WinsockLibc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// Creates the sockets of Windows, which child processes do not inherit.
record WinsockFactory() implements DescriptorFactory {

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    @Override
    public int socket(ErrnoCapture state, int domain, int type, int protocol) {
        int flags = WinsockLibc.WSA_FLAG_OVERLAPPED | WinsockLibc.WSA_FLAG_NO_HANDLE_INHERIT;
        return WinsockLibc.WSASocketW(state, domain, type, protocol, null, flags);
    }

    @Override
    public int pairDomain() {
        return Constants.AF_INET;
    }

    /// Connects two TCP sockets of the loopback address, since Windows has no `socketpair`. A connection of another
    /// process, which could come first, is refused.
    @Override
    public int socketpair(ErrnoCapture state, int domain, int type, int protocol, Ints fds) {
        if (type != Constants.SOCK_STREAM) {
            return -Errno.EOPNOTSUPP;
        }
        int listening = socket(state, Constants.AF_INET, type, protocol);
        if (listening < 0) {
            return listening;
        }
        try {
            return connectPair(state, listening, fds);
        } finally {
            PosixLibc.close(state, listening);
        }
    }

    private int connectPair(ErrnoCapture state, int listening, Ints fds) {
        SockAddr address = address(0);
        int result = PosixSockets.bind(state, listening, address, address.size());
        SockAddr bound = new SockAddr();
        result = result < 0 ? result : PosixSockets.getsockname(state, listening, bound, bound.length());
        result = result < 0 ? result : PosixSockets.listen(state, listening, 1);
        int client = result < 0 ? result : socket(state, Constants.AF_INET, Constants.SOCK_STREAM, 0);
        if (client < 0) {
            return client;
        }
        int server = PosixSockets.connect(state, client, bound, bound.size());
        if (server == 0) {
            server = acceptFrom(state, listening, client);
        }
        if (server < 0) {
            PosixLibc.close(state, client);
            return server;
        }
        fds.set(0, server);
        fds.set(1, client);
        return 0;
    }

    /// Accepts the connection of a socket, and closes all that come before it.
    private int acceptFrom(ErrnoCapture state, int listening, int client) {
        SockAddr expected = new SockAddr();
        int result = PosixSockets.getsockname(state, client, expected, expected.length());
        while (result >= 0) {
            SockAddr peer = new SockAddr();
            result = accept(state, listening, peer, true);
            if (result < 0 || Arrays.equals(peer.data(), expected.data())) {
                return result;
            }
            PosixLibc.close(state, result);
        }
        return result;
    }

    private static SockAddr address(int port) {
        try {
            return new SockAddr(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), false);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /// Accepts a connection. A new socket inherits the blocking mode of the listening one on Windows, so the mode is
    /// set. A child process that another thread starts in between inherits the handle.
    @Override
    public int accept(ErrnoCapture state, int fd, SockAddr address, boolean blocking) {
        int accepted = PosixSockets.accept(state, fd, address, address.length());
        if (accepted < 0) {
            return accepted;
        }
        KernelLibc.SetHandleInformation(state, accepted);
        int result = WinsockSockets.setBlocking(state, accepted, blocking);
        if (result < 0) {
            PosixLibc.close(state, accepted);
            return result;
        }
        return accepted;
    }

    @Override
    public int pipe(ErrnoCapture state, Ints fds, boolean blocking) {
        int result = socketpair(state, Constants.AF_INET, Constants.SOCK_STREAM, 0, fds);
        if (result >= 0 && !blocking) {
            for (int i = 0; i < 2 && result >= 0; i++) {
                result = WinsockSockets.setBlocking(state, fds.get(i), false);
            }
            if (result < 0) {
                PosixLibc.close(state, fds.get(0));
                PosixLibc.close(state, fds.get(1));
            }
        }
        return result;
    }

    @Override
    public String call(String name) {
        return name;
    }
}
