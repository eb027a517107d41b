package io.selectors4j.nio.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;

/// The table of all programs of one build, in Markdown. All modules append their rows to one file, each with the time.
///
/// @param file the file
/// @param begin the start time of the build; older rows are not part of the table
record Table(Path file, String begin) {

    private static final String HEADING = """
            | Program | Version | Workload | JDK's provider | selectors4j |
            |---|---|---|---|---|""";

    /// Adds a row.
    void add(String program, String version, Comparison comparison) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        String row = "| %s | %s | %s | %s | %s |"
                .formatted(
                        program,
                        version,
                        comparison.workload(),
                        comparison.summary(Provider.JDK),
                        comparison.summary(Provider.SELECTORS4J));
        Files.writeString(
                file,
                Instant.now() + " " + row + "\n",
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /// Returns the rows of this build.
    List<String> rows() throws IOException {
        Instant start = Instant.parse(begin);
        return Files.readAllLines(file).stream()
                .map(line -> line.split(" ", 2))
                .filter(words -> !Instant.parse(words[0]).isBefore(start))
                .map(words -> words[1])
                .toList();
    }

    /// Prints the table on standard output.
    void print() throws IOException {
        System.out.println(HEADING);
        rows().forEach(System.out::println);
    }
}
