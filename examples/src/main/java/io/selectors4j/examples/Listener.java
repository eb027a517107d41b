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
/// At the limit of open files, the socket stays readable, and a loop that waits for it would spin. The loop must not
/// wait for the socket while [#isFull] is true, which ends when a connection is closed.
final class Listener implements Pollable, Closeable {

    private static final Set<String> LIMIT_ERRORS = Set.of("EMFILE", "ENFILE", "ENOBUFS", "ENOMEM");
    private static final long PAUSE_NANOS = 100_000_000;

    private final SocketFd socket;
    private final Transcript out;
    private final Set<Connection> connections = new LinkedHashSet<>();
    private boolean atLimit;

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
    /// @return the connection; null if none waits any more, or at the limit of open files
    @Nullable
    Connection accept() throws IOException {
        try {
            SocketFd accepted = socket.accept();
            if (accepted == null) {
                return null;
            }
            Connection connection = new Connection(accepted, this);
            connections.add(connection);
            atLimit = false;
            return connection;
        } catch (NativeIOException e) {
            if (!LIMIT_ERRORS.contains(e.errnoName())) {
                throw e;
            }
            if (!atLimit) {
                out.line("cannot accept a connection now: " + e.getMessage());
            }
            atLimit = true;
            if (connections.isEmpty()) {
                LockSupport.parkNanos(PAUSE_NANOS); // without connections, the pause delays no client
            }
            return null;
        }
    }

    /// Returns whether a connection has to be closed before the next one can be accepted.
    boolean isFull() {
        return atLimit && !connections.isEmpty();
    }

    void closed(Connection connection) {
        connections.remove(connection);
        atLimit = false;
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
