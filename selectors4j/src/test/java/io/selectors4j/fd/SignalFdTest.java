package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.posix.Signals;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import io.selectors4j.testing.TestSignal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(240)
class SignalFdTest {

    private static final int USR1 = 10;

    private static void sendToProcess(String signal) {
        Libc.kill(ProcessHandle.current().pid(), Signals.number(signal));
    }

    /// Whether this process has a handler for a signal: SigCgt of proc(5).
    private static boolean isCaught(String signal) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("SigCgt:")) {
                long bits = Long.parseUnsignedLong(
                        line.substring("SigCgt:".length()).strip(), 16);
                return (bits >> (Signals.number(signal) - 1) & 1) != 0;
            }
        }
        throw new AssertionError("no SigCgt");
    }

    private static @Nullable String readNow(SignalFd fd) throws IOException {
        fd.setBlocking(false);
        String name = fd.read();
        fd.setBlocking(true);
        return name;
    }

    @Test
    void signalToProcess_isRead() throws Exception {
        try (SignalFd fd = SignalFd.open("SIGUSR1")) {
            for (int i = 0; i < 20; i++) {
                sendToProcess("SIGUSR1");
                assertThat(fd.read()).isEqualTo("SIGUSR1");
            }
            assertThat(readNow(fd)).isNull();
        }
    }

    @Test
    void signalToReadingThread_isRead() throws Exception {
        try (SignalFd fd = SignalFd.open("SIGUSR1");
                Background<@Nullable String> reading = Background.<@Nullable String>start(fd::read)) {
            reading.awaitAsleep();
            Libc.tgkill(reading.tid(), USR1);
            assertThat(reading.result()).isEqualTo("SIGUSR1");
        }
    }

    @Test
    void blockingRead_waits_nonBlockingReadIsNull() throws Exception {
        try (SignalFd fd = SignalFd.open("SIGUSR1")) {
            assertThat(fd.isBlocking()).isTrue();
            try (Background<@Nullable String> reading = Background.<@Nullable String>start(fd::read)) {
                reading.awaitAsleep();
                sendToProcess("SIGUSR1");
                assertThat(reading.result()).isEqualTo("SIGUSR1");
            }
            fd.setBlocking(false);
            assertThat(fd.read()).isNull();
        }
    }

    @Test
    void eachSignal_isNamed() throws Exception {
        List<String> names =
                List.of("SIGUSR1", "SIGWINCH", "SIGALRM", "SIGIO", "SIGSYS"); // other signals may be ignored here
        try (SignalFd fd = SignalFd.open(names.toArray(String[]::new))) {
            assertThat(fd.signals()).containsExactlyElementsOf(names);
            names.forEach(SignalFdTest::sendToProcess);
            Set<String> read = new HashSet<>();
            while (read.size() < names.size()) {
                // A signal sent by an earlier test may arrive late.
                read.add(Objects.requireNonNull(fd.read()));
            }
            assertThat(read).containsExactlyInAnyOrderElementsOf(names);
        }
        assertThat(isCaught("SIGALRM")).isFalse();
        assertThat(isCaught("SIGSYS")).isFalse();
    }

    @Test
    void endOfChild_isSigchld() throws Exception {
        try (SignalFd fd = SignalFd.open("SIGCHLD")) {
            assertThat(new ProcessBuilder("true").start().waitFor()).isZero();
            assertThat(fd.read()).isEqualTo("SIGCHLD");
        }
        assertThat(new ProcessBuilder("false").start().waitFor()).isEqualTo(1);
    }

    @Test
    void bytes_areNumbers() throws Exception {
        try (SignalFd fd = SignalFd.open("SIGUSR1", "SIGWINCH")) {
            ByteBuffer numbers = ByteBuffer.allocate(10);
            sendToProcess("SIGUSR1");
            assertThat(fd.read(numbers)).isEqualTo(1);
            sendToProcess("SIGWINCH");
            assertThat(fd.read(numbers)).isEqualTo(1);
            assertThat(numbers.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {10, 28}));
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> fd.write(ByteBuffer.allocate(1)))
                    .withMessageContaining("EBADF");
        }
    }

    @Test
    void repeatedName_countsOnce() throws Exception {
        try (SignalFd fd = SignalFd.open("SIGUSR1", "SIGWINCH", "SIGUSR1")) {
            assertThat(fd.signals()).containsExactly("SIGUSR1", "SIGWINCH");
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> fd.signals().add("SIGINT"));
            fd.onSignal(USR1);
            assertThat(fd.read()).isEqualTo("SIGUSR1");
            sendToProcess("SIGUSR1");
            assertThat(fd.read()).isEqualTo("SIGUSR1");
            assertThat(readNow(fd)).isNull();
        }
    }

    @Test
    void severalObjects_eachGetEverySignal() throws Exception {
        try (SignalFd one = SignalFd.open("SIGUSR1");
                SignalFd two = SignalFd.open("SIGWINCH", "SIGUSR1")) {
            sendToProcess("SIGUSR1");
            assertThat(one.read()).isEqualTo("SIGUSR1");
            assertThat(two.read()).isEqualTo("SIGUSR1");
            sendToProcess("SIGWINCH");
            assertThat(two.read()).isEqualTo("SIGWINCH");
            assertThat(readNow(one)).isNull();
        }
    }

    @Test
    void lastClose_restoresDefault() throws Exception {
        assertThat(isCaught("SIGUSR1")).isFalse();
        SignalFd one = SignalFd.open("SIGUSR1");
        SignalFd two = SignalFd.open("SIGUSR1");
        assertThat(isCaught("SIGUSR1")).isTrue();
        one.close();
        assertThat(isCaught("SIGUSR1")).isTrue();
        sendToProcess("SIGUSR1");
        assertThat(two.read()).isEqualTo("SIGUSR1");
        two.close();
        two.close();
        assertThat(isCaught("SIGUSR1")).isFalse();
        try (SignalFd again = SignalFd.open("SIGUSR1")) {
            sendToProcess("SIGUSR1");
            assertThat(again.read()).isEqualTo("SIGUSR1");
        }
        assertThat(isCaught("SIGUSR1")).isFalse();
    }

    @Test
    void previousHandler_isRestored() throws Exception {
        try (TestSignal before = TestSignal.counting("USR1")) {
            try (SignalFd fd = SignalFd.open("SIGUSR1")) {
                sendToProcess("SIGUSR1");
                assertThat(fd.read()).isEqualTo("SIGUSR1");
                assertThat(before.count()).isZero();
            }
            sendToProcess("SIGUSR1");
            before.awaitCount(1);
        }
        assertThat(isCaught("SIGUSR1")).isFalse();
    }

    @Test
    void previousNativeHandler_isRestored() throws Exception {
        try (TestSignal before = TestSignal.interrupting("USR1")) {
            assertThat(before.number()).isEqualTo(USR1);
            try (SignalFd fd = SignalFd.open("SIGUSR1")) {
                sendToProcess("SIGUSR1");
                assertThat(fd.read()).isEqualTo("SIGUSR1");
            }
            Libc.tgkill(Libc.gettid(), USR1); // the default action would end this process
            assertThat(isCaught("SIGUSR1")).isTrue();
        }
    }

    @Test
    void handlerSetMeanwhile_stays() throws Exception {
        SignalFd fd = SignalFd.open("SIGUSR1");
        TestSignal over = TestSignal.counting("USR1");
        sendToProcess("SIGUSR1");
        over.awaitCount(1);
        assertThat(readNow(fd)).isNull();
        fd.close();
        sendToProcess("SIGUSR1");
        over.awaitCount(2);

        // No object is open for the signal, and its previous handler is installed again.
        over.close();
        assertThat(isCaught("SIGUSR1")).isTrue();
        Libc.tgkill(Libc.gettid(), USR1);
        try (SignalFd next = SignalFd.open("SIGUSR1")) {
            sendToProcess("SIGUSR1");
            assertThat(next.read()).isEqualTo("SIGUSR1");
        }
        Libc.defaultAction(USR1);
    }

    @Test
    void nativeHandlerSetMeanwhile_stays() throws Exception {
        SignalFd fd = SignalFd.open("SIGUSR1");
        try (TestSignal over = TestSignal.interrupting("USR1")) {
            fd.close();
            Libc.tgkill(Libc.gettid(), over.number());
            assertThat(isCaught("SIGUSR1")).isTrue();
        }
        Libc.defaultAction(USR1);
    }

    @Test
    void signalFromOtherHandlerAfterClose_isForwarded() throws Exception {
        try (TestSignal before = TestSignal.counting("USR1")) {
            SignalFd fd = SignalFd.open("SIGUSR1");
            TestSignal over = TestSignal.counting("USR1");
            fd.close();
            over.close(); // restores the handler that it replaced: the one of the closed object
            sendToProcess("SIGUSR1");
            before.awaitCount(1);
        }
        assertThat(isCaught("SIGUSR1")).isFalse();
    }

    @Test
    void open_overOtherHandler_restoresItOnClose() throws Exception {
        SignalFd first = SignalFd.open("SIGUSR1");
        TestSignal over = TestSignal.counting("USR1");
        SignalFd second = SignalFd.open("SIGUSR1");
        sendToProcess("SIGUSR1");
        assertThat(second.read()).isEqualTo("SIGUSR1");
        assertThat(over.count()).isZero();
        assertThat(readNow(first)).isNull();
        second.close();
        sendToProcess("SIGUSR1");
        over.awaitCount(1);
        over.close();
        sendToProcess("SIGUSR1");
        assertThat(first.read()).isEqualTo("SIGUSR1");
        first.close();
        assertThat(isCaught("SIGUSR1")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "SIGKILL, the kernel",
        "SIGSTOP, the kernel",
        "SIGSEGV, faults",
        "SIGBUS, faults",
        "SIGFPE, faults",
        "SIGILL, faults",
        "SIGTRAP, faults",
        "SIGQUIT, thread dump",
        "SIGUSR2, suspends",
        "SIGPIPE, EPIPE",
        "SIGXFSZ, EFBIG",
        "SIGABRT, ends itself"
    })
    void uncatchableSignal_isRefused_installsNothing(String name, String reason) throws Exception {
        Map<Integer, String> before = OpenFiles.list();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignalFd.open("SIGUSR1", name))
                .withMessageStartingWith(name + " cannot be read: ")
                .withMessageContaining(reason);
        assertThat(isCaught("SIGUSR1")).isFalse();
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"USR1", "SIGNONE", "", "sigusr1"})
    void unknownName_isRefusedWithKnownNames(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignalFd.open("SIGUSR1", name))
                .withMessageContaining("no signal is called " + name)
                .withMessageContaining("SIGUSR1");
    }

    @Test
    void noName_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(SignalFd::open);
    }

    @Test
    void failureOfOne_installsNone() throws Exception {
        Map<Integer, String> before = OpenFiles.list();
        // The virtual machine itself refuses SIGQUIT.
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> SignalFd.install(new LinkedHashSet<>(List.of("SIGUSR1", "SIGALRM", "SIGQUIT"))))
                .withMessageContaining("SIGQUIT");
        assertThat(isCaught("SIGUSR1")).isFalse();
        assertThat(isCaught("SIGALRM")).isFalse();
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    @Test
    void close_endsBlockedRead() throws Exception {
        for (int i = 0; i < 20; i++) {
            SignalFd fd = SignalFd.open("SIGUSR1");
            int number = fd.fileno();
            try (Background<@Nullable String> one = Background.<@Nullable String>start(fd::read);
                    Background<Integer> two = Background.start(() -> fd.read(ByteBuffer.allocate(5)))) {
                one.awaitAsleep();
                two.awaitAsleep();
                fd.close();
                assertThat(one.failure()).isInstanceOf(AsynchronousCloseException.class);
                assertThat(two.failure()).isInstanceOf(AsynchronousCloseException.class);
            }
            assertThat(Libc.isOpen(number)).isFalse();
        }
    }

    @Test
    void fullPipe_dropsSignals() throws Exception {
        try (SignalFd fd = SignalFd.open("SIGUSR1")) {
            for (int i = 0; i < 70_000; i++) {
                fd.onSignal(USR1);
            }
            ByteBuffer numbers = ByteBuffer.allocate(80_000);
            fd.setBlocking(false);
            int all = 0;
            int count;
            while ((count = fd.read(numbers)) > 0) {
                all += count;
            }
            assertThat(all).isBetween(4096, 65_536);
            sendToProcess("SIGUSR1");
            Expect.spinUntil("there is room again", () -> "SIGUSR1".equals(fd.read()));
        }
    }

    @Test
    void signalAfterClose_isDropped() throws Exception {
        SignalFd fd = SignalFd.open("SIGUSR1");
        fd.close();
        fd.onSignal(USR1);
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(fd::read);
        assertThat(fd).hasToString("SignalFd[closed]");
        assertThat(fd.signals()).containsExactly("SIGUSR1");
    }

    @Test
    void pipe_isCloseOnExec_closedWithObject() throws Exception {
        Map<Integer, String> before = OpenFiles.list();
        try (SignalFd fd = SignalFd.open("SIGUSR1")) {
            Set<Integer> ends = OpenFiles.since(before).keySet();
            assertThat(ends).hasSize(2).contains(fd.fileno()).allMatch(Libc::isCloseOnExec);
            assertThat(fd).hasToString("SignalFd[fd=" + fd.fileno() + "]");
        }
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void duplicate_sharesPipe_endsWithIt() throws Exception {
        try (SignalFd fd = SignalFd.open("SIGUSR1");
                Fd copy = fd.dup()) {
            sendToProcess("SIGUSR1");
            ByteBuffer number = ByteBuffer.allocate(2);
            assertThat(copy.read(number)).isEqualTo(1);
            assertThat(number.get(0)).isEqualTo((byte) USR1);
            assertThat(readNow(fd)).isNull();
            fd.close();
            assertThat(copy.read(number)).isEqualTo(-1);
        }
    }

    @Test
    void concurrentOpenAndClose_leakNothing() throws Exception {
        Map<Integer, String> before = OpenFiles.list();
        try (SignalFd lasting = SignalFd.open("SIGUSR1")) {
            List<Background<Integer>> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(Background.start(() -> {
                    int read = 0;
                    for (int j = 0; j < 60; j++) {
                        try (SignalFd fd = SignalFd.open("SIGUSR1", "SIGALRM")) {
                            sendToProcess("SIGUSR1");
                            read += "SIGUSR1".equals(fd.read()) ? 1 : 0;
                        }
                    }
                    return read;
                }));
            }
            for (Background<Integer> thread : threads) {
                assertThat(thread.result()).isEqualTo(60);
            }
            assertThat(lasting.read()).isEqualTo("SIGUSR1");
        }
        assertThat(isCaught("SIGUSR1")).isFalse();
        assertThat(isCaught("SIGALRM")).isFalse();
        // The thread that writes a signal may be the last user of a pipe.
        Expect.spinUntil(
                "nothing is open any more", () -> OpenFiles.since(before).isEmpty());
    }
}
