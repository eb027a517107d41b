package io.selectors4j.benchmarks.load;

import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.Worker;
import io.selectors4j.benchmarks.Workers;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Servers that take turns: each has clients, and the clients of one server at a time load it. The connections stay
/// open from turn to turn, because the first messages on new connections make the virtual machine compile the loop
/// again.
public final class Turns implements Closeable {

    /// The largest number of repetitions of a window in which one mode was never sampled.
    private static final int MAX_RUNS = 200;

    /// Options for the heap of a client, which creates few objects and runs beside many others.
    private static final String[] CLIENT_HEAP = {"-Xms64m", "-Xmx64m"};

    private static final double MICROS = 1e6;

    private final Workers servers;
    private final Workers clients;

    /// The client of each server.
    private final Map<Contender, Contender> clientOf;

    /// The numbers of connections.
    ///
    /// @param busy the number of connections that send
    /// @param idle the number of connections that do not
    public record Situation(int busy, int idle) {
        @Override
        public String toString() {
            return String.format("%,d", busy) + (idle == 0 ? "" : String.format(" beside %,d idle", idle));
        }
    }

    private Turns(Workers servers, Workers clients, Map<Contender, Contender> clientOf) {
        this.servers = servers;
        this.clients = clients;
        this.clientOf = clientOf;
    }

    /// Starts servers and their clients.
    ///
    /// @param contenders the servers, each a [ServingTask] or a program that answers the request `port`
    public static Turns start(List<Contender> contenders, Protocol protocol) throws IOException {
        return start(contenders, protocol, null);
    }

    /// Starts servers and their clients.
    ///
    /// @param contenders the servers, as for [#start(List, Protocol)]
    /// @param namespace if not null, the kind of namespace that the command of each server creates
    public static Turns start(List<Contender> contenders, Protocol protocol, @Nullable Namespace namespace)
            throws IOException {
        Workers servers = Workers.start(contenders);
        try {
            Map<Contender, Contender> clientOf = new LinkedHashMap<>();
            for (Worker server : servers.all()) {
                String name = server.contender().name();
                Contender client = Contender.task("the client of " + name, GeneratorTask.class, protocol.name())
                        .with(CLIENT_HEAP);
                if (namespace != null) {
                    server.request("port"); // it runs in its namespace now
                    client = new Contender(client.name(), namespace.join(server.pid(), client.command()));
                }
                clientOf.put(server.contender(), client);
            }
            return new Turns(servers, Workers.start(List.copyOf(clientOf.values())), clientOf);
        } catch (IOException e) {
            try (servers) {
                throw e;
            }
        }
    }

    /// Loads a server, and measures it.
    ///
    /// @param server the server, with a connected client
    /// @param settle the time before the measurement, in milliseconds
    /// @param window the time of the measurement, in milliseconds
    /// @return the number of `messages`; messages per second, `rate`, and its inverse in µs, `rate_inverse`; round-trip
    ///     times in µs, `p50`, `p99` and `p999`; processor time per message in ns, `user` and `system`; total user
    ///     time, `user_nanos`
    public Map<String, Double> turn(Contender server, int settle, int window) throws IOException {
        run(server, settle);
        return measure(server, window);
    }

    /// Loads a server in Java, and measures it.
    ///
    /// @param server the server, with a connected client
    /// @param settle the time before the measurement, in milliseconds
    /// @param window the time of the measurement, in milliseconds
    /// @return the figures of [#turn]; processor time per message in ns, `cpu`, and the bytes that all threads of the
    ///     server have allocated per message, `bytes`
    public Map<String, Double> turnOfJava(Contender server, int settle, int window) throws IOException {
        run(server, settle);
        double before = request(server, "allocated_by_all", "bytes");
        Map<String, Double> figures = measure(server, window);
        double allocated = request(server, "allocated_by_all", "bytes") - before;
        figures.put("cpu", figure(figures, "user") + figure(figures, "system"));
        figures.put("bytes", allocated / figure(figures, "messages"));
        return figures;
    }

    private Map<String, Double> measure(Contender server, int window) throws IOException {
        double messages = 0;
        Map<String, Double> figures;
        CpuMeter.Reading cpu;
        try (CpuMeter meter = new CpuMeter(servers.of(server).pid())) {
            int runs = 0;
            do {
                figures = client(server).request("run " + window);
                cpu = meter.read();
                messages += figure(figures, "messages");
                runs++;
            } while (!cpu.isComplete() && runs < MAX_RUNS);
        }
        figures.put("messages", messages);
        figures.put("rate_inverse", MICROS / figure(figures, "rate"));
        figures.put("user_nanos", cpu.user());
        figures.put("user", cpu.user() / messages);
        figures.put("system", cpu.system() / messages);
        return figures;
    }

    /// Connects to a server.
    public void connect(Contender server, Situation situation) throws IOException {
        int port = (int) request(server, "port", "port");
        client(server).request("open " + port + " " + situation.busy() + " " + situation.idle());
    }

    /// Disconnects from a server.
    public void disconnect(Contender server) throws IOException {
        client(server).request("close");
    }

    /// Loads a server whose client is connected.
    ///
    /// @return the number of messages
    public double run(Contender server, int millis) throws IOException {
        return figure(client(server).request("run " + millis), "messages");
    }

    private Worker client(Contender server) {
        return clients.of(Objects.requireNonNull(clientOf.get(server)));
    }

    /// Sends a request to a server, and returns one figure of the response.
    public double request(Contender server, String request, String name) throws IOException {
        return figure(servers.of(server).request(request), name);
    }

    private static Double figure(Map<String, Double> figures, String name) throws IOException {
        Double figure = figures.get(name);
        if (figure == null) {
            throw new IOException("no " + name + " in " + figures);
        }
        return figure;
    }

    @Override
    public void close() throws IOException {
        try (servers;
                clients) {
            // closes all, even if one fails to close
        }
    }
}
