package io.selectors4j.benchmarks.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// A server that is measured. It ends with its process.
public interface LoadedServer {

    /// The length of the accept queue; the kernel lowers it to its own limit.
    int BACKLOG = 16 * 1024;

    /// The size of the read buffer.
    int BUFFER = 64 * 1024;

    /// Returns a loopback address.
    ///
    /// @param port the port; 0 for any free port
    static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    /// Returns the port that the server listens on.
    int port() throws IOException;

    /// Serves, in the calling thread or one of its own, until an error.
    void run() throws IOException, InterruptedException;
}
