package io.selectors4j.testing.recipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.selectors4j.NativeIOException;
import io.selectors4j.Selector;
import io.selectors4j.testing.Operation;
import io.selectors4j.testing.SimulatedListener;
import io.selectors4j.testing.SimulatedStream;
import io.selectors4j.testing.Simulation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EchoServerTest {

    private static final int STREAM_BUFFER = 1000;

    private final Simulation simulation =
            Simulation.builder().seed(1).streamBuffer(STREAM_BUFFER).build();

    private static EchoServer server(Simulation simulation, SimulatedListener listener) throws Exception {
        Selector<EchoServer.Task> selector = simulation.openSelector();
        return new EchoServer(selector, listener, listener::accept, simulation::nanoTime);
    }

    @Test
    void clientThatDoesNotRead_stopsTheServer() throws Exception {
        SimulatedListener listener = simulation.openListener();
        EchoServer server = server(simulation, listener);
        SimulatedStream client = listener.connect();
        ByteBuffer request = ByteBuffer.allocate(100_000);
        while (simulation.now().isZero()) { // the clock moves when the server has nothing to do
            client.write(request);
            server.turn();
        }
        // One buffer of the server, and those of both streams.
        assertEquals(EchoServer.BUFFER + 2 * STREAM_BUFFER, request.position());
        assertEquals(EchoServer.IDLE, simulation.now());
    }

    @Test
    void idleClient_isClosedAfterAMinute() throws Exception {
        SimulatedListener listener = simulation.openListener();
        EchoServer server = server(simulation, listener);
        SimulatedStream idle = listener.connect();
        SimulatedStream busy = listener.connect();
        simulation.after(Duration.ofSeconds(40), () -> busy.write(ByteBuffer.allocate(1)));
        while (simulation.now().compareTo(Duration.ofSeconds(60)) < 0) {
            server.turn();
        }
        assertEquals(-1, idle.read(ByteBuffer.allocate(1)));
        assertEquals(1, busy.read(ByteBuffer.allocate(10)));
        assertEquals(0, busy.read(ByteBuffer.allocate(10)));
        server.turn();
        assertEquals(Duration.ofSeconds(100), simulation.now());
        assertEquals(-1, busy.read(ByteBuffer.allocate(1)));
    }

    @Test
    void clientThatResets_doesNotEndTheServer() throws Exception {
        SimulatedListener listener = simulation.openListener();
        EchoServer server = server(simulation, listener);
        SimulatedStream one = listener.connect();
        SimulatedStream other = listener.connect();
        simulation.failNext(Operation.ACCEPT, "ECONNABORTED");
        assertThrows(NativeIOException.class, server::turn); // this server leaves accept errors to its caller
        server.turn();
        server.turn();
        one.write(ByteBuffer.allocate(10));
        one.reset();
        other.write(ByteBuffer.allocate(10));
        server.turn();
        assertEquals(10, other.read(ByteBuffer.allocate(100)));
    }

    /// Every seed has another order of the keys, other spurious events, and other short reads and writes.
    @Test
    void echo_returnsWhatWasSent() {
        Simulation.forSeeds(
                200, Simulation.builder().streamBuffer(100).spurious(0.2).shortTransfers(0.5), simulation -> {
                    SimulatedListener listener = simulation.openListener();
                    EchoServer server = server(simulation, listener);
                    SimulatedStream client = listener.connect();
                    byte[] bytes = new byte[3000];
                    new Random(simulation.seed()).nextBytes(bytes);
                    ByteBuffer request = ByteBuffer.wrap(bytes);
                    ByteBuffer reply = ByteBuffer.allocate(bytes.length + 1);
                    int count = client.read(reply);
                    while (count >= 0) {
                        if (request.hasRemaining()) {
                            client.write(request);
                        } else {
                            client.shutdownOutput();
                        }
                        if (count == 0) {
                            server.turn();
                        }
                        count = client.read(reply);
                    }
                    assertArrayEquals(bytes, Arrays.copyOf(reply.array(), reply.position()));
                });
    }
}
