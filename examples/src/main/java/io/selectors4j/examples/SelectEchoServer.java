package io.selectors4j.examples;

import io.selectors4j.Pollable;
import io.selectors4j.os.Select;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sends back whatever it gets, to many clients at once, with `select()`.
final class SelectEchoServer {

    private final Transcript out;
    private final Listener server;

    /// Objects from which we expect to read.
    private final List<Pollable> inputs = new ArrayList<>();

    /// Connections to which we expect to write.
    private final List<Pollable> outputs = new ArrayList<>();

    SelectEchoServer(Listener server, Setting setting) {
        this.server = server;
        out = setting.out();
        inputs.add(server);
        inputs.add(setting.stop());
    }

    static void run(Setting setting) throws IOException {
        try (Listener server = setting.listen(5, "starting up on " + setting.host() + " port ")) {
            SelectEchoServer echo = new SelectEchoServer(server, setting);
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

    /// Handles what is ready.
    ///
    /// @return whether to go on
    boolean handle(Select.Ready<Pollable> ready) throws IOException {
        for (Pollable s : ready.readable()) {
            switch (s) {
                case Stop _ -> {
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
        if (!connection.hasRoom()) { // the client has to receive first, or it has sent all
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
        void on(Connection connection) throws IOException;
    }

    /// A lost connection is not the end of the server.
    private void attempt(Connection connection, Action action) throws IOException {
        try {
            action.on(connection);
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
