package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.architecture.SourcePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The policies about source text that this module shares with the library, and one of its own.
class SourcesTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path TESTS = Path.of("src/test/java");
    private static final Path FOR_JDK_SELECTORS = Path.of("io/selectors4j/nio/jdk");

    private static List<Path> violators(Path root, SourcePolicy policy) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                if (!policy.violations(Files.readString(file)).isEmpty()) {
                    found.add(root.relativize(file));
                }
            }
        }
        return found;
    }

    @Test
    void sources_areFound() throws IOException {
        SourcePolicy all = source -> List.of("");
        assertThat(violators(SOURCES, all)).hasSizeGreaterThan(30);
        assertThat(violators(TESTS, all)).hasSizeGreaterThan(30);
    }

    @Test
    void noFileHasMoreThan400LinesOfCode() throws IOException {
        assertThat(violators(SOURCES, SourcePolicy::tooManyLines)).isEmpty();
        assertThat(violators(TESTS, SourcePolicy::tooManyLines)).isEmpty();
    }

    @Test
    void noSource_sleeps() throws IOException {
        assertThat(violators(SOURCES, SourcePolicy::sleeps)).isEmpty();
    }

    /// The provider runs on a JDK whose own classes are closed. Only the channel for the JDK's selectors needs them.
    @Test
    void jdkClasses_areUsedInOnePackage() throws IOException {
        SourcePolicy policy = source -> source.contains("import sun.") ? List.of("sun") : List.of();
        assertThat(violators(SOURCES, policy)).isNotEmpty().allMatch(file -> file.startsWith(FOR_JDK_SELECTORS));
    }
}
