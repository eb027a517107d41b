package io.selectors4j.nio.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Runs the checks of a workload and reports their outcomes to the [Runner].
public final class Checks {

    /// A check, or all checks of a workload.
    @FunctionalInterface
    public interface Body {
        /// Runs the check.
        ///
        /// @throws Exception if the check fails
        void run() throws Exception;
    }

    /// A workload.
    @FunctionalInterface
    public interface Workload {
        /// Runs all checks.
        ///
        /// @param checks receives the outcomes
        /// @throws Exception if the workload fails outside of a check
        void run(Checks checks) throws Exception;
    }

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path results = Path.of(System.getProperty("nio-it.results"));
    private final Path directory = Path.of(System.getProperty("nio-it.directory"));
    private final Set<String> selected =
            Set.of(System.getProperty("nio-it.select", "").split(",", 0));

    private Checks() {}

    /// Runs a workload and ends this JVM: with exit code 0 if the workload has reported all outcomes, passed or not.
    ///
    /// @param workload the workload
    public static void main(Workload workload) {
        int exitCode = 1;
        try {
            Provider.expected().verify();
            Checks checks = new Checks();
            workload.run(checks);
            Results.writeEnd(checks.results);
            exitCode = 0;
        } catch (Throwable e) {
            e.printStackTrace();
        }
        System.exit(exitCode);
    }

    /// Reports what the workload does, for the table.
    ///
    /// @param description the description, in some words
    public void describe(String description) {
        Results.writeWorkload(results, description);
    }

    /// Reports the outcome of a check.
    ///
    /// @param name the name of the check
    /// @param outcome the outcome
    public void report(String name, Outcome outcome) {
        System.out.println(outcome + " " + name);
        Results.writeOutcome(results, name, outcome);
    }

    /// Returns the checks that are to run: all of them if the set contains only the empty string.
    ///
    /// @return the names
    public Set<String> selected() {
        return selected;
    }

    /// Returns a directory for files of this run.
    ///
    /// @return the directory
    public Path directory() {
        return directory;
    }

    /// Creates a file in the directory of this run.
    ///
    /// @param name the name of the file
    /// @param bytes the contents
    /// @return the file
    /// @throws IOException if the system refuses
    public Path file(String name, byte[] bytes) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    /// Runs a check for at most one minute and reports its outcome.
    ///
    /// @param name the name of the check
    /// @param body the check
    /// @throws InterruptedException if the calling thread was interrupted
    public void check(String name, Body body) throws InterruptedException {
        check(name, LIMIT, body);
    }

    /// Runs a check in a thread of its own and reports its outcome.
    ///
    /// @param name the name of the check
    /// @param limit the time after which the check has failed
    /// @param body the check
    /// @throws InterruptedException if the calling thread was interrupted
    public void check(String name, Duration limit, Body body) throws InterruptedException {
        if (!selected.contains("") && !selected.contains(name)) {
            return;
        }
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            body.run();
            return true;
        });
        long begin = System.nanoTime();
        Thread.ofPlatform().daemon().name(name).start(task);
        Outcome outcome = Outcome.FAILED;
        try {
            task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            outcome = Outcome.PASSED;
        } catch (ExecutionException e) {
            e.printStackTrace();
        } catch (TimeoutException _) {
            System.err.println(name + " did not end within " + limit.toSeconds() + " seconds");
            Threads.print();
        }
        System.out.println(name + ": " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " ms");
        report(name, outcome);
    }

    /// Fails unless a condition holds.
    ///
    /// @param condition the condition
    /// @param message the message of the failure
    public static void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }

    /// Fails unless two values are equal.
    ///
    /// @param name the name of the value
    /// @param expected the expected value
    /// @param actual the value
    public static void requireEqual(String name, Object expected, Object actual) {
        require(expected.equals(actual), name + ": expected " + expected + ", got " + actual);
    }
}
