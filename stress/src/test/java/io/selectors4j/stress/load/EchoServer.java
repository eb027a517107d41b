package io.selectors4j.stress.load;

import io.selectors4j.Selector;
import java.io.IOException;
import java.util.List;

/// `selectors_echo_server` of the examples, as `./demo` runs it, in a process of its own.
final class EchoServer implements AutoCloseable {

    /// The exit code of a process that SIGTERM has ended: 128 and its number.
    static final int TERMINATED = 143;

    private static final String DEMO = "io.selectors4j.examples.Demo";
    private static final String PICOCLI = "picocli.CommandLine";
    private static final String CONNECTION = "io.selectors4j.examples.Connection";
    private static final String SOCKET = "io.selectors4j.fd.SocketFd";

    private final JavaProcess java;
    private final int port;

    private EchoServer(JavaProcess java) throws IOException, InterruptedException {
        this.java = java;
        int[] found = new int[1];
        Look.until("the server listens", () -> (found[0] = TcpTable.listeningPort(java.pid())) != 0);
        port = found[0];
    }

    /// Starts it. Its heap is small, and there from the beginning: what its memory grows by is something else.
    ///
    /// @param openFiles how many descriptors it may have
    static EchoServer start(int openFiles) throws IOException, InterruptedException, ClassNotFoundException {
        String path = String.join(
                ":",
                JavaProcess.home(Selector.class),
                JavaProcess.home(Class.forName(DEMO)),
                JavaProcess.home(Class.forName(PICOCLI)));
        JavaProcess java = new JavaProcess(
                "server",
                openFiles,
                ProcessBuilder.Redirect.DISCARD,
                List.of(
                        "-Xms256m",
                        "-Xmx256m",
                        "-XX:+AlwaysPreTouch",
                        "--enable-native-access=io.selectors4j",
                        "--add-exports=java.base/sun.nio.ch=io.selectors4j",
                        "-p",
                        path,
                        "-m",
                        "io.selectors4j.examples/" + DEMO,
                        "selectors_echo_server",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        "0"));
        try {
            return new EchoServer(java);
        } catch (IOException | InterruptedException | AssertionError e) {
            java.close();
            throw e;
        }
    }

    JavaProcess java() {
        return java;
    }

    int port() {
        return port;
    }

    /// How many connections are on the heap.
    static long connections(Heap heap) {
        return heap.instances(CONNECTION);
    }

    /// How many sockets are on the heap.
    static long sockets(Heap heap) {
        return heap.instances(SOCKET);
    }

    @Override
    public void close() throws IOException {
        java.close();
    }
}
