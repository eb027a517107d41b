package io.selectors4j.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Starts programs of the tests in a Java virtual machine of their own: for options of `java`, for signals, and for its
/// end.
public final class ChildJvm {

    /// The virtual machine reports these variables on standard error.
    private static final List<String> REPORTED_VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS");

    private static final int PATIENCE_SECONDS = 240;

    private ChildJvm() {}

    /// The result of a program that has ended.
    ///
    /// @param exitCode its exit code; 128 plus the number of the signal that ended it
    /// @param output its standard output and standard error
    public record Outcome(int exitCode, String output) {}

    /// Returns the command that runs a program of the tests, on the class path, with native access.
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

    /// Returns the command for a program that is to receive signals. A shell ignores SIGINT for background jobs, and
    /// the child would inherit this.
    public static List<String> listeningCommand(Class<?> program, String... args)
            throws IOException, InterruptedException {
        List<String> listening = List.of("env", "--default-signal=HUP,INT,TERM");
        List<String> command = new ArrayList<>(listening);
        command.add("true");
        boolean known = new ProcessBuilder(command).start().waitFor() == 0; // busybox lacks the option
        command.clear();
        command.addAll(known ? listening : List.of());
        command.addAll(command(program, args));
        return command;
    }

    /// Returns a builder for a command, without the developer's own settings.
    public static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeAll(REPORTED_VARIABLES);
        return builder;
    }

    /// Returns the environment of this process, without [#REPORTED_VARIABLES].
    public static Map<String, String> environment() {
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.keySet().removeAll(REPORTED_VARIABLES);
        return variables;
    }

    /// Runs a program without input until it ends.
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

    /// Returns a directory of the module, which is the working directory of the tests.
    private static String directory(String name) {
        Path path = Path.of(name).toAbsolutePath();
        if (!Files.isDirectory(path)) {
            throw new AssertionError("there is no " + path);
        }
        return path.toString();
    }
}
