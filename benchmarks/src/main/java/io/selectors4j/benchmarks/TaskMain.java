package io.selectors4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The process of a [Task]: does a round for each line of its standard input, and answers with a line.
final class TaskMain {

    private TaskMain() {}

    /// Runs until the standard input ends.
    ///
    /// @param args the task's class, and what its constructor is given
    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        try (Task task = task(args)) {
            loop(task, answers);
        }
    }

    private static Task task(String[] args) throws ReflectiveOperationException {
        Constructor<? extends Task> constructor =
                Class.forName(args[0]).asSubclass(Task.class).getDeclaredConstructor(String[].class);
        constructor.setAccessible(true);
        return constructor.newInstance((Object) Arrays.copyOfRange(args, 1, args.length));
    }

    private static void loop(Task task, PrintStream answers) throws Exception {
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = next(questions); line != null; line = next(questions)) {
            answers.println(task.round(line.split(" ", -1)));
        }
    }

    private static @Nullable String next(BufferedReader questions) throws IOException {
        return questions.readLine();
    }
}
