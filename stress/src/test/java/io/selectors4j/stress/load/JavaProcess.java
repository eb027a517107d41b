package io.selectors4j.stress.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A Java process under load, seen from outside: by proc(5) and the JDK's `jcmd`.
final class JavaProcess implements AutoCloseable {

    /// How many ticks proc(5) counts in a second; the same on every system, whatever the kernel's own are.
    static final int TICKS_PER_SECOND = 100;

    private static final int PATIENCE_SECONDS = 60;
    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    // proc(5), /proc/PID/stat: the fields after the command's name, which is in parentheses and may contain anything
    private static final int UTIME = 11;
    private static final int STIME = 12;

    private final String name;
    private final Path errors;
    private final Process process;

    /// Starts one.
    ///
    /// @param name what it is, for messages
    /// @param openFiles how many descriptors it may have
    /// @param output where its standard output goes
    /// @param arguments what follows `java`
    JavaProcess(String name, int openFiles, ProcessBuilder.Redirect output, List<String> arguments) throws IOException {
        this.name = name;
        errors = Files.createTempFile(name, ".err");
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "ulimit -n " + openFiles + " && exec \"$@\"", "sh", tool("java")));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output).redirectError(errors.toFile());
        // What is set there would be reported on the standard error output.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        process = builder.start();
    }

    /// Where a class comes from: a jar, or a directory if nothing was packed yet.
    static String home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    Process process() {
        return process;
    }

    long pid() {
        return process.pid();
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }

    /// How many descriptors it has.
    int descriptors() {
        try (Stream<Path> links = Files.list(proc("fd"))) {
            return (int) links.count();
        } catch (IOException e) {
            throw gone(e);
        }
    }

    /// How much of its memory is in the machine's, in KB.
    long residentKilobytes() {
        try {
            Matcher matcher = RSS.matcher(Files.readString(proc("status")));
            if (!matcher.find()) {
                throw new AssertionError(name + " has no memory");
            }
            return Long.parseLong(matcher.group(1));
        } catch (IOException e) {
            throw gone(e);
        }
    }

    /// How long it has used a processor, in ticks.
    long ticks() {
        try {
            String stat = Files.readString(proc("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
        } catch (IOException e) {
            throw gone(e);
        }
    }

    private AssertionError gone(IOException e) {
        return new AssertionError(name + " has gone: " + e.getMessage(), e);
    }

    /// What is on its heap, after a collection.
    Heap heap() throws IOException, InterruptedException {
        return Heap.parse(jcmd("GC.class_histogram"));
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(name, ".jcmd");
        try {
            Process jcmd = new ProcessBuilder(tool("jcmd"), Long.toString(process.pid()), command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = jcmd.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            jcmd.destroyForcibly();
            String text = Files.readString(output, StandardCharsets.UTF_8);
            if (!ended || jcmd.exitValue() != 0) {
                throw new AssertionError("jcmd " + command + " of " + name + " fails: " + text);
            }
            return text;
        } finally {
            Files.delete(output);
        }
    }

    /// Sends SIGTERM.
    void terminate() {
        process.destroy();
    }

    /// Sends SIGKILL.
    void kill() {
        process.destroyForcibly();
    }

    /// Waits for its end.
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(name + " does not end");
        }
        return process.exitValue();
    }

    /// What it has said on its standard error output.
    String errors() {
        try {
            return Files.readString(errors, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All that can be told of it when something has gone wrong.
    String report() {
        String state = process.isAlive() ? "runs" : "has ended with exit code " + process.exitValue();
        String text = "\n=== " + name + " " + state + "\n" + errors();
        if (!process.isAlive()) {
            return text;
        }
        try {
            return text + descriptors() + " descriptors, " + residentKilobytes() + " KB, " + ticks() + " ticks\n"
                    + jcmd("Thread.print");
        } catch (IOException | AssertionError e) {
            return text + e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return text + e;
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.delete(errors);
    }
}
