package io.selectors4j.nio.it;

import io.selectors4j.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
/// - `nio-it.backend`: the backends of selectors4j, separated by commas; one that is not available here is left out;
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

    /// The results of all runs, by backend of selectors4j.
    private final Map<String, Comparison> comparisons = new LinkedHashMap<>();

    private Runner(Namespace namespace, List<String> arguments) {
        this.namespace = namespace;
        directory = Path.of(System.getProperty("nio-it.directory"));
        program = arguments.get(0);
        mainClass = arguments.get(2);
        limit = Duration.ofSeconds(Long.parseLong(arguments.get(3)));
        options = arguments.subList(4, arguments.size());
        for (String backend :
                System.getProperty("nio-it.backend", Provider.BEST).split(",", 0)) {
            Optional<String> cause = backend.equals(Provider.BEST)
                    ? Optional.empty()
                    : Backend.valueOf(backend).unavailabilityCause();
            if (cause.isEmpty()) {
                comparisons.put(backend, new Comparison());
            } else {
                System.out.println(program + " does not run on " + backend + ": " + cause.get());
            }
        }
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Runner runner = new Runner(Namespace.find(), Arrays.asList(args));
        for (int run = 1; run <= Integer.getInteger("nio-it.runs", 1); run++) {
            Results jdk = runner.run(Provider.JDK, "", run, List.of());
            for (Map.Entry<String, Comparison> entry : runner.comparisons.entrySet()) {
                entry.getValue().add(Provider.JDK, jdk);
                entry.getValue()
                        .add(Provider.SELECTORS4J, runner.run(Provider.SELECTORS4J, entry.getKey(), run, List.of()));
            }
        }
        Table table = new Table(Path.of(System.getProperty("nio-it.table")), System.getProperty("nio-it.begin"));
        String version = args[1].equals("JDK") ? "JDK " + Runtime.version() : args[1];
        boolean failed = false;
        for (Map.Entry<String, Comparison> entry : runner.comparisons.entrySet()) {
            String program = args[0] + (entry.getKey().equals(Provider.BEST) ? "" : ", " + entry.getKey());
            failed |= runner.report(program, version, entry.getKey(), entry.getValue(), table);
        }
        table.print();
        if (failed) {
            System.exit(1);
        }
    }

    /// Adds a row to the table, and prints the checks that failed.
    ///
    /// @return whether a check failed on selectors4j only
    private boolean report(String row, String version, String backend, Comparison comparison, Table table)
            throws IOException, InterruptedException {
        repeat(Integer.getInteger("nio-it.repeats", 0), backend, comparison);
        comparison.rates().forEach(System.out::println);
        table.add(row, version, comparison);
        List<String> faults = comparison.faults();
        if (!faults.isEmpty()) {
            System.err.println(row + ": failed on the provider of selectors4j only, or always on the JDK's:");
            faults.forEach(System.err::println);
        }
        return !faults.isEmpty();
    }

    /// Repeats, on both providers, the checks that failed on selectors4j only: some of them may depend on time.
    private void repeat(int repeats, String backend, Comparison comparison) throws IOException, InterruptedException {
        List<String> suspects = comparison.suspects();
        for (int run = 1; run <= repeats && !suspects.isEmpty(); run++) {
            for (Provider provider : Provider.values()) {
                comparison.addRepeated(provider, run(provider, backend, 1000 + run, suspects), suspects);
            }
        }
    }

    /// Runs the workload once.
    private Results run(Provider provider, String backend, int run, Collection<String> selected)
            throws IOException, InterruptedException {
        String title = provider.title(backend);
        Path place = directory.resolve(title.replace(' ', '-') + "-" + run);
        deleteTree(place);
        Files.createDirectories(place);
        Path log = place.resolve("workload.log");
        Path results = place.resolve("results");
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(
                        namespace.command(javaCommand(provider.options(backend), place, results, selected)))
                .directory(place.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
            System.err.println(program + " on " + title + " did not end within " + limit.toSeconds() + " s");
            Threads.print(process.toHandle());
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        Results outcomes = Results.read(results, ended && process.exitValue() == 0);
        System.out.printf(
                "%s on %s, run %d: %s, %d s%n",
                program,
                title,
                run,
                Comparison.count(outcomes.outcomes().values()),
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
        if (outcomes.hasFailures()) {
            printLog(log);
        }
        return outcomes;
    }

    private List<String> javaCommand(
            List<String> providerOptions, Path place, Path results, Collection<String> selected) {
        List<String> command = new ArrayList<>();
        command.add(ServerProcess.java());
        command.addAll(providerOptions);
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
