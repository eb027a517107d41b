package io.selectors4j.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.fd.PipeFd;
import io.selectors4j.internal.posix.FdSets;
import io.selectors4j.internal.posix.PollFds;
import io.selectors4j.internal.posix.SigSet;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.TestSignal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The waits of other systems, on this kernel: with milliseconds, and in several calls, since one call may not accept
/// the whole timeout. The calls are short.
class WaitsInPartsTest {

    private static final int POLLIN = 1;
    private static final int POLLOUT = 4;
    private static final long PART = 1_000_000;
    private static final long YEARS = TimeUnit.DAYS.toNanos(10_000);

    private PipeFd.Pipe pipe;

    @BeforeEach
    void open() throws IOException {
        pipe = PipeFd.open();
    }

    @AfterEach
    void close() throws IOException {
        pipe.close();
    }

    /// A wait for data to read.
    enum Wait {
        PPOLL {
            @Override
            int await(PipeFd.Pipe pipe, long nanos) {
                return poll(new PollWait(), pipe, nanos);
            }
        },
        PPOLL_IN_PARTS {
            @Override
            int await(PipeFd.Pipe pipe, long nanos) {
                return poll(new PollWait(false, PART), pipe, nanos);
            }
        },
        POLL {
            @Override
            int await(PipeFd.Pipe pipe, long nanos) {
                return poll(new PollWait(true, Deadline.LONGEST_CALL), pipe, nanos);
            }
        },
        POLL_IN_PARTS {
            @Override
            int await(PipeFd.Pipe pipe, long nanos) {
                return poll(new PollWait(true, PART), pipe, nanos);
            }
        },
        PSELECT {
            @Override
            int await(PipeFd.Pipe pipe, long nanos) {
                return select(new SelectWait(), pipe, nanos);
            }
        },
        PSELECT_IN_PARTS {
            @Override
            int await(PipeFd.Pipe pipe, long nanos) {
                return select(new SelectWait(PART), pipe, nanos);
            }
        };

        abstract int await(PipeFd.Pipe pipe, long nanos);

        private static int poll(PollWait wait, PipeFd.Pipe pipe, long nanos) {
            PollFds fds = new PollFds();
            fds.add(pipe.reader().fileno(), POLLIN);
            int count = wait.await(fds, nanos, null);
            assertThat(fds.revents(0)).isEqualTo(count > 0 ? POLLIN : 0);
            return count;
        }

        private static int select(SelectWait wait, PipeFd.Pipe pipe, long nanos) {
            FdSets sets = new FdSets();
            int fd = pipe.reader().fileno();
            sets.add(FdSets.READ, fd);
            sets.prepare();
            int count = wait.await(sets, nanos, null);
            assertThat(sets.isReturned(FdSets.READ, fd)).isEqualTo(count > 0);
            return count;
        }
    }

    @ParameterizedTest
    @EnumSource
    void wait_isNeverEarly(Wait wait) {
        for (long nanos : new long[] {0, 1, 999_999, 1_000_000, 1_000_001, 2_500_000, 20_000_000}) {
            long start = System.nanoTime();
            assertThat(wait.await(pipe, nanos)).isZero();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ready_returnsAtOnceForAnyTimeout(Wait wait) throws Exception {
        pipe.writer().write(ByteBuffer.wrap(new byte[1]));
        for (long nanos :
                new long[] {0, PART, PART + 1, 1_000_000_000, YEARS, Deadline.FOREVER - 1, Deadline.FOREVER}) {
            assertThat(wait.await(pipe, nanos)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void readyAfterSeveralParts_isFound(Wait wait) throws Exception {
        for (long nanos : new long[] {YEARS, Deadline.FOREVER - 1, Deadline.FOREVER}) {
            try (Background<Integer> waiting = Background.start(() -> wait.await(pipe, nanos))) {
                Thread.sleep(20);
                assertThat(waiting.isRunning()).isTrue();
                pipe.writer().write(ByteBuffer.wrap(new byte[1]));
                assertThat(waiting.result()).isEqualTo(1);
                pipe.reader().read(ByteBuffer.allocate(1));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void signal_doesNotEndTheWait(Wait wait) throws Exception {
        long nanos = 100_000_000;
        try (TestSignal signal = TestSignal.counting("WINCH");
                Background<Long> waiting = Background.start(() -> {
                    long start = System.nanoTime();
                    assertThat(wait.await(pipe, nanos)).isZero();
                    return System.nanoTime() - start;
                })) {
            do {
                signal.sendAndAwait(waiting);
                Thread.sleep(5);
            } while (waiting.isRunning());
            assertThat(waiting.result()).isGreaterThanOrEqualTo(nanos);
        }
    }

    @Test
    void everyPart_requestsAllThreeSets() throws Exception {
        int reader = pipe.reader().fileno();
        int writer = pipe.writer().fileno();
        pipe.writer().setBlocking(false);
        ByteBuffer large = ByteBuffer.allocate(1 << 20);
        assertThat(pipe.writer().write(large)).isPositive(); // until the pipe is full
        FdSets sets = new FdSets();
        sets.add(FdSets.EXCEPT, reader);
        sets.add(FdSets.WRITE, writer);
        sets.prepare();
        SelectWait wait = new SelectWait(PART);
        try (Background<Integer> waiting = Background.start(() -> wait.await(sets, YEARS, null))) {
            Thread.sleep(20);
            assertThat(waiting.isRunning()).isTrue();
            pipe.reader().read(ByteBuffer.allocate(1 << 20));
            assertThat(waiting.result()).isEqualTo(1);
        }
        assertThat(sets.isReturned(FdSets.WRITE, writer)).isTrue();
        assertThat(sets.isReturned(FdSets.EXCEPT, reader)).isFalse();
    }

    @Test
    void pollWithMask_isRejected() {
        PollFds fds = new PollFds();
        fds.add(pipe.writer().fileno(), POLLOUT);
        PollWait wait = new PollWait(true, Deadline.LONGEST_CALL);
        assertThat(wait.call()).isEqualTo("poll");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> wait.await(fds, 0, new SigSet(0)))
                .withMessageContaining("poll() takes no signal mask");
        assertThat(wait.await(fds, 0, null)).isEqualTo(1);
        assertThat(new PollWait().call()).isEqualTo("ppoll");
        assertThat(new PollWait().await(fds, 0, new SigSet(0))).isEqualTo(1);
    }
}
