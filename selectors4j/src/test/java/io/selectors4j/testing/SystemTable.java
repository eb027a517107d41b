package io.selectors4j.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A table of expected constants in a test resource: a row for each name, a column for each system. Lines that begin
/// with `#` are comments, the first other line holds the names of the columns, and `-` stands for a constant that the
/// system lacks.
public final class SystemTable {

    private static final String MISSING = "-";

    private SystemTable() {}

    /// Returns the constants of a system by name.
    ///
    /// @param test a class in the package of the resource
    /// @param resource the file name of the resource
    /// @param system the name of the system's enum constant, which is the heading of its column
    public static Map<String, Long> column(Class<?> test, String resource, Enum<?> system) {
        List<String[]> rows = rows(test, resource);
        int column = List.of(rows.getFirst()).indexOf(system.name());
        if (column < 0) {
            throw new AssertionError(resource + " has no column " + system.name());
        }
        Map<String, Long> constants = new LinkedHashMap<>();
        for (String[] row : rows.subList(1, rows.size())) {
            if (!row[column].equals(MISSING) && constants.put(row[0], Long.decode(row[column])) != null) {
                throw new AssertionError(resource + " has two rows " + row[0]);
            }
        }
        return constants;
    }

    private static List<String[]> rows(Class<?> test, String resource) {
        try (InputStream in = test.getResourceAsStream(resource)) {
            if (in == null) {
                throw new AssertionError("no resource " + resource + " beside " + test);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" +"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
