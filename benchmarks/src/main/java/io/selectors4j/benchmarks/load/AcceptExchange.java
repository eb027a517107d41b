package io.selectors4j.benchmarks.load;

import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A client that makes a connection for each message, and receives the message and the end of the connection.
///
/// The server closes first, and this client resets the connection then: a side that closes first otherwise keeps the
/// port for a minute (TIME_WAIT), and the ports do not last that long.
final class AcceptExchange extends Exchange {

    private static final int MESSAGE = 64;

    // One of each for all clients, which run in one thread.
    private static final ByteBuffer OUTPUT = ByteBuffer.allocateDirect(MESSAGE);
    private static final ByteBuffer INPUT = ByteBuffer.allocateDirect(2 * MESSAGE);

    private final InetSocketAddress server;
    private final Selector<Exchange> selector;
    private @Nullable SocketFd socket;
    private int received;

    AcceptExchange(InetSocketAddress server, Selector<Exchange> selector) {
        this.server = server;
        this.selector = selector;
    }

    @Override
    void send() throws IOException {
        SocketFd connection = Sockets.stream(server);
        socket = connection;
        received = 0;
        selector.register(connection, Interest.READ, this);
        OUTPUT.clear();
        if (connection.write(OUTPUT) < MESSAGE) {
            throw new IOException("no room for a message on " + connection);
        }
    }

    @Override
    boolean receive() throws IOException {
        SocketFd connection = socket;
        if (connection == null) {
            throw new IllegalStateException("not connected");
        }
        int count = connection.read(INPUT.clear());
        while (count > 0) {
            received += count;
            count = connection.read(INPUT.clear());
        }
        if (count == 0) {
            return false;
        }
        if (received != MESSAGE) {
            throw new IOException("the server has closed " + connection + " after " + received + " bytes");
        }
        connection.setOption(StandardSocketOptions.SO_LINGER, 0);
        close();
        return true;
    }

    @Override
    public void close() throws IOException {
        SocketFd connection = socket;
        if (connection != null) {
            socket = null;
            connection.close(); // the selector removes its key
        }
    }
}
