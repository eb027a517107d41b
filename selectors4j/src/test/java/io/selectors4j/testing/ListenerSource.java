package io.selectors4j.testing;

import io.selectors4j.Pollable;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;

/// A listening TCP socket, ready when a connection is pending.
final class ListenerSource implements ReadySource {

    private final SocketFd server =
            SocketFd.createServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    private final Deque<SocketFd> connections = new ArrayDeque<>();

    ListenerSource() throws IOException {
        server.setBlocking(false);
    }

    @Override
    public Pollable pollable() {
        return server;
    }

    @Override
    public void fire() throws IOException {
        connections.push(SocketFd.createConnection(server.localAddress()));
    }

    @Override
    public void consume() throws IOException {
        for (SocketFd accepted = server.accept(); accepted != null; accepted = server.accept()) {
            connections.push(accepted);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        while (!connections.isEmpty()) {
            connections.pop().close();
        }
    }
}
