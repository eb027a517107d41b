package io.selectors4j.benchmarks.load;

import io.selectors4j.ReadyHandler;
import io.selectors4j.Selector;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// The clients of all servers, in one thread. Each busy client sends a request, waits for the response, and sends the
/// next one. Idle clients only stay connected.
final class Generator implements Closeable {

    /// The number of clients connected before one response shows that the server has accepted all of them. It is
    /// smaller than the accept queue of any kernel.
    private static final int BATCH = 100;

    private static final Duration RESPONSE_TIMEOUT = Duration.ofMinutes(1);
    private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;

    private final Selector<Exchange> selector = Selector.open();
    private final ReadyHandler<Exchange, IOException> handler = (key, _) -> ready(key.data());
    private final List<Exchange> busy = new ArrayList<>();
    private final List<Exchange> idle = new ArrayList<>();
    private final Histogram times = new Histogram(LONGEST, DIGITS);
    private int inFlight;
    private long end;

    /// Connects to a server.
    ///
    /// @param port the port on the loopback address
    /// @param busy the number of clients that send
    /// @param idle the number of clients that do not
    Generator(Protocol protocol, int port, int busy, int idle) throws IOException {
        try {
            InetSocketAddress server = LoadedServer.address(port);
            connect(protocol, server, this.busy, busy);
            connect(protocol, server, this.idle, idle);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void connect(Protocol protocol, InetSocketAddress server, List<Exchange> clients, int count)
            throws IOException {
        for (int i = 0; i < count; i++) {
            Exchange client = protocol.connect(server, selector, i);
            clients.add(client);
            if ((i + 1) % BATCH == 0 || i == count - 1) {
                once(client);
            }
        }
    }

    /// Sends one request and waits for the response.
    private void once(Exchange client) throws IOException {
        end = System.nanoTime();
        inFlight = 1;
        send(client, end);
        awaitAll();
    }

    private static void send(Exchange client, long now) throws IOException {
        client.started = now;
        client.send();
    }

    /// Sends requests for the given time, and waits for all responses.
    ///
    /// @param nanos the time in nanoseconds
    /// @return the measured load
    Load run(long nanos) throws IOException {
        times.reset();
        long start = System.nanoTime();
        end = start + nanos;
        inFlight = busy.size();
        for (Exchange client : busy) {
            send(client, System.nanoTime());
        }
        awaitAll();
        return new Load(times, System.nanoTime() - start);
    }

    private void ready(Exchange client) throws IOException {
        if (client.receive()) {
            long now = System.nanoTime();
            times.recordValue(now - client.started);
            if (now < end) {
                send(client, now);
            } else {
                inFlight--;
            }
        }
    }

    private void awaitAll() throws IOException {
        while (inFlight > 0) {
            if (selector.select(RESPONSE_TIMEOUT, handler) == 0) {
                throw new IOException(inFlight + " responses did not arrive within " + RESPONSE_TIMEOUT);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (Exchange client : busy) {
            client.close();
        }
        for (Exchange client : idle) {
            client.close();
        }
        selector.close();
    }
}
