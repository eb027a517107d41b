package io.selectors4j.benchmarks.udp;

import io.selectors4j.benchmarks.Benchmark;
import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.Effort;
import io.selectors4j.benchmarks.Progress;
import io.selectors4j.benchmarks.Ratio;
import io.selectors4j.benchmarks.Result;
import io.selectors4j.benchmarks.Rounds;
import io.selectors4j.benchmarks.load.Protocol;
import io.selectors4j.benchmarks.load.Turns;
import io.selectors4j.benchmarks.load.Turns.Situation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Measures servers that send datagrams back: [java.nio.channels.DatagramChannel], one call for each datagram, and
/// [io.selectors4j.fd.DatagramBatch].
public final class UdpBenchmark implements Benchmark {

    private static final String NIO = "NIO, DatagramChannel";
    private static final String CALLS = "receiveFrom, sendTo";
    private static final String BATCHES = "DatagramBatch";
    private static final int CLIENTS = 50;

    /// Milliseconds of load: uncounted at the beginning, uncounted in each turn, and measured.
    private static final int WARM_UP = 6_000;

    private static final int SETTLE = 500;
    private static final int WINDOW = 2_000;

    @Override
    public String name() {
        return "udp";
    }

    @Override
    public String description() {
        return "servers that send datagrams back: one call for each, batches, and DatagramChannel";
    }

    @Override
    public List<Result> measure(Effort effort, Progress progress) throws IOException, InterruptedException {
        Rounds rounds = rounds(effort, progress);
        List<Result.Row> times = new ArrayList<>(rounds.rows("processor time", "cpu", NIO));
        times.addAll(rounds.rows("in user mode", "user", NIO));
        return List.of(
                new Result("udp", "Processor time of a server for a datagram and its answer", "ns", NIO, times),
                new Result(
                        "udp_alloc",
                        "Heap that a server allocates for a datagram",
                        "bytes",
                        NIO,
                        rounds.rows("bytes", "bytes", NIO)));
    }

    @Override
    public List<Ratio> ratios(Effort effort, Progress progress) throws IOException, InterruptedException {
        Rounds rounds = rounds(effort, progress);
        return List.of(
                new Ratio("udp.cpu.vs_nio", rounds.ratio(BATCHES, NIO, "cpu")),
                new Ratio("udp.cpu.vs_calls", rounds.ratio(BATCHES, CALLS, "cpu")));
    }

    private Rounds rounds(Effort effort, Progress progress) throws IOException, InterruptedException {
        progress.part(name());
        List<Contender> servers = List.of(
                Contender.task(NIO, UdpServerTask.class, UdpServerTask.Kind.NIO.name()),
                Contender.task(CALLS, UdpServerTask.class, UdpServerTask.Kind.CALLS.name()),
                Contender.task(BATCHES, UdpServerTask.class, UdpServerTask.Kind.BATCHES.name()));
        Rounds rounds = new Rounds();
        try (Turns turns = Turns.start(servers, Protocol.DATAGRAM)) {
            for (Contender server : servers) {
                turns.connect(server, new Situation(CLIENTS, 0));
                turns.run(server, effort.work(WARM_UP));
            }
            for (int i = 0; i < effort.rounds(); i++) {
                for (Contender server : servers) {
                    progress.step(server.name() + ", round " + (i + 1) + " of " + effort.rounds());
                    rounds.add(server.name(), turns.turnOfJava(server, effort.work(SETTLE), effort.work(WINDOW)));
                }
            }
        }
        return rounds;
    }
}
