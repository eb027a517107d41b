package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxMessages;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.linux.MmsghdrArray;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.SockAddr;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Datagrams that are received and sent with one system call: `recvmmsg()` and `sendmmsg()`. For servers that get many
/// datagrams; Linux only.
///
/// Each message has a direct buffer and an address. A server that answers keeps them: it receives a batch, puts each
/// answer into the buffer with the question, and sends the batch. This creates no objects.
///
/// ```java
/// try (SocketFd socket = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
///     socket.bind(new InetSocketAddress("localhost", 7777));
///     DatagramBatch batch = DatagramBatch.allocate(64, 2048);
///     while (true) {
///         int count = batch.receive(socket, 0);
///         for (int i = 0; i < count; i++) {
///             batch.buffer(i).put(0, (byte) '!'); // the answer is between position and limit
///         }
///         batch.send(socket, 0, count, 0);
///     }
/// }
/// ```
///
/// An object is for one thread at a time. The garbage collector frees its memory.
///
/// Source: recvmmsg(2), sendmmsg(2).
public final class DatagramBatch {

    /// The kernel handles no more messages in one call (UIO_MAXIOV).
    private static final int MAX_CAPACITY = 1024;

    private static final int MAX_BUFFER = 1 << 16;

    private final MmsghdrArray messages;

    /// The family of the addresses that were received.
    private int domain = Constants.AF_UNSPEC;

    private DatagramBatch(MmsghdrArray messages) {
        this.messages = messages;
    }

    /// Allocates memory for messages.
    ///
    /// @param capacity the number of messages, 1 to 1,024
    /// @param bufferSize the room for the bytes of each one, 1 to 65,536; a longer message is cut
    /// @return a new batch, whose messages are empty and have no address
    /// @throws IllegalArgumentException if a number is out of range
    /// @throws UnsupportedOperationException if this is not Linux
    public static DatagramBatch allocate(int capacity, int bufferSize) {
        if (capacity < 1 || capacity > MAX_CAPACITY || bufferSize < 1 || bufferSize > MAX_BUFFER) {
            throw new IllegalArgumentException("a batch has 1 to " + MAX_CAPACITY + " messages of 1 to " + MAX_BUFFER
                    + " bytes, not " + capacity + " of " + bufferSize);
        }
        LinuxOnly.require("recvmmsg", "SocketFd.receiveFrom() and sendTo() transfer one datagram");
        return new DatagramBatch(new MmsghdrArray(capacity, bufferSize));
    }

    /// Returns the number of messages.
    ///
    /// @return the capacity of [#allocate]
    public int capacity() {
        return messages.count();
    }

    /// Returns the buffer of a message, always the same one. [#receive] leaves the bytes of the message between
    /// position 0 and the limit, and [#send] sends the remaining bytes.
    ///
    /// @param index the index of the message
    /// @return a direct buffer
    /// @throws IndexOutOfBoundsException if there is no such message
    public ByteBuffer buffer(int index) {
        return messages.buffer(Objects.checkIndex(index, capacity()));
    }

    /// Returns the address of a message: the sender of a received one, or the receiver that [#setAddress] has set.
    /// Creates an object.
    ///
    /// @param index the index of the message
    /// @return the address in the form of [SocketFd#receiveFrom]; null if it has none
    /// @throws IndexOutOfBoundsException if there is no such message
    public @Nullable SocketAddress address(int index) {
        Objects.checkIndex(index, capacity());
        SockAddr name = messages.name(index);
        return name.size() == 0 ? null : SocketDomains.decodeSender(name, domain);
    }

