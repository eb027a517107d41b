package io.selectors4j.internal.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("linux")
class JfrTest {

    @ParameterizedTest
    @ValueSource(strings = {"SELECT", "POLL", "EPOLL"})
    void recording_containsEvents(String backend) throws IOException, InterruptedException {
        ChildJvm.Outcome outcome = ChildJvm.run(List.of(), RecordedProgram.class, backend);

        assertThat(outcome.exitCode()).describedAs(outcome.output()).isZero();
        assertThat(outcome.output().lines())
                .anyMatch(
                        line -> line.matches("DescriptorOpen fd=\\d+ type=io.selectors4j.fd.PipeFd with a stack trace"))
                .anyMatch(line ->
                        line.matches("DescriptorClose fd=\\d+ type=io.selectors4j.fd.PipeFd with a stack trace"))
                .anyMatch(line -> line.matches("Registration selector=1 operation=register fd=\\d+"
                        + " type=io.selectors4j.fd.PipeFd interest=READ with a stack trace"))
                .anyMatch(line -> line.contains(" operation=modify ") && line.contains(" interest=NONE "))
                .anyMatch(line -> line.contains(" operation=unregister "))
                .anyMatch(line -> line.contains(" operation=close "))
                .anyMatch(line -> line.matches("Unhandled selector=1 fd=\\d+ fileobj=PipeFd\\[fd=\\d+]"
                        + " readiness=READ \\(POLLIN\\) selects=1024"))
                .anyMatch(line -> line.matches("Park fd=\\d+ events=\\d+ result=1 with a stack trace"));
        assertThat(outcome.output().contains("\nRebuild selector=1 keys=0\n")).isEqualTo(backend.equals("EPOLL"));
        assertThat(outcome.output().lines().filter(line -> line.startsWith("Select ")))
                .containsSubsequence(
                        select(backend, 1_000_000, 0, "timeout"),
                        select(backend, Long.MAX_VALUE, 0, "wakeup"),
                        select(backend, Long.MAX_VALUE, 0, "interrupt"),
                        select(backend, Long.MAX_VALUE, 1, "ready"));
    }

    private static String select(String backend, long timeout, int ready, String reason) {
        return "Select selector=1 backend=" + backend + " timeout=" + timeout + " keys=1 ready=" + ready
                + " waits=1 reason=" + reason;
    }

    /// The option of docs/observability.md.
    @Test
    void optionOfTheCommandLine_enablesAnEvent(@TempDir Path directory) throws IOException, InterruptedException {
        Path file = directory.resolve("server.jfr");
        ChildJvm.Outcome outcome = ChildJvm.run(
                List.of("-XX:StartFlightRecording:filename=" + file + ",+selectors4j.Select#enabled=true"),
                PlainProgram.class);

        assertThat(outcome.output()).contains("1 ready").doesNotContain("warning");
        assertThat(ChildJvm.runTool("jfr", "summary", file.toString()).output())
                .containsPattern("selectors4j\\.Select +1 ");
    }

    @Test
    void withoutTheModule_selectorsWork() throws IOException, InterruptedException {
        ChildJvm.Outcome outcome = ChildJvm.run(List.of("--limit-modules", "java.base"), PlainProgram.class);

        assertThat(outcome.exitCode()).describedAs(outcome.output()).isZero();
        assertThat(outcome.output()).contains("--add-modules java.management").contains("1 ready");
    }
}
