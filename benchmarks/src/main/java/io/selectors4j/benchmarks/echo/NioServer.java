package io.selectors4j.benchmarks.echo;

import io.selectors4j.benchmarks.load.LoadedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The server with NIO, with the set of selected keys or with a [java.util.function.Consumer].
public final class NioServer implements EchoServer {

    /// The attachment of a key: the action when its channel is ready.
    private interface Callback {
        void ready(SelectionKey key) throws IOException;
    }

    private final boolean consumer;
    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

    /// Opens the server.
    ///
    /// @param consumer whether to select with a consumer
    public NioServer(boolean consumer) throws IOException {
        this.consumer = consumer;
        listener.bind(LoadedServer.address(0), BACKLOG);
        listener.configureBlocking(false);
    }

    @Override
    public int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    @Override
    public void run() throws IOException {
        Callback accept = this::accept;
        listener.register(selector, SelectionKey.OP_ACCEPT, accept);
        if (consumer) {
            consume();
        } else {
            iterate();
        }
    }

    private void iterate() throws IOException {
        Set<SelectionKey> selected = selector.selectedKeys();
        while (selector.isOpen()) {
            selector.select();
            for (SelectionKey key : selected) {
                ready(key);
            }
            selected.clear();
        }
    }

    private void consume() throws IOException {
        while (selector.isOpen()) {
            selector.select(NioServer::ready);
        }
    }

    private static void ready(SelectionKey key) {
        try {
            ((Callback) key.attachment()).ready(key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(SelectionKey ready) throws IOException {
        for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
        }
    }

    private final class Connection implements Callback {

        private final SocketChannel channel;

        /// The bytes that could not be written yet.
        private @Nullable ByteBuffer pending;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public void ready(SelectionKey key) throws IOException {
            try {
                if (pending == null) {
                    echo(key);
                } else {
                    flush(key, pending);
                }
            } catch (IOException e) { // the connection is lost; the server goes on
                channel.close();
            }
        }

        private void echo(SelectionKey key) throws IOException {
            buffer.clear();
            int count = channel.read(buffer);
            if (count < 0) {
                channel.close();
            } else if (count > 0) {
                channel.write(buffer.flip());
                if (buffer.hasRemaining()) {
                    pending = ByteBuffer.allocateDirect(buffer.remaining())
                            .put(buffer)
                            .flip();
                    key.interestOps(SelectionKey.OP_WRITE);
                }
            }
        }

        private void flush(SelectionKey key, ByteBuffer remaining) throws IOException {
            channel.write(remaining);
            if (!remaining.hasRemaining()) {
                pending = null;
                key.interestOps(SelectionKey.OP_READ);
            }
        }
    }
}
