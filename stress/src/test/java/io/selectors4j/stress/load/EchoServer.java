package io.selectors4j.stress.load;

import io.selectors4j.Backend;
import io.selectors4j.Selector;
import java.io.IOException;
import java.util.List;

/// The example `selectors_echo_server` in a process of its own, as `./demo` runs it.
final class EchoServer implements AutoCloseable {

    /// The exit code of a process that SIGTERM has ended: 128 plus the signal's number.
    static final int TERMINATED = 143;

    private static final String DEMO = "io.selectors4j.examples.Demo";
    private static final String PROVIDER = "io.selectors4j.nio.SelectorsProvider";
    private static final String PICOCLI = "picocli.CommandLine";
    private static final String CONNECTION = "io.selectors4j.examples.Connection";
    private static final String SOCKET = "io.selectors4j.fd.SocketFd";

    private final JavaProcess java;
    private final int port;

    private EchoServer(JavaProcess java) throws IOException, InterruptedException {
        this.java = java;
        int[] found = new int[1];
        Eventually.until("the server listens", () -> (found[0] = TcpTable.listeningPort(java.pid())) != 0);
        port = found[0];
    }

    /// Starts the server. Its heap is small and fully touched from the beginning, so a growing resident size is not the
    /// heap.
    ///
    /// @param maxOpenFiles the limit of open descriptors
    /// @param backend the backend of its selector
    static EchoServer start(int maxOpenFiles, Backend backend)
            throws IOException, InterruptedException, ClassNotFoundException {
        String path = String.join(
                ":",
                JavaProcess.home(Selector.class),
                JavaProcess.home(Class.forName(PROVIDER)),
                JavaProcess.home(Class.forName(DEMO)),
                JavaProcess.home(Class.forName(PICOCLI)));
        JavaProcess java = new JavaProcess(
                "server",
                maxOpenFiles,
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
                        "--backend",
                        backend.name(),
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

    /// Returns the number of connections on the heap.
    static long connections(HeapHistogram heap) {
        return heap.instances(CONNECTION);
    }

    /// Returns the number of sockets on the heap.
    static long sockets(HeapHistogram heap) {
        return heap.instances(SOCKET);
    }

    @Override
    public void close() throws IOException {
        java.close();
    }
}
