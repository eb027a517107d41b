package io.selectors4j.benchmarks.echo;

import io.selectors4j.benchmarks.ForeignCalls;
import io.selectors4j.benchmarks.load.LoadedServer;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The server with bare foreign calls and descriptor numbers. It accepts and closes connections with the library,
/// because that is not measured. The data of an event is the connection's number if it is watched for EPOLLIN, and the
/// complement of the number if it is watched for EPOLLOUT.
final class ForeignServer implements EchoServer {

    private final int epfd = ForeignCalls.epollCreate();
    private final ByteBuffer memory = ByteBuffer.allocateDirect(BUFFER);
    private final long buffer = MemorySegment.ofBuffer(memory).address();
    private final SocketFd listener = SocketFd.createServer(LoadedServer.address(0), BACKLOG);
    private final int listening = listener.fileno();

    /// The connections by descriptor number.
    private final List<@Nullable Connection> connections = new ArrayList<>();

    private static final class Connection {
        final SocketFd socket;

        /// The bytes that could not be written yet.
        ByteBuffer pending = ByteBuffer.allocate(0);

        Connection(SocketFd socket) {
            this.socket = socket;
        }
    }

    ForeignServer() throws IOException {
        listener.setBlocking(false);
        ForeignCalls.add(epfd, listening, ForeignCalls.IN, listening);
    }

    @Override
    public int port() throws IOException {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public void run() throws IOException {
        while (true) {
            int events = ForeignCalls.await(epfd);
            for (int i = 0; i < events; i++) {
                int fd = ForeignCalls.data(i);
                if (fd == listening) {
                    accept();
                } else if (fd >= 0) {
                    echo(fd);
                } else {
                    flush(~fd);
                }
            }
        }
    }

    private void echo(int fd) throws IOException {
        long count = ForeignCalls.recv(fd, buffer, BUFFER);
        long sent = count > 0 ? ForeignCalls.send(fd, buffer, count) : count;
        if (count <= 0 || sent != count) {
            handleShortSend(fd, (int) count, (int) sent);
        }
    }

    private void handleShortSend(int fd, int count, int sent) throws IOException {
        Connection connection = Objects.requireNonNull(connections.get(fd));
        if (count == 0 || (sent < 0 && sent != -ForeignCalls.EAGAIN)) {
            drop(fd, connection);
        } else if (count > 0) {
            int start = Math.max(0, sent);
            ByteBuffer remaining = memory.slice(start, count - start);
            connection.pending =
                    ByteBuffer.allocateDirect(count - start).put(remaining).flip();
            ForeignCalls.delete(epfd, fd);
            ForeignCalls.add(epfd, fd, ForeignCalls.OUT, ~fd);
        }
    }

    private void flush(int fd) throws IOException {
        Connection connection = Objects.requireNonNull(connections.get(fd));
        try {
            connection.socket.write(connection.pending);
        } catch (IOException e) { // the connection is lost; the server goes on
            drop(fd, connection);
            return;
        }
        if (!connection.pending.hasRemaining()) {
            ForeignCalls.delete(epfd, fd);
            ForeignCalls.add(epfd, fd, ForeignCalls.IN, fd);
        }
    }

    private void drop(int fd, Connection connection) throws IOException {
        connections.set(fd, null);
        connection.socket.close();
    }

    private void accept() throws IOException {
        for (SocketFd socket = listener.accept(); socket != null; socket = listener.accept()) {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            int fd = socket.fileno();
            while (connections.size() <= fd) {
                connections.add(null);
            }
            connections.set(fd, new Connection(socket));
            ForeignCalls.add(epfd, fd, ForeignCalls.IN, fd);
        }
    }
}
