package io.selectors4j.benchmarks.echo;

import io.selectors4j.Interest;
import io.selectors4j.ReadyHandler;
import io.selectors4j.Selector;
import io.selectors4j.fd.SocketFd;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// The client of all servers, in one thread. Each busy connection sends a message, waits for the echo, and sends the
/// next one. Idle connections only stay open.
///
/// A message has the number of its connection and a sequence number, which are checked in the echo.
final class Generator implements Closeable {

    /// The size of a message in bytes.
    static final int MESSAGE = 64;

    /// The number of connections made before one echo shows that the server has accepted all of them. It is smaller
    /// than the accept queue of any kernel.
    private static final int BATCH = 100;

    private static final Duration ECHO_TIMEOUT = Duration.ofMinutes(1);
    private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;

    private final Selector<Connection> selector = Selector.open();
    private final ReadyHandler<Connection, IOException> handler =
            (key, _) -> key.data().ready();
    private final List<Connection> busy = new ArrayList<>();
    private final List<SocketFd> sockets = new ArrayList<>();
    private final ByteBuffer output = ByteBuffer.allocateDirect(MESSAGE);
    private final ByteBuffer input = ByteBuffer.allocateDirect(2 * MESSAGE);
    private final Histogram times = new Histogram(LONGEST, DIGITS);
    private int inFlight;
    private long end;

    /// Connects to a server.
    ///
    /// @param port the port on the loopback address
    /// @param busy the number of connections that send
    /// @param idle the number of connections that do not
    Generator(int port, int busy, int idle) throws IOException {
        try {
            InetSocketAddress server = EchoServer.address(port);
            for (int i = 0; i < busy; i++) {
                Connection connection = new Connection(i, connect(server));
                this.busy.add(connection);
                selector.register(connection.socket, Interest.READ, connection);
                if ((i + 1) % BATCH == 0 || i == busy - 1) {
                    once(connection);
                }
            }
            for (int i = 1; i <= idle; i++) {
                SocketFd socket = connect(server);
                if (i % BATCH == 0 || i == idle) {
                    Connection connection = new Connection(i, socket);
                    selector.register(socket, Interest.READ, connection);
                    once(connection);
                    selector.unregister(socket);
                }
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private SocketFd connect(InetSocketAddress server) throws IOException {
        SocketFd socket = SocketFd.createConnection(server);
        sockets.add(socket);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.setBlocking(false);
        return socket;
    }

    /// Sends one message and waits for the echo.
    private void once(Connection connection) throws IOException {
        end = System.nanoTime();
        inFlight = 1;
        connection.send(end);
        awaitAll();
    }

    /// Sends messages for the given time, and waits for all echoes.
    ///
    /// @param nanos the time in nanoseconds
    /// @return the measured load
    Load run(long nanos) throws IOException {
        times.reset();
        long start = System.nanoTime();
        end = start + nanos;
        inFlight = busy.size();
        for (Connection connection : busy) {
            connection.send(System.nanoTime());
        }
        awaitAll();
        return new Load(times, System.nanoTime() - start);
    }

    private void awaitAll() throws IOException {
        while (inFlight > 0) {
            if (selector.select(ECHO_TIMEOUT, handler) == 0) {
                throw new IOException(inFlight + " echoes did not arrive within " + ECHO_TIMEOUT);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketFd socket : sockets) {
            socket.close();
        }
        selector.close();
    }

    private final class Connection {

        private final int number;
        private final SocketFd socket;
        private final byte[] reply = new byte[MESSAGE];
        private int received;
        private long sequence;
        private long sent;

        Connection(int number, SocketFd socket) {
            this.number = number;
            this.socket = socket;
        }

        void send(long now) throws IOException {
            sent = now;
            output.clear();
            output.putLong(0, number).putLong(Long.BYTES, ++sequence);
            if (socket.write(output) < MESSAGE) {
                throw new IOException("no room for a message on " + socket);
            }
        }

        void ready() throws IOException {
            input.clear();
            int count = socket.read(input);
            if (count < 0) {
                throw new IOException("the server has closed " + socket);
            }
            received += count;
            if (received < MESSAGE) {
                input.get(0, reply, received - count, count); // the message is not complete yet
                return;
            }
            check(count);
            received = 0;
            long now = System.nanoTime();
            times.recordValue(now - sent);
            if (now < end) {
                send(now);
            } else {
                inFlight--;
            }
        }

        private void check(int count) throws IOException {
            ByteBuffer message = input;
            if (count < MESSAGE) {
                input.get(0, reply, received - count, count - (received - MESSAGE));
                message = ByteBuffer.wrap(reply);
            }
            if (received != MESSAGE || message.getLong(0) != number || message.getLong(Long.BYTES) != sequence) {
                throw new IOException("the echo differs from the message on " + socket);
            }
        }
    }
}
