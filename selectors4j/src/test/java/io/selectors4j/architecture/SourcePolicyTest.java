package io.selectors4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Policies about source text. The library keeps each one, and each one detects a violation in an example.
class SourcePolicyTest {

    private static final Path SOURCES = Path.of("src/main/java");

    private static final Path TESTS = Path.of("src/test/java");

    private static final Path TOOLS = Path.of("../tools");

    private static List<String> inAllSources(SourcePolicy policy) throws IOException {
        return in(SOURCES, policy);
    }

    private static List<String> in(Path root, SourcePolicy policy) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                for (String violation : policy.violations(Files.readString(file))) {
                    found.add(root.relativize(file) + ": " + violation);
                }
            }
        }
        return found;
    }

    @Test
    void sources_areFound() throws IOException {
        assertThat(inAllSources(source -> List.of("")))
                .hasSizeGreaterThan(50)
                .anyMatch(file -> file.contains("PosixLibc"));
    }

    @Test
    void tryOfANativeCall_holdsNothingElse() throws IOException {
        assertThat(inAllSources(SourcePolicy::nativeCallsNotAloneInTheirTry)).isEmpty();

        String good = """
                public static int close(ErrnoCapture state, int fd) {
                    try {
                        return state.valueOrErrno((int) Close.HANDLE.invokeExact(state.segment(), fd));
                    } catch (Throwable t) {
                        throw Downcalls.rethrow("close", t);
                    }
                }
                """;
        assertThat(SourcePolicy.nativeCallsNotAloneInTheirTry(good)).isEmpty();
        assertThat(SourcePolicy.nativeCallsNotAloneInTheirTry(
                        good.replace("return state", "int more = 1;\n        return state")))
                .hasSize(1);
        assertThat(SourcePolicy.nativeCallsNotAloneInTheirTry(good.replace("try {", "{")))
                .hasSize(1);
        assertThat(SourcePolicy.nativeCallsNotAloneInTheirTry(good.replace("Throwable t", "Exception t")))
                .hasSize(1);
        assertThat(SourcePolicy.nativeCallsNotAloneInTheirTry(
                        good.replace("throw Downcalls.rethrow(\"close\", t);", "")))
                .hasSize(1);
        assertThat(SourcePolicy.nativeCallsNotAloneInTheirTry(good.replace("rethrow(\"close\"", "rethrow(\"open\"")))
                .hasSize(1);
    }

    @Test
    void nativeMemory_isKeptAliveDuringTheCall() throws IOException {
        assertThat(inAllSources(SourcePolicy::addressesNotKeptAlive)).isEmpty();
        assertThat(Files.readString(SOURCES.resolve("io/selectors4j/internal/linux/LinuxLibc.java")))
                .contains("Memory.address(");

        String good = """
                        try {
                            return state.valueOrErrno(Memory.keepAlive(
                                    (int) (long) Pipe.HANDLE.invokeExact(state.segment(), Memory.address(pipefd), 0L), pipefd));
                        } catch (Throwable t) {
                """;
        assertThat(SourcePolicy.addressesNotKeptAlive(good)).isEmpty();
        assertThat(SourcePolicy.addressesNotKeptAlive(good.replace(", pipefd))", ", state))")))
                .hasSize(1);
        assertThat(SourcePolicy.addressesNotKeptAlive(good.replace("Memory.keepAlive(", "(")))
                .hasSize(1);
    }

    @Test
    void noFileHasMoreThan400LinesOfCode() throws IOException {
        assertThat(inAllSources(SourcePolicy::tooManyLines)).isEmpty();
        assertThat(in(TESTS, SourcePolicy::tooManyLines)).isEmpty();
        assertThat(in(TESTS, source -> List.of(""))).hasSizeGreaterThan(100);
        assertThat(in(TOOLS, SourcePolicy::tooManyLines)).isEmpty();
        assertThat(in(TOOLS, source -> List.of(""))).anyMatch(file -> file.contains("AbiCheck"));

        String notCode = "\n    /// doc\n    // comment\n    /* one line */\n    /* two\n     * lines */\n".repeat(100);
        assertThat(SourcePolicy.tooManyLines("line;\n".repeat(400) + notCode)).isEmpty();
        assertThat(SourcePolicy.tooManyLines(notCode + "line; // comment\n".repeat(401)))
                .hasSize(1);
    }

    @Test
    void docOfABinding_beginsWithItsPrototype() throws IOException {
        assertThat(inAllSources(SourcePolicy::bindingsWithoutPrototype)).isEmpty();
        String bindings = Files.readString(SOURCES.resolve("io/selectors4j/internal/posix/PosixLibc.java"));
        assertThat(SourcePolicy.BINDING.matcher(bindings).results()).hasSizeGreaterThan(10);

        String good = """
                    private static final class Close {
                        static final MethodHandle HANDLE = Downcalls.link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
                    }

                    /// `int close(int fd);`
                    public static int close(ErrnoCapture state, int fd) {
                        return state.valueOrErrno((int) Close.HANDLE.invokeExact(state.segment(), fd));
                    }
                """;
        assertThat(SourcePolicy.bindingsWithoutPrototype(good)).isEmpty();
        assertThat(SourcePolicy.bindingsWithoutPrototype(good.replace("/// `int close(int fd);`", "/// Closes.")))
                .hasSize(1);
        assertThat(SourcePolicy.bindingsWithoutPrototype(good.replace("/// `int close(int fd);`", "")))
                .hasSize(1);
        assertThat(SourcePolicy.bindingsWithoutPrototype(good.replace("`int close(int fd);`", "`int open(int fd);`")))
                .hasSize(1);
        assertThat(SourcePolicy.bindingsWithoutPrototype(
                        good.replace("int close(ErrnoCapture", "int shut(ErrnoCapture")))
                .hasSize(1);
        assertThat(SourcePolicy.bindingsWithoutPrototype(good.replace("link(\"close\"", "link(\"open\"")))
                .hasSize(1);
    }

    @Test
    void names_followTheLayers() throws IOException {
        assertThat(inAllSources(SourcePolicy::namesOfWhatIsNotBelow)).isEmpty();

        assertThat(SourcePolicy.namesOfWhatIsNotBelow(
                        "package io.selectors4j.fd; import static io.selectors4j.os.Poll.POLLIN;"))
                .hasSize(1);
        assertThat(SourcePolicy.namesOfWhatIsNotBelow(
                        "package io.selectors4j.internal.sys; int x = io.selectors4j.KeyTable.X;"))
                .hasSize(1);
        assertThat(SourcePolicy.namesOfWhatIsNotBelow(
                        "package io.selectors4j.os; import io.selectors4j.Selector; import io.selectors4j.Pollable;"))
                .hasSize(1);
        assertThat(
                        SourcePolicy.namesOfWhatIsNotBelow(
                                "package io.selectors4j.os; import io.selectors4j.internal.sys.Deadline; // io.selectors4j.fd.Fd"))
                .isEmpty();
    }

    @Test
    void noCall_isCritical() throws IOException {
        assertThat(inAllSources(SourcePolicy::criticalCalls)).isEmpty();

        assertThat(SourcePolicy.criticalCalls("link(type, Linker.Option.critical(false))"))
                .hasSize(1);
        assertThat(SourcePolicy.criticalCalls("import static java.lang.foreign.Linker.Option.critical;"))
                .hasSize(1);
        assertThat(SourcePolicy.criticalCalls("/// None uses [Linker.Option#critical]. Nor // Linker.Option.critical("))
                .isEmpty();
    }

    @Test
    void noSource_sleeps() throws IOException {
        assertThat(inAllSources(SourcePolicy::sleeps)).isEmpty();

        assertThat(SourcePolicy.sleeps("Thread.sleep(1);")).hasSize(1);
        assertThat(SourcePolicy.sleeps("TimeUnit.SECONDS.sleep(1);")).hasSize(1);
        assertThat(SourcePolicy.sleeps("state.beginBlocking(); // not Thread.sleep(1)"))
                .isEmpty();
    }
}
