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

/// Prints what all harnesses of a run have done, a line each, and fails if one of them has done nothing.
///
/// Arguments: the file of the [RunCounts]; the time at which the build began; the names of the harnesses, between commas.
final class ClosingLines {

    /// Stands for the name of a seed, which is not added up.
    static final String SEED = "seed";

    /// What a harness has done, by name; in the order of its first lines.
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
            System.err.println("Nothing was done by: " + String.join(", ", idle));
            System.exit(1);
        }
        System.out.println("leaks 0, crashes 0, nothing lost: whatever finds one fails the build");
    }

    /// Takes in a line, unless it is older than this build.
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

    /// What one harness has done.
    String of(String harness) {
        StringJoiner line = new StringJoiner(", ", harness + ": ", "");
        line.setEmptyValue(harness + ": nothing");
        counts.getOrDefault(harness, Map.of()).forEach((name, count) -> line.add("%,d %s".formatted(count, name)));
        Set<Long> all = seeds.getOrDefault(harness, Set.of());
        if (!all.isEmpty()) {
            line.add((all.size() == 1 ? "seed " : "seeds ")
                    + String.join(" ", all.stream().map(String::valueOf).toList()));
        }
        return line.toString();
    }
}
