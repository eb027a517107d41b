package io.selectors4j.tty;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Suspendable raw mode in real shells.
@Tag("linux")
@Timeout(480)
class JobControlTest {

    private static final String CONTROL_Z = "\u001a";

    @TempDir
    Path directory;

    private Path program;

    @BeforeEach
    void writeProgram() throws IOException {
        List<String> command = ChildJvm.command(JobControlProgram.class);
        String quoted = command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        program = Files.writeString(directory.resolve("program"), "#!/bin/sh\nexec " + quoted + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private static boolean isRaw(Termios settings) {
        return !settings.isCanonical() && settings.hasSignals();
    }

    /// Starts the program in an interactive shell, and waits for its raw mode.
    ///
    /// @return the process id of the program
    private String startProgram(ShellSession shell) throws Exception {
        shell.await("prompt> ");
        shell.type(program + "\n");
        shell.await("<raw ");
        shell.await(",");
        shell.await("canonical: ");
        shell.awaitSettings("raw", JobControlTest::isRaw);
        return ProcessHandle.of(shell.process().pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .map(handle -> Long.toString(handle.pid()))
                .findFirst()
                .orElseThrow();
    }

    private static ShellSession sh() throws IOException {
        return ShellSession.start("sh", "-i");
    }

    /// Suspends the program, and waits for the shell.
    private static void suspend(ShellSession shell) throws Exception {
        shell.type(CONTROL_Z);
        shell.await("prompt> ");
    }

    private static void expectKey(ShellSession shell, String key) throws Exception {
        shell.type(key);
        shell.await("<key " + (int) key.charAt(0) + ">"); // without a line feed
    }

    private static void quit(ShellSession shell) throws Exception {
        shell.type("q");
        shell.await("prompt> ");
        shell.type("exit\n");
        shell.awaitEnd();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh -i", "bash --norc --noprofile -i"})
    void suspendedProgram_isRawAgainInTheForeground(String command) throws Exception {
        try (ShellSession shell = ShellSession.start(command.split(" ", -1))) {
            startProgram(shell);
            expectKey(shell, "a");
            for (int i = 0; i < 3; i++) {
                suspend(shell);
                shell.type("echo back$((1+1))\n");
                shell.await("back2\r\n");
                shell.await("prompt> ");
                shell.type("fg\n");
                shell.await("<SIGCONT>");
                shell.awaitSettings("raw again", JobControlTest::isRaw);
                expectKey(shell, "b");
            }
            quit(shell);
        }
    }

    @Test
    void suspendedProgram_leavesTheSettingsOfTheShell() throws Exception {
        try (ShellSession shell = sh()) {
            shell.await("prompt> ");
            Termios before = shell.settings();
            shell.type("\n");
            startProgram(shell);
            suspend(shell);
            assertThat(shell.settings()).isEqualTo(before);
            shell.type("fg\n");
            shell.await("<SIGCONT>");
            shell.awaitSettings("raw again", JobControlTest::isRaw);
            shell.type("q");
            shell.await("prompt> ");
            assertThat(shell.settings()).isEqualTo(before);
        }
    }

    @Test
    void programInTheBackground_leavesTheTerminalAlone() throws Exception {
        try (ShellSession shell = sh()) {
            startProgram(shell);
            suspend(shell);
            shell.type("bg\n");
            shell.await("<SIGCONT>");
            shell.type("\n");
            shell.await("prompt> ");
            assertThat(shell.settings().isCanonical()).isTrue();
            shell.type("fg\n");
            shell.awaitSettings("raw again", JobControlTest::isRaw);
            expectKey(shell, "c");
            quit(shell);
        }
    }

    @Test
    void signalOfAnotherProcess_suspendsTheProgram() throws Exception {
        try (ShellSession shell = sh()) {
            String pid = startProgram(shell);
            for (String signal : List.of("-TSTP", "-STOP")) {
                assertThat(new ProcessBuilder("kill", signal, pid).start().waitFor())
                        .isZero();
                shell.await("prompt> ");
                if (signal.equals("-STOP")) {
                    shell.type("stty sane\n"); // dash does not restore the settings
                    shell.awaitSettings("sane", Termios::isCanonical);
                } else {
                    assertThat(shell.settings().isCanonical()).isTrue();
                }
                shell.type("fg\n");
                shell.awaitSettings("raw again", JobControlTest::isRaw);
                expectKey(shell, "d");
            }
            quit(shell);
        }
    }

    /// No shell could continue it.
    @Test
    void orphanedProgram_staysRaw() throws Exception {
        try (ShellSession session = ShellSession.start(program.toString())) {
            session.await("canonical: true>");
            session.awaitSettings("raw", JobControlTest::isRaw);
            session.type(CONTROL_Z);
            expectKey(session, "e");
            session.awaitSettings("raw", JobControlTest::isRaw);
            session.type("q");
            session.awaitEnd();
            assertThat(session.settings().isCanonical()).isTrue();
        }
    }

    @Test
    void ignoredSignal_makesThePlainRawMode() throws Exception {
        try (ShellSession session = ShellSession.start("sh", "-c", "trap '' TSTP; exec " + program)) {
            session.await("canonical: true>");
            assertThat(session.settings().hasSignals()).isFalse();
            expectKey(session, CONTROL_Z);
            session.type("q");
            session.awaitEnd();
        }
    }
}
