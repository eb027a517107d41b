package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.selectors4j.fd.SocketFd;
import io.selectors4j.os.Select;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/// A TCP client of a server, controlled by a test.
final class TcpClient implements Closeable {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    final SocketFd socket;
    final String address;

    TcpClient(SocketFd socket) throws IOException {
        this.socket = socket;
        address = Text.of(socket.localAddress());
    }

    void send(String text) throws IOException {
        socket.write(ISO_8859_1.encode(text));
    }

    /// Receives a number of bytes, or fewer at the end of the connection.
    ByteBuffer receive(int length) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(length);
        while (data.hasRemaining()) {
            if (Select.select(List.of(socket), List.of(), List.of(), TIMEOUT).isEmpty()) {
                throw new AssertionError("only " + data.position() + " of " + length + " bytes arrived");
            }
            if (socket.read(data) < 0) {
                break;
            }
        }
        return data.flip();
    }

    String receiveText(int length) throws IOException {
        return ISO_8859_1.decode(receive(length)).toString();
    }

    /// Sends a text and receives as many bytes.
    String echo(String text) throws IOException {
        send(text);
        return receiveText(text.length());
    }

    /// Closes the connection with a reset.
    void reset() throws IOException {
        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        socket.close();
    }

    /// Closes the connection.
    void hangUp() throws IOException {
        close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
