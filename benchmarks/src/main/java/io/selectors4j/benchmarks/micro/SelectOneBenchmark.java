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

/// [SelectOne], measured by JMH.
public final class SelectOneBenchmark implements Benchmark {

    private static final List<String> PIPES = List.of("1", "100", "1000");

    @Override
    public String name() {
        return "select_one";
    }

    @Override
    public String description() {
        return "one select with one ready descriptor";
    }

    @Override
    public List<Result> measure(Effort effort, Progress progress) throws IOException {
        List<Result.Row> rows = new ArrayList<>();
        for (String pipes : PIPES) {
            rows.addAll(rounds(pipes, effort, progress).rows("1 of " + pipes, Jmh.FIGURE, Jmh.NIO));
        }
        return List.of(new Result("select_one", "One select: one pipe ready of N", "ns", Jmh.NIO, rows));
    }

    @Override
    public List<Ratio> ratios(Effort effort, Progress progress) throws IOException {
        List<Spread> cases = new ArrayList<>();
        for (String pipes : PIPES) {
            cases.add(rounds(pipes, effort, progress).ratio(Jmh.OURS, Jmh.NIO, Jmh.FIGURE));
        }
        return List.of(new Ratio("select_one.vs_nio", Spread.mean(cases)));
    }

    private Rounds rounds(String pipes, Effort effort, Progress progress) throws IOException {
        progress.part(name() + ", 1 of " + pipes);
        return Jmh.rounds(
                SelectOne.class, Map.entry("pipes", pipes), Math.max(1, effort.rounds() / 3), effort, progress);
    }
}
