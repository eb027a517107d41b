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

    private static final int PATIENCE_SECONDS = 240;

    private ChildJvm() {}

    /// What came of one that has ended.
    ///
    /// @param exitCode its exit code; 128 and the signal's number if a signal ended it
    /// @param output what it printed, errors too
    public record Outcome(int exitCode, String output) {}

    /// The command that runs a program of the tests, on the class path, with native access.
    public static List<String> command(Class<?> program, String... args) {
        return command(List.of(), program, args);
    }

    private static List<String> command(List<String> options, Class<?> program, String... args) {
        List<String> command = new ArrayList<>(List.of(
                tool("java"), "-XX:TieredStopAtLevel=1", "-Xshare:auto", "--enable-native-access=ALL-UNNAMED", "-cp"));
        command.add(directory("target/classes") + File.pathSeparator + directory("target/test-classes"));
        command.addAll(options);
        command.add(program.getName());
        command.addAll(List.of(args));
        return command;
    }

    /// The same for a program that is to get a signal. Where the tests run in the background of a script, SIGINT is ignored,
    /// and so it would be by the child.
    public static List<String> listeningCommand(Class<?> program, String... args)
            throws IOException, InterruptedException {
        List<String> listening = List.of("env", "--default-signal=HUP,INT,TERM");
        List<String> command = new ArrayList<>(listening);
        command.add("true");
        boolean known = new ProcessBuilder(command).start().waitFor() == 0; // busybox does not know it
        command.clear();
        command.addAll(known ? listening : List.of());
        command.addAll(command(program, args));
        return command;
    }

    /// What starts such a program, and nothing of a developer's own settings.
    public static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        // What is set there would be reported on the standard error output.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        return builder;
    }

    /// Runs one, with nothing to read, until it ends.
    public static Outcome run(List<String> options, Class<?> program, String... args)
            throws IOException, InterruptedException {
        return run(builder(command(options, program, args)));
    }

    /// Runs a tool of the JDK that runs the tests.
    public static Outcome runTool(String name, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(tool(name)));
        command.addAll(List.of(args));
        return run(builder(command));
    }

    private static Outcome run(ProcessBuilder builder) throws IOException, InterruptedException {
        Path output = Files.createTempFile("child", ".out");
        @Nullable Process process = null;
        try {
            process = builder.redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
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
