package io.selectors4j.examples;

import io.selectors4j.Interest;
import io.selectors4j.IoUringSelector;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import java.io.IOException;
import java.nio.ByteBuffer;

/// An echo server for many clients, with the best selector of this system, or with batched sockets on IO_URING. The
/// data of each key is a callback.
final class SelectorsEchoServer {

    /// The data of a key: called when its descriptor is ready.
    private interface Callback {
        void ready(SelectorKey<Callback> key, Readiness readiness) throws IOException;
    }

    /// The maximum number of connections that wait to be accepted.
    private static final int BACKLOG = 100;

    private final Transcript out;
    private final Listener server;
    private final Selector<Callback> selector;
    private boolean running = true;

    private SelectorsEchoServer(Listener server, Selector<Callback> selector, Transcript out) {
        this.server = server;
        this.selector = selector;
        this.out = out;
    }

    static void run(Settings settings) throws IOException {
        try (Listener server = settings.listen(BACKLOG, "starting up on " + settings.host() + " port ");
                Selector<Callback> selector = settings.backend().open()) {
            new SelectorsEchoServer(server, selector, settings.out()).loop(settings.stop());
        }
    }

    private void loop(StopRequest stop) throws IOException {
        selector.register(server, Interest.READ, this::accept);
        selector.register(stop, Interest.READ, (_, _) -> running = false);
        while (running) {
            selector.select((key, readiness) -> key.data().ready(key, readiness));
        }
    }

    /// Accepts all waiting connections. All ready connections are served between two calls, so accepting one at a time
    /// would delay new clients of a busy server.
    private void accept(SelectorKey<Callback> key, Readiness readiness) throws IOException {
        for (int i = 0; i < BACKLOG; i++) {
            Connection connection = server.accept();
            if (connection == null) {
                if (server.isFull()) {
                    selector.modify(server, Interest.NONE, key.data());
                }
                return;
            }
            out.line("accepted " + connection);
            if (selector instanceof IoUringSelector<Callback> batching) {
                connection.batch(batching); // one system call for all reads and writes between two selects
            }
            selector.register(connection, Interest.READ, (k, ready) -> echo(connection, k, ready));
        }
    }

    private void echo(Connection connection, SelectorKey<Callback> key, Readiness readiness) throws IOException {
        try {
            if (readiness.isReadable()) {
                ByteBuffer data = connection.receive(1000);
                if (data.hasRemaining()) {
                    out.line("echoing " + Text.of(data) + " to " + connection);
                }
            }
            // The socket may not have room for all: the rest is sent when it is writable.
            while (connection.hasOutput() && connection.send().hasRemaining()) {}
            if (connection.hasEnded() && !connection.hasOutput()) {
                close(connection, "closing " + connection);
            } else {
                Interest read = connection.hasRoom() ? Interest.READ : Interest.NONE;
                Interest write = connection.hasOutput() ? Interest.WRITE : Interest.NONE;
                selector.modify(connection, read.or(write), key.data());
            }
        } catch (IOException e) { // the connection is lost; the server continues
            close(connection, "closing " + connection + " after " + e.getMessage());
        }
    }

    private void close(Connection connection, String text) throws IOException {
        out.line(text);
        selector.unregister(connection);
        connection.close();
        selector.modify(server, Interest.READ, this::accept);
    }
}
