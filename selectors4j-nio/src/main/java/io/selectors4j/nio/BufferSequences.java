package io.selectors4j.nio;

import java.nio.ByteBuffer;

/// Sequences of buffers that hold one datagram.
final class BufferSequences {

    /// The number of buffers that readv(2) and writev(2) take: IOV_MAX of Linux, macOS and the BSDs. The JDK ignores
    /// the buffers after them.
    private static final int IOV_MAX = 1024;

    /// More than the longest UDP datagram.
    private static final int MAX_DATAGRAM = 65_536;

    private BufferSequences() {}

    /// Returns how many buffers of a sequence one datagram can use: at most 1024 that are not empty.
    static int limit(ByteBuffer[] buffers, int offset, int length) {
        int used = 0;
        for (int i = 0; i < length; i++) {
            if (buffers[offset + i].hasRemaining() && ++used > IOV_MAX) {
                return i;
            }
        }
        return length;
    }

    /// Returns the number of bytes that remain in all buffers.
    static long remaining(ByteBuffer[] buffers, int offset, int length) {
        long remaining = 0;
        for (int i = 0; i < length; i++) {
            remaining += buffers[offset + i].remaining();
        }
        return remaining;
    }

    /// Returns a new buffer for a datagram that is to be scattered.
    ///
    /// @throws IllegalArgumentException if a buffer is read-only
    static ByteBuffer allocateFor(ByteBuffer[] targets, int offset, int length) {
        int count = limit(targets, offset, length);
        for (int i = 0; i < count; i++) {
            if (targets[offset + i].isReadOnly()) {
                throw new IllegalArgumentException("Read-only buffer");
            }
        }
        return ByteBuffer.allocate((int) Math.min(MAX_DATAGRAM, remaining(targets, offset, count)));
    }

    /// Moves the bytes of a datagram to the buffers, in order.
    static void scatter(ByteBuffer message, ByteBuffer[] targets, int offset, int length) {
        for (int i = 0; i < length && message.hasRemaining(); i++) {
            ByteBuffer target = targets[offset + i];
            int count = Math.min(message.remaining(), target.remaining());
            target.put(message.slice(message.position(), count));
            message.position(message.position() + count);
        }
    }
}
