package io.selectors4j.stress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/// The counts of one harness, appended to a file that all processes of a run share, one line each: `TIME HARNESS VALUE
/// NAME`. [ClosingLines] adds them up. Without such a file, the standard output gets the lines.
///
/// @param harness the harness's name
public record RunCounts(String harness) {

    /// The system property with the path of the file.
    public static final String FILE = "stress.counts";

    /// Adds to a count.
    ///
    /// @param name the name of the counted things, in the plural
    /// @param count their number
    public void add(String name, long count) {
        write(count + " " + name);
    }

    /// Records a random seed. `-Dstress.seed=` repeats the run.
    ///
    /// @param seed the seed
    public void seed(long seed) {
        write(seed + " " + ClosingLines.SEED);
    }

    private void write(String text) {
        String line = Instant.now() + " " + harness + " " + text;
        String file = System.getProperty(FILE);
        if (file == null) { // not run by Maven
            System.out.println(line);
            return;
        }
        try {
            Files.writeString(
                    Path.of(file),
                    line + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
