package io.selectors4j.benchmarks.echo;

import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.Worker;
import io.selectors4j.benchmarks.Workers;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Servers that idle, and the client that puts load on one of them at a time.
final class EchoTurns implements Closeable {

    /// So often a window is repeated in which one mode was never sampled.
    private static final int PROLONGED = 200;

    private static final double MICROS = 1e6;

    private final Workers servers;
    private final Worker generator;

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

    private EchoTurns(Workers servers, Worker generator) {
        this.servers = servers;
        this.generator = generator;
    }

    /// Starts servers and the client.
    static EchoTurns start(List<Contender> contenders) throws IOException {
        Workers servers = Workers.start(contenders);
        try {
            return new EchoTurns(servers, Worker.start(EchoContenders.generator()));
        } catch (IOException e) {
            try (servers) {
                throw e;
            }
        }
    }

    /// Connects to a server, lets it echo for a while, measures, and disconnects.
    ///
    /// @param server the server
    /// @param situation the connections
    /// @param warmUp for how long it echoes before it is measured, in milliseconds
    /// @param window for how long it is measured
    /// @return `messages`, and by second `rate`, whose inverse is `rate_inverse` in µs; how long they took to come back in µs, `p50`, `p99`, `p999`; the processor's
    ///     time by message in ns, `user` and `system`, and altogether `user_nanos`
    Map<String, Double> turn(Contender server, Situation situation, int warmUp, int window) throws IOException {
        connect(server, situation);
        run(warmUp);
        double messages = 0;
        Map<String, Double> figures;
        CpuMeter.Reading cpu;
        try (CpuMeter meter = new CpuMeter(servers.of(server).pid())) {
            int runs = 0;
            do {
                figures = generator.ask("run " + window);
                cpu = meter.read();
                messages += figure(figures, "messages");
                runs++;
            } while (!cpu.isComplete() && runs < PROLONGED);
        }
        generator.ask("close");
        figures.put("messages", messages);
        figures.put("rate_inverse", MICROS / figure(figures, "rate"));
        figures.put("user_nanos", cpu.user());
        figures.put("user", cpu.user() / messages);
        figures.put("system", cpu.system() / messages);
        return figures;
    }

    /// Connects to a server, lets it echo for a while, and disconnects.
    ///
    /// @param server the server
    /// @param situation the connections
    /// @param millis how long
    void load(Contender server, Situation situation, int millis) throws IOException {
        connect(server, situation);
        run(millis);
        generator.ask("close");
    }

    /// Connects to a server.
    void connect(Contender server, Situation situation) throws IOException {
        int port = (int) ask(server, "port", "port");
        generator.ask("open " + port + " " + situation.busy() + " " + situation.idle());
    }

    /// Lets the server echo to which the client is connected.
    ///
    /// @param millis how long
    /// @return how many messages
    double run(int millis) throws IOException {
        return figure(generator.ask("run " + millis), "messages");
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
                generator) {
            // nothing but to close all, whatever happens to one
        }
    }
}
