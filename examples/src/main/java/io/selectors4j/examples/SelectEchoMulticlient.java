package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// A client that sends a message in parts over two connections at once and reads the echoed bytes.
final class SelectEchoMulticlient {

    private static final List<String> MESSAGES = List.of("This is the message. ", "It will be sent ", "in parts.");

    private SelectEchoMulticlient() {}

    static List<EchoResult> run(Settings settings) throws IOException {
        Transcript out = settings.out();
        out.line("connecting to " + settings.host() + " port " + settings.port());
        try (SocketFd first = settings.connect();
                SocketFd second = settings.connect()) {
            List<SocketFd> sockets = List.of(first, second);
            List<StringBuilder> received = List.of(new StringBuilder(), new StringBuilder());

            for (String message : MESSAGES) {
                // Send messages on both sockets
                for (SocketFd s : sockets) {
                    out.line(Text.of(s.localAddress()) + ": sending \"" + message + "\"");
                    s.write(ISO_8859_1.encode(message));
                }
                // Read responses on both sockets
                for (int i = 0; i < sockets.size(); i++) {
                    SocketFd s = sockets.get(i);
                    ByteBuffer data = ByteBuffer.allocate(message.length());
                    while (data.hasRemaining() && s.read(data) >= 0) {}
                    data.flip();
                    out.line(Text.of(s.localAddress()) + ": received " + Text.of(data));
                    received.get(i).append(ISO_8859_1.decode(data));
                    if (data.limit() < message.length()) {
                        throw new IOException("the server closed the connection of " + Text.of(s.localAddress())
                                + " after " + received.get(i).length() + " bytes");
                    }
                }
            }
            String sent = String.join("", MESSAGES);
            return List.of(
                    new EchoResult(
                            Text.of(first.localAddress()),
                            sent,
                            received.getFirst().toString()),
                    new EchoResult(
                            Text.of(second.localAddress()),
                            sent,
                            received.getLast().toString()));
        }
    }
}
