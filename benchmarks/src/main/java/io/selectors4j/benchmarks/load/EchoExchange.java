package io.selectors4j.benchmarks.load;

import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// A client of an echo server. A message has the number of the client and a sequence number, which are checked in the
/// echo.
final class EchoExchange extends Exchange {

    /// The size of a message in bytes.
    static final int MESSAGE = 64;

    // One of each for all clients, which run in one thread.
    private static final ByteBuffer OUTPUT = ByteBuffer.allocateDirect(MESSAGE);
    private static final ByteBuffer INPUT = ByteBuffer.allocateDirect(2 * MESSAGE);

    private final int number;
    private final SocketFd socket;
    private final byte[] reply = new byte[MESSAGE];
    private int received;
    private long sequence;

    private EchoExchange(int number, SocketFd socket, Selector<Exchange> selector) throws IOException {
        this.number = number;
        this.socket = socket;
        selector.register(socket, Interest.READ, this);
    }

    static Exchange stream(InetSocketAddress server, Selector<Exchange> selector, int number) throws IOException {
        return new EchoExchange(number, Sockets.stream(server), selector);
    }

    static Exchange datagrams(InetSocketAddress server, Selector<Exchange> selector, int number) throws IOException {
        return new EchoExchange(number, Sockets.datagrams(server), selector);
    }

    @Override
    void send() throws IOException {
        OUTPUT.clear();
        OUTPUT.putLong(0, number).putLong(Long.BYTES, ++sequence);
        if (socket.write(OUTPUT) < MESSAGE) {
            throw new IOException("no room for a message on " + socket);
        }
    }

    @Override
    boolean receive() throws IOException {
        INPUT.clear();
        int count = socket.read(INPUT);
        if (count < 0) {
            throw new IOException("the server has closed " + socket);
        }
        received += count;
        if (received < MESSAGE) {
            INPUT.get(0, reply, received - count, count); // the message is not complete yet
            return false;
        }
        check(count);
        received = 0;
        return true;
    }

    private void check(int count) throws IOException {
        ByteBuffer message = INPUT;
        if (count < MESSAGE) {
            INPUT.get(0, reply, received - count, count - (received - MESSAGE));
            message = ByteBuffer.wrap(reply);
        }
        if (received != MESSAGE || message.getLong(0) != number || message.getLong(Long.BYTES) != sequence) {
            throw new IOException("the echo differs from the message on " + socket);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
