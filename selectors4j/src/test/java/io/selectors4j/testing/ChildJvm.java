package io.selectors4j.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A Java virtual machine of its own that runs a program of the tests.
public final class ChildJvm {

    private ChildJvm() {}

    /// The command that runs a program, on the class path.
    public static List<String> command(Class<?> program, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Path.of("target", "classes") + ":" + Path.of("target", "test-classes"),
                program.getName()));
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
}
