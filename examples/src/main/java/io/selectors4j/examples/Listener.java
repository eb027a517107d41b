package io.selectors4j.examples;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.fd.SocketFd;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A listening socket and the connections it has accepted.
///
/// Where no descriptor is left for one more connection, the socket stays readable, and a loop that goes on waiting for it
/// would spin. It has to leave the socket alone while [#isFull] is true, which ends when a connection closes.
final class Listener implements Pollable, Closeable {

    private static final Set<String> LIMITS = Set.of("EMFILE", "ENFILE", "ENOBUFS", "ENOMEM");
    private static final long PAUSE_NANOS = 100_000_000;

    private final SocketFd socket;
    private final Transcript out;
    private final Set<Connection> connections = new LinkedHashSet<>();
    private boolean refused;

    Listener(SocketFd socket, Transcript out) throws IOException {
        this.socket = socket;
        this.out = out;
        socket.setBlocking(false);
    }

    int port() throws IOException {
        return ((InetSocketAddress) socket.localAddress()).getPort();
    }

    /// Accepts a connection.
    ///
    /// @return the connection; null if the client has gone away meanwhile, or if there is no descriptor left
    @Nullable
    Connection accept() throws IOException {
        try {
            SocketFd accepted = socket.accept();
            if (accepted == null) {
                return null;
            }
            Connection connection = new Connection(accepted, this);
            connections.add(connection);
            refused = false;
            return connection;
        } catch (NativeIOException e) {
            if (!LIMITS.contains(e.errnoName())) {
                throw e;
            }
            if (!refused) {
                out.line("cannot accept a connection now: " + e.getMessage());
            }
            refused = true;
            if (connections.isEmpty()) {
                LockSupport.parkNanos(PAUSE_NANOS); // nobody is served, so nobody has to wait for this
            }
            return null;
        }
    }

    /// Whether to wait for a connection to close before the next one can be accepted.
    boolean isFull() {
        return refused && !connections.isEmpty();
    }

    void closed(Connection connection) {
        connections.remove(connection);
        refused = false;
    }

    @Override
    public int fileno() {
        return socket.fileno();
    }

    /// Closes the socket and all connections.
    @Override
    public void close() throws IOException {
        try (socket) {
            List<Connection> open = new ArrayList<>(connections);
            for (Connection connection : open) {
                connection.close();
            }
        }
    }
}
