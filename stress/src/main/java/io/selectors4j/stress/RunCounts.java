package io.selectors4j.stress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/// What a harness has done, a line each, in a file that the processes of one run share: `TIME HARNESS VALUE NAME`. [ClosingLines]
/// adds it up.
///
/// @param harness the harness's name
public record RunCounts(String harness) {

    /// The system property that names the file.
    public static final String FILE = "stress.tally";

    /// Counts what was done.
    ///
    /// @param name of what, in the plural, as it is to be printed
    /// @param count how many
    public void add(String name, long count) {
        write(count + " " + name);
    }

    /// Notes the seed of what is random, to do it once more: `-Dstress.seed=`.
    ///
    /// @param seed the seed
    public void seed(long seed) {
        write(seed + " " + ClosingLines.SEED);
    }

    private void write(String text) {
        String file = System.getProperty(FILE);
        if (file == null) {
            return; // not run by Maven
        }
        try {
            Files.writeString(
                    Path.of(file),
                    Instant.now() + " " + harness + " " + text + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
