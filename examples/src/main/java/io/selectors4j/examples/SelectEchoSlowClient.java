package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.List;

/// A client that pauses before each message and reads the echoed bytes in small pieces.
final class SelectEchoSlowClient {

    private static final List<String> MESSAGES = List.of("Part one of the message.", "Part two of the message.");

    private SelectEchoSlowClient() {}

    static List<EchoResult> run(Settings settings) throws IOException {
        Transcript out = settings.out();
        out.line("connecting to " + settings.host() + " port " + settings.port());
        try (SocketFd socket = settings.connect()) {
            try {
                pause(1000);
                // Send data
                for (String message : MESSAGES) {
                    out.line("sending \"" + message + "\"");
                    socket.write(ISO_8859_1.encode(message));
                    pause(1500);
                }
                // Look for the response
                String sent = String.join("", MESSAGES);
                StringBuilder received = new StringBuilder();
                while (received.length() < sent.length()) {
                    ByteBuffer data = ByteBuffer.allocate(Math.min(16, sent.length() - received.length()));
                    while (data.hasRemaining() && socket.read(data) >= 0) {}
                    data.flip();
                    out.line("received " + Text.of(data));
                    received.append(ISO_8859_1.decode(data));
                    if (data.limit() < data.capacity()) {
                        throw new IOException("the server closed the connection of " + Text.of(socket.localAddress())
                                + " after " + received.length() + " bytes");
                    }
                }
                return List.of(new EchoResult(Text.of(socket.localAddress()), sent, received.toString()));
            } finally {
                out.line("closing socket");
            }
        }
    }

    private static void pause(long millis) throws InterruptedIOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
