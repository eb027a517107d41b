package io.selectors4j.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One side of a comparison.
///
/// @param name what tables and charts call it
/// @param command how its process is started
public record Contender(String name, List<String> command) {

    /// The heap has its size, and all of its pages, from the start: so a round does not pay for the first use of a page, as nobody
    /// does in a program that has run for a while.
    private static final List<String> SETTLED_HEAP = List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");

    /// A [Task] in a Java virtual machine of its own.
    ///
    /// @param name what tables and charts call it
    /// @param task class of the task
    /// @param args what its constructor is given
    public static Contender task(String name, Class<? extends Task> task, String... args) {
        List<String> command = java(SETTLED_HEAP, TaskMain.class);
        command.add(task.getName());
        command.addAll(Arrays.asList(args));
        return new Contender(name, command);
    }

    /// A C program.
    ///
    /// @param name what tables and charts call it
    /// @param program the program
    /// @param args its arguments
    public static Contender program(String name, Path program, String... args) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(Arrays.asList(args));
        return new Contender(name, command);
    }

    /// How a class is started in a Java virtual machine of its own, with the class path of this one.
    ///
    /// @param options for the virtual machine
    /// @param main the class
    /// @return a list that arguments may be appended to
    public static List<String> java(List<String> options, Class<?> main) {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }

    /// The program `java` of this virtual machine.
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
