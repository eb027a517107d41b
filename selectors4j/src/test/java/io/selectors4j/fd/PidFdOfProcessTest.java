package io.selectors4j.fd;

import static io.selectors4j.fd.PidFdTest.assertErrno;
import static io.selectors4j.fd.PidFdTest.awaitEnd;
import static io.selectors4j.fd.PidFdTest.isReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.os.Poll;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.NativeChild;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Descriptors of processes started by Java: [PidFd#of].
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // an interrupt does not end a blocked read
class PidFdOfProcessTest {

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void killAll() {
        started.forEach(Process::destroyForcibly);
    }

    private Process sh(String script) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", script).start();
        started.add(process);
        return process;
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 7, 7", "kill -KILL $$, 137", "kill -TERM $$, 143"})
    void ended_isReady(String rest, int value) throws Exception {
        Process process = sh("read line; " + rest);
        try (PidFd pidfd = PidFd.of(process)) {
            assertThat(pidfd.pid()).isEqualTo(process.pid());
            assertThat(Libc.isCloseOnExec(pidfd.fileno())).isTrue();
            assertThat(isReady(pidfd, Duration.ofMillis(5))).isFalse();
            assertThat(pidfd.exitValue()).isEmpty();
            process.getOutputStream().close();
            awaitEnd(pidfd);
            assertThat(pidfd.exitValue()).hasValue(value);
            assertThat(pidfd.exitValue()).hasValue(value);
            assertThat(process.waitFor()).isEqualTo(value);
            awaitEnd(pidfd);
        }
    }

    @Test
    void endingProcess_isReported_keepsStatus() throws Exception {
        for (int round = 0; round < 300; round++) {
            int value = round % 200;
            Process process = sh("exit " + value);
            if (round % 3 == 0) {
                process.waitFor();
            } else if (round % 3 == 1) {
                Expect.spinUntil("the process ends", () -> !NativeChild.exists(process.pid()));
            }
            try (PidFd pidfd = PidFd.of(process)) {
                awaitEnd(pidfd);
                assertThat(pidfd.exitValue()).hasValue(value);
                assertThat(pidfd.pid()).isEqualTo(process.pid());
                assertThat(isReady(pidfd, Duration.ZERO)).isTrue();
            }
            assertThat(process.waitFor()).isEqualTo(value);
            started.clear();
        }
    }

    static List<BackendUnderTest> backends() {
        return Backends.underTest();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void manyProcesses_areReported(BackendUnderTest backend) throws Exception {
        Map<PidFd, Integer> running = new HashMap<>();
        try (Selector<Integer> selector = backend.open()) {
            for (int value = 0; value < 40; value++) {
                PidFd pidfd = PidFd.of(sh("exit " + value));
                running.put(pidfd, value);
                selector.register(pidfd, Interest.READ, value);
            }
            while (!running.isEmpty()) {
                List<ReadyKey<Integer>> ready = selector.select(Expect.PATIENCE);
                assertThat(ready).isNotEmpty();
                for (ReadyKey<Integer> one : ready) {
                    PidFd pidfd = (PidFd) one.key().fileobj();
                    assertThat(pidfd.exitValue()).hasValue(one.key().data());
                    assertThat(running.remove(pidfd)).isEqualTo(one.key().data());
                    pidfd.close();
                }
            }
        }
    }

    @Test
    void sendSignal_endedProcess_failsWithEsrch() throws Exception {
        Process process = sh("exec sleep 100");
        try (PidFd pidfd = PidFd.of(process)) {
            pidfd.sendSignal("SIGKILL");
            awaitEnd(pidfd);
            assertThat(pidfd.exitValue()).hasValue(137);
            assertErrno("ESRCH", () -> pidfd.sendSignal("SIGKILL"));
        }
    }

    @Test
    void ended_isReapedByJvm() throws Exception {
        Process process = sh("exit 6");
        try (PidFd pidfd = PidFd.of(process)) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(pidfd::reap)
                    .withMessageContaining("exitValue()");
            awaitEnd(pidfd);
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(pidfd::reap);
            assertThat(process.waitFor()).isEqualTo(6);
            Expect.spinUntil("nothing is left of it", () -> !NativeChild.exists(process.pid()));
        }
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void reapedProcess_behavesLikePidfd() throws Exception {
        Process process = sh("exit 8");
        process.waitFor();
        Map<Integer, String> before = OpenFiles.list();
        try (PidFd pidfd = PidFd.of(process);
                PidFd copy = pidfd.dup()) {
            assertThat(Libc.isCloseOnExec(pidfd.fileno())).isTrue();
            pidfd.setBlocking(false); // a read would return the value of the eventfd
            for (PidFd one : List.of(pidfd, copy)) {
                assertThat(one.pid()).isEqualTo(process.pid());
                assertThat(one).hasToString("PidFd[fd=" + one.fileno() + "]");
                for (int i = 0; i < 3; i++) {
                    assertErrno("EINVAL", () -> one.read(ByteBuffer.allocate(8)));
                    assertErrno("EINVAL", () -> one.write(ByteBuffer.allocate(8)));
                    Poll poll = Poll.create();
                    poll.register(one, Poll.POLLIN | Poll.POLLOUT);
                    assertThat(poll.poll(Duration.ZERO))
                            .singleElement()
                            .satisfies(event -> assertThat(event.revents()).isEqualTo(Poll.POLLIN));
                    assertThat(one.exitValue()).hasValue(8);
                }
                assertErrno("ESRCH", () -> one.sendSignal("SIGTERM"));
                assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(one::reap);
            }
            pidfd.close();
            assertThat(isReady(copy, Duration.ZERO)).isTrue();
        }
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    /// A process just after its end: it is reaped and its number may be reused, but its object reports it alive until
    /// waitFor is called, or forever.
    private static final class DelayedProcess extends Process {

        private final long pid;
        private final boolean ends;
        private volatile boolean alive;

        DelayedProcess(long pid, boolean alive, boolean ends) {
            this.pid = pid;
            this.alive = alive;
            this.ends = ends;
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public boolean isAlive() {
            return alive;
        }

        @Override
        public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            alive &= !ends;
            return !alive;
        }

        @Override
        public int exitValue() {
            return 5;
        }

        @Override
        public int waitFor() {
            return 5;
        }

        @Override
        public void destroy() {}

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public InputStream getErrorStream() {
            return InputStream.nullInputStream();
        }
    }

    private static void expectReadyAtOnce(DelayedProcess process) throws IOException {
        try (PidFd pidfd = PidFd.of(process)) {
            assertThat(isReady(pidfd, Duration.ZERO)).isTrue();
            assertThat(pidfd.exitValue()).hasValue(5);
            assertThat(pidfd.pid()).isEqualTo(process.pid());
            assertErrno("ESRCH", () -> pidfd.sendSignal("SIGKILL"));
        }
    }

    @Test
    void reusedNumber_isNotTakenForProcess() throws Exception {
        try (NativeChild child = NativeChild.sh("exec sleep 100");
                PidFd next = PidFd.open(child.pid())) {
            expectReadyAtOnce(new DelayedProcess(child.pid(), false, true));
            assertThat(isReady(next, Duration.ofMillis(5))).isFalse();
        }
        // the number belongs to no child of this process, and the signal does not reach it
        expectReadyAtOnce(new DelayedProcess(ProcessHandle.current().pid(), false, true));
    }

    @Test
    void reusedNumber_beforeJvmDetectsEnd_isNotTaken() throws Exception {
        expectReadyAtOnce(new DelayedProcess(ProcessHandle.current().pid(), true, true));
        expectReadyAtOnce(new DelayedProcess(Integer.MAX_VALUE, true, true));
        try (Background<Integer> thread = Background.start(Libc::gettid)) {
            expectReadyAtOnce(new DelayedProcess(thread.tid(), true, true));
        }
    }

    @Test
    void processThatIsNoChild_isRefused() throws Exception {
        Map<Integer, String> before = OpenFiles.list();
        List<ThrowingCallable> calls = List.of(
                () -> PidFd.of(new DelayedProcess(ProcessHandle.current().pid(), true, false)),
                () -> PidFd.of(new DelayedProcess(Integer.MAX_VALUE, true, false)));
        List<String> errors = List.of("ECHILD", "ESRCH");
        for (int i = 0; i < calls.size(); i++) {
            String error = errors.get(i);
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(calls.get(i))
                    .withMessageContaining("not a child of this process")
                    .satisfies(e -> assertThat(e.errnoName()).isEqualTo(error));
        }
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    @Test
    void exitValue_isEmptyUntilJvmDetectsEnd() throws Exception {
        try (NativeChild child = NativeChild.sh("exit 0")) {
            try (PidFd pidfd = PidFd.of(new DelayedProcess(child.pid(), true, false))) {
                awaitEnd(pidfd);
                assertThat(pidfd.exitValue()).isEmpty();
            }
        }
    }

    @Test
    void interrupt_doesNotEndWait_isKept() throws Exception {
        try (NativeChild child = NativeChild.sh("exit 0");
                PidFd pidfd = PidFd.of(new DelayedProcess(child.pid(), true, true))) {
            awaitEnd(pidfd);
            boolean interrupted = Background.run(() -> {
                Thread.currentThread().interrupt();
                assertThat(pidfd.exitValue()).hasValue(5);
                return Thread.interrupted();
            });
            assertThat(interrupted).isTrue();
        }
    }
}
