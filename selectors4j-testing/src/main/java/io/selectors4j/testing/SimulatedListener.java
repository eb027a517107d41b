package io.selectors4j.testing;

import io.selectors4j.internal.simulation.Simulations;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// A listening socket. [#connect] is the call of a client, [#accept] the one of the server.
public final class SimulatedListener extends SimulatedDescriptor {

    private final Backlog backlog;

    SimulatedListener(Backlog backlog, int fd) {
        this.backlog = backlog;
        super(backlog, fd);
    }

    /// The connections that wait for an accept.
    static final class Backlog extends OpenFile {

        final Deque<StreamFile> pending = new ArrayDeque<>();

        Backlog(Kernel kernel) {
            super(kernel);
        }

        @Override
        int mask() {
            return pending.isEmpty() ? 0 : Poll.IN;
        }

        @Override
        void onLastClose() {
            for (StreamFile server : pending) {
                server.reset();
                server.onLastClose();
            }
            pending.clear();
        }

        @Override
        public String toString() {
            return "listener, " + pending.size() + " to accept";
        }
    }

    /// Connects a client. The connection waits for [#accept], and can be written to meanwhile.
    ///
    /// @return the client's end
    /// @throws io.selectors4j.NativeIOException ECONNREFUSED if this object is closed; EMFILE at the limit of
    ///     descriptors; or a planned failure of [Operation#OPEN]
    public SimulatedStream connect() throws IOException {
        try (var _ = kernel().acquire()) {
            if (!isOpen()) {
                throw Simulations.failure("connect(" + this + ")", "ECONNREFUSED");
            }
            kernel().checkFault(Operation.OPEN, "connect");
            StreamFile client = StreamFile.connected(kernel());
            SimulatedStream stream = new SimulatedStream(client, kernel().open(client));
            backlog.pending.add(client.peer());
            backlog.fire();
            return stream;
        }
    }

    /// Accepts the next connection. After a failure the connection still waits.
    ///
    /// @return the server's end; null if no connection waits
    /// @throws ClosedChannelException if this object is closed
    /// @throws io.selectors4j.NativeIOException EMFILE at the limit of descriptors; or a planned failure
    public @Nullable SimulatedStream accept() throws IOException {
        try (var _ = kernel().acquire()) {
            requireOpen();
            backlog.checkFault(Operation.ACCEPT, fileno());
            StreamFile server = backlog.pending.peek();
            if (server == null) {
                return null;
            }
            int fd = kernel().open(server);
            backlog.pending.remove();
            return new SimulatedStream(server, fd);
        }
    }
}
