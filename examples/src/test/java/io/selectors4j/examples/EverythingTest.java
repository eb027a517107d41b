package io.selectors4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Await;
import io.selectors4j.NativeIOException;
import io.selectors4j.fd.PidFd;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `./demo everything` in a child process.
@Tag("ci")
@Execution(ExecutionMode.CONCURRENT)
class EverythingTest {

    private static final List<String> SOURCES = List.of(
            "tcp accept",
            "tcp data",
            "tcp urgent",
            "pair",
            "udp",
            "passed",
            "errors",
            "tcp info",
            "netlink",
            "pipe",
            "fifo",
            "pty",
            "inotify",
            "jdk",
            "timerfd",
            "signal",
            "eventfd",
            "thread",
            "selector",
            "output",
            "pidfd");

    private static String ready(String name, String received) {
        return "%-10s ready  %s".formatted(name, received);
    }

    private static List<String> names(DemoProcess everything) {
        return everything.out.all().stream()
                .filter(line -> line.contains(" ready  "))
                .map(line -> line.substring(0, line.indexOf(" ready  ")).strip())
                .toList();
    }

    private static void assertAllWereReady(DemoProcess everything, boolean stdin) throws Exception {
        assertThat(everything.exitCode()).as("%s", everything.out.all()).isZero();
        assertThat(everything.err.all()).isEmpty();
        List<String> expected = new ArrayList<>(SOURCES);
        if (stdin) {
            expected.add("stdin");
        }
        assertThat(names(everything)).containsExactlyInAnyOrderElementsOf(expected);
        int count = expected.size();
        assertThat(everything.out.all().getLast()).isEqualTo(count + " of " + count + " descriptors were ready");
    }

