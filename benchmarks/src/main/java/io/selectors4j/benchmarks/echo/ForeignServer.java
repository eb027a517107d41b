package io.selectors4j.benchmarks.echo;

import io.selectors4j.benchmarks.ForeignCalls;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The server on bare foreign calls, with numbers for descriptors. Connections come and go by way of the library, since that is not what
/// is measured; one whose client takes less than it is sent is closed.
final class ForeignServer implements EchoServer {

    private final int epfd = ForeignCalls.epollCreate();
    private final long buffer = Arena.global().allocate(BUFFER).address();
    private final SocketFd listener = SocketFd.createServer(EchoServer.address(0), BACKLOG);
    private final int listening = listener.fileno();

    /// The connections by their numbers: to close them.
    private final List<@Nullable SocketFd> connections = new ArrayList<>();

    ForeignServer() throws IOException {
        listener.setBlocking(false);
        ForeignCalls.add(epfd, listening, listening);
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
                } else {
                    echo(fd);
                }
            }
        }
    }

    private void echo(int fd) throws IOException {
        try {
            long count = ForeignCalls.recv(fd, buffer, BUFFER);
            if (count == 0 || ForeignCalls.send(fd, buffer, count) != count) {
                drop(fd);
            }
        } catch (IOException e) { // a lost connection is not the end of the server
            drop(fd);
        }
    }

    private void drop(int fd) throws IOException {
        SocketFd connection = connections.set(fd, null);
        if (connection != null) {
            connection.close();
        }
    }

    private void accept() throws IOException {
        for (SocketFd socket = listener.accept(); socket != null; socket = listener.accept()) {
            socket.setBlocking(false);
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            int fd = socket.fileno();
            while (connections.size() <= fd) {
                connections.add(null);
            }
            connections.set(fd, socket);
            ForeignCalls.add(epfd, fd, fd);
        }
    }
}
