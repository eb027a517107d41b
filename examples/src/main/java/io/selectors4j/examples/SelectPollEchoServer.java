package io.selectors4j.examples;

import static io.selectors4j.os.Poll.POLLERR;
import static io.selectors4j.os.Poll.POLLHUP;
import static io.selectors4j.os.Poll.POLLIN;
import static io.selectors4j.os.Poll.POLLOUT;
import static io.selectors4j.os.Poll.POLLPRI;

import io.selectors4j.Pollable;
import io.selectors4j.os.Poll;
import io.selectors4j.os.PollEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// An echo server for many clients, with `poll()`.
final class SelectPollEchoServer {

    /// Limits the time of each wait.
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /// WSAPoll refuses POLLPRI.
    private static final int URGENT = System.getProperty("os.name").startsWith("Windows") ? 0 : POLLPRI;

    // Commonly used flag sets
    private static final int READ_ONLY = POLLIN | URGENT | POLLHUP | POLLERR;
    private static final int READ_WRITE = READ_ONLY | POLLOUT;
    private static final int WRITE_ONLY = POLLOUT | POLLHUP | POLLERR;

    private final Transcript out;
    private final Listener server;
    private final Poll poller = Poll.create();

    /// The registered objects by file descriptor.
    private final Map<Integer, Pollable> fdToSocket = new HashMap<>();

    private SelectPollEchoServer(Listener server, Transcript out) {
        this.server = server;
        this.out = out;
    }

    static void run(Settings settings) throws IOException {
        try (Listener server = settings.listen(5, "starting up on " + settings.host() + " port ")) {
            new SelectPollEchoServer(server, settings.out()).loop(settings.stop());
        }
    }

    private void loop(StopRequest stop) throws IOException {
        register(server);
        register(stop);

        while (true) {
            out.line("");
            out.line("waiting for the next event");
            for (PollEvent event : poller.poll(TIMEOUT)) {
                // Retrieve the actual object from its file descriptor.
                switch (fdToSocket.get(event.fd())) {
                    case StopRequest _ -> {
                        return;
                    }
                    case Listener _ -> accept();
                    case Connection connection -> handle(connection, event.revents());
                    case null, default -> throw new IllegalStateException("not registered: " + event);
                }
            }
        }
    }

    private void register(Pollable socket) {
        fdToSocket.put(socket.fileno(), socket);
        poller.register(socket, READ_ONLY);
    }

    private void accept() throws IOException {
        Connection connection = server.accept();
        if (connection != null) {
            out.line("new connection from " + connection);
            register(connection);
        } else if (server.isFull()) {
            poller.modify(server, 0);
        }
    }

    /// Handles the events of a connection, and closes a connection that is lost.
    private void handle(Connection connection, int flags) throws IOException {
        try {
            if ((flags & POLLIN) != 0) {
                read(connection);
            } else if ((flags & POLLHUP) != 0 && !stillReceives(connection, flags)) {
                close(connection, "closing " + connection + " after receiving HUP");
            } else if ((flags & (POLLERR | POLLPRI)) != 0) {
                close(connection, "handling exceptional condition for " + connection);
            }
            if ((flags & POLLOUT) != 0 && connection.isOpen()) {
                write(connection);
            }
        } catch (IOException e) {
            close(connection, "closing " + connection + " after " + e.getMessage());
        }
    }

    /// Returns whether there is output for a client that has hung up without an error. WSAPoll reports that of a client
    /// that has only stopped sending; on other systems the next write fails.
    private static boolean stillReceives(Connection connection, int flags) {
        return connection.hasOutput() && (flags & POLLERR) == 0;
    }

    private void read(Connection connection) throws IOException {
        ByteBuffer data = connection.receive(1024);
        if (data.hasRemaining()) {
            out.line("received " + Text.of(data) + " from " + connection);
        } else if (connection.hasEnded() && !connection.hasOutput()) {
            close(connection, "closing " + connection + " after reading no data");
            return;
        }
        if (connection.hasOutput()) { // with a full queue, the client has to receive first
            poller.modify(connection, connection.hasRoom() ? READ_WRITE : WRITE_ONLY);
        }
    }

    private void write(Connection connection) throws IOException {
        if (connection.hasOutput()) {
            ByteBuffer sent = connection.send();
            if (sent.hasRemaining()) {
                out.line("sending " + Text.of(sent) + " to " + connection);
            }
            poller.modify(connection, connection.hasRoom() ? READ_WRITE : WRITE_ONLY);
        } else {
            // No messages waiting, so stop checking for writability.
            out.line("output queue for " + connection + " is empty");
            poller.modify(connection, READ_ONLY);
            if (connection.hasEnded()) {
                close(connection, "closing " + connection + " after reading no data");
            }
        }
    }

    private void close(Connection connection, String text) throws IOException {
        out.line(text);
        poller.unregister(connection);
        fdToSocket.remove(connection.fileno());
        connection.close();
        poller.modify(server, READ_ONLY);
    }
}
