package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.posix.SockAddr;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.internal.sys.SingleFdPoll;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousCloseException;
import org.jspecify.annotations.Nullable;

/// Whom a socket is connected to, and how it gets there.
final class SocketPeer {

    private final SocketFd socket;
    private final int domain;

    /// Known once the socket is connected, and ever after.
    private volatile @Nullable SocketAddress address;

    /// Where a connect that has not ended goes to.
    private volatile @Nullable SocketAddress connecting;

    SocketPeer(SocketFd socket, int domain) {
        this.socket = socket;
        this.domain = domain;
    }

    @Nullable
    SocketAddress address() {
        return address;
    }

    void set(@Nullable SocketAddress known) {
        address = known;
    }

    /// Connects, and returns whether that has ended.
    boolean connect(SocketAddress target, SockAddr sockaddr) throws IOException {
        int fd = socket.acquire();
        try {
            int result;
            do {
                result = PosixSockets.connect(ErrnoCapture.current(), fd, sockaddr, sockaddr.size());
                // With IP, the kernel goes on connecting. Elsewhere nothing has begun, as in the queue of a Unix
                // socket, or it was given up (vsock).
            } while (result == -Errno.EINTR && !SocketDomains.isIp(domain) && socket.isOpen());
            if (result == -Errno.EINPROGRESS) {
                connecting = target;
                return false;
            }
            if (result == -Errno.EINTR && socket.isOpen()) {
                connecting = target;
                SingleFdPoll.await(fd, PollFlags.POLLOUT, Deadline.FOREVER);
                return connected(fd);
            }
            if (result < 0) {
                throw failure(target.toString(), -result);
            }
            // The kernel answers the same, once and whatever the address, where an earlier connect has ended well.
            SockAddr peer = new SockAddr();
            boolean known = PosixSockets.getpeername(ErrnoCapture.current(), fd, peer, peer.length()) == 0;
            address = known ? SocketDomains.decode(peer, domain) : target;
            connecting = null;
            return true;
        } finally {
            socket.release();
        }
    }

    /// Asks, without waiting, whether a connect has ended.
    boolean finishConnect() throws IOException {
        int fd = socket.acquire();
        try {
            // What is connected may have no room to write.
            boolean known = connecting == null && address != null;
            return known || (SingleFdPoll.await(fd, PollFlags.POLLOUT, 0) != 0 && connected(fd));
        } finally {
            socket.release();
        }
    }

    private boolean connected(int fd) throws IOException {
        int error = SocketOptions.get(fd, Constants.SOL_SOCKET, Constants.SO_ERROR, "SO_ERROR");
        SockAddr peer = new SockAddr();
        if (error == 0) {
            error = -PosixSockets.getpeername(ErrnoCapture.current(), fd, peer, peer.length());
        }
        SocketAddress target = connecting;
        connecting = null;
        if (error > 0) {
            throw failure(target == null ? "" : target.toString(), error);
        }
        address = SocketDomains.decode(peer, domain);
        return true;
    }

    private IOException failure(String target, int errno) {
        return socket.isOpen()
                ? new NativeIOException("connect(" + target + ")", errno)
                : new AsynchronousCloseException();
    }
}
