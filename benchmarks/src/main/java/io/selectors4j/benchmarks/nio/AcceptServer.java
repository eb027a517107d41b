package io.selectors4j.benchmarks.nio;

import io.selectors4j.benchmarks.load.LoadedServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;

/// A server that accepts a connection, registers it, sends its first message back and closes it.
final class AcceptServer implements LoadedServer {

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

    AcceptServer() throws IOException {
        listener.bind(LoadedServer.address(0), BACKLOG);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    @Override
    public int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    @Override
    public void run() throws IOException {
        Set<SelectionKey> selected = selector.selectedKeys();
        while (selector.isOpen()) {
            selector.select();
            for (SelectionKey key : selected) {
                if (key.channel() instanceof SocketChannel channel) {
                    echo(channel);
                } else {
                    accept();
                }
            }
            selected.clear();
        }
    }

    private void accept() throws IOException {
        for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.register(selector, SelectionKey.OP_READ);
        }
    }

    private void echo(SocketChannel channel) throws IOException {
        try (channel) {
            if (channel.read(buffer.clear()) > 0) {
                channel.write(buffer.flip());
            }
        }
    }
}
