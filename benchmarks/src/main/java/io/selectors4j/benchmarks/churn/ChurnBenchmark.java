package io.selectors4j.benchmarks.churn;

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
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Measures the time to register a descriptor, to pause it (no interest), to resume it, and to unregister it. The
/// calling thread is the selecting thread, or another thread while the selecting thread waits.
///
/// The time ends when all changes have taken effect. With selectors4j, they have when the call returns. With NIO, they
/// take a select, so `selectNow()` or `wakeup()` follows each step (several wakeups may become one), and the cancelled
/// key must be removed before the channel is registered again. If each thread has a processor, the selecting thread
/// hardly ever blocks, which is the best case for NIO.
public final class ChurnBenchmark implements Benchmark {

    private static final int CYCLES = 20_000;
    private static final String FIGURE = "cycle";
    private static final String NIO = "NIO";

    private enum Situation {
        SAME_THREAD("same thread"),
        OTHER_THREAD("while another thread waits");

        final String text;

        Situation(String text) {
            this.text = text;
        }

        String waits() {
            return Boolean.toString(this == OTHER_THREAD);
        }
    }

    @Override
    public String name() {
        return "churn";
    }

    @Override
    public String description() {
        return "register, pause, resume and unregister a descriptor";
    }

    @Override
    public List<Result> measure(Effort effort, Progress progress) throws IOException {
        List<Result.Row> rows = new ArrayList<>();
        List<Backend> backends = List.of(Backend.EPOLL, Backend.POLL, Backend.SELECT);
        for (Situation situation : Situation.values()) {
            rows.addAll(rounds(backends, situation, effort, progress).rows(situation.text, FIGURE, NIO));
        }
        return List.of(new Result("churn", "Register, pause, resume, unregister", "ns", NIO, rows));
    }

    @Override
    public List<Ratio> ratios(Effort effort, Progress progress) throws IOException {
        List<Spread> cases = new ArrayList<>();
        for (Situation situation : Situation.values()) {
            Rounds rounds = rounds(List.of(Backend.EPOLL), situation, effort, progress);
            cases.add(rounds.ratio(Backend.EPOLL.name(), NIO, FIGURE));
        }
        return List.of(new Ratio("churn.vs_nio", Spread.mean(cases)));
    }

    private Rounds rounds(List<Backend> backends, Situation situation, Effort effort, Progress progress)
            throws IOException {
        progress.part(name() + ", " + situation.text);
        String warmUp = Integer.toString(effort.warmUpMillis());
        List<Contender> contenders = new ArrayList<>();
        contenders.add(Contender.task(NIO, NioChurn.class, situation.waits(), warmUp));
        for (Backend backend : backends) {
            contenders.add(Contender.task(backend.name(), OurChurn.class, backend.name(), situation.waits(), warmUp));
        }
        try (Workers workers = Workers.start(contenders)) {
            String request = Integer.toString(effort.work(CYCLES));
            Rounds.of(workers.all(), request, 1, progress); // warm-up, not counted
            return Rounds.of(workers.all(), request, effort.rounds(), progress);
        }
    }
}
