package io.selectors4j.benchmarks.echo;

import io.selectors4j.benchmarks.load.LoadedServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// The server with a virtual thread for each connection, which reads and writes a blocking channel of the JDK.
final class BlockingServer implements LoadedServer {

    private final ServerSocketChannel listener = ServerSocketChannel.open();

    BlockingServer() throws IOException {
        listener.bind(LoadedServer.address(0), BACKLOG);
    }

    @Override
    public int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    @Override
    public void run() throws IOException {
        while (listener.isOpen()) {
            SocketChannel channel = listener.accept();
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Thread.ofVirtual().start(() -> serve(channel));
        }
    }

    private static void serve(SocketChannel channel) {
        try (channel) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(AwaitServer.SMALL_BUFFER);
            while (channel.read(buffer) >= 0) {
                channel.write(buffer.flip());
                buffer.clear();
            }
        } catch (IOException e) {
            // the connection is lost; the server goes on
        }
    }
}
