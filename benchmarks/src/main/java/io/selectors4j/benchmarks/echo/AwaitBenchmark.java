package io.selectors4j.benchmarks.echo;

import io.selectors4j.benchmarks.Benchmark;
import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.Effort;
import io.selectors4j.benchmarks.Progress;
import io.selectors4j.benchmarks.Ratio;
import io.selectors4j.benchmarks.Result;
import io.selectors4j.benchmarks.load.Turns.Situation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Measures echo servers with a virtual thread for each of many connections.
public final class AwaitBenchmark implements Benchmark {

    private static final String OURS = "Await";
    private static final String JDK = "blocking channels";
    private static final int CONNECTIONS = 10_000;

    @Override
    public String name() {
        return "await";
    }

    @Override
    public String description() {
        return "TCP echo servers with 10,000 virtual threads: Await, and blocking channels of the JDK";
    }

    private EchoRounds rounds(Effort effort, Progress progress) throws IOException {
        progress.part(name());
        List<Contender> servers = List.of(
                Contender.task(OURS, ServerTask.class, "await"), Contender.task(JDK, ServerTask.class, "blocking"));
        Situation situation = new Situation(Math.max(2, effort.work(CONNECTIONS)), 0);
        return EchoBenchmark.rounds(servers, situation, effort, progress);
    }

    @Override
    public List<Result> measure(Effort effort, Progress progress) throws IOException {
        EchoRounds rounds = rounds(effort, progress);
        List<Result> results = new ArrayList<>();
        for (EchoBenchmark.Figure figure : EchoBenchmark.Figure.ALL) {
            results.add(new Result(
                    "await_" + figure.name(),
                    figure.title(),
                    figure.unit(),
                    JDK,
                    rounds.turns().rows("10,000 virtual threads", figure.name(), JDK)));
        }
        return results;
    }

    @Override
    public List<Ratio> ratios(Effort effort, Progress progress) throws IOException {
        return List.of(
                new Ratio("await.vs_jdk", rounds(effort, progress).turns().ratio(OURS, JDK, EchoBenchmark.RATE)));
    }
}
