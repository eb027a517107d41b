package io.selectors4j.nio.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/// The results of one run of a workload. The workload's JVM appends them to a file, one line each, so that the results
/// before a crash are not lost: `PASSED`, `FAILED` or `SKIPPED`, a tab and the name of the check. The first line is
/// `WORKLOAD`, a tab and a description; the last one is `END`.
final class Results {

    private static final String WORKLOAD = "WORKLOAD";
    private static final String END = "END";

    /// The check that fails if the JVM does not end by itself with exit code 0.
    static final String COMPLETES = "completes";

    private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
    private String workload = "";
    private boolean complete;

    static void writeWorkload(Path file, String description) {
        write(file, WORKLOAD + "\t" + description);
    }

    static void writeOutcome(Path file, String check, Outcome outcome) {
        write(file, outcome + "\t" + check.replaceAll("\\s+", " "));
    }

    static void writeEnd(Path file) {
        write(file, END);
    }

    private static synchronized void write(Path file, String line) {
        try {
            Files.writeString(
                    file, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads the results of a JVM that has ended.
    ///
    /// @param file the file, which is absent if the JVM has written nothing
    /// @param succeeded whether the JVM ended by itself with exit code 0
    static Results read(Path file, boolean succeeded) throws IOException {
        Results results = new Results();
        if (Files.exists(file)) {
            Files.readAllLines(file).forEach(results::add);
        }
        if (!results.complete || !succeeded) {
            results.outcomes.put(COMPLETES, Outcome.FAILED);
        }
        return results;
    }

    private void add(String line) {
        String[] words = line.split("\t", 2);
        switch (words[0]) {
            case WORKLOAD -> workload = words[1];
            case END -> complete = true;
            default -> outcomes.put(words[1], Outcome.valueOf(words[0]));
        }
    }

    /// Returns the description of the workload; empty if the workload has not written one.
    String workload() {
        return workload;
    }

    /// Returns the outcomes by the names of the checks.
    Map<String, Outcome> outcomes() {
        return outcomes;
    }

    /// Returns whether any check failed.
    boolean hasFailures() {
        return outcomes.containsValue(Outcome.FAILED);
    }
}
