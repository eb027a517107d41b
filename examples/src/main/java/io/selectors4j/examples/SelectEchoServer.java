package io.selectors4j.examples;

import io.selectors4j.Pollable;
import io.selectors4j.os.Select;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An echo server for many clients, with `select()`.
final class SelectEchoServer {

    private final Transcript out;
    private final Listener server;

    /// Objects from which we expect to read.
    private final List<Pollable> inputs = new ArrayList<>();

    /// Connections to which we expect to write.
    private final List<Pollable> outputs = new ArrayList<>();

    SelectEchoServer(Listener server, Settings settings) {
        this.server = server;
        out = settings.out();
        inputs.add(server);
        inputs.add(settings.stop());
    }

    static void run(Settings settings) throws IOException {
        try (Listener server = settings.listen(5, "starting up on " + settings.host() + " port ")) {
            SelectEchoServer echo = new SelectEchoServer(server, settings);
            boolean running = true;
            while (running) {
                running = echo.handle(echo.select(null));
            }
        }
    }

    /// Waits for at least one of the sockets to be ready for processing.
    Select.Ready<Pollable> select(@Nullable Duration timeout) throws IOException {
        out.line("");
        out.line("waiting for the next event");
        return Select.select(inputs, outputs, inputs, timeout);
    }

    /// Handles the ready objects.
    ///
    /// @return false after a stop request
    boolean handle(Select.Ready<Pollable> ready) throws IOException {
        for (Pollable s : ready.readable()) {
            switch (s) {
                case StopRequest _ -> {
                    return false;
                }
                case Connection connection -> attempt(connection, this::read);
                default -> accept();
            }
        }
        for (Pollable s : ready.writable()) {
            if (s instanceof Connection connection && connection.isOpen()) {
                attempt(connection, this::write);
            }
        }
        for (Pollable s : ready.exceptional()) {
            if (s instanceof Connection connection && connection.isOpen()) {
                out.line("handling exceptional condition for " + connection);
                close(connection);
            }
        }
        return true;
    }

    /// A "readable" server socket is ready to accept a connection.
    private void accept() throws IOException {
        Connection connection = server.accept();
        if (connection != null) {
            out.line("new connection from " + connection);
            inputs.add(connection);
        } else if (server.isFull()) {
            inputs.remove(server);
        }
    }

    private void read(Connection connection) throws IOException {
        ByteBuffer data = connection.receive(1024);
        if (data.hasRemaining()) {
            out.line("received " + Text.of(data) + " from " + connection);
            if (!outputs.contains(connection)) {
                outputs.add(connection);
            }
        } else if (connection.hasEnded() && !connection.hasOutput()) {
            out.line("closing " + connection + " after reading no data");
            close(connection);
        }
        if (!connection.hasRoom()) { // the client has to receive first, or has sent everything
            inputs.remove(connection);
        }
    }

    private void write(Connection connection) throws IOException {
        if (connection.hasOutput()) {
            ByteBuffer sent = connection.send();
            if (sent.hasRemaining()) {
                out.line("sending " + Text.of(sent) + " to " + connection);
            }
            if (connection.hasRoom() && !inputs.contains(connection)) {
                inputs.add(connection);
            }
        } else {
            // No messages waiting, so stop checking for writability.
            out.line("output queue for " + connection + " is empty");
            outputs.remove(connection);
            if (connection.hasEnded()) {
                out.line("closing " + connection + " after reading no data");
                close(connection);
            }
        }
    }

    private interface Action {
        void apply(Connection connection) throws IOException;
    }

    /// Performs an action, and closes a connection that is lost.
    private void attempt(Connection connection, Action action) throws IOException {
        try {
            action.apply(connection);
        } catch (IOException e) {
            out.line("closing " + connection + " after " + e.getMessage());
            close(connection);
        }
    }

    private void close(Connection connection) throws IOException {
        inputs.remove(connection);
        outputs.remove(connection);
        connection.close();
        if (!inputs.contains(server)) {
            inputs.add(server);
        }
    }
}
