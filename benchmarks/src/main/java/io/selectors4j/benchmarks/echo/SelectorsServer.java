package io.selectors4j.benchmarks.echo;

import io.selectors4j.Interest;
import io.selectors4j.ReadyHandler;
import io.selectors4j.Selector;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The server on selectors4j, with the handler form of select.
final class SelectorsServer implements EchoServer {

    /// The data of a key: what to do when its socket is ready.
    private interface Callback {
        void ready() throws IOException;
    }

    private final Selector<Callback> selector = Selector.open();
    private final SocketFd listener = SocketFd.createServer(EchoServer.address(0), BACKLOG);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

    SelectorsServer() throws IOException {
        listener.setBlocking(false);
    }

    @Override
    public int port() throws IOException {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public void run() throws IOException {
        selector.register(listener, Interest.READ, this::accept);
        ReadyHandler<Callback, IOException> handler = (key, _) -> key.data().ready();
        while (selector.isOpen()) {
            selector.select(null, handler);
        }
    }

    private void accept() throws IOException {
        for (SocketFd socket = listener.accept(); socket != null; socket = listener.accept()) {
            socket.setBlocking(false);
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            selector.register(socket, Interest.READ, new Connection(socket));
        }
    }

    private final class Connection implements Callback {

        private final SocketFd socket;

        /// What could not be written yet.
        private @Nullable ByteBuffer pending;

        Connection(SocketFd socket) {
            this.socket = socket;
        }

        @Override
        public void ready() throws IOException {
            try {
                if (pending == null) {
                    echo();
                } else {
                    flush(pending);
                }
            } catch (IOException e) { // a lost connection is not the end of the server
                socket.close();
            }
        }

        private void echo() throws IOException {
            buffer.clear();
            int count = socket.read(buffer);
            if (count < 0) {
                socket.close();
            } else if (count > 0) {
                socket.write(buffer.flip());
                if (buffer.hasRemaining()) {
                    pending = ByteBuffer.allocateDirect(buffer.remaining())
                            .put(buffer)
                            .flip();
                    selector.modify(socket, Interest.WRITE, this);
                }
            }
        }

        private void flush(ByteBuffer rest) throws IOException {
            socket.write(rest);
            if (!rest.hasRemaining()) {
                pending = null;
                selector.modify(socket, Interest.READ, this);
            }
        }
    }
}
