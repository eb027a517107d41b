package io.selectors4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The C programs of `src/main/c`, compiled when they are first needed, where there is a compiler.
public final class CPrograms {

    private static final Path SOURCES = Path.of(System.getProperty("bench.c", "benchmarks/src/main/c"));
    private static final Path TARGET = Path.of(System.getProperty("bench.target", "benchmarks/target"));
    private static final Path PROGRAMS = TARGET.resolve("c");

    /// Messages that were printed: one line is enough for several programs without a compiler.
    private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

    private CPrograms() {}

    /// The directory for whatever is made on the way.
    public static Path target() {
        return TARGET;
    }

    /// Compiles a program.
    ///
    /// @param name its name without `.c`
    /// @param libraries options for the linker
    /// @return the program; nothing if there is no compiler or no such library, which a line on standard error says
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
            tell("no C compiler (cc) was found, so nothing is compared with C");
            return Optional.empty();
        }
        List<String> messages = compiler.inputReader().readAllLines();
        if (compiler.waitFor() != 0) {
            String cause = messages.stream()
                    .filter(line -> line.contains("error"))
                    .findFirst()
                    .orElseGet(() -> String.join(" ", messages));
            tell(name + ".c does not compile here, so nothing is compared with it: " + cause);
            return Optional.empty();
        }
        return Optional.of(program);
    }

    private static void tell(String message) {
        if (TOLD.add(message)) {
            System.err.println("./bench: " + message);
        }
    }
}
