package io.selectors4j.benchmarks.echo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Sends back whatever it gets, to any number of TCP connections, in one thread. It ends with its process.
///
/// All of them do the same, as far as their API lets them: they are level-triggered, read once when a connection is
/// readable, into one buffer that all connections share, and write at once. Only what could not be written is kept in a buffer of the
/// connection's own; then the connection is not read until that is written.
interface EchoServer {

    /// How many connections may wait to be accepted; the kernel lowers it to its own limit.
    int BACKLOG = 16 * 1024;

    /// How much is read at once.
    int BUFFER = 64 * 1024;

    /// Where servers listen: on this computer alone.
    ///
    /// @param port the port; 0 for any free one
    static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    /// The port it listens on.
    ///
    /// @return its number
    int port() throws IOException;

    /// Serves, in this thread or one of its own, until something fails.
    void run() throws IOException, InterruptedException;
}
