package io.selectors4j.fd;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.posix.SockAddr;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Messages with the address of their sender or receiver.
///
/// The loops repeat a call after EINTR. They are not [Fd#retryOnEintr]: the compiler does not eliminate the lambda.
final class Messages {

    private Messages() {}

    /// Receives one message.
    ///
    /// @return the sender; null if no message is available and the socket is non-blocking
    static @Nullable SocketAddress receive(SocketFd socket, ByteBuffer target, int flags) throws IOException {
        Fd.requireWritable(target);
        Fd.requireFlags(flags);
        SockAddr sender = SockAddr.current();
        int fd = socket.acquire();
        long count;
        try {
            do {
                count = socket.byteIo().recvfrom(fd, target, flags, sender);
            } while (count == -Errno.EINTR && socket.isOpen());
        } finally {
            socket.release();
        }
        socket.toReadResult("recvfrom", count, false);
        if (count < 0) {
            return null;
        }
        // For a connection, the kernel returns no address.
        int domain = socket.domain();
        boolean connected = sender.size() == 0 && (SocketDomains.isIp(domain) || domain == LinuxConstants.AF_VSOCK);
        return connected ? socket.remoteAddress() : SocketDomains.decodeSender(sender, domain);
    }

    /// Sends one message.
    ///
    /// @return the number of bytes sent; 0 if there is no room and the socket is non-blocking
    static int send(SocketFd socket, ByteBuffer source, SocketAddress receiver, int flags) throws IOException {
        Fd.requireFlags(flags);
        SockAddr sockaddr = SocketDomains.encode(receiver, socket.domain());
        int fd = socket.acquire();
        long count;
        try {
            do {
                count = socket.byteIo().sendto(fd, source, flags, sockaddr);
            } while (count == -Errno.EINTR && socket.isOpen());
        } finally {
            socket.release();
        }
        return socket.toWriteResult("sendto", count);
    }
}
