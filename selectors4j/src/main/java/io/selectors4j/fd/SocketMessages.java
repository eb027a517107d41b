package io.selectors4j.fd;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.posix.ByteIo;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.SockAddr;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What a socket sends and receives.
final class SocketMessages {

    /// Where there is no such flag, sockets are made with the option SO_NOSIGPIPE.
    static final int NOSIGNAL = Constants.orZero(Constants.MSG_NOSIGNAL);

    private final SocketFd socket;
    private final int domain;
    private final SocketFd.Type type;

    SocketMessages(SocketFd socket, int domain, SocketFd.Type type) {
        this.socket = socket;
        this.domain = domain;
        this.type = type;
    }

    private boolean isStream() {
        return type == SocketFd.Type.STREAM;
    }

    int receive(ByteBuffer target, int flags) throws IOException {
        Fd.requireWritable(target);
        if (isStream() && (flags & SocketFd.MSG_TRUNC) != 0) {
            throw new IllegalArgumentException("MSG_TRUNC is for messages, and this is a stream");
        }
        if (type.ends && !target.hasRemaining()) {
            return 0;
        }
        boolean whole = !isStream() || (flags & SocketFd.MSG_WAITALL) != 0;
        int fd = socket.acquire();
        long count;
        try {
            do {
                count = socket.byteIo().read(ByteIo.ReadCall.RECV, fd, target, flags, whole);
            } while (count == -Errno.EINTR && socket.isOpen());
        } finally {
            socket.release();
        }
        return socket.toReadResult("recv", count, type.ends);
    }

    @Nullable
    SocketAddress receiveFrom(ByteBuffer target, int flags) throws IOException {
        Fd.requireWritable(target);
        SockAddr sender = new SockAddr();
        long count = socket.transfer(fd -> socket.byteIo().recvfrom(fd, target, flags, sender));
        socket.toReadResult("recvfrom", count, false);
        if (count < 0) {
            return null;
        }
        // The kernel does not repeat whom a connection goes to.
        boolean connected = sender.size() == 0 && (SocketDomains.isIp(domain) || domain == LinuxConstants.AF_VSOCK);
        return connected ? socket.remoteAddress() : SocketDomains.decode(sender, domain);
    }

    int send(ByteBuffer source, int flags) throws IOException {
        return socket.toWriteResult("send", socket.transfer(fd -> sendOnce(fd, source, flags)));
    }

    int sendTo(ByteBuffer source, SocketAddress receiver, int flags) throws IOException {
        SockAddr sockaddr = SocketDomains.encode(receiver, domain);
        int quiet = flags | NOSIGNAL;
        return socket.toWriteResult(
                "sendto", socket.transfer(fd -> socket.byteIo().sendto(fd, source, quiet, sockaddr)));
    }

    /// One system call that sends.
    long sendOnce(int fd, ByteBuffer source, int flags) {
        return socket.byteIo().write(ByteIo.WriteCall.SEND, fd, source, flags | NOSIGNAL, !isStream());
    }
}
