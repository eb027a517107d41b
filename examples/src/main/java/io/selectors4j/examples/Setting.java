package io.selectors4j.examples;

import io.selectors4j.Backend;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// What a program is given: where to listen or connect, where to print, when to stop.
///
/// @param host a name or an address
/// @param port a port; a server on port 0 gets any free one
/// @param files what else stands on the command line
/// @param backend what to select with, where a program leaves that open
/// @param out where to print
/// @param stop ends a server
/// @param listening the port of the server, as soon as it takes connections
record Setting(
        String host,
        int port,
        List<String> files,
        Backend backend,
        Transcript out,
        Stop stop,
        CompletableFuture<Integer> listening) {

    Setting(String host, int port, Transcript out, Stop stop) {
        this(host, port, List.of(), Backend.best(), out, stop, new CompletableFuture<>());
    }

    /// Listens on the address.
    ///
    /// @param backlog how many connections may wait to be accepted
    /// @param announcement what to print before the port
    Listener listen(int backlog, String announcement) throws IOException {
        Listener server = new Listener(SocketFd.createServer(new InetSocketAddress(host, port), backlog), out);
        out.line(announcement + server.port());
        listening.complete(server.port());
        return server;
    }

    /// Connects to the address.
    SocketFd connect() throws IOException {
        return SocketFd.createConnection(new InetSocketAddress(host, port));
    }
}
