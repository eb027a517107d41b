package io.selectors4j.examples;

import io.selectors4j.IoUringSelector;
import io.selectors4j.Pollable;
import io.selectors4j.fd.SocketFd;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/// A connection of a server to one client: the socket and a queue of messages to send. Prints as the address of the
/// client, even after it is closed.
///
/// The queue is bounded if the server receives only while [#hasRoom] is true. TCP then stops a client that sends
/// without receiving.
final class Connection implements Pollable, Closeable {

    private static final int QUEUE_LIMIT = 64; // messages

    private final SocketFd socket;
    private final Listener server;
    private final String peer;
    private final Queue<ByteBuffer> queue = new ArrayDeque<>();
    private boolean ended;

    Connection(SocketFd socket, Listener server) throws IOException {
        this.socket = socket;
        this.server = server;
        peer = Text.of(socket.remoteAddress());
    }

    /// Batches the socket on a selector.
    void batch(IoUringSelector<?> selector) throws IOException {
        selector.batch(socket);
    }

    /// Receives a message and queues it to be sent back: see [#read].
    ByteBuffer receive(int limit) throws IOException {
        ByteBuffer message = read(limit);
        put(message);
        return message;
    }

    /// Receives a message.
    ///
    /// @param limit the maximum number of bytes
    /// @return the message; empty if none has arrived, or at the end ([#hasEnded])
    /// @throws IOException if the connection is lost
    ByteBuffer read(int limit) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(limit);
        ended = socket.read(message) < 0;
        return message.flip();
    }

    /// Queues a message. A message shorter than its buffer is copied, so that a client that sends single bytes without
    /// receiving cannot fill the memory with large buffers.
    void put(ByteBuffer message) {
        int length = message.remaining();
        if (length > 0) {
            queue.add(
                    length == message.capacity()
                            ? message.duplicate()
                            : ByteBuffer.allocate(length)
                                    .put(message.duplicate())
                                    .flip());
        }
    }

    /// Sends the next message, or the part of it that the socket has room for. The rest stays in the queue.
    ///
    /// @return the bytes sent; empty if the socket has no room
    /// @throws IOException if the connection is lost
    ByteBuffer send() throws IOException {
        ByteBuffer next = queue.element();
        ByteBuffer sent = next.duplicate();
        sent.limit(sent.position() + socket.write(next));
        if (!next.hasRemaining()) {
            queue.remove();
        }
        return sent;
    }

    /// Returns whether a message waits to be sent.
    boolean hasOutput() {
        return !queue.isEmpty();
    }

    /// Returns whether to receive more.
    boolean hasRoom() {
        return queue.size() < QUEUE_LIMIT && !ended;
    }

    /// Returns whether the client has shut down its side for sending. It may still receive.
    boolean hasEnded() {
        return ended;
    }

    boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public int fileno() {
        return socket.fileno();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        server.closed(this);
    }

    @Override
    public String toString() {
        return peer;
    }
}
