package io.selectors4j.nio.it.zookeeper;

import io.selectors4j.nio.it.Checks;
import io.selectors4j.nio.it.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/// Three servers of ZooKeeper, each in a process of its own. The configuration of a server names the ports of all, so
/// the ports are fixed; the namespace has no other server.
final class Ensemble implements AutoCloseable {

    static final List<Integer> NUMBERS = List.of(1, 2, 3);

    /// The addresses of all servers.
    static final String ALL = "127.0.0.1:2181,127.0.0.1:2182,127.0.0.1:2183";

    private final Checks checks;
    private final SortedMap<Integer, ServerProcess> servers = new TreeMap<>();

    Ensemble(Checks checks) throws IOException {
        this.checks = checks;
        for (int number : NUMBERS) {
            start(number);
        }
    }

    /// Starts a server, with the data of its last run if there was one.
    void start(int number) throws IOException {
        Path data = Files.createDirectories(checks.directory().resolve("data-" + number));
        Files.writeString(data.resolve("myid"), String.valueOf(number));
        Path file = checks.directory().resolve("server-" + number + ".cfg");
        String configuration = """
            tickTime=500
            initLimit=40
            syncLimit=20
            dataDir=%s
            clientPort=%d
            clientPortAddress=127.0.0.1
            maxClientCnxns=0
            admin.enableServer=false
            4lw.commands.whitelist=srvr
            server.1=127.0.0.1:2881:3881
            server.2=127.0.0.1:2882:3882
            server.3=127.0.0.1:2883:3883
            """.formatted(data, 2180 + number);
        Files.writeString(file, configuration);
        servers.put(
                number,
                ServerProcess.start(
                        checks,
                        "server-" + number,
                        List.of("-Xmx300m", "-Dzookeeper.jmx.log4j.disable=true"),
                        QuorumPeerMain.class.getName(),
                        file.toString()));
    }

    /// Returns the address of a server.
    static String address(int number) {
        return "127.0.0.1:" + (2180 + number);
    }

    /// Returns the mode of a server: `leader` or `follower`; empty if it has not joined the ensemble.
    static String mode(int number) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), 2180 + number)) {
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.lines()
                    .filter(line -> line.startsWith("Mode: "))
                    .map(line -> line.substring("Mode: ".length()))
                    .findFirst()
                    .orElse("");
        }
    }

    /// Returns the number of the leader.
    int leader() throws IOException {
        for (int number : servers.keySet()) {
            if (mode(number).equals("leader")) {
                return number;
            }
        }
        throw new IOException("no leader");
    }

    /// Returns whether all servers that run have joined, with one of them as the leader.
    boolean isComplete() throws IOException {
        int leaders = 0;
        for (int number : servers.keySet()) {
            String mode = mode(number);
            if (mode.isEmpty()) {
                return false;
            }
            leaders += mode.equals("leader") ? 1 : 0;
        }
        return leaders == 1;
    }

    /// Ends a server at once.
    void kill(int number) throws InterruptedException {
        ServerProcess server = servers.remove(number);
        if (server != null) {
            server.kill();
        }
    }

    /// Ends all servers in an orderly way.
    void stop() throws IOException, InterruptedException {
        for (ServerProcess server : servers.values()) {
            server.stop(Duration.ofSeconds(20));
        }
    }

    /// Prints the ends of the logs.
    void printLogs() throws IOException {
        for (ServerProcess server : servers.values()) {
            server.printLog();
        }
    }

    @Override
    public void close() {
        servers.values().forEach(ServerProcess::close);
    }
}
