package io.selectors4j.moduletest;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The result of a child process: its exit code and output.
record Child(int exitCode, String out, String err) {

    static final Path LIBRARY = Path.of(System.getProperty("selectors4j.jar")).normalize();
    static final Path NIO = Path.of(System.getProperty("selectors4j-nio.jar")).normalize();
    static final Path TESTING =
            Path.of(System.getProperty("selectors4j-testing.jar")).normalize();
    static final Path CONSUMER = Path.of(System.getProperty("consumer.classes"));

    /// Runs the consumer on the module path.
    static Child onModulePath(List<String> options, String... args) throws IOException, InterruptedException {
        return java(
                Map.of(),
                options,
                List.of("-p", path(LIBRARY, CONSUMER), "-m", "io.selectors4j.moduletest/" + Consumer.class.getName()),
                args);
    }

    /// Runs the consumer on the class path.
    static Child onClassPath(List<String> options, String... args) throws IOException, InterruptedException {
        return java(Map.of(), options, List.of("-cp", path(LIBRARY, CONSUMER), Consumer.class.getName()), args);
    }

    /// Runs `java`.
    static Child java(Map<String, String> environment, List<String> options, List<String> program, String... args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(tool("java"), "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        command.addAll(options);
        command.addAll(program);
        command.addAll(List.of(args));
        return run(environment, command);
    }

    /// Runs a command.
    static Child run(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("child", ".out");
        Path err = Files.createTempFile("child", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            // The virtual machine reports these variables on standard error.
            builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(240, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("did not end: " + command);
            }
            return new Child(process.exitValue(), text(out), text(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
    }

    static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    static String path(Path... parts) {
        return String.join(
                File.pathSeparator, List.of(parts).stream().map(Path::toString).toList());
    }
}
