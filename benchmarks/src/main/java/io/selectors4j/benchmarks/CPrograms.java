package io.selectors4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The C programs in `src/main/c`, compiled at first use if there is a compiler.
public final class CPrograms {

    /// The number of descriptors that select(2) of the C library can watch.
    public static final int FD_SETSIZE = 1024;

    static final Path SOURCES = Path.of(System.getProperty("bench.c", "benchmarks/src/main/c"));
    private static final Path TARGET = Path.of(System.getProperty("bench.target", "benchmarks/target"));
    private static final Path PROGRAMS = TARGET.resolve("c");

    private CPrograms() {}

    /// Returns the directory for intermediate files.
    public static Path target() {
        return TARGET;
    }

    /// Compiles a program.
    ///
    /// @param name its name without `.c`
    /// @param libraries options for the linker
    /// @return the program; empty, after a message, if there is no compiler or no library
    public static Optional<Path> compile(String name, String... libraries) throws IOException, InterruptedException {
        Path program = PROGRAMS.resolve(name).toAbsolutePath();
        Files.createDirectories(PROGRAMS);
        List<String> command = new ArrayList<>(List.of("cc", "-O2", "-Wall", "-o", program.toString()));
        command.add(SOURCES.resolve(name + ".c").toString());
        command.addAll(Arrays.asList(libraries));
        boolean compiled = Compiler.run(
                command,
                Map.of(),
                "no C compiler (cc) was found, so nothing is compared with C",
                name + ".c does not compile here, so nothing is compared with it");
        return compiled ? Optional.of(program) : Optional.empty();
    }
}