    /// Sets the receiver of a message.
    ///
    /// @param index the index of the message
    /// @param receiver the address; null for the one that the socket is connected to
    /// @param socket the socket that will send the message, which decides the form of the address
    /// @throws IndexOutOfBoundsException if there is no such message
    /// @throws IllegalArgumentException if the address is not of the family of the socket
    /// @throws UnknownHostException if the address is unresolved
    public void setAddress(int index, @Nullable SocketAddress receiver, SocketFd socket) throws UnknownHostException {
        Objects.checkIndex(index, capacity());
        Objects.requireNonNull(socket, "socket");
        if (receiver == null) {
            messages.name(index).length().set(0, 0);
        } else {
            messages.name(index).set(SocketDomains.encode(receiver, socket.domain()));
            domain = socket.domain();
        }
    }

    /// Returns whether the buffer was too small for a message that was received, so the rest of it is lost: MSG_TRUNC.
    ///
    /// @param index the index of the message
    /// @return true if bytes are lost
    /// @throws IndexOutOfBoundsException if there is no such message
    public boolean isTruncated(int index) {
        return (messages.flags(Objects.checkIndex(index, capacity())) & Constants.MSG_TRUNC) != 0;
    }

    /// Receives the messages that are available, at most [#capacity]. If the socket is blocking and none is available,
    /// waits for one.
    ///
    /// @param socket a socket whose reads keep the boundaries of messages
    /// @param flags MSG_* flags, or 0
    /// @return the number of messages received, the first ones of this batch; 0 if none is available and the call does
    ///     not wait
    /// @throws IllegalArgumentException if the socket is a stream
    /// @throws ClosedChannelException if the socket is closed, before or during the call
    /// @throws NativeIOException if the receive fails
    public int receive(SocketFd socket, int flags) throws IOException {
        int fd = socket.acquire();
        int count;
        try {
            requireMessages(socket, "recvmmsg");
            messages.prepareReceive();
            do {
                count = LinuxMessages.recvmmsg(
                        ErrnoCapture.current(), fd, messages, capacity(), flags | LinuxConstants.MSG_WAITFORONE);
            } while (count == -Errno.EINTR && socket.isOpen());
        } finally {
            socket.release();
        }
        if (count > 0) {
            messages.received(count);
            domain = socket.domain();
            if (!socket.isOpen() && messages.isEmpty(count - 1)) {
                count--; // no message: the close has ended the call
            }
        }
        return (int) socket.toCount("recvmmsg", count, false);
    }

    /// Sends messages, each with the remaining bytes of its buffer to its address. If the socket is blocking, waits for
    /// room. A message that was sent has no remaining bytes.
    ///
    /// @param socket a socket whose writes keep the boundaries of messages
    /// @param offset the index of the first message
    /// @param length the number of messages
    /// @param flags MSG_* flags, or 0
    /// @return the number of messages sent; fewer than `length`, or 0, if there is no room and the call does not wait,
    ///     or if the next message fails, which a call that begins with it reports
    /// @throws IndexOutOfBoundsException if this batch does not have these messages
    /// @throws IllegalArgumentException if the socket is a stream
    /// @throws ClosedChannelException if the socket is closed, before or during the call
    /// @throws NativeIOException if the first message fails: EMSGSIZE, EDESTADDRREQ, ECONNREFUSED
    public int send(SocketFd socket, int offset, int length, int flags) throws IOException {
        Objects.checkFromIndexSize(offset, length, capacity());
        int sent = 0;
        int count;
        int fd = socket.acquire();
        try {
            requireMessages(socket, "sendmmsg");
            if (length == 0) {
                return 0;
            }
            messages.prepareSend(offset, length);
            do {
                count = LinuxMessages.sendmmsg(
                        ErrnoCapture.current(), fd, messages, offset + sent, length - sent, flags | socket.sendFlags());
                sent += Math.max(count, 0);
            } while (sent < length && socket.isOpen() && (count > 0 || count == -Errno.EINTR));
        } finally {
            socket.release();
        }
        messages.sent(offset, sent);
        return sent > 0 ? sent : (int) socket.toCount("sendmmsg", count, false);
    }

    private static void requireMessages(SocketFd socket, String call) {
        if (!socket.preservesMessages()) {
            throw new IllegalArgumentException(call + " is for messages, and this is a stream: " + socket);
        }
    }
}
