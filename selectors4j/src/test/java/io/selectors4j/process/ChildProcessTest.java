package io.selectors4j.process;

import static io.selectors4j.testing.ChildOutput.isRunning;
import static io.selectors4j.testing.ChildOutput.readAll;
import static io.selectors4j.testing.ChildOutput.readLine;
import static io.selectors4j.testing.Expect.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.NativeIOException;
import io.selectors4j.process.ChildProcessBuilder.Group;
import io.selectors4j.process.ChildProcessBuilder.Redirect;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ChildJvm;
import io.selectors4j.testing.ChildOutput;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.NativeChild;
import io.selectors4j.testing.OpenFiles;
import io.selectors4j.testing.ParkedThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Running and ending a [ChildProcess].
@Tag("linux")
@Timeout(value = Expect.TEST_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChildProcessTest {

    private static ChildProcess sh(String script) throws IOException {
        return ChildProcess.builder("sh", "-c", script).stderr(Redirect.INHERIT).start();
    }

    private static void awaitEnd(long pid) throws IOException {
        Expect.spinUntil("process " + pid + " ends", () -> !isRunning(pid));
    }

    @Nested
    class Streams {

        @Test
        void pipes_areTheStreams() throws Exception {
            try (ChildProcess child =
                    ChildProcess.builder("sh", "-c", "cat; echo error >&2").start()) {
                child.stdin().write(ByteBuffer.wrap("input".getBytes(StandardCharsets.UTF_8)));
                child.stdin().close();
                assertThat(readAll(child.stdout())).isEqualTo("input");
                assertThat(readAll(child.stderr())).isEqualTo("error\n");
                assertThat(child.waitFor(PATIENCE)).hasValue(0);
                assertThat(child).hasToString("ChildProcess[pid=" + child.pid() + "]");
            }
        }

        @Test
        void otherChildren_haveNoEndOfThePipes() throws Exception {
            try (ChildProcess cat = ChildProcess.builder("cat").start();
                    ChildProcess other = ChildProcess.builder("sleep", "1000").start()) {
                cat.stdin().close();
                assertThat(readAll(cat.stdout())).isEmpty();
                assertThat(cat.waitFor(PATIENCE)).hasValue(0);
                assertThat(other.exitValue()).isEmpty();
            }
        }

        @Test
        void streamWithoutPipe_isRefused() throws Exception {
            try (ChildProcess child = ChildProcess.builder("true")
                    .stdin(Redirect.DEVNULL)
                    .stdout(Redirect.INHERIT)
                    .stderr(Redirect.STDOUT)
                    .start()) {
                String process = " of process " + child.pid() + " is no pipe";
                assertThatIllegalStateException().isThrownBy(child::stdin).withMessage("stdin" + process);
                assertThatIllegalStateException().isThrownBy(child::stdout).withMessage("stdout" + process);
                assertThatIllegalStateException().isThrownBy(child::stderr).withMessage("stderr" + process);
            }
        }
    }

    @Nested
    class ExitValue {

        @ParameterizedTest
        @CsvSource({"exit 0, 0", "exit 7, 7", "exit 255, 255", "kill -KILL $$, 137", "kill -TERM $$, 143"})
        void exitValue_isRepeatable(String script, int value) throws Exception {
            ChildProcess child = sh(script);
            try (child) {
                assertThat(child.waitFor(PATIENCE)).hasValue(value);
                assertThat(child.exitValue()).hasValue(value);
                assertThat(child.pidfd().exitValue()).hasValue(value);
                assertThat(NativeChild.exists(child.pid())).as("a zombie").isTrue();
            }
            assertThat(NativeChild.exists(child.pid())).as("a zombie").isFalse();
            assertThat(child.exitValue()).hasValue(value);
            assertThat(child.waitFor(null)).hasValue(value);
            assertThat(child.terminate(Duration.ZERO)).hasValue(value);
            child.close();
        }

        @Test
        void runningOrStoppedChild_hasNone() throws Exception {
            try (ChildProcess child = sh("read line")) {
                assertThat(child.exitValue()).isEmpty();
                child.sendSignal("SIGSTOP");
                Expect.spinUntil(
                        "stops", () -> ChildOutput.status(child.pid(), "State").startsWith("T"));
                assertThat(child.exitValue()).isEmpty();
                assertThat(child.waitFor(Duration.ofMillis(5))).isEmpty();
            }
        }

        @Test
        void reapedByOtherCode_isReported() throws Exception {
            ChildProcess child = sh("exit 1");
            try (child) {
                child.waitFor(PATIENCE);
                assertThat(child.pidfd().reap()).hasValue(1);
                assertThatThrownBy(child::exitValue)
                        .isInstanceOf(NativeIOException.class)
                        .hasMessageMatching("waitid\\(P_PID, \\d+, WEXITED\\|WNOHANG\\|WNOWAIT\\): ECHILD \\(10\\) .*");
                assertThatThrownBy(() -> child.sendSignal("SIGTERM")).hasMessageContaining("ESRCH");
                assertThatThrownBy(() -> child.sendSignalToGroup("SIGTERM")).hasMessageContaining("ESRCH");
            }
            assertThat(child.exitValue()).isEmpty();
            assertThat(child.waitFor(PATIENCE)).isEmpty();
        }
    }

    @Nested
    class WaitFor {

        @Test
        void timeout_isNeverEarly() throws Exception {
            try (ChildProcess child = sh("read line")) {
                long start = System.nanoTime();
                assertThat(child.waitFor(Duration.ofMillis(20))).isEmpty();
                assertThat(System.nanoTime() - start)
                        .isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
                assertThat(child.waitFor(Duration.ZERO)).isEmpty();
                assertThat(child.waitFor(Duration.ofSeconds(-1))).isEmpty();
            }
        }

        @Test
        void virtualThread_parksUntilTheEnd() throws Exception {
            try (ChildProcess child = sh("read line; exit 4")) {
                ParkedThread<OptionalInt> waiting =
                        ParkedThread.start(() -> child.waitFor(null)).awaitParked();
                child.stdin().close();
                assertThat(waiting.result()).hasValue(4);
            }
        }

        @Test
        void interrupt_endsTheWait() throws Exception {
            try (ChildProcess child = sh("read line")) {
                ParkedThread<OptionalInt> waiting =
                        ParkedThread.start(() -> child.waitFor(null)).awaitParked();
                waiting.thread().interrupt();
                assertThatThrownBy(waiting::result).isInstanceOf(InterruptedException.class);
                assertThat(child.exitValue()).isEmpty();
            }
        }

        @Test
        void close_endsTheWait() throws Exception {
            ChildProcess child = sh("read line");
            ParkedThread<OptionalInt> waiting;
            try (child) {
                waiting = ParkedThread.start(() -> child.waitFor(null)).awaitParked();
            }
            assertThat(waiting.result()).hasValue(137);
        }

        @Test
        void closedPidfd_endsTheWait_notTheChild() throws Exception {
            ChildProcess child = sh("read line");
            try (child) {
                ParkedThread<OptionalInt> waiting =
                        ParkedThread.start(() -> child.waitFor(null)).awaitParked();
                child.pidfd().close();
                assertThatThrownBy(waiting::result).isInstanceOf(AsynchronousCloseException.class);
                assertThatIllegalArgumentException().isThrownBy(() -> child.waitFor(null));
                assertThat(child.exitValue()).isEmpty();
            }
            assertThat(child.exitValue()).hasValue(137);
        }
    }

    @Nested
    class Signals {

        @Test
        void signalToTheChild_leavesItsChildrenAlone() throws Exception {
            try (ChildProcess child = sh("sleep 1000 & echo $!; wait")) {
                long grandchild = Long.parseLong(readLine(child.stdout()));
                child.sendSignal("SIGTERM");
                assertThat(child.waitFor(PATIENCE)).hasValue(143);
                assertThat(isRunning(grandchild)).isTrue();
                child.sendSignal("SIGTERM"); // a zombie ignores it

                child.sendSignalToGroup("SIGTERM");
                awaitEnd(grandchild);
            }
        }

        @Test
        void afterClose_isRefused() throws Exception {
            ChildProcess child = sh("exit 0");
            child.close();
            assertThatThrownBy(() -> child.sendSignal("SIGTERM"))
                    .isInstanceOf(NativeIOException.class)
                    .hasMessage("kill(" + child.pid() + ", SIGTERM): ESRCH (3) No such process");
            assertThatThrownBy(() -> child.sendSignalToGroup("SIGHUP"))
                    .hasMessage("kill(-" + child.pid() + ", SIGHUP): ESRCH (3) No such process");
        }

        @Test
        void badArguments_areRefused() throws Exception {
            try (ChildProcess child =
                    ChildProcess.builder("cat").group(Group.INHERITED).start()) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> child.sendSignal("SIGNONE"))
                        .withMessageStartingWith("no signal is called SIGNONE");
                assertThatIllegalStateException()
                        .isThrownBy(() -> child.sendSignalToGroup("SIGTERM"))
                        .withMessage("process " + child.pid() + " is in the group of this process");
                assertThat(child.exitValue()).isEmpty();
            }
        }

        @Test
        void mask_isEmpty() throws Exception {
            try (ChildProcess child = Background.run(() -> {
                Libc.blockSignal(10);
                return sh("read line");
            })) {
                assertThat(ChildOutput.status(child.pid(), "SigBlk")).matches("0+");
            }
        }
    }

    @Nested
    class Terminate {

        @Test
        void childThatTakesSigterm_isNotKilled() throws Exception {
            try (ChildProcess child = ChildProcess.builder("cat").start()) {
                assertThat(child.terminate(PATIENCE)).hasValue(143);
            }
        }

        @Test
        void stoppedChild_isContinued() throws Exception {
            try (ChildProcess child = sh("trap 'exit 5' TERM; echo; read line")) {
                readLine(child.stdout());
                child.sendSignal("SIGSTOP");
                assertThat(child.terminate(PATIENCE)).hasValue(5);
            }
        }

        @Test
        void endedChild_isLeftAsItIs() throws Exception {
            try (ChildProcess child = sh("sleep 1000 & echo $!; exit 6")) {
                long grandchild = Long.parseLong(readLine(child.stdout()));
                assertThat(child.waitFor(PATIENCE)).hasValue(6);
                assertThat(child.terminate(Duration.ZERO)).hasValue(6);
                assertThat(isRunning(grandchild)).isTrue();
            }
        }

        @Test
        void grandchildThatIgnoresSigterm_isLeftToClose() throws Exception {
            long grandchild;
            try (ChildProcess child =
                    sh("trap 'exit 4' TERM; sh -c \"trap '' TERM; echo \\$\\$; exec sleep 1000\" & wait")) {
                grandchild = Long.parseLong(readLine(child.stdout()));
                assertThat(child.terminate(PATIENCE)).hasValue(4);
                assertThat(isRunning(grandchild)).isTrue();
            }
            awaitEnd(grandchild);
        }

        @Test
        void childThatIgnoresSigterm_isKilledWithItsGroup() throws Exception {
            try (ChildProcess child = sh("trap '' TERM; sleep 1000 & echo $!; wait; wait")) {
                long grandchild = Long.parseLong(readLine(child.stdout()));
                assertThat(child.terminate(Duration.ofMillis(20))).hasValue(137);
                awaitEnd(grandchild);
            }
        }
    }

    @Nested
    class Close {

        @Test
        void group_isKilled() throws Exception {
            long grandchild;
            ChildProcess child = sh("sleep 1000 & echo $!; wait");
            try (child) {
                grandchild = Long.parseLong(readLine(child.stdout()));
                assertThat(isRunning(grandchild)).isTrue();
            }
            assertThat(child.exitValue()).hasValue(137);
            assertThat(NativeChild.exists(child.pid())).isFalse();
            awaitEnd(grandchild);
        }

        @Test
        void groupOfAnEndedChild_isKilled() throws Exception {
            long grandchild;
            ChildProcess child = sh("sleep 1000 & echo $!");
            try (child) {
                grandchild = Long.parseLong(readLine(child.stdout()));
                assertThat(child.waitFor(PATIENCE)).hasValue(0);
                assertThat(isRunning(grandchild)).isTrue();
            }
            assertThat(child.exitValue()).hasValue(0);
            awaitEnd(grandchild);
        }

        @Test
        void inheritedGroup_killsTheChildAlone() throws Exception {
            ChildProcess child = ChildProcess.builder("sh", "-c", "sleep 1000 & echo $!; wait")
                    .group(Group.INHERITED)
                    .start();
            long grandchild;
            try (child) {
                grandchild = Long.parseLong(readLine(child.stdout()));
            }
            assertThat(child.exitValue()).hasValue(137);
            assertThat(isRunning(grandchild)).isTrue();
            Libc.kill(grandchild, 9);
        }

        @Test
        void childInAnotherGroup_isKilled() throws Exception {
            ChildProcess child = moved();
            child.close();
            assertThat(child.exitValue()).hasValue(137);
            try (ChildProcess other = moved()) {
                assertThat(other.terminate(Duration.ofMillis(20))).hasValue(137);
            }
        }

        /// Returns a child that has moved to the group of the tests.
        private ChildProcess moved() throws IOException {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String group = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[2];
            ChildProcess child = ChildProcess.builder(ChildJvm.command(ChildProcessProgram.class, "move", group))
                    .stderr(Redirect.INHERIT)
                    .start();
            assertThat(readLine(child.stdout())).isEqualTo("moved");
            return child;
        }

        @Test
        void descriptors_areClosed() throws Exception {
            Map<Integer, String> before = OpenFiles.list();
            ChildProcess child = ChildProcess.builder("cat").start();
            child.close();
            assertThat(OpenFiles.since(before)).isEmpty();
            assertThat(child.pidfd().isOpen()).isFalse();
            assertThat(child.stdin().isOpen()).isFalse();
            assertThat(child.stdout().isOpen()).isFalse();
            assertThat(child.stderr().isOpen()).isFalse();
        }

        @Test
        void manyThreads_leaveNothing() throws Exception {
            Map<Integer, String> before = OpenFiles.list();
            List<Background<Long>> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String text = "thread " + i;
                threads.add(Background.start(() -> {
                    long last = 0;
                    for (int j = 0; j < 20; j++) {
                        try (ChildProcess child =
                                ChildProcess.builder("echo", text).start()) {
                            last = child.pid();
                            assertThat(readAll(child.stdout())).isEqualTo(text + "\n");
                        }
                    }
                    return last;
                }));
            }
            for (Background<Long> thread : threads) {
                assertThat(NativeChild.exists(thread.result())).isFalse();
            }
            assertThat(OpenFiles.since(before)).isEmpty();
        }
    }
}
