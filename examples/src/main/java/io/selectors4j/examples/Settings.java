package io.selectors4j.examples;

import io.selectors4j.Backend;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The settings of a program: its address, files, output and stop request.
///
/// @param host a name or an address
/// @param port a port; 0 lets a server choose a free one
/// @param files the files of the command line
/// @param backend the backend, for programs that do not require one
/// @param out the output
/// @param stop ends a server
/// @param listening completed with the port of the server when it accepts connections
record Settings(
        String host,
        int port,
        List<String> files,
        Backend backend,
        Transcript out,
        StopRequest stop,
        CompletableFuture<Integer> listening) {

    Settings(String host, int port, Transcript out, StopRequest stop) {
        this(host, port, List.of(), Backend.best(), out, stop, new CompletableFuture<>());
    }

    /// Returns the same settings with another output.
    Settings withOut(Transcript other) {
        return new Settings(host, port, files, backend, other, stop, listening);
    }

    /// Listens on the address.
    ///
    /// @param backlog the maximum number of connections that wait to be accepted
    /// @param announcement the text to print before the port
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
