package io.selectors4j.benchmarks.alloc;

import io.selectors4j.Backend;
import io.selectors4j.benchmarks.Benchmark;
import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.Effort;
import io.selectors4j.benchmarks.Progress;
import io.selectors4j.benchmarks.Ratio;
import io.selectors4j.benchmarks.Result;
import io.selectors4j.benchmarks.Rounds;
import io.selectors4j.benchmarks.Spread;
import io.selectors4j.benchmarks.Workers;
import io.selectors4j.benchmarks.echo.EchoAllocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Measures how many bytes of heap a select with one ready descriptor allocates in steady state.
public final class AllocBenchmark implements Benchmark {

    private static final int SELECTS = 1_000_000;
    private static final int ROUNDS = 3;
    private static final String FIGURE = "bytes";
    private static final String NIO = "NIO";
    private static final String OURS = "EPOLL, handler";

    @Override
    public String name() {
        return "alloc";
    }

    @Override
    public String description() {
        return "bytes of heap that a select allocates";
    }

    @Override
    public List<Result> measure(Effort effort, Progress progress) throws IOException, InterruptedException {
        String warmUp = Integer.toString(effort.warmUpMillis());
        List<Contender> contenders = new ArrayList<>();
        contenders.add(Contender.task(NIO, NioAlloc.class, "select", warmUp));
        contenders.add(Contender.task("NIO, consumer", NioAlloc.class, "consumer", warmUp));
        for (Backend backend : List.of(Backend.EPOLL, Backend.POLL, Backend.SELECT)) {
            for (String form : List.of("handler", "list")) {
                contenders.add(Contender.task(backend + ", " + form, OurAlloc.class, backend.name(), form, warmUp));
            }
        }
        List<Result.Row> rows =
                new ArrayList<>(rounds(contenders, effort, progress).rows("a select", FIGURE, ""));
        if (!effort.isSmoke()) {
            rows.add(new Result.Row("an echo", OURS, echo(progress), null));
        }
        return List.of(new Result("alloc", "Heap allocated in steady state", "bytes", "", rows));
    }

    @Override
    public List<Ratio> ratios(Effort effort, Progress progress) throws IOException, InterruptedException {
        Contender ours = Contender.task(
                OURS, OurAlloc.class, Backend.EPOLL.name(), "handler", Integer.toString(effort.warmUpMillis()));
        Rounds rounds = rounds(List.of(ours), effort, progress);
        return List.of(
                new Ratio("alloc.bytes_per_select", rounds.of(OURS, FIGURE)),
                new Ratio("alloc.bytes_per_echo", echo(progress)));
    }

    private Rounds rounds(List<Contender> contenders, Effort effort, Progress progress) throws IOException {
        progress.part(name());
        try (Workers workers = Workers.start(contenders)) {
            // With less effort too, except in a smoke test.
            int selects = effort.isSmoke() ? effort.work(SELECTS) : SELECTS;
            return Rounds.of(workers.all(), Integer.toString(selects), Math.min(ROUNDS, effort.rounds()), progress)
                    .requireAtLeast("events", selects);
        }
    }

    private static Spread echo(Progress progress) throws IOException {
        progress.part("alloc, an echo");
        return Spread.of(List.of(EchoAllocation.bytesPerEcho()));
    }
}
