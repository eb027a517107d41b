package io.selectors4j.process;

import static io.selectors4j.testing.ChildOutput.readAll;
import static io.selectors4j.testing.Expect.PATIENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.process.ChildProcessBuilder.Group;
import io.selectors4j.process.ChildProcessBuilder.Redirect;
import io.selectors4j.testing.ChildOutput;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.OpenFiles;
import io.selectors4j.tty.PtyFd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Starting a [ChildProcess] with each option.
@Tag("linux")
@Timeout(value = Expect.TEST_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChildProcessBuilderTest {

    @TempDir
    Path directory;

    private static String output(ChildProcessBuilder builder) throws Exception {
        try (ChildProcess child = builder.stderr(Redirect.STDOUT).start()) {
            String output = readAll(child.stdout());
            assertThat(child.waitFor(PATIENCE)).as(output).hasValue(0);
            return output;
        }
    }

    private static ChildProcessBuilder sh(String script) {
        return ChildProcess.builder("sh", "-c", script);
    }

    private static void expectNothingLeft(ThrowingCallable start, String message) throws IOException {
        Map<Integer, String> before = OpenFiles.list();
        assertThatThrownBy(start).isInstanceOf(NativeIOException.class).hasMessageStartingWith(message);
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    @Nested
    class Command {

        @Test
        void arguments_areThoseOfTheProgram() throws Exception {
            assertThat(output(ChildProcess.builder("printf", "<%s>", "", " a b", "é", "$HOME", "*")))
                    .isEqualTo("<>< a b><é><$HOME><*>");
            assertThat(output(ChildProcess.builder(List.of("/bin/echo", "x")))).isEqualTo("x\n");
        }

        @Test
        void failure_isReportedByStart() throws Exception {
            expectNothingLeft(
                    () -> ChildProcess.builder("nosuchprogram").start(),
                    "posix_spawnp(nosuchprogram): ENOENT (2) No such file or directory");
            expectNothingLeft(
                    () -> ChildProcess.builder("/").start(), "posix_spawnp(/): EACCES (13) Permission denied");
            Path text = Files.writeString(directory.resolve("text"), "text");
            Files.setPosixFilePermissions(text, PosixFilePermissions.fromString("rwx------"));
            expectNothingLeft(
                    () -> ChildProcess.builder(text.toString()).start(),
                    "posix_spawnp(" + text + "): ENOEXEC (8) Exec format error");
            expectNothingLeft(
                    () -> ChildProcess.builder("echo", "x".repeat(4 << 20)).start(),
                    "posix_spawnp(echo): E2BIG (7) Argument list too long");
            expectNothingLeft(
                    () -> ChildProcess.builder("echo")
                            .directory(directory.resolve("none"))
                            .start(),
                    "posix_spawnp(echo, directory=" + directory + "/none): ENOENT (2)");
        }

        @Test
        void badArguments_areRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ChildProcess.builder())
                    .withMessage("the command has no program: []");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ChildProcess.builder("a", "b\0c"))
                    .withMessage("a zero character in \"b\0c\"");
        }

        @Test
        void builder_startsSeveralChildren() throws Exception {
            ChildProcessBuilder builder = sh("echo $PPID");
            assertThat(output(builder))
                    .isEqualTo(output(builder))
                    .isEqualTo(ProcessHandle.current().pid() + "\n");
        }
    }

    @Nested
    class Environment {

        @Test
        void environmentOfThisProcess_isTheDefault() throws Exception {
            Map<String, String> expected = new HashMap<>(System.getenv());
            assertThat(output(ChildProcess.builder("env", "-0")).split("\0", -1))
                    .filteredOn(line -> !line.isEmpty())
                    .containsExactlyInAnyOrderElementsOf(expected.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .toList());
        }

        @Test
        void variables_replaceIt() throws Exception {
            assertThat(output(ChildProcess.builder("env").environment(Map.of("NAME", "välue"))))
                    .isEqualTo("NAME=välue\n");
            assertThat(output(ChildProcess.builder("env").environment(Map.of())))
                    .isEmpty();
        }

        @Test
        void badNames_areRefused() {
            ChildProcessBuilder builder = ChildProcess.builder("env");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.environment(Map.of("A=B", "")))
                    .withMessage("no name of a variable: \"A=B\"");
            assertThatIllegalArgumentException().isThrownBy(() -> builder.environment(Map.of("", "x")));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.environment(Map.of("A", "\0")));
        }

        @Test
        void directory_isTheWorkingDirectory() throws Exception {
            Path real = directory.toRealPath();
            assertThat(output(ChildProcess.builder("pwd").directory(real))).isEqualTo(real + "\n");
            Path script = Files.writeString(real.resolve("script"), "#!/bin/sh\necho relative\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
            assertThat(output(ChildProcess.builder("./script").directory(real))).isEqualTo("relative\n");
        }
    }

    @Nested
    class Descriptors {

        private static void expectNumbers(ChildProcess child, Integer... numbers) throws IOException {
            expectDescriptors(child, targets -> targets.keySet().equals(Set.of(numbers)));
        }

        private static void expectDescriptors(ChildProcess child, Map<Integer, String> expected) throws IOException {
            expectDescriptors(child, expected::equals);
        }

        /// Waits until the program has closed the libraries that it loads.
        private static void expectDescriptors(ChildProcess child, Predicate<Map<Integer, String>> expected)
                throws IOException {
            Expect.spinUntil("its descriptors are as expected", () -> expected.test(ChildOutput.descriptors(child)));
        }

        private static String ownTarget(int fd) throws IOException {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
        }

        @Test
        @SuppressWarnings("try") // the descriptors are open during the start
        void otherDescriptors_areNotInherited() throws Exception {
            try (PipeFd.Pipe pipe = PipeFd.open();
                    SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
                pipe.reader().dup2(pair.first().fileno()); // inheritable
                assertThat(OpenFiles.isInherited(pair.first().fileno())).isTrue();
                try (ChildProcess child = ChildProcess.builder("cat").start()) {
                    expectNumbers(child, 0, 1, 2);
                }
            }
        }

        @Test
        void passedDescriptors_haveTheNextNumbers() throws Exception {
            try (PipeFd.Pipe in = PipeFd.open();
                    PipeFd.Pipe out = PipeFd.open()) {
                try (ChildProcess child = ChildProcess.builder("sleep", "1000")
                        .pass(in.reader())
                        .pass(out.writer())
                        .start()) {
                    expectNumbers(child, 0, 1, 2, 3, 4);
                }
                try (ChildProcess child = sh("read line <&3; echo $line >&4")
                        .pass(in.reader())
                        .pass(out.writer())
                        .start()) {
                    in.writer().write(ByteBuffer.wrap("passed\n".getBytes(UTF_8)));
                    in.writer().close();
                    ByteBuffer buffer = ByteBuffer.allocate(100);
                    assertThat(out.reader().read(buffer)).isEqualTo(7);
                    assertThat(UTF_8.decode(buffer.flip()).toString()).isEqualTo("passed\n");
                    assertThat(child.waitFor(PATIENCE)).hasValue(0);
                }
            }
        }

        /// The numbers of the streams overlap those of this process.
        @Test
        void inheritedStreams_areThoseOfThisProcess() throws Exception {
            try (ChildProcess child = ChildProcess.builder("sleep", "1000")
                    .stdin(Redirect.INHERIT)
                    .stdout(Redirect.INHERIT)
                    .stderr(Redirect.INHERIT)
                    .start()) {
                expectDescriptors(child, Map.of(0, ownTarget(0), 1, ownTarget(1), 2, ownTarget(2)));
            }
        }

        /// Each descriptor of this process has the number of another one in the child.
        @Test
        void lowNumbers_areNotOverwritten() throws Exception {
            try (Fd first = Fd.stdout();
                    Fd zero = Fd.stdin();
                    ChildProcess child = ChildProcess.builder("sleep", "1000")
                            .stdin(Redirect.of(first))
                            .stdout(Redirect.of(zero))
                            .stderr(Redirect.STDOUT)
                            .start()) {
                expectDescriptors(child, Map.of(0, ownTarget(1), 1, ownTarget(0), 2, ownTarget(0)));
            }
        }

        /// The child has more descriptors than this process, so many numbers are in use in both.
        @Test
        void manyDescriptors_keepTheirOrder() throws Exception {
            try (PipeFd.Pipe pipe = PipeFd.open();
                    SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
                List<Fd> fds = List.of(pipe.reader(), pair.first(), pair.second());
                ChildProcessBuilder builder = ChildProcess.builder("sleep", "1000")
                        .stdin(Redirect.DEVNULL)
                        .stdout(Redirect.DEVNULL)
                        .stderr(Redirect.DEVNULL);
                Map<Integer, String> expected = new HashMap<>(Map.of(0, "/dev/null", 1, "/dev/null", 2, "/dev/null"));
                for (int i = 0; i < 1000; i++) {
                    Fd fd = fds.get(i % fds.size());
                    builder.pass(fd);
                    expected.put(3 + i, ownTarget(fd.fileno()));
                }
                try (ChildProcess child = builder.start()) {
                    expectDescriptors(child, expected);
                }
            }
        }

        @Test
        void devNull_endsTheInput() throws Exception {
            assertThat(output(ChildProcess.builder("cat").stdin(Redirect.DEVNULL)))
                    .isEmpty();
            try (ChildProcess child = ChildProcess.builder("sleep", "1000")
                    .stdin(Redirect.DEVNULL)
                    .stdout(Redirect.DEVNULL)
                    .stderr(Redirect.DEVNULL)
                    .start()) {
                expectDescriptors(child, Map.of(0, "/dev/null", 1, "/dev/null", 2, "/dev/null"));
            }
        }

        @Test
        void socket_isAStream() throws Exception {
            try (SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
                Redirect socket = Redirect.of(pair.second());
                try (ChildProcess child =
                        ChildProcess.builder("cat").stdin(socket).stdout(socket).start()) {
                    pair.second().close();
                    pair.first().write(ByteBuffer.wrap("socket".getBytes(UTF_8)));
                    pair.first().shutdownOutput();
                    ByteBuffer buffer = ByteBuffer.allocate(100);
                    while (pair.first().read(buffer) >= 0) {}
                    assertThat(UTF_8.decode(buffer.flip()).toString()).isEqualTo("socket");
                    assertThat(child.waitFor(PATIENCE)).hasValue(0);
                }
            }
        }

        @Test
        void closedDescriptor_isRefused() throws Exception {
            Map<Integer, String> before = OpenFiles.list();
            PipeFd.Pipe pipe = PipeFd.open();
            pipe.close();
            ChildProcessBuilder builder = ChildProcess.builder("true");
            assertThatThrownBy(() -> builder.stdout(Redirect.of(pipe.writer())).start())
                    .isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() ->
                            builder.stdout(Redirect.PIPE).pass(pipe.writer()).start())
                    .isInstanceOf(ClosedChannelException.class);
            assertThat(OpenFiles.since(before)).isEmpty();
        }

        @Test
        void stdoutForAnotherStream_isRefused() {
            ChildProcessBuilder builder = ChildProcess.builder("true");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.stdout(Redirect.STDOUT))
                    .withMessage("only stderr can be redirected to STDOUT");
            assertThatIllegalArgumentException().isThrownBy(() -> builder.stdin(Redirect.STDOUT));
        }
    }

    @Nested
    class Groups {

        /// Returns the numbers of the process, its group and its session.
        private List<Long> numbers(Group group) throws Exception {
            try (ChildProcess child = ChildProcess.builder("cat").group(group).start()) {
                String stat = Files.readString(Path.of("/proc/" + child.pid() + "/stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                return List.of(child.pid(), Long.valueOf(fields[2]), Long.valueOf(fields[3]));
            }
        }

        @Test
        void group_isAsChosen() throws Exception {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] own = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long group = Long.parseLong(own[2]);
            long session = Long.parseLong(own[3]);
            List<Long> leader = numbers(Group.NEW);
            assertThat(leader.get(1)).isEqualTo(leader.get(0));
            assertThat(leader.get(2)).isEqualTo(session);
            List<Long> sessionLeader = numbers(Group.NEW_SESSION);
            assertThat(sessionLeader.get(1)).isEqualTo(sessionLeader.get(0));
            assertThat(sessionLeader.get(2)).isEqualTo(sessionLeader.get(0));
            assertThat(numbers(Group.INHERITED).subList(1, 3)).containsExactly(group, session);
        }
    }

    @Nested
    class Terminals {

        @Test
        void terminal_isTheControllingOne() throws Exception {
            PtyFd.Pair pty = PtyFd.open();
            try (PtyFd master = pty.master();
                    ChildProcess child = sh("tty; echo direct >/dev/tty; exit 2")
                            .terminal(master.path())
                            .stderr(Redirect.PIPE)
                            .start()) {
                pty.terminal().close();
                assertThat(child.waitFor(PATIENCE)).hasValue(2);
                ByteBuffer buffer = ByteBuffer.allocate(100);
                while (read(master, buffer) > 0) {}
                assertThat(UTF_8.decode(buffer.flip()).toString()).isEqualTo(master.path() + "\r\ndirect\r\n");
                assertThat(readAll(child.stderr())).isEmpty();
            }
        }

        /// Returns the number of bytes, or 0 after the hang-up.
        private static int read(PtyFd master, ByteBuffer buffer) throws IOException {
            try {
                return master.read(buffer);
            } catch (NativeIOException e) {
                assertThat(e.errnoName()).isEqualTo("EIO");
                return 0;
            }
        }

        @Test
        void otherFile_isRefused() throws Exception {
            expectNothingLeft(
                    () -> sh("true").terminal(directory.resolve("none")).start(),
                    "open(" + directory + "/none, 0402): ENOENT (2)");
            Path file = Files.writeString(directory.resolve("file"), "unchanged");
            expectNothingLeft(() -> sh("echo x").terminal(file).start(), "isatty(" + file + "): ENOTTY (25)");
            assertThat(file).hasContent("unchanged");
        }
    }

    @Test
    void redirects_haveTexts() throws Exception {
        assertThat(List.of(Redirect.PIPE, Redirect.INHERIT, Redirect.DEVNULL, Redirect.STDOUT))
                .extracting(Redirect::toString)
                .containsExactly("PIPE", "INHERIT", "DEVNULL", "STDOUT");
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            assertThat(Redirect.of(pipe.reader())).hasToString(pipe.reader().toString());
        }
    }
}
