package io.selectors4j.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.EpollEventArray;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.posix.SigSet;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.TestSignal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The wait of epoll where `epoll_pwait2` is lacking: a seccomp filter takes it away from one thread.
class EpollWaitTest {

    private static final int EPOLL_PWAIT2 = 441; // asm-generic/unistd.h; the same on x86-64
    private static final int EPOLLIN = 1;

    private final EpollEventArray events = new EpollEventArray(4);
    private int epfd;
    private int eventfd;
    private int ready = -1;

    @BeforeEach
    void open() {
        epfd = LinuxLibc.epoll_create1(ErrnoCapture.current(), LinuxConstants.EPOLL_CLOEXEC);
        eventfd = LinuxLibc.eventfd(ErrnoCapture.current(), 0, LinuxConstants.EFD_CLOEXEC);
        EpollEventArray event = new EpollEventArray(1);
        event.set(0, EPOLLIN, 99);
        assertThat(LinuxLibc.epoll_ctl(ErrnoCapture.current(), epfd, LinuxConstants.EPOLL_CTL_ADD, eventfd, event))
                .isZero();
    }

    @AfterEach
    void close() {
        if (ready >= 0) {
            Libc.close(ready);
        }
        Libc.close(eventfd);
        Libc.close(epfd);
    }

    private void makeReady() {
        ready = LinuxLibc.eventfd(ErrnoCapture.current(), 1, LinuxConstants.EFD_CLOEXEC);
        EpollEventArray event = new EpollEventArray(1);
        event.set(0, EPOLLIN, 100);
        assertThat(LinuxLibc.epoll_ctl(ErrnoCapture.current(), epfd, LinuxConstants.EPOLL_CTL_ADD, ready, event))
                .isZero();
    }

    /// How long a wait takes that finds nothing.
    private long elapsed(EpollWait wait, long nanos) {
        long start = System.nanoTime();
        assertThat(wait.await(epfd, events, 4, nanos, null)).isZero();
        return System.nanoTime() - start;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ENOSYS", "EPERM"})
    void whereEpollPwait2IsRefusedTheWaitIsInMillisecondsAndNeverEarly(String refusal) throws Exception {
        Background.run(() -> {
            Libc.failSyscall(EPOLL_PWAIT2, Errno.number(refusal));
            EpollWait wait = new EpollWait();
            for (long nanos : new long[] {1, 400_000, 999_999, 1_000_000, 1_000_001, 2_500_000, 20_000_000}) {
                assertThat(elapsed(wait, nanos)).isGreaterThanOrEqualTo(nanos);
            }
            // One nanosecond is one millisecond now: rounded up, not to nothing, which would be a busy loop.
            assertThat(elapsed(wait, 1)).isGreaterThanOrEqualTo(900_000);
            return null;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"ENOSYS", "EPERM"})
    void thatEpollPwait2IsRefusedIsFoundOutOnce(String refusal) throws Exception {
        Background.run(() -> {
            Libc.failSyscall(EPOLL_PWAIT2, Errno.number(refusal));
            EpollWait wait = new EpollWait();
            assertThat(wait.await(epfd, events, 4, 1_000_000, null)).isZero();
            // Another attempt would fail with an error that nobody expects.
            Libc.failSyscall(EPOLL_PWAIT2, Errno.number("EUCLEAN"));
            for (int i = 0; i < 3; i++) {
                assertThat(wait.await(epfd, events, 4, 1_000_000, null)).isZero();
                assertThat(wait.await(epfd, events, 4, 1_000_000, new SigSet(0)))
                        .isZero();
            }
            // And such an error does come through: the filter works, and only those two errors are taken that way.
            assertThat(new EpollWait().await(epfd, events, 4, 1_000_000, null)).isEqualTo(-Errno.number("EUCLEAN"));
            return null;
        });
    }

    @Test
    void theCoarseWaitFindsEvents() throws Exception {
        makeReady();
        Background.run(() -> {
            Libc.failSyscall(EPOLL_PWAIT2, Errno.ENOSYS);
            EpollWait wait = new EpollWait();
            assertThat(wait.await(epfd, events, 4, 5_000_000_000L, null)).isEqualTo(1);
            assertThat(events.data(0)).isEqualTo(100);
            assertThat(wait.await(epfd, events, 4, 5_000_000_000L, new SigSet(0)))
                    .isEqualTo(1);
            return null;
        });
    }

    @Test
    void theFineWaitIsNeverEarlyAndFinerThanAMillisecond() {
        EpollWait wait = new EpollWait();
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < 20 || (i < 1000 && shortest >= 1_000_000); i++) {
            long elapsed = elapsed(wait, 100_000);
            assertThat(elapsed).isGreaterThanOrEqualTo(100_000);
            shortest = Math.min(shortest, elapsed);
        }
        // Of many waits one at least is not rounded up to a millisecond, whatever else runs.
        assertThat(shortest).isLessThan(1_000_000);
    }

    @Test
    void aWaitWithoutTimeOrWithoutEndNeedsNoFineClock() throws Exception {
        makeReady();
        Background.run(() -> {
            Libc.failSyscall(EPOLL_PWAIT2, Errno.number("EUCLEAN"));
            EpollWait wait = new EpollWait();
            assertThat(wait.await(epfd, events, 4, 0, null)).isEqualTo(1);
            assertThat(wait.await(epfd, events, 4, Deadline.FOREVER, null)).isEqualTo(1);
            return null;
        });
    }

    @Test
    void aSignalDoesNotEndTheCoarseWait() throws Exception {
        long nanos = 300_000_000;
        try (TestSignal signal = TestSignal.counting("WINCH");
                Background<Long> waiting = Background.start(() -> {
                    Libc.failSyscall(EPOLL_PWAIT2, Errno.ENOSYS);
                    return elapsed(new EpollWait(), nanos);
                })) {
            do {
                signal.sendAndAwait(waiting);
                Thread.sleep(10);
            } while (waiting.isRunning());
            assertThat(waiting.result()).isGreaterThanOrEqualTo(nanos);
        }
    }

    @Test
    void aWrongDescriptorIsReported() {
        EpollWait wait = new EpollWait();
        assertThat(wait.await(Libc.NEVER_OPEN, events, 4, 0, null)).isEqualTo(-Errno.EBADF);
        assertThat(wait.await(eventfd, events, 4, 1_000_000, null)).isEqualTo(-Errno.number("EINVAL"));
    }
}
