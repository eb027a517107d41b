package io.selectors4j.benchmarks.echo;

import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.Worker;
import io.selectors4j.benchmarks.Workers;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Servers, and a client for each, of which one at a time puts load on its server. The connections stay from turn to turn: the first
/// messages after connecting are dear for every virtual machine, which has to compile the loop anew.
final class EchoTurns implements Closeable {

    /// So often a window is repeated in which one mode was never sampled.
    private static final int PROLONGED = 200;

    private static final double MICROS = 1e6;

    private final Workers servers;
    private final Workers clients;

    /// How many connections there are.
    ///
    /// @param busy those that send
    /// @param idle those that do not
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

    /// Lets a server echo for a while, and measures.
    ///
    /// @param server the server, which its client is connected to
    /// @param settle for how long it echoes before it is measured, in milliseconds
    /// @param window for how long it is measured
    /// @return `messages`, and by second `rate`, whose inverse is `rate_inverse` in µs; how long they took to come back in µs, `p50`, `p99`, `p999`; the processor's
    ///     time by message in ns, `user` and `system`, and altogether `user_nanos`
    Map<String, Double> turn(Contender server, int settle, int window) throws IOException {
        run(server, settle);
        double messages = 0;
        Map<String, Double> figures;
        CpuMeter.Reading cpu;
        try (CpuMeter meter = new CpuMeter(servers.of(server).pid())) {
            int runs = 0;
            do {
                figures = client(server).ask("run " + window);
                cpu = meter.read();
                messages += figure(figures, "messages");
                runs++;
            } while (!cpu.isComplete() && runs < PROLONGED);
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
        int port = (int) ask(server, "port", "port");
        client(server).ask("open " + port + " " + situation.busy() + " " + situation.idle());
    }

    /// Disconnects from a server.
    void disconnect(Contender server) throws IOException {
        client(server).ask("close");
    }

    /// Lets a server echo that its client is connected to.
    ///
    /// @param server the server
    /// @param millis how long
    /// @return how many messages
    double run(Contender server, int millis) throws IOException {
        return figure(client(server).ask("run " + millis), "messages");
    }

    private Worker client(Contender server) {
        return clients.of(EchoContenders.clientOf(server));
    }

    /// Asks a server something.
    double ask(Contender server, String question, String name) throws IOException {
        return figure(servers.of(server).ask(question), name);
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
            // nothing but to close all, whatever happens to one
        }
    }
}
