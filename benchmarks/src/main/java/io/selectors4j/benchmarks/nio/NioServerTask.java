package io.selectors4j.benchmarks.nio;

import io.selectors4j.benchmarks.echo.NioServer;
import io.selectors4j.benchmarks.load.LoadedServer;
import io.selectors4j.benchmarks.load.Protocol;
import io.selectors4j.benchmarks.load.ServingTask;
import io.selectors4j.nio.SelectorsProvider;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;

/// The process of a server for `java.nio.channels`.
public final class NioServerTask extends ServingTask {

    /// Opens a server.
    ///
    /// @param args the name of the [Protocol], and whether [SelectorsProvider] must be the provider
    public NioServerTask(String... args) throws IOException {
        SelectorProvider provider = SelectorProvider.provider();
        if (provider instanceof SelectorsProvider != Boolean.parseBoolean(args[1])) {
            throw new IllegalStateException("the provider is " + provider.getClass());
        }
        super(open(Protocol.valueOf(args[0])));
    }

    private static LoadedServer open(Protocol protocol) throws IOException {
        return switch (protocol) {
            case ECHO -> new NioServer(false);
            case ACCEPT -> new AcceptServer();
            case DATAGRAM -> new DatagramServer();
            case HTTP -> new JettyServer();
        };
    }
}
