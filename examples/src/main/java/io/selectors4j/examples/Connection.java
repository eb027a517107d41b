package io.selectors4j.examples;

import io.selectors4j.Pollable;
import io.selectors4j.fd.SocketFd;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/// A server's connection to one client: the socket and the messages that wait to be sent to it. Prints as the address of
/// the client, also after it was closed.
///
/// The queue is bounded: who reads only while [#hasRoom] is true holds back a client that sends and does not receive,
/// since TCP then stops it.
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
        socket.setBlocking(false);
    }

    /// Receives what has come and queues it, to be sent back.
    ///
    /// @param limit receive at most so many bytes
    /// @return the message; empty if there is none now, or, when [#hasEnded], never will be again
    /// @throws IOException if the connection is lost
    ByteBuffer receive(int limit) throws IOException {
        ByteBuffer message = read(limit);
        put(message);
        return message;
    }

    /// Receives what has come, and queues nothing.
    ///
    /// @param limit receive at most so many bytes
    /// @return the message; empty if there is none now, or, when [#hasEnded], never will be again
    /// @throws IOException if the connection is lost
    ByteBuffer read(int limit) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(limit);
        ended = socket.read(message) < 0;
        return message.flip();
    }

    /// Queues a message. What waits takes no more memory than it has bytes: a client that sends them one by one, and receives
    /// nothing, would else fill as many buffers.
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

    /// Sends the next message, or as much of it as there is room for. The rest stays in the queue.
    ///
    /// @return what was sent; empty if there is no room now
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

    /// Whether a message waits to be sent.
    boolean hasOutput() {
        return !queue.isEmpty();
    }

    /// Whether to receive more.
    boolean hasRoom() {
        return queue.size() < QUEUE_LIMIT && !ended;
    }

    /// Whether the client will send nothing more. It may still receive.
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
