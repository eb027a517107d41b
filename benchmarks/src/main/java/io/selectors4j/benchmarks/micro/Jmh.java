package io.selectors4j.benchmarks.micro;

import io.selectors4j.benchmarks.CPrograms;
import io.selectors4j.benchmarks.Effort;
import io.selectors4j.benchmarks.Progress;
import io.selectors4j.benchmarks.Rounds;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// Runs benchmark methods with JMH, one process at a time and in turn, so that changes over time affect both
/// contenders.
final class Jmh {

    static final String NIO = "NIO";
    static final String OURS = "EPOLL, handler";
    static final String FIGURE = "ns";

    private static final int ITERATIONS = 4;
    private static final int ITERATION_MILLIS = 250;
    private static final int FAST_ITERATION_MILLIS = 10;

    private Jmh() {}

    /// Measures a class's methods `nio` and `ours` in turn.
    ///
    /// @param type the class
    /// @param parameter the name and the value of its parameter
    /// @param count the number of processes of each method
    static Rounds rounds(
            Class<?> type, Map.Entry<String, String> parameter, int count, Effort effort, Progress progress)
            throws IOException {
        Rounds rounds = new Rounds();
        for (int i = 0; i < count; i++) {
            for (String contender : List.of(NIO, OURS)) {
                progress.step(contender + ", round " + (i + 1) + " of " + count);
                double score = score(type, contender.equals(NIO) ? "nio" : "ours", parameter, effort);
                rounds.add(contender, Map.of(FIGURE, score));
            }
        }
        return rounds;
    }

    private static double score(Class<?> type, String method, Map.Entry<String, String> parameter, Effort effort)
            throws IOException {
        boolean fast = effort.isSmoke();
        TimeValue time = TimeValue.milliseconds(fast ? FAST_ITERATION_MILLIS : ITERATION_MILLIS);
        Files.createDirectories(CPrograms.target());
        Options options = new OptionsBuilder()
                .include("\\Q" + type.getName() + "." + method + "\\E$")
                .param(parameter.getKey(), parameter.getValue())
                .forks(1)
                .warmupIterations(fast ? 1 : ITERATIONS)
                .warmupTime(time)
                .measurementIterations(fast ? 1 : ITERATIONS)
                .measurementTime(time)
                .jvmArgs("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
                .shouldFailOnError(true)
                .output(CPrograms.target().resolve("jmh.log").toString())
                .build();
        try {
            return new Runner(options).runSingle().getPrimaryResult().getScore();
        } catch (RunnerException e) {
            throw new IOException("JMH failed, see jmh.log in " + CPrograms.target(), e);
        }
    }
}
