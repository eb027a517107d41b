package io.selectors4j.stress.load;

import io.selectors4j.stress.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A Java process under load, observed from outside by proc(5) and the JDK's `jcmd`.
final class JavaProcess implements AutoCloseable {

    /// The ticks per second of proc(5), the same on every system.
    static final int TICKS_PER_SECOND = 100;

    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    // proc(5), /proc/PID/stat: the fields after the command's name, which is in parentheses and may contain any
    // character
    private static final int UTIME = 11;
    private static final int STIME = 12;

    private final String name;
    private final Path errors;
    private final Process process;

    /// Starts a process.
    ///
    /// @param name its name in messages
    /// @param maxOpenFiles the limit of open descriptors
    /// @param output the target of its standard output
    /// @param arguments the arguments of `java`
    JavaProcess(String name, int maxOpenFiles, ProcessBuilder.Redirect output, List<String> arguments)
            throws IOException {
        this.name = name;
        errors = Files.createTempFile(name, ".err");
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", "ulimit -n " + maxOpenFiles + " && exec \"$@\"", "sh", tool("java")));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output).redirectError(errors.toFile());
        // Java reports these variables on standard error.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        process = builder.start();
    }

    /// Returns the jar or directory that a class was loaded from.
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

    /// Returns the number of open descriptors.
    int descriptors() {
        try (Stream<Path> links = Files.list(proc("fd"))) {
            return (int) links.count();
        } catch (IOException e) {
            throw gone(e);
        }
    }

    /// Returns the resident set size in KB.
    long residentKilobytes() {
        try {
            Matcher matcher = RSS.matcher(Files.readString(proc("status")));
            if (!matcher.find()) {
                throw new AssertionError(name + ": no VmRSS");
            }
            return Long.parseLong(matcher.group(1));
        } catch (IOException e) {
            throw gone(e);
        }
    }

    /// Returns the processor time used so far, in ticks.
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
        return new AssertionError(name + " has ended: " + e.getMessage(), e);
    }

    /// Returns the live objects after a collection.
    HeapHistogram heap() throws IOException, InterruptedException {
        return HeapHistogram.parse(jcmd("GC.class_histogram"));
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(name, ".jcmd");
        try {
            Process jcmd = new ProcessBuilder(tool("jcmd"), Long.toString(process.pid()), command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = jcmd.waitFor(Limits.WAIT);
            jcmd.destroyForcibly();
            String text = Files.readString(output, StandardCharsets.UTF_8);
            if (!ended || jcmd.exitValue() != 0) {
                throw new AssertionError("jcmd " + command + " of " + name + " failed: " + text);
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

    /// Waits for the process and returns its exit code.
    int exitCode() throws InterruptedException {
        if (!process.waitFor(Limits.WAIT)) {
            throw new AssertionError(name + " has not ended within " + Limits.WAIT);
        }
        return process.exitValue();
    }

    /// Returns its standard error output.
    String errors() {
        try {
            return Files.readString(errors, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns a description of the process for a failure message.
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
