package io.selectors4j.moduletest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A running program of examples/recipes. It is killed after a minute, and when this object is closed.
record Recipe(Process process, BufferedReader out) implements AutoCloseable {

    private static final Path SOURCES = Path.of("../examples/recipes");
    private static final Pattern PORT = Pattern.compile("listening on .*:(\\d+)");

    /// Compiles all programs.
    ///
    /// @param directory where the classes are written
    static void compile(Path directory) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Child.tool("javac"), "-Xlint:all,-try", "-Werror"));
        command.addAll(List.of("-d", directory.toString(), "-cp", Child.LIBRARY.toString()));
        try (Stream<Path> files = Files.list(SOURCES)) {
            command.addAll(files.map(Path::toString).sorted().toList());
        }
        Child javac = Child.run(Map.of(), command);
        assertThat(javac.exitCode()).as(javac.err()).isZero();
    }

    /// Returns the command that runs a program.
    static List<String> command(Path classes, String name, String... args) {
        List<String> command = new ArrayList<>(List.of(Child.tool("java"), "-XX:TieredStopAtLevel=1", "-Xmx32m"));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED"));
        command.addAll(List.of("-cp", Child.path(Child.LIBRARY, classes), name));
        command.addAll(List.of(args));
        return command;
    }

    /// Starts a program whose standard streams are pipes.
    static Recipe start(Path classes, String name, String... args) throws IOException {
        return start(new ProcessBuilder(command(classes, name, args)));
    }

    static Recipe start(ProcessBuilder builder) throws IOException {
        Process process = builder.redirectErrorStream(true).start();
        process.onExit().orTimeout(1, TimeUnit.MINUTES).exceptionally(_ -> process.destroyForcibly());
        return new Recipe(process, process.inputReader(StandardCharsets.UTF_8));
    }

    /// Waits until the server listens, and returns its port.
    int port() throws IOException {
        Matcher listening = PORT.matcher(line());
        assertThat(listening).matches();
        return Integer.parseInt(listening.group(1));
    }

    /// Returns the next line of its output.
    String line() throws IOException {
        String line = out.readLine();
        assertThat(line).as("output").isNotNull();
        return line;
    }

    /// Writes to its standard input.
    void type(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /// Waits until it ends by itself with exit code 0, and returns the rest of its output.
    List<String> end() throws IOException, InterruptedException {
        List<String> rest = out.lines().toList();
        assertThat(process.waitFor()).as("exit code after " + rest).isZero();
        return rest;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
