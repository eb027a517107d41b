package io.selectors4j.stress.faults;

import static io.selectors4j.stress.faults.DescriptorFaultsTest.act;
import static io.selectors4j.stress.faults.DescriptorFaultsTest.everyCallFails;
import static io.selectors4j.stress.faults.DescriptorFaultsTest.make;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.PipeFd;
import io.selectors4j.process.ChildProcess;
import io.selectors4j.process.ChildProcessBuilder.Redirect;
import io.selectors4j.stress.Limits;
import io.selectors4j.testing.ChildOutput;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.NativeChild;
import io.selectors4j.tty.PtyFd;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every call of a child process fails in every way. No child and no descriptor is left, and no child has a descriptor
/// that is not its own.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class ChildFaultsTest {

    private static void expectNumbers(ChildProcess child, Integer... numbers) throws Exception {
        Expect.spinUntil(
                "only its own descriptors",
                () -> ChildOutput.descriptors(child).keySet().equals(Set.of(numbers)));
    }

    /// Closes a child, also if the first attempt fails.
    private static void close(FaultRun run, ChildProcess child) throws Exception {
        act(run, child::close);
        assertThat(NativeChild.exists(child.pid())).isFalse();
        assertThat(child.exitValue()).hasValue(137);
    }

    @Test
    void child_everyCallFails() throws Exception {
        everyCallFails(Fault.NOT_SHORT, run -> {
            PipeFd.Pipe pipe = PipeFd.open();
            ChildProcess child = make(
                    run,
                    () -> ChildProcess.builder("sleep", "1000")
                            .environment(Map.of("NAME", "value"))
                            .directory(Path.of("/"))
                            .stdin(Redirect.INHERIT)
                            .stdout(Redirect.DEVNULL)
                            .pass(pipe.writer())
                            .start());
            expectNumbers(child, 0, 1, 2, 3);
            assertThat(make(run, child::exitValue)).isEmpty();
            act(run, () -> child.sendSignal("SIGSTOP"));
            act(run, () -> child.sendSignalToGroup("SIGCONT"));
            close(run, child);
            pipe.close();
        });
    }

    @Test
    void childInATerminal_everyCallFails() throws Exception {
        everyCallFails(Fault.NOT_SHORT, run -> {
            PtyFd.Pair pty = PtyFd.open();
            ChildProcess child = make(
                    run,
                    () -> ChildProcess.builder("sleep", "1000")
                            .terminal(pty.terminal().path())
                            .start());
            String terminal = pty.terminal().path().toString();
            Expect.spinUntil(
                    "only the terminal",
                    () -> ChildOutput.descriptors(child).equals(Map.of(0, terminal, 1, terminal, 2, terminal)));
            close(run, child);
            pty.close();
        });
    }
}
