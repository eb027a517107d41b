package io.selectors4j.tty;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Await;
import io.selectors4j.NativeIOException;
import io.selectors4j.process.ChildProcess;
import io.selectors4j.testing.ChildJvm;
import io.selectors4j.testing.Expect;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/// A program in a session of its own, with a pseudoterminal as its controlling terminal. The test is the user at the
/// keyboard.
final class ShellSession implements AutoCloseable {

    private static final Duration SHORT = Duration.ofMillis(20);

    private final PtyFd.Pair pty;
    private final ChildProcess process;
    private final StringBuilder screen = new StringBuilder();

    private ShellSession(PtyFd.Pair pty, ChildProcess process) {
        this.pty = pty;
        this.process = process;
    }

    /// Starts a program as the leader of a session.
    static ShellSession start(String... command) throws IOException {
        PtyFd.Pair pty = PtyFd.open();
        pty.master().setBlocking(false);
        Map<String, String> environment = ChildJvm.environment();
        environment.put("PS1", "prompt> ");
        environment.put("TERM", "dumb");
        environment.remove("ENV");
        return new ShellSession(
                pty,
                ChildProcess.builder(command)
                        .environment(environment)
                        .terminal(pty.terminal().path())
                        .start());
    }

    ChildProcess process() {
        return process;
    }

    /// Waits until the program has ended.
    void awaitEnd() throws IOException, InterruptedException {
        assertThat(process.waitFor(Expect.PATIENCE)).isPresent();
    }

    /// Types text.
    void type(String text) throws IOException {
        pty.master().write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// Waits until the program has printed a text, and forgets everything up to its end.
    void await(String text) throws Exception {
        long end = System.nanoTime() + Expect.PATIENCE.toNanos();
        int index;
        while ((index = screen.indexOf(text)) < 0) {
            assertThat(System.nanoTime() - end)
                    .as("no \"%s\" in \"%s\"", text, screen)
                    .isNegative();
            read();
        }
        screen.delete(0, index + text.length());
    }

    /// Waits until the settings of the terminal have a property.
    void awaitSettings(String description, Predicate<Termios> property) throws Exception {
        long end = System.nanoTime() + Expect.PATIENCE.toNanos();
        while (!property.test(settings())) {
            assertThat(System.nanoTime() - end)
                    .as("%s: %s, screen \"%s\"", description, settings(), screen)
                    .isNegative();
            read();
        }
    }

    Termios settings() throws IOException {
        return Termios.of(pty.master());
    }

    String screen() {
        return screen.toString();
    }

    private void read() throws Exception {
        if (Await.readable(pty.master(), SHORT)) {
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            try {
                pty.master().read(buffer);
            } catch (NativeIOException e) {
                throw new AssertionError("the program has ended: " + screen, e);
            }
            screen.append(StandardCharsets.UTF_8.decode(buffer.flip()));
        }
    }

    @Override
    public void close() throws IOException {
        try (pty;
                process) {
            ProcessHandle.of(process.pid()).stream() // the shell has made groups of its own
                    .flatMap(ProcessHandle::descendants)
                    .forEach(ProcessHandle::destroyForcibly);
        }
    }
}
