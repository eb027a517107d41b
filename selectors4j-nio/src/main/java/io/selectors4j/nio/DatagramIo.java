package io.selectors4j.nio;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/// The datagrams of a channel: all of them go through here. The descriptor is non-blocking; in blocking mode a receive
/// waits for a datagram, and a send for room in the send buffer. Failures are those of the JDK's channels.
///
/// The caller holds the lock of the direction.
final class DatagramIo {

    private final SelectableChannel channel;
    private final SocketFd fd;

    DatagramIo(SelectableChannel channel, SocketFd fd) {
        this.channel = channel;
        this.fd = fd;
    }

    /// Receives one datagram. Bytes that do not fit into the buffer are lost.
    ///
    /// @param connected whether the socket is connected; if not, a refusal of a datagram that was sent before is
    ///     ignored
    /// @param nanos the longest wait, [Blocking#FOREVER] for no limit
    /// @return the sender; null if no datagram is available and the channel is non-blocking
    /// @throws SocketTimeoutException after the timeout
    @Nullable
    SocketAddress receive(ByteBuffer target, boolean connected, long nanos) throws IOException {
        boolean blocking = channel.isBlocking();
        long start = Blocking.start(nanos);
        try {
            SocketAddress sender;
            while ((sender = receiveNow(target, connected)) == null && blocking) {
                if (!Blocking.await(channel, fd, Interest.READ, Blocking.remaining(nanos, start))) {
                    throw new SocketTimeoutException("Receive timed out");
                }
            }
            return sender;
        } catch (IOException e) {
            throw Failures.ofDatagram(blocking ? Blocking.closedDuring(e) : e);
        }
    }

    private @Nullable SocketAddress receiveNow(ByteBuffer target, boolean connected) throws IOException {
        while (true) {
            try {
                return fd.receiveFrom(target, 0);
            } catch (NativeIOException e) {
                if (connected || !isRefused(e)) {
                    throw e;
                }
            }
        }
    }

    /// Discards the datagrams that have arrived.
    void discardReceived() throws IOException {
        ByteBuffer unused = ByteBuffer.allocate(1);
        while (receiveNow(unused, false) != null) {
            unused.clear();
        }
    }

    /// Reads one datagram of the peer.
    ///
    /// @return the number of bytes; 0 if the buffer is full, or if no datagram is available and the channel is
    ///     non-blocking; -1 for an empty datagram, as the JDK's channels return
    int read(ByteBuffer target) throws IOException {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        int position = target.position();
        if (!target.hasRemaining() || receive(target, true, Blocking.FOREVER) == null) {
            return 0;
        }
        int count = target.position() - position;
        return count == 0 ? -1 : count;
    }

    /// Reads one datagram of the peer into several buffers.
    long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        // One buffer, because a scattering read of the descriptor does not tell an empty datagram from none.
        ByteBuffer message = BufferSequences.allocateFor(targets, offset, length);
        int count = read(message);
        BufferSequences.scatter(message.flip(), targets, offset, length);
        return count;
    }

    /// Sends one datagram to an address.
    ///
    /// @return the number of bytes; 0 if there is no room in the send buffer and the channel is non-blocking
    int sendTo(ByteBuffer source, InetSocketAddress target) throws IOException {
        if (target.getPort() == 0) {
            throw new SocketException("Can't send to port 0");
        }
        InetSocketAddress receiver = DatagramAddresses.forSend(target);
        int count = source.remaining();
        boolean blocking = channel.isBlocking();
        if (count == 0 && blocking) {
            // The result of the call does not tell whether it would have blocked.
            Blocking.await(channel, fd, Interest.WRITE, Blocking.FOREVER);
        }
        try {
            int sent = fd.sendTo(source, receiver, 0);
            while (sent == 0 && count > 0 && blocking) {
                Blocking.await(channel, fd, Interest.WRITE, Blocking.FOREVER);
                sent = fd.sendTo(source, receiver, 0);
            }
            return sent;
        } catch (IOException e) {
            if (!isRefused(e)) {
                throw Failures.ofDatagram(blocking ? Blocking.closedDuring(e) : e);
            }
            // The refusal is of a datagram that was sent while the socket was connected.
            source.position(source.limit());
            return count;
        }
    }

    /// Sends one datagram to the peer; nothing if the buffer is empty.
    ///
    /// @return the number of bytes; 0 if there is no room in the send buffer and the channel is non-blocking
    int write(ByteBuffer source) throws IOException {
        boolean blocking = channel.isBlocking();
        try {
            int count = 0;
            while (source.hasRemaining() && (count = fd.write(source)) == 0 && blocking) {
                Blocking.await(channel, fd, Interest.WRITE, Blocking.FOREVER);
            }
            return count;
        } catch (IOException e) {
            throw failedWrite(e, blocking);
        }
    }

    /// Sends the bytes of several buffers as one datagram to the peer; nothing if all buffers are empty.
    long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        boolean blocking = channel.isBlocking();
        int number = BufferSequences.limit(sources, offset, length);
        boolean isEmpty = BufferSequences.remaining(sources, offset, number) == 0;
        try {
            long count = 0;
            while (!isEmpty && (count = fd.write(sources, offset, number)) == 0 && blocking) {
                Blocking.await(channel, fd, Interest.WRITE, Blocking.FOREVER);
            }
            return count;
        } catch (IOException e) {
            throw failedWrite(e, blocking);
        }
    }

    private static IOException failedWrite(IOException failure, boolean blocking) {
        IOException converted = blocking ? Blocking.closedDuring(failure) : failure;
        return isRefused(failure) ? Failures.ofDatagram(converted) : Failures.ofStream(converted);
    }

    private static boolean isRefused(IOException failure) {
        return failure instanceof NativeIOException e && e.errnoName().equals("ECONNREFUSED");
    }
}
