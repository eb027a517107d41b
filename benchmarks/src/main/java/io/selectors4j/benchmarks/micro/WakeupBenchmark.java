package io.selectors4j.benchmarks.micro;

import io.selectors4j.benchmarks.Benchmark;
import io.selectors4j.benchmarks.Effort;
import io.selectors4j.benchmarks.Progress;
import io.selectors4j.benchmarks.Ratio;
import io.selectors4j.benchmarks.Result;
import io.selectors4j.benchmarks.Rounds;
import io.selectors4j.benchmarks.Spread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// [Wakeup], measured by JMH.
public final class WakeupBenchmark implements Benchmark {

    private static final List<String> THREADS = List.of("platform", "virtual");

    @Override
    public String name() {
        return "wakeup";
    }

    @Override
    public String description() {
        return "one thread wakes another thread's select, and is woken by it";
    }

    @Override
    public List<Result> measure(Effort effort, Progress progress) throws IOException {
        List<Result.Row> rows = new ArrayList<>();
        for (String threads : THREADS) {
            rows.addAll(rounds(threads, effort, progress).rows(threads + " threads", Jmh.FIGURE, Jmh.NIO));
        }
        return List.of(new Result("wakeup", "A wakeup round trip", "ns", Jmh.NIO, rows));
    }

    @Override
    public List<Ratio> ratios(Effort effort, Progress progress) throws IOException {
        List<Spread> cases = new ArrayList<>();
        for (String threads : THREADS) {
            cases.add(rounds(threads, effort, progress).ratio(Jmh.OURS, Jmh.NIO, Jmh.FIGURE));
        }
        return List.of(
                new Ratio("wakeup.vs_nio", Spread.mean(cases)), new Ratio("wakeup_virtual.vs_nio", cases.getLast()));
    }

    private Rounds rounds(String threads, Effort effort, Progress progress) throws IOException {
        progress.part(name() + ", " + threads + " threads");
        // The placement of the two threads by the scheduler affects the time, and differs between processes.
        int count = Math.max(1, effort.rounds() * 2 / 3);
        return Jmh.rounds(Wakeup.class, Map.entry("threads", threads), count, effort, progress);
    }
}
