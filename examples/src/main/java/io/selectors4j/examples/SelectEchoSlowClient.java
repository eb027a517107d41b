package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.List;

/// Takes its time before it sends each message, and reads in small pieces what comes back.
final class SelectEchoSlowClient {

    private static final List<String> MESSAGES = List.of("Part one of the message.", "Part two of the message.");

    private SelectEchoSlowClient() {}

    static List<Echo> run(Setting setting) throws IOException {
        Transcript out = setting.out();
        out.line("connecting to " + setting.host() + " port " + setting.port());
        try (SocketFd socket = setting.connect()) {
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
                return List.of(new Echo(Text.of(socket.localAddress()), sent, received.toString()));
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
