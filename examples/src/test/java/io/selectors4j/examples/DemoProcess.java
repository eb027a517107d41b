package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.selectors4j.fd.SocketFd;
import io.selectors4j.nio.SelectorsProvider;
import io.selectors4j.tty.PtyFd;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import picocli.CommandLine;

/// `./demo` as a child process, with its output.
final class DemoProcess implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 120;
    private static final Pattern PORT = Pattern.compile(".* port ([0-9]+)");
    private static final List<String> JAVA = command();
    private static final List<String> MODULE = List.of("-m", "io.selectors4j.examples/" + Demo.class.getName());

    private static final ProcessBuilder.Redirect PIPE = ProcessBuilder.Redirect.PIPE;

    /// The option that gives access to the channels of the JDK.
    static final String JDK_CHANNELS = "--add-exports=java.base/sun.nio.ch=io.selectors4j";

    final TranscriptLines out = new TranscriptLines();
    final TranscriptLines err = new TranscriptLines();
    private final Process process;
    private final List<Thread> readers;

    private DemoProcess(List<String> command, ProcessBuilder.Redirect input, ProcessBuilder.Redirect output)
            throws IOException {
        process = new ProcessBuilder(command)
                .redirectInput(input)
                .redirectOutput(output)
                .start();
        readers = List.of(record(process.getInputStream(), out), record(process.getErrorStream(), err));
    }

    /// Starts the program with a pipe at end of file as standard input.
    static DemoProcess start(String... args) throws IOException {
        return startAfter("", args);
    }

    /// Starts the program in a shell that runs a command first.
    static DemoProcess startAfter(String shellCommand, String... args) throws IOException {
        return startJava(shellCommand, List.of(JDK_CHANNELS), args);
    }

    /// Starts the program in a shell that runs a command first, with options for `java`.
    static DemoProcess startJava(String shellCommand, List<String> options, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        if (!shellCommand.isEmpty()) {
            command.addAll(List.of("sh", "-c", shellCommand + " && exec \"$@\"", "sh"));
        }
        DemoProcess child = new DemoProcess(withJava(command, options, args), PIPE, PIPE);
        child.endInput();
        return child;
    }

    /// Starts the program with this standard input; a pipe for [#type].
    static DemoProcess startReading(ProcessBuilder.Redirect input, String... args) throws IOException {
        return new DemoProcess(withJava(List.of(), List.of(JDK_CHANNELS), args), input, PIPE);
    }

    /// Starts the program with this standard output, which is not recorded.
    static DemoProcess startWriting(ProcessBuilder.Redirect output, String... args) throws IOException {
        DemoProcess child = new DemoProcess(withJava(List.of(), List.of(JDK_CHANNELS), args), PIPE, output);
        child.endInput();
        return child;
    }

    /// Starts the program in a session of its own with a controlling terminal.
    static DemoProcess startInTerminal(PtyFd terminal, String... args) throws IOException {
        List<String> command = withJava(List.of("setsid", "-c"), List.of(JDK_CHANNELS), args);
        return new DemoProcess(command, terminal.redirectFrom(), terminal.redirectTo());
    }

    private static List<String> withJava(List<String> before, List<String> options, String... args) {
        List<String> command = new ArrayList<>(before);
        command.addAll(JAVA);
        command.addAll(options);
        command.addAll(MODULE);
        command.addAll(List.of(args));
        return command;
    }

    /// Writes to the standard input.
    void type(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(UTF_8));
        process.getOutputStream().flush();
    }

    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>();
        // A child inherits ignored signals: a script in the background ignores SIGINT, and nohup ignores SIGHUP.
        List<String> defaultSignals = List.of("env", "--default-signal=INT,HUP");
        if (succeeds("env", "--default-signal=INT,HUP", "true")) {
            command.addAll(defaultSignals);
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=io.selectors4j",
                "-p",
                String.join(
                        ":",
                        jar(SocketFd.class),
                        jar(SelectorsProvider.class),
                        jar(Demo.class),
                        jar(CommandLine.class))));
        return command;
    }

    private static boolean succeeds(String... command) {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    /// Returns the jar of a class. A directory is packed into a jar first: a program at the limit of descriptors could
    /// not open class files, but its jar is open.
    private static String jar(Class<?> type) {
        try {
            CodeSource source =
                    Objects.requireNonNull(type.getProtectionDomain().getCodeSource());
            Path path = Path.of(source.getLocation().toURI());
            if (!Files.isDirectory(path)) {
                return path.toString();
            }
            Path jar = path.resolveSibling("test-" + type.getModule().getName() + ".jar");
            ToolProvider.findFirst("jar")
                    .orElseThrow()
                    .run(System.out, System.err, "--create", "--file=" + jar, "-C", path.toString(), ".");
            return jar.toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static Thread record(InputStream stream, TranscriptLines lines) {
        return Thread.ofPlatform().daemon().start(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
                reader.lines().forEach(lines::line);
            } catch (IOException | UncheckedIOException e) {
                lines.line("cannot read: " + e);
            } finally {
                lines.end();
            }
        });
    }

    /// Waits until a server prints its port, and returns the port.
    int port(Program program) {
        TranscriptLines lines = transcript(program);
        Matcher matcher =
                PORT.matcher(lines.await("port", line -> PORT.matcher(line).matches()));
        if (!matcher.matches()) {
            throw new AssertionError();
        }
        return Integer.parseInt(matcher.group(1));
    }

    TranscriptLines transcript(Program program) {
        return program.stream().equals(System.out) ? out : err;
    }

    TcpClient connect(int port) throws IOException {
        return new TcpClient(
                SocketFd.createConnection(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port)));
    }

    void signal(String name) throws Exception {
        if (!succeeds("kill", "-" + name, Long.toString(process.pid()))) {
            throw new AssertionError("kill failed");
        }
    }

    /// Waits for the end of the process and returns its exit code.
    int exitCode() throws InterruptedException {
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running; printed:\n" + out.all() + "\n" + err.all());
        }
        for (Thread reader : readers) {
            reader.join();
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
