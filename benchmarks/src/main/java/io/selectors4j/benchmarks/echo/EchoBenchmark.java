package io.selectors4j.benchmarks.echo;

import io.selectors4j.Backend;
import io.selectors4j.benchmarks.Benchmark;
import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.Effort;
import io.selectors4j.benchmarks.ForeignCalls;
import io.selectors4j.benchmarks.Progress;
import io.selectors4j.benchmarks.Ratio;
import io.selectors4j.benchmarks.Result;
import io.selectors4j.benchmarks.load.Protocol;
import io.selectors4j.benchmarks.load.Turns;
import io.selectors4j.benchmarks.load.Turns.Situation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Measures echo servers with one event loop each, under a load of messages of 64 bytes, one in flight on each
/// connection: messages per second, their round-trip time, and the server's processor time per message.
///
/// All servers run all the time, and their clients load one server after the other, A B A B…;
/// [io.selectors4j.benchmarks.load.CpuMeter] says how exact the processor time is. User time is a small part of it and
/// is sampled. Therefore the ratios of `./bench ratios` are of the sums over all turns; only their spread comes from
/// the single turns.
public final class EchoBenchmark implements Benchmark {

    /// The figure that is compared: the time of a message.
    static final String RATE = "rate_inverse";
    private static final int FEW = 50;
    private static final int MANY = 5000;
    private static final int IDLE = 9000;

    /// Milliseconds of load: uncounted at the beginning, uncounted in each turn, and measured.
    private static final int WARM_UP = 6_000;

    private static final int SETTLE = 500;
    private static final int WINDOW = 1500;
    private static final int RATIO_WINDOW = 4000;

    /// The number of warm-ups of a server. The second one finds the code that the first one had recompiled.
    private static final int UNCOUNTED = 2;

    /// A figure of [io.selectors4j.benchmarks.load.Turns#turn] that has a table.
    record Figure(String name, String title, String unit) {

        static final List<Figure> ALL = List.of(
                new Figure("rate", "Messages echoed", "1/s"),
                new Figure("user", "Server's user time per message", "ns"),
                new Figure("system", "Server's system time per message", "ns"),
                new Figure("p50", "Round-trip time of a message, median", "µs"),
                new Figure("p99", "Round-trip time of a message, 99 %", "µs"),
                new Figure("p999", "Round-trip time of a message, 99.9 %", "µs"));
    }

    @Override
    public String name() {
        return "echo";
    }

    @Override
    public String description() {
        return "TCP echo servers under load, with 50 and 5,000 connections, and 50 beside 9,000 idle ones";
    }

    @Override
    public List<Result> measure(Effort effort, Progress progress) throws IOException, InterruptedException {
        List<Contender> servers = EchoContenders.all();
        String base = servers.getFirst().name().equals(EchoContenders.C) ? EchoContenders.C : EchoContenders.NIO;
        List<Situation> situations = List.of(
                new Situation(FEW, 0),
                new Situation(Math.max(2 * FEW, effort.work(MANY)), 0),
                new Situation(FEW, effort.work(IDLE)));
        Map<Situation, EchoRounds> all = new LinkedHashMap<>();
        try (Turns turns = Turns.start(servers, Protocol.ECHO)) {
            for (Situation situation : situations) {
                progress.part("echo, " + situation + " connections");
                List<Contender> serving = EchoContenders.serving(situation, servers);
                all.put(situation, rounds(turns, serving, situation, effort, WINDOW, progress));
            }
        }
        List<Result> results = new ArrayList<>();
        for (Figure figure : Figure.ALL) {
            List<Result.Row> rows = new ArrayList<>();
            all.forEach(
                    (situation, rounds) -> rows.addAll(rounds.turns().rows(situation.toString(), figure.name, base)));
            results.add(new Result("echo_" + figure.name, figure.title, figure.unit, base, rows));
        }
        return results;
    }

