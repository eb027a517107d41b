package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// What [Everything] sends from one end to the other.
final class Hello {

    private static final int ROOM = 100;

    private Hello() {}

    /// The bytes of it, a line.
    static ByteBuffer bytes() {
        return US_ASCII.encode("hello\n");
    }

    /// Sends it.
    static void to(WritableByteChannel channel) throws IOException {
        channel.write(bytes());
    }

    /// Receives it, or whatever has come instead.
    static String from(ReadableByteChannel channel) throws IOException {
        ByteBuffer received = ByteBuffer.allocate(ROOM);
        return channel.read(received) < 0 ? "the end" : Text.of(received.flip());
    }
}
