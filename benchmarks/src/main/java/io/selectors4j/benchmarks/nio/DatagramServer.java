package io.selectors4j.benchmarks.nio;

import io.selectors4j.benchmarks.load.LoadedServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Set;

/// A server that sends each datagram back to its sender.
public final class DatagramServer implements LoadedServer {

    private final Selector selector = Selector.open();
    private final DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

    /// Opens the server.
    public DatagramServer() throws IOException {
        channel.bind(LoadedServer.address(0));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
    }

    @Override
    public int port() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    @Override
    public void run() throws IOException {
        Set<SelectionKey> selected = selector.selectedKeys();
        while (selector.isOpen()) {
            selector.select();
            if (!selected.isEmpty()) {
                echo();
            }
            selected.clear();
        }
    }

    private void echo() throws IOException {
        SocketAddress sender = channel.receive(buffer.clear());
        while (sender != null) {
            channel.send(buffer.flip(), sender);
            sender = channel.receive(buffer.clear());
        }
    }
}
