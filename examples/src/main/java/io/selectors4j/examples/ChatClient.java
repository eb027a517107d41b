package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;

/// A client of the chat. Prints as its name, or as its address while it has no name.
final class ChatClient {

    static final int MAX_LINE_LENGTH = 1000; // bytes

    private static final int READ_SIZE = 4096; // bytes

    private final Connection connection;
    private final TextLines lines = new TextLines(MAX_LINE_LENGTH);
    private String name = "";

    ChatClient(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    boolean isNamed() {
        return !name.isEmpty();
    }

    void setName(String name) {
        this.name = name;
    }

    /// Receives lines.
    ///
    /// @return the completed lines; at the end of the connection also an incomplete one
    /// @throws IOException if the connection is lost
    List<String> receive() throws IOException {
        List<String> received = lines.process(connection.read(READ_SIZE));
        if (connection.hasEnded()) {
            received.addAll(lines.processEnd());
        }
        return received;
    }

    /// Returns the line end that this client uses.
    String lineEnd() {
        return lines.lineEnd();
    }

    /// Queues a text.
    void put(String text) {
        connection.put(UTF_8.encode(text));
    }

    /// Sends queued text as far as the socket has room for it.
    ///
    /// @throws IOException if the connection is lost
    void send() throws IOException {
        while (connection.hasOutput() && connection.send().hasRemaining()) {}
    }

    /// Returns whether the queue has no room for more text.
    boolean isFull() {
        return !connection.hasRoom() && !connection.hasEnded();
    }

    @Override
    public String toString() {
        return isNamed() ? name : connection.toString();
    }
}
