package io.selectors4j.stress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/// Prints the counts of all harnesses of a run, one line for each harness. Fails if a harness has counted nothing.
///
/// Arguments: the file of the [RunCounts]; the start time of the build; the names of the harnesses, separated by
/// commas.
final class ClosingLines {

    /// The name of a seed, which is not added up.
    static final String SEED = "seed";

    /// The counts of each harness by name, in the order of their first lines.
    private final Map<String, Map<String, Long>> counts = new LinkedHashMap<>();

    private final Map<String, Set<Long>> seeds = new LinkedHashMap<>();

    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        Instant begin = Instant.parse(args[1]);
        List<String> expected = List.of(args[2].split(","));
        ClosingLines lines = new ClosingLines();
        if (Files.exists(file)) {
            Files.readAllLines(file).forEach(line -> lines.add(line, begin));
        }
        for (String harness : expected) {
            System.out.println(lines.of(harness));
        }
        List<String> idle =
                expected.stream().filter(harness -> !lines.hasCounted(harness)).toList();
        if (!idle.isEmpty()) {
            System.err.println("No counts from: " + String.join(", ", idle));
            System.exit(1);
        }
        System.out.println("leaks 0, crashes 0, lost events 0: each one fails the build");
    }

    /// Adds a line, unless it is older than this build.
    void add(String line, Instant begin) {
        String[] words = line.split(" ", 4);
        if (Instant.parse(words[0]).isBefore(begin)) {
            return;
        }
        long value = Long.parseLong(words[2]);
        if (words[3].equals(SEED)) {
            seeds.computeIfAbsent(words[1], _ -> new LinkedHashSet<>()).add(value);
        } else {
            counts.computeIfAbsent(words[1], _ -> new LinkedHashMap<>()).merge(words[3], value, Long::sum);
        }
    }

    private boolean hasCounted(String harness) {
        return counts.getOrDefault(harness, Map.of()).values().stream().anyMatch(count -> count > 0);
    }

    /// Returns the closing line of a harness.
    String of(String harness) {
        StringJoiner line = new StringJoiner(", ", harness + ": ", "");
        line.setEmptyValue(harness + ": no counts");
        counts.getOrDefault(harness, Map.of()).forEach((name, count) -> line.add("%,d %s".formatted(count, name)));
        Set<Long> all = seeds.getOrDefault(harness, Set.of());
        if (!all.isEmpty()) {
            line.add((all.size() == 1 ? "seed " : "seeds ")
                    + String.join(" ", all.stream().map(String::valueOf).toList()));
        }
        return line.toString();
    }
}
