package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// The message that [Everything] sends from one end to the other.
final class Hello {

    private static final int MAX_LENGTH = 100;

    private Hello() {}

    /// Returns the message, a line.
    static ByteBuffer bytes() {
        return US_ASCII.encode("hello\n");
    }

    /// Sends the message.
    static void to(WritableByteChannel channel) throws IOException {
        channel.write(bytes());
    }

    /// Receives bytes and formats them, or returns "end of file".
    static String from(ReadableByteChannel channel) throws IOException {
        ByteBuffer received = ByteBuffer.allocate(MAX_LENGTH);
        return channel.read(received) < 0 ? "end of file" : Text.of(received.flip());
    }
}
