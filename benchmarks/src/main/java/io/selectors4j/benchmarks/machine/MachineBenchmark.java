package io.selectors4j.benchmarks.machine;

import io.selectors4j.benchmarks.Benchmark;
import io.selectors4j.benchmarks.CPrograms;
import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.Effort;
import io.selectors4j.benchmarks.ForeignCalls;
import io.selectors4j.benchmarks.Progress;
import io.selectors4j.benchmarks.Ratio;
import io.selectors4j.benchmarks.Result;
import io.selectors4j.benchmarks.Rounds;
import io.selectors4j.benchmarks.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Measures what a system call costs on this machine. It decides how much of a server's time a library can save, and
/// varies by a factor of ten: a kernel that isolates its page tables from those of programs switches them twice for
/// each call.
public final class MachineBenchmark implements Benchmark {

    private static final String C = "C";
    private static final String FOREIGN = "foreign call";

    private static final int CALLS = 300_000;

    @Override
    public String name() {
        return "machine";
    }

    @Override
    public String description() {
        return "what the cheapest system call, getppid, costs on this machine";
    }

    @Override
    public List<Result> measure(Effort effort, Progress progress) throws IOException, InterruptedException {
        return List.of(new Result(
                "machine", "System call", "ns", C, rounds(effort, progress).rows("getppid", "call", C)));
    }

    @Override
    public List<Ratio> ratios(Effort effort, Progress progress) {
        return List.of();
    }

    /// Describes the result of this benchmark, for the tables of other benchmarks.
    ///
    /// @return a sentence; empty if nothing was measured
    public static String describe(Result result) {
        List<String> costs = new ArrayList<>();
        for (Result.Row row : result.rows()) {
            String way = row.contender().equals(C) ? "in C" : "through a " + row.contender();
            costs.add(String.format(Locale.ROOT, "%.0f ns %s", row.value().median(), way));
        }
        return costs.isEmpty() ? "" : "A system call took " + String.join(" and ", costs) + " on this machine.";
    }

    private Rounds rounds(Effort effort, Progress progress) throws IOException, InterruptedException {
        progress.part(name());
        List<Contender> contenders = new ArrayList<>();
        CPrograms.compile("syscall").ifPresent(program -> contenders.add(Contender.program(C, program)));
        if (ForeignCalls.AVAILABLE) {
            contenders.add(Contender.task(FOREIGN, SystemCallTask.class, Integer.toString(effort.warmUpMillis())));
        }
        try (Workers workers = Workers.start(contenders)) {
            return Rounds.of(workers.all(), Integer.toString(effort.work(CALLS)), effort.rounds(), progress);
        }
    }
}
