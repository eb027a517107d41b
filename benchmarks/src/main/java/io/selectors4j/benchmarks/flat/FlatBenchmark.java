package io.selectors4j.benchmarks.flat;

import io.selectors4j.Backend;
import io.selectors4j.benchmarks.Benchmark;
import io.selectors4j.benchmarks.CPrograms;
import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.Effort;
import io.selectors4j.benchmarks.Progress;
import io.selectors4j.benchmarks.Ratio;
import io.selectors4j.benchmarks.Result;
import io.selectors4j.benchmarks.Rounds;
import io.selectors4j.benchmarks.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Measures whether an event costs more with many idle descriptors. One pipe is written, waited for and read, beside N
/// pipes that are registered and never ready.
public final class FlatBenchmark implements Benchmark {

    private static final int EVENTS = 200_000;
    private static final int FEW = 100;
    private static final int SOME = 1000;
    private static final int MANY = 9000;
    private static final String FIGURE = "event";

    @Override
    public String name() {
        return "flat";
    }

    @Override
    public String description() {
        return "one event, beside few and beside many idle descriptors";
    }

    @Override
    public List<Result> measure(Effort effort, Progress progress) throws IOException, InterruptedException {
        Optional<Path> program = CPrograms.compile("flat");
        List<Result.Row> rows = new ArrayList<>();
        String base = program.isPresent() ? "C" : "NIO";
        for (int idle : List.of(FEW, SOME, MANY)) {
            List<Contender> contenders = new ArrayList<>();
            program.ifPresent(path -> contenders.add(Contender.program("C", path, Integer.toString(idle))));
            contenders.add(Contender.task(
                    "NIO", NioFlat.class, Integer.toString(idle), Integer.toString(effort.warmUpMillis())));
            contenders.add(ours("EPOLL, handler", idle, effort));
            rows.addAll(rounds(contenders, effort.rounds(), effort, progress).rows(idle + " idle", FIGURE, base));
        }
        return List.of(new Result("flat", "One event beside idle descriptors", "ns", base, rows));
    }

    @Override
    public List<Ratio> ratios(Effort effort, Progress progress) throws IOException, InterruptedException {
        String few = Integer.toString(FEW);
        String many = Integer.toString(MANY);
        Rounds rounds = rounds(
                List.of(ours(few, FEW, effort), ours(many, MANY, effort)), 2 * effort.rounds(), effort, progress);
        return List.of(new Ratio("flat.9000_vs_100", rounds.ratio(many, few, FIGURE)));
    }

    private Rounds rounds(List<Contender> contenders, int count, Effort effort, Progress progress) throws IOException {
        progress.part(name());
        try (Workers workers = Workers.start(contenders)) {
            int events = effort.work(EVENTS);
            String request = Integer.toString(events);
            Rounds.of(workers.all(), request, 1, progress); // warm-up, not counted
            return Rounds.of(workers.all(), request, count, progress).requireAtLeast("events", events);
        }
    }

    private static Contender ours(String name, int idle, Effort effort) {
        return Contender.task(
                name,
                OurFlat.class,
                Backend.EPOLL.name(),
                Integer.toString(idle),
                Integer.toString(effort.warmUpMillis()));
    }
}
