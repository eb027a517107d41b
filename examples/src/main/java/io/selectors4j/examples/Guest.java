package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;

/// Somebody who has connected to the chat. Prints as its name, and as its address as long as it has not said one.
final class Guest {

    static final int LONGEST_LINE = 1000; // bytes

    private static final int AT_ONCE = 4096; // bytes

    private final Connection connection;
    private final TextLines lines = new TextLines(LONGEST_LINE);
    private String name = "";

    Guest(Connection connection) {
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

    /// Receives what has come.
    ///
    /// @return the lines; at the end also one that is not complete
    /// @throws IOException if the connection is lost
    List<String> receive() throws IOException {
        List<String> said = lines.take(connection.read(AT_ONCE));
        if (connection.hasEnded()) {
            said.addAll(lines.takeEnd());
        }
        return said;
    }

    /// What its lines end with.
    String lineEnd() {
        return lines.lineEnd();
    }

    /// Queues a text.
    void put(String text) {
        connection.put(UTF_8.encode(text));
    }

    /// Sends what there is room for.
    ///
    /// @throws IOException if the connection is lost
    void send() throws IOException {
        while (connection.hasOutput() && connection.send().hasRemaining()) {}
    }

    /// Whether so much waits for it to read that nothing more is queued.
    boolean isStuck() {
        return !connection.hasRoom() && !connection.hasEnded();
    }

    @Override
    public String toString() {
        return isNamed() ? name : connection.toString();
    }
}
