package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.os.Poll;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.NativeChild;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Descriptors of processes by their number: [PidFd#open].
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // an interrupt does not end a blocked read
class PidFdTest {

    /// Above the range of every kernel: the maximum of pid_max is 2^22.
    private static final long NOBODY = Integer.MAX_VALUE;

    static boolean isReady(PidFd pidfd, Duration timeout) throws IOException {
        Poll poll = Poll.create();
        poll.register(pidfd, Poll.POLLIN);
        return !poll.poll(timeout).isEmpty();
    }

    static void awaitEnd(PidFd pidfd) throws IOException {
        assertThat(isReady(pidfd, Expect.PATIENCE)).as("ends").isTrue();
    }

    static void assertErrno(String name, ThrowingCallable call) {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo(name));
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void open_isCloseOnExec_knowsPid() throws Exception {
        try (NativeChild child = NativeChild.sh("exec sleep 100");
                PidFd pidfd = PidFd.open(child.pid())) {
            assertThat(Libc.isCloseOnExec(pidfd.fileno())).isTrue();
            assertThat(pidfd.pid()).isEqualTo(child.pid());
            assertThat(pidfd).hasToString("PidFd[fd=" + pidfd.fileno() + "]");
            assertThat(isReady(pidfd, Duration.ofMillis(5))).isFalse();
            assertThat(pidfd.exitValue()).isEmpty();
            assertThat(pidfd.reap()).isEmpty();
            pidfd.close();
            assertThat(pidfd.pid()).isEqualTo(child.pid());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "exit 0, 0",
        "exit 7, 7",
        "exit 255, 255",
        "kill -KILL $$, 137",
        "kill -TERM $$, 143",
        "ulimit -c 0; kill -SEGV $$, 139"
    })
    void exitValue_isRepeatableUntilReaped(String script, int value) throws Exception {
        try (NativeChild child = NativeChild.sh(script);
                PidFd pidfd = PidFd.open(child.pid())) {
            awaitEnd(pidfd);
            assertThat(pidfd.exitValue()).hasValue(value);
            assertThat(pidfd.exitValue()).hasValue(value);
            assertThat(NativeChild.exists(child.pid())).as("a zombie").isTrue();

            assertThat(pidfd.reap()).hasValue(value);
            assertThat(NativeChild.exists(child.pid())).as("a zombie").isFalse();
            assertErrno("ECHILD", pidfd::reap);
            assertErrno("ECHILD", pidfd::exitValue);
            awaitEnd(pidfd);
        }
    }

    @Test
    void endedChild_opensUntilReaped() throws Exception {
        try (NativeChild child = NativeChild.sh("exit 3");
                PidFd first = PidFd.open(child.pid())) {
            awaitEnd(first);
            try (PidFd second = PidFd.open(child.pid())) {
                assertThat(isReady(second, Duration.ZERO)).isTrue();
                assertThat(second.reap()).hasValue(3);
            }
            assertErrno("ESRCH", () -> PidFd.open(child.pid()));
        }
    }

    @Test
    void exitValue_runningChild_isEmpty() throws Exception {
        try (NativeChild child = NativeChild.sh("exec sleep 100");
                PidFd pidfd = PidFd.open(child.pid())) {
            pidfd.setBlocking(false);
            pidfd.sendSignal("SIGSTOP");
            assertThat(pidfd.exitValue()).as("stopped is not ended").isEmpty();
            assertThat(pidfd.reap()).isEmpty();
            pidfd.sendSignal("SIGKILL");
            awaitEnd(pidfd);
            assertThat(pidfd.reap()).hasValue(137);
        }
    }

    @Test
    void ended_staysReady() throws Exception {
        try (NativeChild child = NativeChild.sh("exit 0");
                PidFd pidfd = PidFd.open(child.pid())) {
            awaitEnd(pidfd);
            assertErrno("EINVAL", () -> pidfd.read(ByteBuffer.allocate(8)));
            assertErrno("EINVAL", () -> pidfd.write(ByteBuffer.allocate(8)));
            awaitEnd(pidfd);
        }
    }

    @Test
    void otherProcess_endIsReported_statusIsNot() throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 100 & echo $!; wait $!; echo $?").start();
        try (var output = parent.inputReader()) {
            long pid = Long.parseLong(output.readLine());
            try (PidFd grandchild = PidFd.open(pid)) {
                assertThat(isReady(grandchild, Duration.ofMillis(5))).isFalse();
                assertThatExceptionOfType(NativeIOException.class)
                        .isThrownBy(grandchild::exitValue)
                        .withMessageMatching("waitid\\(P_PIDFD, fd=\\d+, WEXITED\\|WNOHANG\\|WNOWAIT\\): ECHILD .+ \\("
                                + pid + " is no child of this process.+\\)");
                assertErrno("ECHILD", grandchild::reap);
                grandchild.sendSignal("SIGKILL");
                awaitEnd(grandchild);
                assertErrno("ECHILD", grandchild::exitValue);
            }
            assertThat(output.readLine())
                    .as("the status that the parent received")
                    .isEqualTo("137");
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void ownProcess_opens() throws Exception {
        try (PidFd self = PidFd.open(ProcessHandle.current().pid())) {
            assertThat(isReady(self, Duration.ZERO)).isFalse();
            assertErrno("ECHILD", self::exitValue);
        }
    }

    @Test
    void sendSignal_reapedProcess_failsWithEsrch() throws Exception {
        try (NativeChild child = NativeChild.sh("exec sleep 100");
                PidFd pidfd = PidFd.open(child.pid())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pidfd.sendSignal("TERM"))
                    .withMessageContaining("TERM");
            assertThat(isReady(pidfd, Duration.ZERO)).isFalse();
            pidfd.sendSignal("SIGTERM");
            awaitEnd(pidfd);
            pidfd.sendSignal("SIGTERM"); // has no effect on a zombie
            assertThat(pidfd.reap()).hasValue(143);
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> pidfd.sendSignal("SIGKILL"))
                    .withMessage("pidfd_send_signal(fd=" + pidfd.fileno() + ", SIGKILL): ESRCH (3) No such process");
        }
    }

    @Test
    void unusedNumber_failsWithEsrch() {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> PidFd.open(NOBODY))
                .withMessage("pidfd_open(2147483647): ESRCH (3) No such process");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, 1L << 31, 1L << 32, Long.MAX_VALUE})
    void invalidNumber_isRefused(long pid) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PidFd.open(pid))
                .withMessage("invalid process number " + pid);
    }

    @Test
    void numberOfThread_isRefused() throws Exception {
        try (Background<Integer> thread = Background.start(Libc::gettid)) {
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> PidFd.open(thread.tid()))
                    .satisfies(e -> assertThat(e.errnoName()).isIn("EINVAL", "ENOENT"));
        }
    }

    @Test
    void oldKernel_failsWithEnosys() throws Exception {
        Process process = new ProcessBuilder("cat").start();
        try {
            Background.run(() -> {
                Libc.failSyscall(434, Errno.ENOSYS);
                assertErrno("ENOSYS", () -> PidFd.open(1));
                assertErrno("ENOSYS", () -> PidFd.of(process));
                return null;
            });
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void duplicate_isSameProcess() throws Exception {
        try (NativeChild child = NativeChild.sh("exit 9");
                PidFd pidfd = PidFd.open(child.pid());
                PidFd copy = pidfd.dup()) {
            assertThat(Libc.isCloseOnExec(copy.fileno())).isTrue();
            pidfd.close();
            assertThat(copy.pid()).isEqualTo(child.pid());
            awaitEnd(copy);
            assertThat(copy.reap()).hasValue(9);
        }
    }

    @Test
    void closed_refusesEverything() throws Exception {
        try (NativeChild child = NativeChild.sh("exit 0")) {
            PidFd pidfd = PidFd.open(child.pid());
            pidfd.close();
            List<ThrowingCallable> uses = List.of(
                    pidfd::exitValue,
                    pidfd::reap,
                    pidfd::dup,
                    () -> pidfd.sendSignal("SIGTERM"),
                    () -> pidfd.read(ByteBuffer.allocate(8)),
                    () -> pidfd.write(ByteBuffer.allocate(8)));
            for (ThrowingCallable use : uses) {
                assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(use);
            }
        }
    }

    @Test
    void reapOfJavaChild_takesStatus() throws Exception {
        // The virtual machine reaps it concurrently. The first to reap gets the status.
        Process process = new ProcessBuilder("sh", "-c", "read line; exit 5").start();
        try (PidFd pidfd = PidFd.open(process.pid())) {
            process.getOutputStream().close();
            awaitEnd(pidfd);
            OptionalInt reaped;
            try {
                reaped = pidfd.reap();
            } catch (NativeIOException e) {
                reaped = OptionalInt.empty();
            }
            if (reaped.isPresent()) {
                assertThat(reaped).hasValue(5);
                assertThat(process.waitFor()).isZero();
            } else {
                assertThat(process.waitFor()).isEqualTo(5);
            }
        }
    }
}
