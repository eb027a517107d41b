package io.selectors4j.benchmarks.startup;

import io.selectors4j.Selector;
import io.selectors4j.benchmarks.Benchmark;
import io.selectors4j.benchmarks.CPrograms;
import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.Effort;
import io.selectors4j.benchmarks.Progress;
import io.selectors4j.benchmarks.Ratio;
import io.selectors4j.benchmarks.Result;
import io.selectors4j.benchmarks.Rounds;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Measures a process from start to end that registers one pipe and selects it, without and with an AOT cache (JEP 483,
/// JEP 514). The class path has only the classes that the program needs.
public final class StartupBenchmark implements Benchmark {

    private static final int RUNS_A_ROUND = 4;
    private static final double NANOS_A_MILLI = 1e6;
    private static final String FIGURE = "ms";
    private static final String OURS = "selectors4j";
    private static final String NIO = "NIO";
    private static final String ONE_CALL = "one foreign call";
    private static final String WITH_CACHE = ", AOT";

    /// A program to start.
    ///
    /// @param name the name in tables
    /// @param command the command that starts it
    private record Program(String name, List<String> command) {}

    @Override
    public String name() {
        return "startup";
    }

    @Override
    public String description() {
        return "from the start of a process to its first select, with and without an AOT cache";
    }

    @Override
    public List<Result> measure(Effort effort, Progress progress) throws IOException, InterruptedException {
        List<Program> plain = programs();
        Rounds without = rounds(plain, effort, progress);
        List<Program> cached = cached(plain);
        Rounds with = rounds(cached, effort, progress);
        List<Result.Row> rows = new ArrayList<>(without.rows("without AOT cache", FIGURE, NIO));
        rows.addAll(with.rows("with AOT cache", FIGURE, NIO));

        List<Program> all = new ArrayList<>(nioAndOurs(plain, ""));
        all.addAll(nioAndOurs(cached, WITH_CACHE));
        return List.of(
                new Result("startup", "A process with one select, from start to end", "ms", NIO, rows),
                new Result(
                        "startup_aot",
                        "A process with one select, with an AOT cache, compared with NIO without",
                        "ms",
                        NIO,
                        rounds(all, effort, progress).rows("start to end", FIGURE, NIO)));
    }

    @Override
    public List<Ratio> ratios(Effort effort, Progress progress) throws IOException, InterruptedException {
        List<Program> programs = programs();
        List<Program> all = new ArrayList<>(nioAndOurs(programs, ""));
        programs.stream().filter(program -> program.name().equals(ONE_CALL)).forEach(all::add);
        all.addAll(nioAndOurs(cached(nioAndOurs(programs, "")), WITH_CACHE));
        Rounds rounds = rounds(all, effort, progress);
        return List.of(
                new Ratio("startup.vs_nio", rounds.ratio(OURS, NIO, FIGURE)),
                new Ratio("startup.vs_one_call", rounds.ratio(OURS, ONE_CALL, FIGURE)),
                new Ratio("startup_aot.vs_nio", rounds.ratio(OURS + WITH_CACHE, NIO + WITH_CACHE, FIGURE)));
    }

    private static List<Program> programs() throws IOException {
        Path target = CPrograms.target();
        Files.createDirectories(target);
        String programs = ClassPath.jarOf(StartupBenchmark.class, target.resolve("startup-programs.jar"))
                .toString();
        String library = ClassPath.jarOf(Selector.class, target.resolve("startup-library.jar"))
                .toString();
        String nativeAccess = "--enable-native-access=ALL-UNNAMED";
        return List.of(
                new Program("empty main", command(EmptyStart.class, programs)),
                new Program(ONE_CALL, command(ForeignCallStart.class, programs, nativeAccess)),
                new Program(NIO, command(NioStart.class, programs)),
                new Program(OURS, command(OurStart.class, programs + File.pathSeparator + library, nativeAccess)));
    }

    private static List<String> command(Class<?> main, String classPath, String... options) {
        List<String> command = new ArrayList<>(List.of(Contender.java()));
        command.addAll(Arrays.asList(options));
        command.addAll(List.of("-cp", classPath, main.getName()));
        return command;
    }

    /// Returns NIO and selectors4j, with a suffix.
    private static List<Program> nioAndOurs(List<Program> programs, String suffix) {
        return programs.stream()
                .filter(program -> program.name().equals(NIO) || program.name().equals(OURS))
                .map(program -> new Program(program.name() + suffix, program.command()))
                .toList();
    }

    /// Returns the programs with an AOT cache each, which a first run creates.
    private static List<Program> cached(List<Program> programs) throws IOException, InterruptedException {
        List<Program> cached = new ArrayList<>();
        for (Program program : programs) {
            Path cache = CPrograms.target().resolve("startup-" + program.name().replace(' ', '-') + ".aot");
            run(with(program, "-XX:AOTCacheOutput=" + cache));
            // AOTMode=on: a program that cannot use its cache fails instead of being slow.
            cached.add(new Program(program.name(), with(program, "-XX:AOTCache=" + cache, "-XX:AOTMode=on")));
        }
        return cached;
    }

    private static List<String> with(Program program, String... options) {
        List<String> command = new ArrayList<>(program.command());
        command.addAll(1, Arrays.asList(options));
        return command;
    }

    private Rounds rounds(List<Program> programs, Effort effort, Progress progress)
            throws IOException, InterruptedException {
        progress.part(name());
        Rounds rounds = new Rounds();
        int count = effort.isSmoke() ? 1 : RUNS_A_ROUND * effort.rounds();
        for (int i = -1; i < count; i++) {
            progress.step("round " + Math.max(0, i + 1) + " of " + count);
            for (Program program : programs) {
                long start = System.nanoTime();
                run(program.command());
                double millis = (System.nanoTime() - start) / NANOS_A_MILLI;
                if (i >= 0) {
                    rounds.add(program.name(), Map.of(FIGURE, millis));
                }
            }
        }
        return rounds;
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Path log = CPrograms.target().resolve("startup.log");
        int code = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("exit code " + code + " of " + command + "\n" + Files.readString(log));
        }
    }
}
