package io.selectors4j.nio.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Runs a workload on the JDK's provider and on that of selectors4j, and adds a row to the table. The exit code is 0 if
/// each check that passes on the JDK's provider passes on that of selectors4j.
///
/// Arguments: the name of the program, its version (`JDK` for that of this JVM), the main class of the workload, the
/// limit of a run in seconds, and options for the JVM of the workload. System properties:
///
/// - `nio-it.directory`: the directory for logs and results;
/// - `nio-it.table`: the file of the table; `nio-it.begin`: older rows are not part of it;
/// - `nio-it.runs`: the number of runs on each provider;
/// - `nio-it.repeats`: how often the checks that failed only on selectors4j are repeated on both providers.
final class Runner {

    private static final int LAST_LINES = 150;

    private final Namespace namespace;
    private final Path directory;
    private final String program;
    private final String mainClass;
    private final Duration limit;
    private final List<String> options;
    private final Comparison comparison = new Comparison();

    private Runner(Namespace namespace, List<String> arguments) {
        this.namespace = namespace;
        directory = Path.of(System.getProperty("nio-it.directory"));
        program = arguments.get(0);
        mainClass = arguments.get(2);
        limit = Duration.ofSeconds(Long.parseLong(arguments.get(3)));
        options = arguments.subList(4, arguments.size());
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Runner runner = new Runner(Namespace.find(), Arrays.asList(args));
        for (int run = 1; run <= Integer.getInteger("nio-it.runs", 1); run++) {
            for (Provider provider : Provider.values()) {
                runner.comparison.add(provider, runner.run(provider, run, List.of()));
            }
        }
        runner.repeat(Integer.getInteger("nio-it.repeats", 0));
        runner.comparison.rates().forEach(System.out::println);
        Table table = new Table(Path.of(System.getProperty("nio-it.table")), System.getProperty("nio-it.begin"));
        String version = args[1].equals("JDK") ? "JDK " + Runtime.version() : args[1];
        table.add(args[0], version, runner.comparison);
        table.print();
        List<String> faults = runner.comparison.faults();
        if (!faults.isEmpty()) {
            System.err.println(args[0] + ": failed on the provider of selectors4j only, or always on the JDK's:");
            faults.forEach(System.err::println);
            System.exit(1);
        }
    }

    /// Repeats, on both providers, the checks that failed on selectors4j only: some of them may depend on time.
    private void repeat(int repeats) throws IOException, InterruptedException {
        List<String> suspects = comparison.suspects();
        for (int run = 1; run <= repeats && !suspects.isEmpty(); run++) {
            for (Provider provider : Provider.values()) {
                comparison.addRepeated(provider, run(provider, 1000 + run, suspects), suspects);
            }
        }
    }

    /// Runs the workload once.
    private Results run(Provider provider, int run, Collection<String> selected)
            throws IOException, InterruptedException {
        Path place = directory.resolve(provider.title() + "-" + run);
        deleteTree(place);
        Files.createDirectories(place);
        Path log = place.resolve("workload.log");
        Path results = place.resolve("results");
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(namespace.command(javaCommand(provider, place, results, selected)))
                .directory(place.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
            System.err.println(program + " on " + provider.title() + " did not end within " + limit.toSeconds() + " s");
            Threads.print(process.toHandle());
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        Results outcomes = Results.read(results, ended && process.exitValue() == 0);
        System.out.printf(
                "%s on %s, run %d: %s, %d s%n",
                program,
                provider.title(),
                run,
                Comparison.count(outcomes.outcomes().values()),
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
        if (outcomes.hasFailures()) {
            printLog(log);
        }
        return outcomes;
    }

    private List<String> javaCommand(Provider provider, Path place, Path results, Collection<String> selected) {
        List<String> command = new ArrayList<>();
        command.add(ServerProcess.java());
        command.addAll(provider.options());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Dnio-it.directory=" + place);
        command.add("-Dnio-it.results=" + results);
        command.add("-Dnio-it.select=" + String.join(",", selected));
        command.add("-Djava.io.tmpdir=" + place);
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        return command;
    }

    private static void printLog(Path log) throws IOException {
        System.err.println("---- the end of " + log);
        List<String> lines = Files.readAllLines(log);
        lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()).forEach(System.err::println);
        System.err.println("----");
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }
}
