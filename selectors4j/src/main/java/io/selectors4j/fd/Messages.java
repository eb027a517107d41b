package io.selectors4j.fd;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.posix.ByteIo;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.ControlBuffer;
import io.selectors4j.internal.posix.SockAddr;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Messages with the address of their sender or receiver, and with control data.
///
/// The loops repeat a call after EINTR. They are not [Fd#retryOnEintr]: the compiler does not eliminate the lambda.
final class Messages {

    /// A message without bytes.
    private static final ByteBuffer[] NO_BYTES = {ByteBuffer.allocate(0)};

    private static final int MSG_CMSG_CLOEXEC = Constants.orZero(Constants.MSG_CMSG_CLOEXEC);

    /// The flag for the error queue; 0 on systems that have none.
    static final int MSG_ERRQUEUE = Platform.CURRENT.os() == Os.LINUX ? LinuxConstants.MSG_ERRQUEUE : 0;

    private Messages() {}

    /// See [SocketFd#receive].
    static int receiveBytes(SocketFd socket, ByteBuffer target, int flags) throws IOException {
        Fd.requireWritable(target);
        Fd.requireFlags(flags);
        requireMessagesIfTruncating(socket, flags);
        if (socket.zeroIsEnd() && !target.hasRemaining()) {
            return 0;
        }
        if (socket.isBatched(flags)) {
            return socket.read(target);
        }
        int fd = socket.acquire();
        long count;
        try {
            do {
                count = socket.byteIo().read(ByteIo.Calls.SOCKET, fd, target, flags, receivesAll(socket, flags));
            } while (count == -Errno.EINTR && socket.isOpen());
        } finally {
            socket.release();
        }
        return socket.toReadResult("recv", count, socket.zeroIsEnd());
    }

    private static void requireMessagesIfTruncating(SocketFd socket, int flags) {
        if (!socket.preservesMessages() && (flags & Constants.MSG_TRUNC) != 0) {
            throw new IllegalArgumentException("MSG_TRUNC is for messages, and this is a stream");
        }
    }

    /// Returns whether one call must have room for all bytes of the buffers.
    private static boolean receivesAll(SocketFd socket, int flags) {
        return socket.preservesMessages() || (flags & Constants.MSG_WAITALL) != 0;
    }

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

    /// See [SocketFd#receiveMessage].
    static boolean receive(SocketFd socket, ByteBuffer[] targets, ReceivedMessage message, int flags)
            throws IOException {
        for (ByteBuffer target : targets) {
            Fd.requireWritable(target);
        }
        requireMessages(socket, "recvmsg", "receive and receiveFrom");
        boolean stream = socket.zeroIsEnd() && (flags & MSG_ERRQUEUE) == 0;
        if (stream) {
            requireMessagesIfTruncating(socket, flags);
        }
        int start = ScatterGather.skipEmpty(targets, 0, targets.length);
        if (start == targets.length) {
            if (stream) {
                throw new IllegalArgumentException("no room for a byte, which control data come with: " + socket);
            }
            start = 0;
        }
        ByteBuffer[] buffers = targets.length == 0 ? NO_BYTES : targets;
        message.close();
        int fd = socket.acquire();
        long count;
        try {
            do {
                count = socket.byteIo()
                        .recvmsg(
                                fd,
                                buffers,
                                start,
                                buffers.length,
                                flags | MSG_CMSG_CLOEXEC,
                                receivesAll(socket, flags),
                                message.address(),
                                message.buffer());
            } while (count == -Errno.EINTR && socket.isOpen());
            if (count >= 0) {
                message.received(socket.domain(), count == 0 && stream ? -1 : count);
            }
        } finally {
            socket.release();
        }
        socket.toCount("recvmsg", count, false);
        return count >= 0;
    }

    /// See [SocketFd#sendMessage].
    static boolean send(
            SocketFd socket,
            ByteBuffer[] sources,
            @Nullable SocketAddress receiver,
            List<ControlMessage> control,
            int flags)
            throws IOException {
        for (ByteBuffer source : sources) {
            Objects.requireNonNull(source, "source");
        }
        Objects.requireNonNull(control, "control");
        requireMessages(socket, "sendmsg", "send and sendTo");
        int start = ScatterGather.skipEmpty(sources, 0, sources.length);
        if (start == sources.length) {
            if (!socket.preservesMessages()) {
                throw new IllegalArgumentException("no byte, which control data come with: " + socket);
            }
            start = 0;
        }
        ByteBuffer[] buffers = sources.length == 0 ? NO_BYTES : sources;
        List<Fd> acquired = ControlData.passDescriptors(control) ? new ArrayList<>() : List.of();
        long count;
        int fd = socket.acquire();
        try {
            ControlBuffer data =
                    control.isEmpty() ? null : ControlData.encode(control, isSentOverIpv6(socket, receiver), acquired);
            SockAddr address = receiver == null ? null : SocketDomains.encode(receiver, socket.domain());
            do {
                count = socket.byteIo()
                        .sendmsg(
                                fd,
                                buffers,
                                start,
                                buffers.length,
                                flags | socket.sendFlags(),
                                socket.preservesMessages(),
                                address,
                                data);
            } while (count == -Errno.EINTR && socket.isOpen());
        } finally {
            socket.release();
            for (int i = 0; i < acquired.size(); i++) {
                acquired.get(i).release();
            }
        }
        if (count >= 0) {
            return true;
        }
        socket.toCount("sendmsg", count, false);
        return false;
    }

    private static void requireMessages(SocketFd socket, String call, String alternative) {
        if (Platform.IS_WINDOWS) {
            throw new UnsupportedOperationException(
                    "Windows has no " + call + "(); " + alternative + " transfer the bytes");
        }
        socket.requireUnbatched(call);
    }

    /// Returns whether control messages for a datagram are those of IPv6. An IPv6 socket sends to IPv4 addresses too.
    private static boolean isSentOverIpv6(SocketFd socket, @Nullable SocketAddress receiver) throws IOException {
        if (socket.domain() != Constants.AF_INET6) {
            return false;
        }
        SocketAddress address = receiver == null ? socket.remoteAddress() : receiver;
        return !(address instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet4Address);
    }
}
