package io.selectors4j.benchmarks.echo;

import com.sun.management.ThreadMXBean;
import io.selectors4j.benchmarks.Task;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/// The process of a server in Java. It serves from the start, in one thread. Its requests:
///
/// - `port`: the port that it listens on;
/// - `allocated`: the number of bytes that its thread has allocated on the heap so far. It does not count Netty's
///   servers, which have a thread of their own.
public final class ServerTask implements Task {

    private final EchoServer server;
    private final Thread thread;

    /// Opens a server.
    ///
    /// @param args the kind of server
    public ServerTask(String... args) throws IOException, InterruptedException {
        server = switch (args[0]) {
            case "selectors4j" -> new SelectorsServer();
            case "nio" -> new NioServer(false);
            case "nio-consumer" -> new NioServer(true);
            case "foreign" -> new ForeignServer();
            case "netty-epoll" -> NettyServer.epoll();
            case "netty-io_uring" -> NettyServer.ioUring();
            default -> throw new IllegalArgumentException("no server " + args[0]);
        };
        thread = Thread.ofPlatform().name("echo").daemon().start(this::serve);
    }

    private void serve() {
        try {
            server.run();
        } catch (IOException | InterruptedException | RuntimeException e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1); // ends the output, so that a reader of responses does not wait
        }
    }

    @Override
    public String round(String... args) throws IOException {
        return switch (args[0]) {
            case "port" -> "port=" + server.port();
            case "allocated" -> "bytes=" + allocated();
            default -> throw new IllegalArgumentException("unknown request " + args[0]);
        };
    }

    private long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getThreadAllocatedBytes(thread.threadId());
    }

    /// The server ends with this process.
    @Override
    public void close() {}
}