    @Test
    void printsTheReceivedData() throws Exception {
        try (DemoProcess everything = DemoProcess.start("everything")) {
            assertAllWereReady(everything, true);
            assertThat(everything.out.all())
                    .contains(
                            "waiting for 22 descriptors with EPOLL",
                            ready("tcp data", "\"hello\\n\""),
                            ready("tcp urgent", "\"!\" out of band"),
                            ready("pair", "\"hello\\n\""),
                            ready("passed", "\"hello\\n\" from a passed descriptor"),
                            ready("errors", "ECONNREFUSED, reported by 127.0.0.1"),
                            ready("netlink", "RTM_NEWLINK lo"),
                            ready("pipe", "\"hello\\n\""),
                            ready("fifo", "\"hello\\n\""),
                            ready("pty", "\"hello\\n\""),
                            ready("inotify", "IN_CREATE hello.txt"),
                            ready("jdk", "\"hello\\n\""),
                            ready("timerfd", "1 expiration"),
                            ready("signal", "SIGUSR1"),
                            ready("eventfd", "the counter is 42"),
                            ready("selector", "an eventfd is ready in the nested selector"),
                            ready("output", "\"hello\\n\""),
                            ready("pidfd", "exit status 7"))
                    .anyMatch(line -> line.matches("tcp accept ready  a connection from \\('127.0.0.1', [0-9]+\\)"))
                    .anyMatch(line -> line.matches("udp +ready  \"hello\\\\n\" from \\('127.0.0.1', [0-9]+\\)"))
                    .anyMatch(line -> line.matches("tcp info +ready  ESTABLISHED, segments of up to [0-9]+ bytes"))
                    .anyMatch(line -> line.matches("thread +ready  a message of thread [0-9]+"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EPOLL", "POLL", "SELECT"})
    void everyBackend_waitsForStdinAtEndOfFile(String backend) throws Exception {
        try (DemoProcess everything = DemoProcess.start("everything", "--backend", backend)) {
            assertAllWereReady(everything, true);
            assertThat(everything.out.all().getFirst()).isEqualTo("waiting for 22 descriptors with " + backend);
        }
    }

    @Test
    void stdinWithoutInput_isSkipped() throws Exception {
        try (DemoProcess everything = DemoProcess.startReading(ProcessBuilder.Redirect.PIPE, "everything")) {
            assertAllWereReady(everything, false);
            assertThat(everything.out.all()).contains("stdin      skipped: there is no input now");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EPOLL", "POLL", "SELECT"})
    void stdinFromDevNull_isReady(String backend) throws Exception {
        ProcessBuilder.Redirect devNull = ProcessBuilder.Redirect.from(new File("/dev/null"));
        try (DemoProcess everything = DemoProcess.startReading(devNull, "everything", "--backend", backend)) {
            assertAllWereReady(everything, true);
        }
    }

    /// Descriptor 0 is then the first file that the Java virtual machine has opened, or closed.
    @Test
    void closedStdin_isReady() throws Exception {
        try (DemoProcess everything = DemoProcess.startAfter("exec <&-", "everything")) {
            assertAllWereReady(everything, true);
        }
    }

    @Test
    void withoutAddExports_jdkChannelIsSkipped() throws Exception {
        try (DemoProcess everything = DemoProcess.startJava("", List.of(), "everything")) {
            assertThat(everything.exitCode()).isZero();
            assertThat(everything.err.all()).isEmpty();
            assertThat(everything.out.all())
                    .anyMatch(line -> line.startsWith("jdk        skipped: ")
                            && line.contains("--add-exports java.base/sun.nio.ch=io.selectors4j"));
            assertThat(names(everything)).hasSize(21).doesNotContain("jdk");
            assertThat(everything.out.all().getLast()).isEqualTo("21 of 21 descriptors were ready");
        }
    }

    @Test
    void run_leavesNoFile(@TempDir Path directory) throws Exception {
        try (DemoProcess everything = DemoProcess.startJava("", options(directory), "everything")) {
            assertAllWereReady(everything, true);
            assertEmpty(directory);
        }
    }

    @Test
    void descriptorsNotReady_areNamedAndNoFileIsLeft(@TempDir Path directory, @TempDir Path bin) throws Exception {
        try (DemoProcess everything =
                DemoProcess.startJava(pathWithSilentShell(bin), options(directory), "everything")) {
            assertThat(everything.exitCode()).isEqualTo(1);
            assertThat(everything.out.all())
                    .endsWith(
                            "output     not ready within 30 s",
                            "pidfd      not ready within 30 s",
                            "20 of 22 descriptors were ready");
            assertGone(bin);
            assertEmpty(directory);
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
    void signal_endsTheProgramAndNoFileIsLeft(String signal, int code, @TempDir Path directory, @TempDir Path bin)
            throws Exception {
        try (DemoProcess everything =
                DemoProcess.startJava(pathWithSilentShell(bin), options(directory), "everything")) {
            everything.out.await(ready("timerfd", "1 expiration"));
            everything.err.await("silent");
            everything.signal(signal);
            assertThat(everything.exitCode()).isEqualTo(code);
            assertThat(everything.err.all()).containsExactly("silent");
            assertGone(bin);
            assertEmpty(directory);
        }
    }

    private static List<String> options(Path temporaryFiles) {
        return List.of(DemoProcess.JDK_CHANNELS, "-XX:-UsePerfData", "-Djava.io.tmpdir=" + temporaryFiles);
    }

    /// Puts a shell first into PATH that neither ends nor prints to its output. It writes its process id to a file
    /// beside it.
    private static String pathWithSilentShell(Path bin) throws IOException {
        Path shell = Files.writeString(
                bin.resolve("sh"), "#!/bin/sh\necho $$ >\"$0.pid\"\necho silent >&2\nexec sleep 1000\n");
        Files.setPosixFilePermissions(shell, PosixFilePermissions.fromString("rwx------"));
        return "PATH='" + bin + "':$PATH";
    }

    private static void assertGone(Path bin) throws Exception {
        long pid = Long.parseLong(Files.readString(bin.resolve("sh.pid")).strip());
        try (PidFd process = PidFd.open(pid)) {
            assertThat(Await.readable(process, Duration.ofMinutes(2))).isTrue();
        } catch (NativeIOException e) {
            assertThat(e.errnoName()).isEqualTo("ESRCH");
        }
    }

    private static void assertEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }
}
