package io.selectors4j.benchmarks.echo;

import io.selectors4j.Await;
import io.selectors4j.benchmarks.load.LoadedServer;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;

/// The server with a virtual thread for each connection, which waits with [Await].
final class AwaitServer implements LoadedServer {

    /// The size of the buffer of a connection.
    static final int SMALL_BUFFER = 4096;

    private final SocketFd listener = SocketFd.createServer(LoadedServer.address(0), BACKLOG);

    AwaitServer() throws IOException {
        listener.setBlocking(false);
    }

    @Override
    public int port() throws IOException {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public void run() throws IOException, InterruptedException {
        while (listener.isOpen()) {
            SocketFd socket = listener.accept();
            if (socket == null) {
                Await.readable(listener, null);
            } else {
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        }
    }

    private static void serve(SocketFd socket) {
        try (socket) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(SMALL_BUFFER);
            int count = socket.read(buffer);
            while (count >= 0) {
                if (count == 0) {
                    Await.readable(socket, null);
                } else {
                    write(socket, buffer.flip());
                }
                count = socket.read(buffer.clear());
            }
        } catch (IOException | InterruptedException e) {
            // the connection is lost; the server goes on
        }
    }

    private static void write(SocketFd socket, ByteBuffer message) throws IOException, InterruptedException {
        socket.write(message);
        while (message.hasRemaining()) {
            Await.writable(socket, null);
            socket.write(message);
        }
    }
}
