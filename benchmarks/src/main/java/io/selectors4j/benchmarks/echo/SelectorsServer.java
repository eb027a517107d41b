package io.selectors4j.benchmarks.echo;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.IoUringSelector;
import io.selectors4j.ReadyHandler;
import io.selectors4j.Selector;
import io.selectors4j.benchmarks.load.LoadedServer;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The server with selectors4j, with a handler for ready keys.
final class SelectorsServer implements EchoServer {

    /// The data of a key: the action when its socket is ready.
    private interface Callback {
        void ready() throws IOException;
    }

    private final Selector<Callback> selector;
    private final SocketFd listener = SocketFd.createServer(LoadedServer.address(0), BACKLOG);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

    /// The selector of batched sockets; null if they are not batched.
    private final @Nullable IoUringSelector<Callback> batching;

    /// Opens a server.
    ///
    /// @param backend the backend of its selector; with io_uring, the sockets are batched
    SelectorsServer(Backend backend) throws IOException {
        selector = backend.open();
        batching = selector instanceof IoUringSelector<Callback> ring ? ring : null;
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
            selector.select(handler);
        }
    }

    private void accept() throws IOException {
        for (SocketFd socket = listener.accept(); socket != null; socket = listener.accept()) {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (batching != null) {
                batching.batch(socket);
            }
            selector.register(socket, Interest.READ, new Connection(socket));
        }
    }

    private final class Connection implements Callback {

        private final SocketFd socket;

        /// The bytes that could not be written yet.
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
            } catch (IOException e) { // the connection is lost; the server goes on
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

        private void flush(ByteBuffer remaining) throws IOException {
            socket.write(remaining);
            if (!remaining.hasRemaining()) {
                pending = null;
                selector.modify(socket, Interest.READ, this);
            }
        }
    }
}
