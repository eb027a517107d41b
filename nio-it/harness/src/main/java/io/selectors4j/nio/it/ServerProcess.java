package io.selectors4j.nio.it;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server in a JVM of its own, with the class path, the provider and the network namespace of the workload. A server
/// that is alive when the workload's JVM ends is ended too.
public final class ServerProcess implements AutoCloseable {

    private static final int LAST_LINES = 60;

    private final String name;
    private final Path log;
    private final Process process;

    private ServerProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /// Starts a server.
    ///
    /// @param checks the checks of the workload
    /// @param name the name of the server; its output goes to a file of this name
    /// @param options options for the JVM
    /// @param mainClass the name of the class with the main method
    /// @param arguments the arguments
    /// @return the server, which has not yet opened its ports
    /// @throws IOException if the system refuses
    public static ServerProcess start(
            Checks checks, String name, List<String> options, String mainClass, String... arguments)
            throws IOException {
        Path log = checks.directory().resolve(name + ".log");
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(Provider.sameOptions());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ServerMain.class.getName(), mainClass));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(checks.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        System.out.println("started " + name + " as process " + process.pid());
        return new ServerProcess(name, log, process);
    }

    /// Returns the path of `java`.
    static String java() {
        return System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
    }

    /// Waits for the last line of the output that begins with a prefix.
    ///
    /// @param prefix the prefix
    /// @param limit the time to wait
    /// @return the rest of the line
    /// @throws IOException if the output cannot be read
    /// @throws InterruptedException if the calling thread was interrupted
    public String await(String prefix, Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            List<String> lines = Files.readAllLines(log);
            for (String line : lines.reversed()) {
                if (line.startsWith(prefix)) {
                    return line.substring(prefix.length());
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        printLog();
        throw new AssertionError(name + (process.isAlive() ? " did not print " + prefix : " has ended"));
    }

    /// Waits until the process ends by itself, with exit code 0.
    ///
    /// @param limit the time to wait
    /// @throws IOException if the output cannot be read
    /// @throws InterruptedException if the calling thread was interrupted
    public void awaitEnd(Duration limit) throws IOException, InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            Threads.print(process.toHandle());
            printLog();
            throw new AssertionError(name + " did not end within " + limit.toSeconds() + " seconds");
        }
        if (process.exitValue() != 0) {
            printLog();
        }
        Checks.requireEqual("exit code of " + name, 0, process.exitValue());
    }

    /// Ends the server at once, with SIGKILL.
    ///
    /// @throws InterruptedException if the calling thread was interrupted
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Lets the server end in an orderly way.
    ///
    /// @throws IOException if the server has ended
    public void requestStop() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /// Ends the server in an orderly way.
    ///
    /// @param limit the time that the server may take
    /// @throws IOException if the server has ended
    /// @throws InterruptedException if the calling thread was interrupted
    public void stop(Duration limit) throws IOException, InterruptedException {
        requestStop();
        awaitEnd(limit);
    }

    /// Prints the end of the server's output.
    ///
    /// @throws IOException if the output cannot be read
    public void printLog() throws IOException {
        System.err.println("---- the end of " + log);
        List<String> lines = Files.readAllLines(log);
        lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()).forEach(System.err::println);
        System.err.println("----");
    }

    /// Ends the server at once, if it is still alive.
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
