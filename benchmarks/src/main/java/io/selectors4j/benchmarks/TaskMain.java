package io.selectors4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The process of a [Task]: for each line of its standard input, it runs a round and prints a line of figures.
final class TaskMain {

    private TaskMain() {}

    /// Runs rounds until the standard input ends.
    ///
    /// @param args the task's class, and the arguments of its constructor
    public static void main(String[] args) throws Exception {
        PrintStream responses = System.out;
        System.setOut(System.err);
        try (Task task = task(args)) {
            loop(task, responses);
        }
    }

    private static Task task(String[] args) throws ReflectiveOperationException {
        Constructor<? extends Task> constructor =
                Class.forName(args[0]).asSubclass(Task.class).getDeclaredConstructor(String[].class);
        constructor.setAccessible(true);
        return constructor.newInstance((Object) Arrays.copyOfRange(args, 1, args.length));
    }

    private static void loop(Task task, PrintStream responses) throws Exception {
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = next(requests); line != null; line = next(requests)) {
            responses.println(task.round(line.split(" ", -1)));
        }
    }

    private static @Nullable String next(BufferedReader requests) throws IOException {
        return requests.readLine();
    }
}
