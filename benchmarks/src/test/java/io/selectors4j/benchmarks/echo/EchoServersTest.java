package io.selectors4j.benchmarks.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.benchmarks.Worker;
import io.selectors4j.benchmarks.Workers;
import io.selectors4j.benchmarks.load.LoadedServer;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tests of all echo servers, in the processes that are measured. Some are programs of other projects.
@Tag("ci")
final class EchoServersTest {

    private static final int MUCH = 8 << 20;
    private static final int SMALL = 4096;
    private static final int CHUNK = 256 << 10;

    /// The number of consecutive writes without room, with a pause in between, after which a connection counts as
    /// stuck.
    private static final int STUCK = 20;

    private static Workers workers;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        workers = Workers.start(EchoContenders.all());
    }

    @AfterAll
    static void stop() throws IOException {
        workers.close();
    }

    static List<Named<Worker>> servers() {
        return workers.all().stream()
                .map(server -> Named.of(server.contender().name(), server))
                .toList();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void dataSentBeforeAnyRead_isEchoedCompletely(Worker server) throws IOException, InterruptedException {
        byte[] sent = bytes(MUCH);
        try (SocketChannel client = connect(server)) {
            ByteBuffer output = ByteBuffer.wrap(sent);
            sendUntilStuck(client, output);
            assertThat(exchange(client, output)).isEqualTo(sent);
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void resetConnections_doNotStopServer(Worker server) throws IOException, InterruptedException {
        byte[] sent = bytes(SMALL);
        try (SocketChannel idle = connect(server)) {
            reset(idle);
        }
        try (SocketChannel stuck = connect(server)) {
            sendUntilStuck(stuck, ByteBuffer.wrap(bytes(MUCH)));
            reset(stuck);
        }
        try (SocketChannel client = connect(server)) {
            assertThat(exchange(client, ByteBuffer.wrap(sent))).isEqualTo(sent);
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void clientShutdown_closesConnection(Worker server) throws IOException {
        try (SocketChannel client = connect(server)) {
            client.shutdownOutput();
            client.configureBlocking(true);
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    private static SocketChannel connect(Worker server) throws IOException {
        Double port = Objects.requireNonNull(server.request("port").get("port"), "port");
        SocketChannel client = SocketChannel.open();
        // Small, so that the data does not fit into the client's buffers.
        client.setOption(StandardSocketOptions.SO_RCVBUF, SMALL);
        client.setOption(StandardSocketOptions.SO_SNDBUF, CHUNK);
        client.connect(LoadedServer.address(port.intValue()));
        client.configureBlocking(false);
        return client;
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    /// Makes the close of the client reset the connection.
    private static void reset(SocketChannel client) throws IOException {
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
    }

    /// Sends until the server, which cannot send its echoes, stops reading.
    private static void sendUntilStuck(SocketChannel client, ByteBuffer output)
            throws IOException, InterruptedException {
        int stuck = 0;
        while (output.hasRemaining() && stuck < STUCK) {
            if (client.write(output) > 0) {
                stuck = 0;
            } else {
                stuck++;
                Thread.sleep(5);
            }
        }
    }

    /// Sends the rest of the buffer, and receives the echo of all of it.
    private static byte[] exchange(SocketChannel client, ByteBuffer output) throws IOException {
        ByteBuffer input = ByteBuffer.allocate(output.limit());
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        while (input.hasRemaining()) {
            client.write(output);
            chunk.clear().limit(Math.min(CHUNK, input.remaining()));
            assertThat(client.read(chunk)).as("bytes read").isNotNegative();
            input.put(chunk.flip());
        }
        return input.array();
    }
}
