package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.StdinFd;
import io.selectors4j.fd.StdinProgram;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ChildJvm;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.tty.PtyFd;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// [StdinFd] with each kind of standard input, in a program of its own.
@Tag("system")
@Tag("unix")
class StandardInputContractTest extends ContractTest {

    private static final int PATIENCE_SECONDS = 120;

    @TempDir
    Path directory;

    StandardInputContractTest(BackendUnderTest backend) {
        super(backend);
    }

    /// A running program.
    private record Running(Process process, Path output) implements AutoCloseable {

        /// Waits for the end, and returns the lines of its output.
        List<String> lines() throws IOException, InterruptedException {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("does not end")
                    .isTrue();
            return Files.readAllLines(output);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private Running start(List<String> prefix, ProcessBuilder.Redirect input, String argument) throws IOException {
        Path output = directory.resolve("output");
        List<String> command = new ArrayList<>(prefix);
        command.addAll(ChildJvm.command(StdinProgram.class, argument));
        ProcessBuilder builder = ChildJvm.builder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(input);
        return new Running(builder.start(), output);
    }

    private Running start(ProcessBuilder.Redirect input) throws IOException {
        return start(List.of(), input, backend.name());
    }

    private static ProcessBuilder.Redirect file(Path path) {
        return ProcessBuilder.Redirect.from(path.toFile());
    }

    private static List<String> lines(boolean own, String text, boolean refused) {
        return List.of(
                "own descriptor: " + own,
                "read: " + text,
                "still ready: true",
                "readable: true",
                "refused: " + refused + ", file: " + refused);
    }

    @Nested
    class AlwaysReady {

        @Test
        void devNull_isAtItsEnd() throws Exception {
            try (Running program = start(file(Path.of("/dev/null")))) {
                assertThat(program.lines()).isEqualTo(lines(true, "", true));
            }
        }

        @Test
        void regularFile_isReadToItsEnd() throws Exception {
            Path path = Files.writeString(directory.resolve("input"), "one\ntwo\n");
            try (Running program = start(file(path))) {
                assertThat(program.lines()).isEqualTo(lines(true, "one\\ntwo\\n", true));
            }
        }

        /// Descriptor 0 is then a file that the Java virtual machine has opened, which the program must not read.
        @Test
        void closedStdin_isAtItsEnd() throws Exception {
            ProcessBuilder.Redirect any = ProcessBuilder.Redirect.from(new File("/dev/null"));
            try (Running program = start(List.of("sh", "-c", "exec \"$@\" <&-", "sh"), any, backend.name())) {
                assertThat(program.lines()).startsWith("own descriptor: true", "read: ", "still ready: true");
            }
        }
    }

    @Nested
    class Polled {

        @Test
        void pipe_isReadToItsEnd() throws Exception {
            try (Running program = start(ProcessBuilder.Redirect.PIPE)) {
                try (var writer = program.process.getOutputStream()) {
                    writer.write("piped\n".getBytes(StandardCharsets.UTF_8));
                }
                assertThat(program.lines()).isEqualTo(lines(false, "piped\\n", false));
            }
        }

        @Tag("linux")
        @Test
        void terminal_isReadToControlD() throws Exception {
            ConnectedPair pair = pair(ConnectedPair.Kind.TERMINAL);
            PtyFd terminal = (PtyFd) pair.writer();
            try (Running program = start(terminal.redirectFrom())) {
                PtyFd master = (PtyFd) pair.reader();
                master.write(ByteBuffer.wrap("typed\n\u0004".getBytes(StandardCharsets.UTF_8)));
                assertThat(program.lines()).isEqualTo(lines(false, "typed\\n", false));
            }
        }
    }

    @Nested
    class Methods {

        @Test
        void methods_useTheFile() throws Exception {
            Path path = Files.writeString(directory.resolve("input"), "four");
            try (Running program = start(List.of(), file(path), "methods")) {
                assertThat(program.lines())
                        .containsExactly(
                                "available: 4",
                                "blocking: true",
                                "non-blocking: true",
                                "duplicate: 2, then 2",
                                "no room: 0",
                                "redirect: true",
                                "write: write(fd=0): EBADF (9) Bad file descriptor",
                                "refused: true, file: true");
            }
        }
    }
}
