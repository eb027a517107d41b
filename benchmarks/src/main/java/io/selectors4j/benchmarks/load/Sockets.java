package io.selectors4j.benchmarks.load;

import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;

/// Connected, non-blocking sockets of clients.
final class Sockets {

    private Sockets() {}

    static SocketFd stream(InetSocketAddress server) throws IOException {
        SocketFd socket = SocketFd.createConnection(server);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.setBlocking(false);
        return socket;
    }

    static SocketFd datagrams(InetSocketAddress server) throws IOException {
        SocketFd socket = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
        socket.connect(server);
        socket.setBlocking(false);
        return socket;
    }
}
