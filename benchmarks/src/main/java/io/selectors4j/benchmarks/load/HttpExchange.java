package io.selectors4j.benchmarks.load;

import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A client of an HTTP server, for responses that all have the same length. The first response says which.
final class HttpExchange extends Exchange {

    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SUCCESS = "HTTP/1.1 200 ".getBytes(StandardCharsets.US_ASCII);
    private static final String END_OF_HEADERS = "\r\n\r\n";
    private static final Pattern CONTENT_LENGTH =
            Pattern.compile("\r\nContent-Length: (?<length>[0-9]+)\r\n", Pattern.CASE_INSENSITIVE);
    private static final int CAPACITY = 4096;

    private final SocketFd socket;
    private final ByteBuffer output = ByteBuffer.allocateDirect(REQUEST.length).put(REQUEST);
    private final ByteBuffer input = ByteBuffer.allocateDirect(CAPACITY);
    private final byte[] start = new byte[SUCCESS.length];

    /// The length of a response; 0 before the first one.
    private int length;

    HttpExchange(InetSocketAddress server, Selector<Exchange> selector) throws IOException {
        socket = Sockets.stream(server);
        selector.register(socket, Interest.READ, this);
    }

    @Override
    void send() throws IOException {
        if (socket.write(output.flip()) < REQUEST.length) {
            throw new IOException("no room for a request on " + socket);
        }
    }

    @Override
    boolean receive() throws IOException {
        if (socket.read(input) < 0) {
            throw new IOException("the server has closed " + socket);
        }
        if (length == 0) {
            length = lengthOfResponse();
        }
        if (length == 0 || input.position() < length) {
            return false;
        }
        input.get(0, start);
        if (input.position() > length || !Arrays.equals(start, SUCCESS)) {
            throw new IOException("unexpected response: " + text());
        }
        input.clear();
        return true;
    }

    /// Returns the length of the response whose headers have arrived; 0 if they have not.
    private int lengthOfResponse() throws IOException {
        String text = text();
        int headers = text.indexOf(END_OF_HEADERS);
        if (headers < 0) {
            return 0;
        }
        Matcher matcher = CONTENT_LENGTH.matcher(text);
        if (!matcher.find()) {
            throw new IOException("a response without Content-Length: " + text);
        }
        return headers + END_OF_HEADERS.length() + Integer.parseInt(matcher.group("length"));
    }

    private String text() {
        return StandardCharsets.US_ASCII.decode(input.duplicate().flip()).toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
