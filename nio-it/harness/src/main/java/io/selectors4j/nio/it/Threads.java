package io.selectors4j.nio.it;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Prints the stacks of threads.
final class Threads {

    private Threads() {}

    /// Prints the stacks of all platform threads of this JVM.
    static void print() {
        Thread.getAllStackTraces().entrySet().stream()
                .sorted(Map.Entry.comparingByKey((a, b) -> a.getName().compareTo(b.getName())))
                .forEach(entry -> {
                    System.err.println("\"" + entry.getKey().getName() + "\" "
                            + entry.getKey().getState());
                    for (StackTraceElement element : entry.getValue()) {
                        System.err.println("    at " + element);
                    }
                });
    }

    /// Lets another JVM print the stacks of its threads on its standard output.
    static void print(ProcessHandle process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-QUIT", String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        TimeUnit.SECONDS.sleep(2);
    }
}
