package io.selectors4j.benchmarks.echo;

import com.sun.management.ThreadMXBean;
import io.selectors4j.benchmarks.Task;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/// The process of a server in Java: serves from the beginning, in one thread, and answers questions about itself.
///
/// - `port`: the port it listens on;
/// - `allocated`: how many bytes its thread has allocated on the heap so far (of Netty's servers, whose thread is another
///   one, this says nothing).
public final class ServerTask implements Task {

    private final EchoServer server;
    private final Thread thread;

    /// Opens a server.
    ///
    /// @param args its kind
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
            Runtime.getRuntime().halt(1); // so that whoever waits for an answer sees that none will come
        }
    }

    @Override
    public String round(String... args) throws IOException {
        return switch (args[0]) {
            case "port" -> "port=" + server.port();
            case "allocated" -> "bytes=" + allocated();
            default -> throw new IllegalArgumentException("no question " + args[0]);
        };
    }

    private long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getThreadAllocatedBytes(thread.threadId());
    }

    /// The server ends with this process.
    @Override
    public void close() {}
}
