package io.selectors4j.os;

import io.selectors4j.internal.linux.IoUringMessageHeader;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.IovecArray;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A message for [IoUring#sendmsg] and [IoUring#recvmsg]: buffers, and the address of the other side. It serves one
/// request at a time, and can be used again after the completion was received.
///
/// Source: sendmsg(2), recvmsg(2).
public final class IoUringMessage {

    private static final int MSG_TRUNC = Constants.MSG_TRUNC;

    private final ByteBuffer[] buffers;
    private final IovecArray iovecs;
    private final IoUringMessageHeader header;
    private final AtomicBoolean inUse = new AtomicBoolean();

    /// Creates a message.
    ///
    /// @param buffers the buffers, direct ones that are not made from a memory segment; at most 1024
    /// @throws IllegalArgumentException if the kernel cannot use a buffer after the call, or if there are too many
    /// @throws UnsupportedOperationException if system calls cannot be made here; the message says why
    public IoUringMessage(ByteBuffer... buffers) {
        LinuxOnly.require("io_uring", "Selector.open() uses the best interface of each system");
        this.buffers = buffers.clone();
        iovecs = IoUringEntry.iovecs(this.buffers);
        header = new IoUringMessageHeader(iovecs);
    }

    /// Sets the receiver of a message to send.
    ///
    /// @param address an [InetSocketAddress] or a [java.net.UnixDomainSocketAddress]; null for the address that the
    ///     socket is connected to
    /// @return this message
    /// @throws IllegalArgumentException if the address is of an unknown class or too long
    /// @throws IllegalStateException if the message is in use by a request
    /// @throws UnknownHostException if the address is unresolved
    public IoUringMessage setReceiver(@Nullable SocketAddress address) throws UnknownHostException {
        acquire();
        try {
            // Linux takes an IPv4 address for an IPv6 socket as well.
            boolean v6 = address instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet6Address;
            header.setReceiver(address, v6);
            return this;
        } finally {
            endUse();
        }
    }

    /// Returns the sender of the message that was received.
    ///
    /// @return the address; null if the socket is connected, or if no class of `java.net` can hold the address
    /// @throws IllegalStateException if the message is in use by a request
    public @Nullable SocketAddress sender() {
        requireUnused();
        return header.sender();
    }

    /// Returns whether the buffers had no room for the whole message that was received: MSG_TRUNC. The other bytes are
    /// lost.
    ///
    /// @return whether bytes are lost
    /// @throws IllegalStateException if the message is in use by a request
    public boolean isTruncated() {
        requireUnused();
        return (header.flags() & MSG_TRUNC) != 0;
    }

    /// Begins a request that receives, and returns the struct.
    IoUringMessageHeader beginReceive() {
        for (ByteBuffer buffer : buffers) {
            if (buffer.isReadOnly()) {
                throw new IllegalArgumentException("cannot read into a read-only buffer");
            }
        }
        beginUse();
        header.prepareReceive(buffers.length);
        return header;
    }

    /// Begins a request that sends, and returns the struct.
    IoUringMessageHeader beginSend() {
        beginUse();
        header.prepareSend(buffers.length);
        return header;
    }

    private void acquire() {
        if (!inUse.compareAndSet(false, true)) {
            throw inUseException();
        }
    }

    private void beginUse() {
        acquire();
        for (int i = 0; i < buffers.length; i++) {
            IoUringEntry.set(iovecs, i, buffers[i]);
        }
    }

    /// Ends a request.
    void endUse() {
        inUse.set(false);
    }

    private void requireUnused() {
        if (inUse.get()) {
            throw inUseException();
        }
    }

    private static IllegalStateException inUseException() {
        return new IllegalStateException("the message is in use by a request that has not completed");
    }
}
