package io.selectors4j.stress.load;

import io.selectors4j.Selector;
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

/// A [Generator] in a process of its own.
final class Clients implements AutoCloseable {

    static final String HALFWAY = "halfway";

    private static final String DONE = "done ";

    /// Beside what a command takes by itself: connects to a full backlog take seconds, and the machine may have other things to do.
    private static final int PATIENCE_SECONDS = 300;

    private final JavaProcess java;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /// What they have done.
    ///
    /// @param counts by name: those of [EightByteCounter], and how many are `open` and of these `half`-closed
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

    private Clients(JavaProcess java) {
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

    /// Starts them.
    ///
    /// @param port the server's port
    /// @param openFiles how many descriptors they may have
    /// @param seed of what they send, and how they behave
    static Clients start(String name, int port, int openFiles, long seed) throws IOException {
        String path = JavaProcess.home(Generator.class) + ":" + JavaProcess.home(Selector.class);
        return new Clients(new JavaProcess(
                name,
                openFiles,
                ProcessBuilder.Redirect.PIPE,
                List.of(
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        path,
                        Generator.class.getName(),
                        Integer.toString(port),
                        Long.toString(seed))));
    }

    JavaProcess java() {
        return java;
    }

    /// Gives a command.
    void begin(String command) throws IOException {
        OutputStream input = java.process().getOutputStream();
        input.write((command + "\n").getBytes(StandardCharsets.US_ASCII));
        input.flush();
    }

    /// Gives a command and waits for the answer.
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

    /// How long a command goes on.
    private static long seconds(String command) {
        String[] words = command.split(" ", -1);
        return switch (words[0]) {
            case "load", "end", "idle" -> TimeUnit.MILLISECONDS.toSeconds(Long.parseLong(words[1]));
            default -> 0;
        };
    }

    /// All that can be told of them when something has gone wrong.
    String report() {
        return java.report() + "\n" + String.join("\n", lines);
    }

    /// Waits for a line.
    private String await(String start, String command) throws InterruptedException {
        // Seconds in which this process ran, and not time, which goes on while all are stopped.
        long patience = PATIENCE_SECONDS + seconds(command);
        for (long seconds = 0; seconds < patience; seconds++) {
            @Nullable String line;
            while ((line = lines.poll(1, TimeUnit.SECONDS)) != null) {
                if (line.startsWith(start)) {
                    return line;
                }
                if (!line.equals(HALFWAY)) {
                    throw new AssertionError("the clients should " + command + ": " + line);
                }
            }
        }
        throw new AssertionError("the clients should " + command + ", and say nothing");
    }

    /// Lets them end, and waits for it.
    int exitCode() throws IOException, InterruptedException {
        java.process().getOutputStream().close();
        return java.exitCode();
    }

    @Override
    public void close() throws IOException {
        java.close();
    }
}
