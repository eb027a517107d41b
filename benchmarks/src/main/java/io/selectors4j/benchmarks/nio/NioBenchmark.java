package io.selectors4j.benchmarks.nio;

import io.selectors4j.benchmarks.Benchmark;
import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.Effort;
import io.selectors4j.benchmarks.Progress;
import io.selectors4j.benchmarks.Ratio;
import io.selectors4j.benchmarks.Result;
import io.selectors4j.benchmarks.Rounds;
import io.selectors4j.benchmarks.load.Namespace;
import io.selectors4j.benchmarks.load.Protocol;
import io.selectors4j.benchmarks.load.Turns;
import io.selectors4j.benchmarks.load.Turns.Situation;
import io.selectors4j.nio.SelectorsProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Measures servers for `java.nio.channels` on the JDK's provider and on [SelectorsProvider], which a system property
/// chooses. The servers are the same, and so are their clients. Jetty runs in a [Namespace].
public final class NioBenchmark implements Benchmark {

    private static final String JDK = "JDK";
    private static final String OURS = "selectors4j";
    private static final int CLIENTS = 50;
    private static final int MANY_CLIENTS = 1000;

    /// Milliseconds of load: uncounted at the beginning, uncounted in each turn, and measured.
    private static final int WARM_UP = 6_000;

    private static final int SETTLE = 500;
    private static final int WINDOW = 1500;
    private static final int RATIO_WINDOW = 3000;

    /// The number of warm-ups of a server. The second one finds the code that the first one had recompiled.
    private static final int UNCOUNTED = 2;

    /// A server and its load.
    ///
    /// @param id the name in `./bench ratios`
    /// @param title the name in tables
    private record Load(String id, String title, Protocol protocol, int clients) {

        static final List<Load> ALL = List.of(
                new Load("echo_50", "echo, 50", Protocol.ECHO, CLIENTS),
                new Load("echo_1000", "echo, 1,000", Protocol.ECHO, MANY_CLIENTS),
                new Load("accept", "accept and close", Protocol.ACCEPT, CLIENTS),
                new Load("datagram", "datagrams", Protocol.DATAGRAM, CLIENTS),
                new Load("http", "HTTP (Jetty)", Protocol.HTTP, CLIENTS));
    }

    /// A figure of [Turns#turnOfJava].
    ///
    /// @param name its name there
    /// @param id the name in `./bench ratios`
    private record Figure(String name, String id, String title, String unit) {

        static final List<Figure> ALL = List.of(
                new Figure("user", "user_cpu", "User time per message", "ns"),
                new Figure("cpu", "cpu", "Processor time per message", "ns"),
                new Figure("p99", "p99", "Response time, 99 %", "µs"),
                new Figure("bytes", "alloc", "Heap allocated per message", "bytes"));
    }

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public String description() {
        return "servers for java.nio.channels on the JDK's provider and on ours: echo, accept, datagrams, HTTP with Jetty";
    }

    @Override
    public List<Result> measure(Effort effort, Progress progress) throws IOException, InterruptedException {
        Map<Load, Rounds> all = measureAll(effort, WINDOW, progress);
        List<Result> results = new ArrayList<>();
        List<Result.Row> ratios = new ArrayList<>();
        for (Figure figure : Figure.ALL) {
            List<Result.Row> rows = new ArrayList<>();
            all.forEach((load, rounds) -> {
                rows.addAll(rounds.rows(load.title, figure.name, JDK));
                ratios.add(new Result.Row(load.title, figure.title, rounds.ratio(OURS, JDK, figure.name), null));
            });
            results.add(new Result("nio_" + figure.id, "NIO servers: " + figure.title, figure.unit, JDK, rows));
        }
        results.add(new Result("nio_ratio", "NIO servers on selectors4j", Result.RATIO, JDK, ratios));
        return results;
    }

    @Override
    public List<Ratio> ratios(Effort effort, Progress progress) throws IOException, InterruptedException {
        List<Ratio> ratios = new ArrayList<>();
        measureAll(effort, RATIO_WINDOW, progress).forEach((load, rounds) -> {
            for (Figure figure : Figure.ALL) {
                ratios.add(new Ratio(
                        name() + "." + load.id + "." + figure.id + ".vs_jdk", rounds.ratio(OURS, JDK, figure.name)));
            }
        });
        return ratios;
    }

    private Map<Load, Rounds> measureAll(Effort effort, int window, Progress progress)
            throws IOException, InterruptedException {
        Map<Load, Rounds> all = new LinkedHashMap<>();
        for (Load load : Load.ALL) {
            if (effort.isQuick() && load.clients == MANY_CLIENTS) {
                continue;
            }
            progress.part(name() + ", " + load.title);
            all.put(load, rounds(load, effort, window, progress));
        }
        return all;
    }

    private static Rounds rounds(Load load, Effort effort, int window, Progress progress)
            throws IOException, InterruptedException {
        Namespace namespace = load.protocol == Protocol.HTTP ? Namespace.find() : null;
        List<Contender> servers = List.of(server(load, false, namespace), server(load, true, namespace));
        Rounds rounds = new Rounds();
        try (Turns turns = Turns.start(servers, load.protocol, namespace)) {
            for (Contender server : servers) {
                turns.connect(server, new Situation(load.clients, 0));
            }
            for (int i = -UNCOUNTED; i < effort.rounds(); i++) {
                for (Contender server : servers) {
                    progress.step(server.name() + ", round " + Math.max(0, i + 1) + " of " + effort.rounds());
                    if (i < 0) {
                        turns.run(server, effort.work(WARM_UP) / UNCOUNTED);
                    } else {
                        rounds.add(server.name(), turns.turnOfJava(server, effort.work(SETTLE), effort.work(window)));
                    }
                }
            }
        }
        return rounds;
    }

    private static Contender server(Load load, boolean ours, @Nullable Namespace namespace) {
        Contender server = Contender.task(
                        ours ? OURS : JDK, NioServerTask.class, load.protocol.name(), Boolean.toString(ours))
                .with("-Dslf4j.internal.verbosity=ERROR"); // Jetty logs nothing, which SLF4J otherwise reports
        if (ours) {
            server = server.with("-Djava.nio.channels.spi.SelectorProvider=" + SelectorsProvider.class.getName());
        }
        return namespace == null ? server : new Contender(server.name(), namespace.create(server.command()));
    }
}
