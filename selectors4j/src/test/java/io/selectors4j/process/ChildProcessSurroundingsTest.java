package io.selectors4j.process;

import static io.selectors4j.testing.ChildOutput.readAll;
import static io.selectors4j.testing.ChildOutput.readLine;
import static io.selectors4j.testing.Expect.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.process.ChildProcessBuilder.Redirect;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ChildJvm;
import io.selectors4j.testing.ChildOutput;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A [ChildProcess] of a virtual machine with other limits, signals, encodings or a debugger.
@Tag("linux")
@Timeout(value = Expect.TEST_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChildProcessSurroundingsTest {

    @TempDir
    Path directory;

    private static ChildProcess run(String prefix, String... what) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", prefix + " \"$@\"", "sh"));
        command.addAll(ChildJvm.command(ChildProcessProgram.class, what));
        return ChildProcess.builder(command)
                .environment(ChildJvm.environment())
                .stderr(Redirect.STDOUT)
                .start();
    }

    @Test
    void ignoredSigchld_losesNoExitValue() throws Exception {
        try (ChildProcess program = run("exec env --ignore-signal=CHLD", "exit-value")) {
            assertThat(readAll(program.stdout())).isEqualTo("OptionalInt[3]\n");
        }
    }

    @Test
    void startThatFailsAtALimit_hasNotRunTheProgram() throws Exception {
        try (ChildProcess program =
                run("exec", "limits", directory.resolve("touched").toString())) {
            assertThat(readAll(program.stdout())).isEqualTo("true true\n");
        }
    }

    @Test
    void removedVariable_isNotInTheEnvironment() throws Exception {
        try (ChildProcess program = run("export REMOVED=1 KEPT=2; exec", "environment")) {
            assertThat(readAll(program.stdout()).split("\n", -1))
                    .contains("KEPT=2")
                    .doesNotContain("REMOVED=1");
        }
    }

    @Test
    void tooManyDescriptors_areRefused() throws Exception {
        try (ChildProcess program = run("ulimit -n 128; exec", "many")) {
            assertThat(readAll(program.stdout()))
                    .matches("fcntl\\(fd=\\d+, F_DUPFD_CLOEXEC(, 204)?\\): EMFILE \\(24\\) .*\\n");
        }
    }

    @Test
    void characterThatTheEncodingLacks_isRefused() throws Exception {
        try (ChildProcess program = run("export LC_ALL=C; exec", "encoding")) {
            assertThat(readAll(program.stdout()))
                    .startsWith("the encoding of the system (sun.jnu.encoding=ANSI_X3.4-1968) lacks a character of");
        }
    }

    /// While a debugger traces a process, its parent does not see the end before the debugger does.
    @Test
    void tracedChild_hasItsValueAfterItsDebugger() throws Exception {
        try (ChildProcess program = run("exec", "traced")) {
            int pid = Integer.parseInt(readLine(program.stdout()));
            try (Background<Boolean> debugger = Background.start(() -> {
                Libc.trace(pid);
                return true;
            })) {
                Expect.spinUntil(
                        "is traced", () -> !ChildOutput.status(pid, "TracerPid").equals("0"));
                program.stdin().write(ByteBuffer.wrap(new byte[] {'\n'}));
                assertThat(readLine(program.stdout())).isEqualTo("soon: OptionalInt.empty");
                assertThat(debugger.isRunning()).isFalse(); // its thread has not ended
            }
            assertThat(readLine(program.stdout())).isEqualTo("later: OptionalInt[137]");
            assertThat(program.waitFor(PATIENCE)).hasValue(0);
        }
    }
}
