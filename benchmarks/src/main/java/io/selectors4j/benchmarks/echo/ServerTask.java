package io.selectors4j.benchmarks.echo;

import io.selectors4j.Backend;
import io.selectors4j.benchmarks.load.LoadedServer;
import io.selectors4j.benchmarks.load.ServingTask;
import java.io.IOException;

/// The process of an echo server in Java.
public final class ServerTask extends ServingTask {

    /// Opens a server.
    ///
    /// @param args the kind of server
    public ServerTask(String... args) throws IOException, InterruptedException {
        super(open(args[0]));
    }

    private static LoadedServer open(String kind) throws IOException, InterruptedException {
        return switch (kind) {
            case "selectors4j" -> new SelectorsServer(Backend.best());
            case "selectors4j-poll" -> new SelectorsServer(Backend.POLL);
            case "selectors4j-select" -> new SelectorsServer(Backend.SELECT);
            case "selectors4j-io_uring" -> new SelectorsServer(Backend.IO_URING);
            case "nio" -> new NioServer(false);
            case "nio-consumer" -> new NioServer(true);
            case "foreign" -> new ForeignServer();
            case "await" -> new AwaitServer();
            case "blocking" -> new BlockingServer();
            case "netty-epoll" -> NettyServer.epoll();
            case "netty-io_uring" -> NettyServer.ioUring();
            default -> throw new IllegalArgumentException("no server " + kind);
        };
    }
}
