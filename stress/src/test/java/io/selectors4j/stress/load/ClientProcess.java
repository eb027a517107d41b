package io.selectors4j.stress.load;

import io.selectors4j.Selector;
import io.selectors4j.stress.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A [LoadGenerator] in a process of its own.
final class ClientProcess implements AutoCloseable {

    static final String HALFWAY = "halfway";

    private static final String DONE = "done ";

    /// The limit of one command, in addition to its own duration. Connects to a full backlog take seconds.
    private static final long LIMIT_SECONDS = Limits.WAIT.toSeconds() * 5 / 2;

    private final JavaProcess java;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /// The answer to a command.
    ///
    /// @param counts by name: the [Counts], the number of `open` connections and of `half`-closed ones
    record Reply(Map<String, Long> counts) {

        private static Reply parse(String line) {
            Map<String, Long> counts = new HashMap<>();
            for (String word : line.substring(DONE.length()).split(" ", -1)) {
                String[] parts = word.split("=", -1);
                counts.put(parts[0], Long.parseLong(parts[1]));
            }
            return new Reply(counts);
        }

        long of(String name) {
            return counts.get(name);
        }
    }

    private ClientProcess(JavaProcess java) {
        this.java = java;
        Thread.ofPlatform().daemon().start(() -> {
            try (BufferedReader reader = java.process().inputReader(StandardCharsets.UTF_8)) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add("failed " + e);
            } finally {
                lines.add("ended");
            }
        });
    }

    /// Starts the process.
    ///
    /// @param port the server's port
    /// @param openFiles the limit of open descriptors
    /// @param seed the seed of the clients' data and behaviour
    static ClientProcess start(String name, int port, int openFiles, long seed) throws IOException {
        String path = JavaProcess.home(LoadGenerator.class) + ":" + JavaProcess.home(Selector.class);
        return new ClientProcess(new JavaProcess(
                name,
                openFiles,
                ProcessBuilder.Redirect.PIPE,
                List.of(
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        path,
                        LoadGenerator.class.getName(),
                        Integer.toString(port),
                        Long.toString(seed))));
    }

    JavaProcess java() {
        return java;
    }

    /// Sends a command.
    void begin(String command) throws IOException {
        OutputStream input = java.process().getOutputStream();
        input.write((command + "\n").getBytes(StandardCharsets.US_ASCII));
        input.flush();
    }

    /// Sends a command and waits for the answer.
    Reply run(String command) throws IOException, InterruptedException {
        begin(command);
        return reply(command);
    }

    /// Waits for the answer to a command.
    Reply reply(String command) throws InterruptedException {
        return Reply.parse(await(DONE, command));
    }

    /// Waits until half of a command is done.
    void awaitHalfway(String command) throws InterruptedException {
        await(HALFWAY, command);
    }

    /// Returns the duration of a command.
    private static long seconds(String command) {
        String[] words = command.split(" ", -1);
        return switch (words[0]) {
            case "load", "end", "idle" -> TimeUnit.MILLISECONDS.toSeconds(Long.parseLong(words[1]));
            default -> 0;
        };
    }

    /// Returns a description of the process for a failure message.
    String report() {
        return java.report() + "\n" + String.join("\n", lines);
    }

    /// Waits for a line.
    private String await(String start, String command) throws InterruptedException {
        // Counts the seconds in which this process ran, not the elapsed time, which goes on while all processes are
        // stopped.
        long limit = LIMIT_SECONDS + seconds(command);
        for (long seconds = 0; seconds < limit; seconds++) {
            @Nullable String line;
            while ((line = lines.poll(1, TimeUnit.SECONDS)) != null) {
                if (line.startsWith(start)) {
                    return line;
                }
                if (!line.equals(HALFWAY)) {
                    throw new AssertionError("command \"" + command + "\" failed: " + line);
                }
            }
        }
        throw new AssertionError("no answer to command \"" + command + "\"");
    }

    /// Ends the process by closing its input, and waits for it.
    int exitCode() throws IOException, InterruptedException {
        java.process().getOutputStream().close();
        return java.exitCode();
    }

    @Override
    public void close() throws IOException {
        java.close();
    }
}
