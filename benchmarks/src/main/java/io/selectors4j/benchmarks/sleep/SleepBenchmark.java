package io.selectors4j.benchmarks.sleep;

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

/// Measures how long a select takes that ends at its timeout. The kernel adds its timer slack, 50 µs by default, for
/// all contenders.
public final class SleepBenchmark implements Benchmark {

    private static final String C = "C";
    private static final String NIO = "NIO";

    /// The total time that a contender waits in a round.
    private static final int ROUND_NANOS = 100_000_000;

    private enum Timeout {
        SHORT(50_000, "50 µs"),
        LONGER(500_000, "500 µs"),
        LONG(1_500_000, "1.5 ms");

        final int nanos;
        final String text;

        Timeout(int nanos, String text) {
            this.nanos = nanos;
            this.text = text;
        }
    }

    @Override
    public String name() {
        return "sleep";
    }

    @Override
    public String description() {
        return "how late a select returns after its timeout";
    }

    @Override
    public List<Result> measure(Effort effort, Progress progress) throws IOException, InterruptedException {
        List<Contender> contenders = contenders(List.of(Backend.EPOLL, Backend.POLL, Backend.SELECT), true, effort);
        String base = contenders.getFirst().name();
        List<Result.Row> elapsed = new ArrayList<>();
        List<Result.Row> late = new ArrayList<>();
        try (Workers workers = Workers.start(contenders)) {
            for (Timeout timeout : Timeout.values()) {
                Rounds rounds = rounds(workers, timeout, effort, progress);
                elapsed.addAll(rounds.rows(timeout.text, "elapsed", base));
                late.addAll(rounds.rows(timeout.text, "late", base));
            }
        }
        return List.of(
                new Result("sleep_elapsed", "Duration of a select with nothing ready", "µs", base, elapsed),
                new Result("sleep_late", "Delay of a select after its timeout", "µs", base, late));
    }

    @Override
    public List<Ratio> ratios(Effort effort, Progress progress) throws IOException, InterruptedException {
        List<Contender> contenders = contenders(List.of(Backend.EPOLL), false, effort);
        if (contenders.stream().noneMatch(contender -> contender.name().equals(C))) {
            return List.of();
        }
        try (Workers workers = Workers.start(contenders)) {
            Rounds rounds = rounds(workers, Timeout.SHORT, effort, progress);
            return List.of(new Ratio("sleep50us.vs_c", rounds.ratio(Backend.EPOLL.name(), C, "elapsed")));
        }
    }

    private Rounds rounds(Workers workers, Timeout timeout, Effort effort, Progress progress) throws IOException {
        progress.part(name() + ", " + timeout.text);
        String request = timeout.nanos + " " + Math.max(1, effort.work(ROUND_NANOS) / timeout.nanos);
        Rounds.of(workers.all(), request, 1, progress); // warm-up, not counted
        return Rounds.of(workers.all(), request, effort.rounds(), progress);
    }

    private static List<Contender> contenders(List<Backend> backends, boolean all, Effort effort)
            throws IOException, InterruptedException {
        String warmUp = Integer.toString(effort.warmUpMillis());
        List<Contender> contenders = new ArrayList<>();
        Optional<Path> program = CPrograms.compile("sleep");
        program.ifPresent(path -> contenders.add(Contender.program(C, path, "epoll")));
        if (all) {
            for (String mechanism : List.of("poll", "select")) {
                program.ifPresent(path -> contenders.add(Contender.program(C + ", " + mechanism, path, mechanism)));
            }
            contenders.add(Contender.task(NIO, NioSleep.class, warmUp));
        }
        for (Backend backend : backends) {
            contenders.add(Contender.task(backend.name(), OurSleep.class, backend.name(), warmUp));
        }
        return contenders;
    }
}