    @Override
    public List<Ratio> ratios(Effort effort, Progress progress) throws IOException, InterruptedException {
        List<Contender> servers = EchoContenders.few();
        progress.part("echo");
        EchoRounds rounds;
        try (Turns turns = Turns.start(servers, Protocol.ECHO)) {
            rounds = rounds(turns, servers, new Situation(FEW, 0), effort, RATIO_WINDOW, progress);
        }
        Map<String, String> peers = new LinkedHashMap<>();
        peers.put(EchoContenders.C, "c");
        peers.put(EchoContenders.NIO, "nio");
        peers.put(EchoContenders.NETTY_EPOLL, "netty_epoll");
        List<Ratio> ratios = new ArrayList<>();
        peers.forEach((peer, id) -> {
            if (servers.stream().anyMatch(server -> server.name().equals(peer))) {
                ratios.add(new Ratio("echo.user_cpu.vs_" + id, rounds.userRatio(EchoContenders.OURS, peer)));
            }
        });
        ratios.add(new Ratio(
                "echo.rate_inverse.vs_nio", rounds.turns().ratio(EchoContenders.OURS, EchoContenders.NIO, RATE)));
        if (ForeignCalls.AVAILABLE) {
            EchoRounds bare = ratioRounds(EchoContenders.bare(), MANY, effort, progress);
            ratios.add(new Ratio(
                    "echo5000.user_cpu.vs_bare", bare.userRatio(EchoContenders.OURS, EchoContenders.FOREIGN)));
        }
        if (Backend.IO_URING.isAvailable()) {
            ratios.addAll(ioUringRatios(effort, progress));
        }
        return ratios;
    }

    private static List<Ratio> ioUringRatios(Effort effort, Progress progress)
            throws IOException, InterruptedException {
        List<Contender> servers = EchoContenders.ofIoUring();
        Set<String> names = servers.stream().map(Contender::name).collect(Collectors.toSet());
        EchoRounds rounds = ratioRounds(servers, FEW, effort, progress);
        List<Ratio> ratios = new ArrayList<>();
        if (names.contains(EchoContenders.NETTY_IO_URING)) {
            ratios.add(new Ratio(
                    "uring.echo.rate_inverse.vs_netty_uring",
                    rounds.turns().ratio(EchoContenders.OURS_IO_URING, EchoContenders.NETTY_IO_URING, RATE)));
            ratios.add(new Ratio(
                    "uring.echo.user_cpu.vs_netty_uring",
                    rounds.userRatio(EchoContenders.OURS_IO_URING, EchoContenders.NETTY_IO_URING)));
        }
        if (names.contains(EchoContenders.C)) {
            ratios.add(new Ratio(
                    "uring.echo.rate_inverse.vs_c",
                    rounds.turns().ratio(EchoContenders.OURS_IO_URING, EchoContenders.C, RATE)));
        }
        ratios.add(new Ratio(
                "nio_uring.echo.rate_inverse.vs_nio",
                rounds.turns().ratio(EchoContenders.NIO_IO_URING, EchoContenders.NIO, RATE)));
        return ratios;
    }

    private static EchoRounds ratioRounds(List<Contender> servers, int connections, Effort effort, Progress progress)
            throws IOException {
        Situation situation = new Situation(effort.isSmoke() ? 2 : connections, 0);
        progress.part("echo, " + situation + " connections");
        return rounds(servers, situation, effort, progress);
    }

    /// Measures servers as for the ratios.
    static EchoRounds rounds(List<Contender> servers, Situation situation, Effort effort, Progress progress)
            throws IOException {
        try (Turns turns = Turns.start(servers, Protocol.ECHO)) {
            return rounds(turns, servers, situation, effort, RATIO_WINDOW, progress);
        }
    }

    private static EchoRounds rounds(
            Turns turns, List<Contender> servers, Situation situation, Effort effort, int window, Progress progress)
            throws IOException {
        EchoRounds rounds = new EchoRounds();
        for (Contender server : servers) {
            turns.connect(server, situation);
        }
        for (int i = -UNCOUNTED; i < effort.rounds(); i++) {
            for (Contender server : servers) {
                progress.step(server.name() + ", round " + Math.max(0, i + 1) + " of " + effort.rounds());
                if (i < 0) {
                    turns.run(server, effort.work(WARM_UP) / UNCOUNTED);
                } else {
                    rounds.add(server.name(), turns.turn(server, effort.work(SETTLE), effort.work(window)));
                }
            }
        }
        for (Contender server : servers) {
            turns.disconnect(server);
        }
        return rounds;
    }
}
