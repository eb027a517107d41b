package io.selectors4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A program that takes part in a comparison.
///
/// @param name the name in tables and charts
/// @param command the command that starts its process
public record Contender(String name, List<String> command) {

    /// Options that give the heap its size and all of its pages at the start, so that no round includes page faults of
    /// the first use.
    private static final List<String> FIXED_HEAP = List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");

    /// Returns a contender that runs a [Task] in a separate Java virtual machine.
    ///
    /// @param name the name in tables and charts
    /// @param task the class of the task
    /// @param args the arguments of its constructor
    public static Contender task(String name, Class<? extends Task> task, String... args) {
        List<String> command = java(FIXED_HEAP, TaskMain.class);
        command.add(task.getName());
        command.addAll(Arrays.asList(args));
        return new Contender(name, command);
    }

    /// Returns the same contender with more options of the virtual machine. They replace the same options of [#task].
    public Contender with(String... options) {
        List<String> changed = new ArrayList<>(command);
        changed.addAll(changed.indexOf("-cp"), Arrays.asList(options)); // the last one of two equal options counts
        return new Contender(name, changed);
    }

    /// Returns the same contender, whose threads share one processor: the work of two threads then takes the sum of
    /// their times, whatever the scheduler does.
    public Contender onOneProcessor() throws IOException {
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", firstProcessor()));
        pinned.addAll(command);
        return new Contender(name, pinned);
    }

    private static String firstProcessor() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("Cpus_allowed_list:"))
                    .map(line -> line.replaceFirst("\\D+(\\d+).*", "$1"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /// Returns a contender that is a C program.
    ///
    /// @param name the name in tables and charts
    /// @param program the program
    /// @param args its arguments
    public static Contender program(String name, Path program, String... args) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(Arrays.asList(args));
        return new Contender(name, command);
    }

    /// Returns the command that runs a class in a separate Java virtual machine, with the class path of this one.
    ///
    /// @param options options of the virtual machine
    /// @param main the main class
    /// @return a mutable list, for arguments of the program
    public static List<String> java(List<String> options, Class<?> main) {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }

    /// Returns the path of the `java` command of this virtual machine.
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
