package io.selectors4j.tty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.internal.posix.Signals;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ChildJvm;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.Libc;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(480)
class RawModeTest {

    private PtyFd master;
    private PtyFd terminal;
    private Termios previous;

    @BeforeEach
    void open() throws Exception {
        PtyFd.Pair pty = PtyFd.open();
        master = pty.master();
        terminal = pty.terminal();
        previous = Termios.of(terminal).withTimeout(42);
        previous.apply(terminal, Termios.When.NOW);
    }

    @AfterEach
    void close() throws Exception {
        terminal.close();
        master.close();
    }

    private Termios settings() throws IOException {
        return Termios.of(terminal);
    }

    private static int openFiles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        }
    }

    @Test
    void terminal_isRawUntilClose() throws Exception {
        int before = openFiles();
        RawMode mode = Terminal.rawMode(terminal);
        assertThat(settings()).isEqualTo(previous.raw());
        assertThat(mode.previous()).isEqualTo(previous);
        mode.close();
        assertThat(settings()).isEqualTo(previous);
        assertThat(openFiles()).isEqualTo(before);
    }

    @Test
    void unreadInput_isKept() throws Exception {
        PtyFdTest.write(master, "before\n");
        PtyFdTest.read(master, 8); // the echo shows that the input has arrived
        RawMode mode = Terminal.rawMode(terminal);
        PtyFdTest.write(master, "during\n");
        assertThat(PtyFdTest.read(terminal, 7)).isEqualTo("before\n");
        mode.close();
        assertThat(PtyFdTest.read(terminal, 7)).isEqualTo("during\n");
    }

    @Test
    void secondClose_doesNothing() throws Exception {
        RawMode mode = Terminal.rawMode(terminal);
        mode.close();
        Termios other = previous.withEcho(false);
        other.apply(terminal, Termios.When.NOW);
        mode.close();
        assertThat(settings()).isEqualTo(other);
    }

    @Test
    void otherChangesMeanwhile_areUndone() throws Exception {
        try (RawMode mode = Terminal.rawMode(terminal)) {
            settings().withSpeed(9600).withMinimum(0).apply(terminal, Termios.When.NOW);
            assertThat(mode.previous()).isEqualTo(previous);
        }
        assertThat(settings()).isEqualTo(previous);
    }

    @Test
    void descriptorClosedMeanwhile_settingsAreRestored() throws Exception {
        FileFd own = FileFd.open(terminal.path(), FileFd.O_RDONLY | FileFd.O_NOCTTY);
        RawMode mode = Terminal.rawMode(own);
        own.close();
        mode.close();
        assertThat(settings()).isEqualTo(previous);
    }

    @Test
    @SuppressWarnings("try") // the test closes early
    void terminalClosed_masterHangsUpOnlyAfterClose() throws Exception {
        master.setBlocking(false);
        try (RawMode mode = Terminal.rawMode(terminal)) {
            terminal.close();
            assertThat(master.read(ByteBuffer.allocate(1))).isZero();
            mode.close();
            assertThatExceptionOfType(NativeIOException.class).isThrownBy(() -> master.read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void innerClose_restoresOuterSettings() throws Exception {
        RawMode outer = Terminal.rawMode(terminal);
        Termios between = settings().withEcho(true);
        between.apply(terminal, Termios.When.NOW);
        RawMode inner = Terminal.rawMode(master);
        assertThat(settings()).isEqualTo(previous.raw());
        inner.close();
        assertThat(settings()).isEqualTo(between);
        outer.close();
        assertThat(settings()).isEqualTo(previous);
    }

    @Test
    void outerClosedFirst_innerRestoresItsSettings() throws Exception {
        RawMode first = Terminal.rawMode(terminal);
        RawMode second = Terminal.rawMode(terminal);
        RawMode third = Terminal.rawMode(terminal);
        second.close();
        assertThat(settings()).isEqualTo(previous.raw());
        first.close();
        assertThat(settings()).isEqualTo(previous.raw());
        assertThat(third.previous()).isEqualTo(previous);
        third.close();
        assertThat(settings()).isEqualTo(previous);
    }

    @Test
    void otherTerminal_isIndependent() throws Exception {
        try (PtyFd.Pair other = PtyFd.open()) {
            RawMode mode = Terminal.rawMode(terminal);
            try (RawMode others = Terminal.rawMode(other.terminal())) {
                mode.close();
                assertThat(settings()).isEqualTo(previous);
                assertThat(Termios.of(other.terminal()).isCanonical()).isFalse();
                assertThat(others.previous().isCanonical()).isTrue();
            }
            assertThat(Termios.of(other.terminal()).isCanonical()).isTrue();
        }
    }

    @Test
    void closeAfterHangUp_doesNotFail() throws Exception {
        int before = openFiles();
        RawMode mode = Terminal.rawMode(terminal);
        master.close();
        mode.close();
        assertThat(openFiles()).isEqualTo(before - 1);
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> Terminal.rawMode(terminal))
                .withMessageContaining("EIO");
        assertThat(openFiles()).isEqualTo(before - 1);
    }

    @Test
    void noTerminal_failsWithEnotty() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            int before = openFiles();
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> Terminal.rawMode(pipe.reader()))
                    .withMessageContaining("ENOTTY");
            assertThat(openFiles()).isEqualTo(before);
        }
        terminal.close();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> Terminal.rawMode(terminal));
    }

    @Test
    void virtualThread_entersAndCloses() throws Exception {
        AtomicReference<@Nullable Termios> during = new AtomicReference<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try (RawMode mode = Terminal.rawMode(terminal)) {
                during.set(settings());
                assertThat(mode.previous()).isEqualTo(previous);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        thread.join();
        assertThat(during.get()).isEqualTo(previous.raw());
        assertThat(settings()).isEqualTo(previous);
    }

    @Test
    void close_restoresTheSignalMask() throws Exception {
        int ttou = Signals.number("SIGTTOU");
        Background.run(() -> {
            Terminal.rawMode(terminal).close();
            assertThat(Libc.isBlocked(ttou)).isFalse();
            Libc.blockSignal(ttou);
            Terminal.rawMode(terminal).close();
            assertThat(Libc.isBlocked(ttou)).as("blocked before").isTrue();
            return null;
        });
    }

    private static String line(BufferedReader out) throws IOException {
        return Objects.requireNonNull(out.readLine(), "the program has ended");
    }

    private static int exitCode(Process process) throws InterruptedException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the program has not ended");
        }
        return process.exitValue();
    }

    private Process start(List<String> command) throws IOException {
        return ChildJvm.builder(command)
                .redirectInput(new File(terminal.path().toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @ParameterizedTest
    @CsvSource({"return, 0", "exit, 7", "SIGTERM, 143", "SIGINT, 130", "SIGHUP, 129"})
    void programEnd_restores(String end, int code) throws Exception {
        boolean bySignal = end.startsWith("SIG");
        Process process = start(ChildJvm.listeningCommand(RawModeProgram.class, bySignal ? "wait" : end));
        try (BufferedReader out = process.inputReader()) {
            long pid = Long.parseLong(line(out).replace("raw ", ""));
            assertThat(settings()).isEqualTo(previous.raw());
            if (bySignal) {
                Libc.kill(pid, Signals.number(end));
            } else {
                PtyFdTest.write(master, "k");
                assertThat(line(out)).isEqualTo("read 1");
            }
            assertThat(exitCode(process)).isEqualTo(code);
        }
        assertThat(settings()).isEqualTo(previous);
    }

    @Test
    void mainThrows_restores() throws Exception {
        Process process = ChildJvm.builder(ChildJvm.command(RawModeProgram.class, "throw"))
                .redirectInput(new File(terminal.path().toString()))
                .start();
        try (BufferedReader out = process.inputReader()) {
            assertThat(line(out)).startsWith("raw ");
            PtyFdTest.write(master, "k");
            assertThat(exitCode(process)).isEqualTo(1);
            assertThat(process.errorReader().readLine()).contains("on purpose");
        }
        assertThat(settings()).isEqualTo(previous);
    }

    @Test
    void duringShutdown_isRefused() throws Exception {
        Process process = start(ChildJvm.command(RawModeProgram.class, "enter-late"));
        try (BufferedReader out = process.inputReader()) {
            assertThat(line(out)).startsWith("raw ");
            PtyFdTest.write(master, "k");
            assertThat(line(out)).isEqualTo("read 1");
            assertThat(line(out)).startsWith("java.lang.IllegalStateException: Shutdown in progress");
            assertThat(exitCode(process)).isZero();
        }
        assertThat(settings()).isEqualTo(previous);
    }

    @Test
    void backgroundProgram_restoresWithoutBeingStopped() throws Exception {
        // The shell makes the program the foreground process, takes the terminal back when the program is stopped, and
        // continues it in the background.
        List<String> command =
                new ArrayList<>(List.of("setsid", "-c", "sh", "-mc", "\"$@\"; bg; echo background; sleep 100", "sh"));
        command.addAll(ChildJvm.command(RawModeProgram.class, "wait"));
        Process shell = start(command);
        try (BufferedReader out = shell.inputReader()) {
            int pid = Integer.parseInt(line(out).replace("raw ", ""));
            assertThat(settings()).isEqualTo(previous.raw());
            Libc.kill(pid, Signals.number("SIGSTOP"));
            while (!line(out).equals("background")) {
                // a message of the shell about its job
            }
            // The shell stays alive: SIGTTOU does not stop a program in an orphaned process group.
            ProcessHandle program = ProcessHandle.of(pid).orElseThrow();
            Libc.kill(pid, Signals.number("SIGTERM"));
            program.onExit().get(120, TimeUnit.SECONDS);
            assertThat(shell.isAlive()).isTrue();
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly); // they may ignore SIGHUP
            shell.destroyForcibly();
        }
        assertThat(settings()).isEqualTo(previous);
    }

    @Test
    void backgroundProgram_isStoppedUntilInForeground() throws Exception {
        List<String> command =
                new ArrayList<>(List.of("setsid", "-c", "sh", "-mc", "\"$@\" & echo $!; read key; fg", "sh"));
        command.addAll(ChildJvm.command(RawModeProgram.class, "return"));
        Process shell = start(command);
        try (BufferedReader out = shell.inputReader()) {
            Path stat = Path.of("/proc", line(out), "stat");
            Expect.spinUntil(
                    "the program is stopped", () -> Files.readString(stat).contains(") T "));
            assertThat(settings()).isEqualTo(previous);
            PtyFdTest.write(master, "\n");
            String raw;
            do {
                raw = line(out); // first, a message of the shell about its job
            } while (!raw.startsWith("raw "));
            assertThat(settings()).isEqualTo(previous.raw());
            PtyFdTest.write(master, "k");
            assertThat(exitCode(shell)).isZero();
        } finally {
            shell.destroyForcibly();
        }
        assertThat(settings()).isEqualTo(previous);
    }
}
