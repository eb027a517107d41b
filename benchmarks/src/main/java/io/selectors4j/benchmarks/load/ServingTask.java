package io.selectors4j.benchmarks.load;

import com.sun.management.ThreadMXBean;
import io.selectors4j.benchmarks.Task;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/// The process of a server in Java. It serves from the start, in one thread. Its requests:
///
/// - `port`: the port that it listens on;
/// - `allocated`: the number of bytes that its thread has allocated on the heap so far. It does not count servers which
///   have threads of their own, such as Netty's;
/// - `allocated_by_all`: the number of bytes that all threads have allocated.
public abstract class ServingTask implements Task {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final LoadedServer server;
    private final Thread thread;

    /// Starts a server.
    protected ServingTask(LoadedServer server) {
        this.server = server;
        thread = Thread.ofPlatform().name("server").daemon().start(() -> serve(server));
    }

    private static void serve(LoadedServer server) {
        try {
            server.run();
        } catch (IOException | InterruptedException | RuntimeException e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1); // ends the output, so that a reader of responses does not wait
        }
    }

    @Override
    public final String round(String... args) throws IOException {
        return switch (args[0]) {
            case "port" -> "port=" + server.port();
            case "allocated" -> "bytes=" + THREADS.getThreadAllocatedBytes(thread.threadId());
            case "allocated_by_all" -> "bytes=" + THREADS.getTotalThreadAllocatedBytes();
            default -> throw new IllegalArgumentException("unknown request " + args[0]);
        };
    }

    /// The server ends with this process.
    @Override
    public final void close() {}
}
