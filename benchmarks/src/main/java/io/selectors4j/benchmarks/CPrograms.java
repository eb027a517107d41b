package io.selectors4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The C programs of `src/main/c`, compiled when they are first needed, where there is a compiler.
public final class CPrograms {

    private static final Path SOURCES = Path.of(System.getProperty("bench.c", "benchmarks/src/main/c"));
    private static final Path TARGET = Path.of(System.getProperty("bench.target", "benchmarks/target"));
    private static final Path PROGRAMS = TARGET.resolve("c");

    private CPrograms() {}

    /// The directory for whatever is made on the way.
    public static Path target() {
        return TARGET;
    }

    /// Compiles a program.
    ///
    /// @param name its name without `.c`
    /// @param libraries options for the linker
    /// @return the program; nothing if there is no compiler or no such library, which a line has said then
    public static Optional<Path> compile(String name, String... libraries) throws IOException, InterruptedException {
        Path program = PROGRAMS.resolve(name).toAbsolutePath();
        Files.createDirectories(PROGRAMS);
        List<String> command = new ArrayList<>(List.of("cc", "-O2", "-Wall", "-o", program.toString()));
        command.add(SOURCES.resolve(name + ".c").toString());
        command.addAll(Arrays.asList(libraries));
        Process compiler;
        try {
            compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            System.err.println("no C compiler, so nothing is compared with " + name + ".c: " + e.getMessage());
            return Optional.empty();
        }
        String messages = String.join("\n", compiler.inputReader().readAllLines());
        if (compiler.waitFor() != 0) {
            System.err.println("without " + name + ".c, which does not compile here:\n" + messages);
            return Optional.empty();
        }
        return Optional.of(program);
    }
}
