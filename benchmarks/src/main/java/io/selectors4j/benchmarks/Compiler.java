package io.selectors4j.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Runs a compiler, and says why a program is left out if it fails.
final class Compiler {

    /// Messages that were printed: one line is enough for several programs without a compiler.
    private static final Set<String> PRINTED = ConcurrentHashMap.newKeySet();

    private Compiler() {}

    /// Runs a command.
    ///
    /// @param environment more variables of its environment
    /// @param missing the message if the command does not exist
    /// @param failed the beginning of the message if the command fails; the cause follows
    /// @return whether it succeeded; if not, a message was printed
    static boolean run(List<String> command, Map<String, String> environment, String missing, String failed)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process compiler;
        try {
            compiler = builder.start();
        } catch (IOException e) {
            printOnce(missing);
            return false;
        }
        List<String> messages = compiler.inputReader().readAllLines();
        if (compiler.waitFor() != 0) {
            String cause = messages.stream()
                    .filter(line -> line.contains("error"))
                    .findFirst()
                    .orElseGet(() -> String.join(" ", messages));
            printOnce(failed + ": " + cause);
            return false;
        }
        return true;
    }

    private static void printOnce(String message) {
        if (PRINTED.add(message)) {
            System.err.println("./bench: " + message);
        }
    }
}
