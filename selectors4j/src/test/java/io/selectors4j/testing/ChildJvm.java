package io.selectors4j.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A Java virtual machine of its own, for what cannot be tried in that of the tests: options of `java`, signals, its end.
public final class ChildJvm {

    private static final int PATIENCE_SECONDS = 120;

    private ChildJvm() {}

    /// What came of one that has ended.
    ///
    /// @param exitCode its exit code; 128 and the signal's number if a signal ended it
    /// @param output what it printed, errors too
    public record Outcome(int exitCode, String output) {}

    /// Prepares one that runs a program of the tests, on the class path, with native access.
    public static ProcessBuilder prepare(List<String> options, Class<?> program, String... args) {
        List<String> command = new ArrayList<>(List.of(
                tool("java"), "-XX:TieredStopAtLevel=1", "-Xshare:auto", "--enable-native-access=ALL-UNNAMED", "-cp"));
        command.add(directory("target/classes") + File.pathSeparator + directory("target/test-classes"));
        command.addAll(options);
        command.add(program.getName());
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // What a developer has set there would be reported on the standard error output.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        return builder;
    }

    /// Runs one, with nothing to read, until it ends.
    public static Outcome run(List<String> options, Class<?> program, String... args)
            throws IOException, InterruptedException {
        return run(prepare(options, program, args));
    }

    /// Runs a tool of the JDK that runs the tests.
    public static Outcome runTool(String name, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(tool(name)));
        command.addAll(List.of(args));
        return run(new ProcessBuilder(command).redirectErrorStream(true));
    }

    private static Outcome run(ProcessBuilder builder) throws IOException, InterruptedException {
        Path output = Files.createTempFile("child", ".out");
        @Nullable Process process = null;
        try {
            process = builder.redirectInput(new File("/dev/null"))
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("does not end: " + builder.command() + "; it printed "
                        + Files.readString(output, StandardCharsets.UTF_8));
            }
            return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
            Files.delete(output);
        }
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /// The tests run in the directory of their module.
    private static String directory(String name) {
        Path path = Path.of(name).toAbsolutePath();
        if (!Files.isDirectory(path)) {
            throw new AssertionError("there is no " + path);
        }
        return path.toString();
    }
}
