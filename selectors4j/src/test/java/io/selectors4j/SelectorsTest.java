package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.ChildJvm;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("linux")
class SelectorsTest {

    private static ChildJvm.Outcome run(String... options) throws IOException, InterruptedException {
        ChildJvm.Outcome outcome = ChildJvm.run(List.of(options), SelectorsProgram.class);
        assertThat(outcome.exitCode()).describedAs(outcome.output()).isZero();
        return outcome;
    }

    @Test
    void leaksAreDetected_withTheirStackTraces() throws IOException, InterruptedException {
        String output = run("-Dio.selectors4j.detectLeaks=true").output();

        assertThat(output)
                .containsPattern("WARNING: io.selectors4j.fd.SocketFd with descriptor \\d+ became unreachable")
                .contains("SelectorsProgram.leakSocket(", "SelectorsProgram.leakSelector(")
                .doesNotContain("SelectorsProgram.leaveUnhandled(", "SelectorsProgram.readMXBean(");
    }

    @Test
    void unhandledKey_isReportedOnce() throws IOException, InterruptedException {
        List<String> warnings = run().output()
                .lines()
                .filter(line -> line.startsWith("WARNING"))
                .toList();

        assertThat(warnings).hasSize(1);
        assertThat(warnings.getFirst())
                .containsPattern("PipeFd\\[fd=\\d+] was ready in 1024 successive selects of EpollSelector#\\d+:"
                        + " READ \\(POLLIN\\)\\. The program made no call on it");
    }

    @Test
    void failingLogger_losesNoEvents() throws IOException, InterruptedException {
        assertThat(run("-DfailingLogger=true").output())
                .containsOnlyOnce("failing to log\n")
                .contains("delivered " + 2 * UnhandledKeys.SELECTS + "\n", "wakeups 1, unhandled 1\n");
    }

    @Test
    void mxBean_hasTheStateOfAllSelectors() throws IOException, InterruptedException {
        assertThat(run().output())
                .contains("open 1\n", "keys 1\n", "wakeups 1, unhandled 1\n")
                .containsPattern("EpollSelector#\\d+: 1 key, no thread is selecting\n")
                .containsPattern("  fd \\d+: PipeFd\\[fd=\\d+] waits for READ, kernel: EPOLLIN\\|")
                .endsWith("end\n");
    }
}
