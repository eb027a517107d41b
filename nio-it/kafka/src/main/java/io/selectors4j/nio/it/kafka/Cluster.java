package io.selectors4j.nio.it.kafka;

import io.selectors4j.nio.it.Checks;
import io.selectors4j.nio.it.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/// Three brokers, each with a controller in the same process. The configuration of a broker names the ports of all, so
/// the ports are fixed; the namespace has no other server.
final class Cluster implements AutoCloseable {

    static final List<Integer> NUMBERS = List.of(1, 2, 3);

    /// The addresses of all brokers.
    static final String ALL = "127.0.0.1:9091,127.0.0.1:9092,127.0.0.1:9093";

    private static final List<String> OPTIONS =
            List.of("-Xmx400m", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=info", "-Dkafka.logs.dir=.");

    private final Checks checks;
    private final SortedMap<Integer, ServerProcess> brokers = new TreeMap<>();

    Cluster(Checks checks) {
        this.checks = checks;
    }

    private String configuration(int number) {
        return checks.directory().resolve("broker-" + number + ".properties").toString();
    }

    /// Formats the directories of all brokers and starts the brokers.
    void start() throws IOException, InterruptedException {
        String clusterId = Uuid.randomUuid().toString();
        for (int number : NUMBERS) {
            Path data = checks.directory().resolve("data-" + number);
            Files.writeString(Path.of(configuration(number)), """
            process.roles=broker,controller
            node.id=%1$d
            controller.quorum.voters=1@127.0.0.1:9191,2@127.0.0.1:9192,3@127.0.0.1:9193
            listeners=PLAINTEXT://127.0.0.1:909%1$d,CONTROLLER://127.0.0.1:919%1$d
            advertised.listeners=PLAINTEXT://127.0.0.1:909%1$d
            listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
            controller.listener.names=CONTROLLER
            inter.broker.listener.name=PLAINTEXT
            log.dirs=%2$s
            default.replication.factor=3
            min.insync.replicas=2
            offsets.topic.num.partitions=3
            offsets.topic.replication.factor=3
            transaction.state.log.replication.factor=3
            transaction.state.log.min.isr=2
            transaction.state.log.num.partitions=3
            controller.quorum.election.timeout.ms=3000
            controller.quorum.fetch.timeout.ms=6000
            group.initial.rebalance.delay.ms=0
            """.formatted(number, data));
            try (ServerProcess format = ServerProcess.start(
                    checks,
                    "format-" + number,
                    OPTIONS,
                    "kafka.tools.StorageTool",
                    "format",
                    "--cluster-id",
                    clusterId,
                    "--config",
                    configuration(number))) {
                format.awaitEnd(Duration.ofSeconds(60));
            }
        }
        for (int number : NUMBERS) {
            start(number);
        }
    }

    /// Starts a broker.
    void start(int number) throws IOException {
        brokers.put(
                number, ServerProcess.start(checks, "broker-" + number, OPTIONS, "kafka.Kafka", configuration(number)));
    }

    /// Ends a broker at once.
    void kill(int number) throws InterruptedException {
        Objects.requireNonNull(brokers.remove(number)).kill();
    }

    /// Prints the ends of the logs.
    void printLogs() throws IOException {
        for (ServerProcess broker : brokers.values()) {
            broker.printLog();
        }
    }

    /// Ends all brokers in an orderly way. The last two controllers have no majority, which they do not wait for.
    void stop() throws IOException, InterruptedException {
        for (ServerProcess broker : brokers.values()) {
            broker.requestStop();
        }
        for (ServerProcess broker : brokers.values()) {
            broker.awaitEnd(Duration.ofSeconds(60));
        }
    }

    @Override
    public void close() {
        brokers.values().forEach(ServerProcess::close);
    }
}
