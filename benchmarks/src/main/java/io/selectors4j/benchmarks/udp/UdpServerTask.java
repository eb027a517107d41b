package io.selectors4j.benchmarks.udp;

import io.selectors4j.benchmarks.load.LoadedServer;
import io.selectors4j.benchmarks.load.ServingTask;
import io.selectors4j.benchmarks.nio.DatagramServer;
import java.io.IOException;

/// The process of a server for datagrams.
public final class UdpServerTask extends ServingTask {

    /// The kinds of servers.
    enum Kind {
        NIO,
        CALLS,
        BATCHES
    }

    /// Opens a server.
    ///
    /// @param args the name of its [Kind]
    public UdpServerTask(String... args) throws IOException {
        super(open(Kind.valueOf(args[0])));
    }

    private static LoadedServer open(Kind kind) throws IOException {
        return switch (kind) {
            case NIO -> new DatagramServer();
            case CALLS -> new UdpServer.OfCalls();
            case BATCHES -> new UdpServer.OfBatches();
        };
    }
}
