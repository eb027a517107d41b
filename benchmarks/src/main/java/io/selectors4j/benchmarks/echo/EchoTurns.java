package io.selectors4j.benchmarks.echo;

import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.Worker;
import io.selectors4j.benchmarks.Workers;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Servers and a client for each; one client at a time loads its server. The connections stay open from turn to turn,
/// because the first messages on new connections make the virtual machine compile the loop again.
final class EchoTurns implements Closeable {

    /// The largest number of repetitions of a window in which one mode was never sampled.
    private static final int MAX_RUNS = 200;

    private static final double MICROS = 1e6;

    private final Workers servers;
    private final Workers clients;

    /// The numbers of connections.
    ///
    /// @param busy the number of connections that send
    /// @param idle the number of connections that do not
    record Situation(int busy, int idle) {
        @Override
        public String toString() {
            return String.format("%,d", busy) + (idle == 0 ? "" : String.format(" beside %,d idle", idle));
        }
    }

    private EchoTurns(Workers servers, Workers clients) {
        this.servers = servers;
        this.clients = clients;
    }

    /// Starts servers and their clients.
    static EchoTurns start(List<Contender> contenders) throws IOException {
        Workers servers = Workers.start(contenders);
        try {
            return new EchoTurns(
                    servers,
                    Workers.start(
                            contenders.stream().map(EchoContenders::clientOf).toList()));
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
    Map<String, Double> turn(Contender server, int settle, int window) throws IOException {
        run(server, settle);
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
    void connect(Contender server, Situation situation) throws IOException {
        int port = (int) request(server, "port", "port");
        client(server).request("open " + port + " " + situation.busy() + " " + situation.idle());
    }

    /// Disconnects from a server.
    void disconnect(Contender server) throws IOException {
        client(server).request("close");
    }

    /// Loads a server whose client is connected.
    ///
    /// @return the number of messages
    double run(Contender server, int millis) throws IOException {
        return figure(client(server).request("run " + millis), "messages");
    }

    private Worker client(Contender server) {
        return clients.of(EchoContenders.clientOf(server));
    }

    /// Sends a request to a server, and returns one figure of the response.
    double request(Contender server, String request, String name) throws IOException {
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
