package io.selectors4j.internal.sys;

import static io.selectors4j.internal.sys.PollFlags.POLLIN;
import static io.selectors4j.internal.sys.PollFlags.POLLOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.windows.AfdLibc;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Waits, the end of a port, and failures of its creation.
class AfdPortWaitTest extends AfdPortFixture {

    AfdPortWaitTest() throws IOException {}

    @Nested
    class Waits {

        @Test
        void timeout_isNeverShortened() {
            for (long nanos : new long[] {1, 999_999, 1_000_001, 3_000_000, SHORT}) {
                long start = System.nanoTime();
                assertThat(port.await(events, nanos)).isZero();
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
            }
        }

        @Test
        void orphans_doNotEndTheWait() throws Exception {
            ConnectedPair pair = pair();
            try (Background<Integer> wait =
                    Background.start(() -> port.await(events, Deadline.FOREVER)).awaitAsleep()) {
                for (int i = 0; i < 200; i++) {
                    port.cancel(start(pair, POLLIN, i));
                }
                wait.expectRunning(Duration.ofMillis(20));
                start(pair, POLLOUT, -1);
                assertThat(wait.result()).isOne();
            }
        }

        @Test
        void wake_endsTheWait() throws Exception {
            try (Background<Integer> wait =
                    Background.start(() -> port.await(events, Deadline.FOREVER)).awaitAsleep()) {
                assertThat(port.wake()).isZero();
                assertThat(wait.result()).isOne();
                assertThat(events.count()).isZero();
            }
        }

        @Test
        void close_endsTheWait() throws Exception {
            start(pair(), POLLIN, 1);
            try (Background<Integer> wait =
                    Background.start(() -> port.await(events, Deadline.FOREVER)).awaitAsleep()) {
                port.close();
                assertThat(wait.result()).isEqualTo(-Errno.EBADF);
            }
        }

        @Test
        void failure_isReturned() {
            afd.fail("GetQueuedCompletionStatusEx", 8);
            assertThat(port.await(events, 0)).isEqualTo(-Errno.ENOMEM);
            afd.fail("GetQueuedCompletionStatusEx", 6);
            assertThat(port.await(events, Deadline.FOREVER)).isEqualTo(-Errno.EBADF);
            afd.succeed("GetQueuedCompletionStatusEx");
            expectNone();
        }
    }

    @Nested
    class Closing {

        @Test
        void close_waitsForTheCompletionsOfItsPolls() throws IOException {
            for (int i = 0; i < 100; i++) {
                int poll = start(pair(), i % 2 == 0 ? POLLIN : POLLOUT, i);
                if (i % 3 == 0) {
                    port.cancel(poll);
                }
            }
            port.close(); // the simulation rejects an earlier end of the port
            port.close();
        }

        @Test
        void closedPort_refusesEveryCall() throws IOException {
            int fd = pair().reader().fileno();
            int poll = port.start(fd, POLLOUT, 1);
            port.close();
            assertThat(port.start(fd, POLLIN, 1)).isEqualTo(-Errno.EBADF);
            assertThat(port.restart(poll)).isEqualTo(-Errno.EBADF);
            assertThat(port.await(events, 0)).isEqualTo(-Errno.EBADF);
            assertThat(port.wake()).isZero();
            port.cancel(poll);
            port.refresh();
        }

        @Test
        void pollsThatDoNotComplete_delayCloseForASecondAtMost() throws IOException {
            AfdPort silent = AfdPort.create(new AfdLibc(afd.lookup()));
            assertThat(silent.start(pair().reader().fileno(), POLLIN, 1)).isNotNegative();
            afd.fail("GetQueuedCompletionStatusEx", 258);
            long start = System.nanoTime();
            silent.close();
            assertThat(System.nanoTime() - start)
                    .isBetween(
                            Duration.ofSeconds(1).toNanos(),
                            Duration.ofSeconds(30).toNanos());
            afd.succeed("GetQueuedCompletionStatusEx");
            assertThat(afd.takeFailure()).hasMessageContaining("completions");
        }
    }

    @Nested
    class NoPort {

        @ParameterizedTest
        @CsvSource({
            "CreateIoCompletionPort, 8, CreateIoCompletionPort, ENOMEM",
            "NtCreateFile, 0xC0000022, NtCreateFile(\\Device\\Afd\\selectors4j), EINVAL",
            "associate, 87, CreateIoCompletionPort(\\Device\\Afd\\selectors4j), EINVAL",
            "SetFileCompletionNotificationModes, 1450, "
                    + "SetFileCompletionNotificationModes(\\Device\\Afd\\selectors4j), ENOMEM",
        })
        void failure_leavesNothingOpen(String function, String code, String call, String errno) {
            int before = afd.openHandles();
            afd.fail(function, (int) (long) Long.decode(code));
            assertThatThrownBy(() -> AfdPort.create(new AfdLibc(afd.lookup())))
                    .isInstanceOfSatisfying(
                            NativeIOException.class,
                            e -> assertThat(e.errnoName()).isEqualTo(errno))
                    .hasMessageStartingWith(call + ": ");
            assertThat(afd.openHandles()).isEqualTo(before);
            afd.succeed(function);
        }

        @Test
        void failureForAnotherHandle_leavesTheOthers() throws IOException {
            ConnectedPair pair = pair();
            List<Integer> duplicates = new ArrayList<>();
            for (int i = 0; i < AfdGroup.SIZE; i++) {
                int duplicate = Libc.tryDup(pair.reader().fileno());
                duplicates.add(duplicate);
                assertThat(port.start(duplicate, POLLIN, i)).isNotNegative();
            }
            for (String function : List.of("NtCreateFile", "associate", "SetFileCompletionNotificationModes")) {
                afd.fail(function, function.equals("NtCreateFile") ? 0xC000009A : 8);
                assertThatThrownBy(() -> port.start(pair.reader().fileno(), POLLIN, -1))
                        .isInstanceOf(NativeIOException.class);
                afd.succeed(function);
                assertThat(afd.openHandles()).isEqualTo(2);
            }
            assertThat(port.start(pair.writer().fileno(), POLLOUT, -1)).isNotNegative();
            expectOne(-1, POLLOUT);
            duplicates.forEach(Libc::close);
        }
    }
}
