package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.fd.PipeFd;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.TestSignal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Signals during a wait, with and without a mask, for each primitive.
class SignalTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private TestSignal signal;
    private PipeFd.Pipe pipe;

    @BeforeEach
    void open() throws Exception {
        signal = TestSignal.counting("WINCH");
        pipe = PipeFd.open();
    }

    @AfterEach
    void close() throws Exception {
        pipe.close();
        signal.close();
    }

    /// A primitive that waits until there is data to read.
    enum Primitive {
        PSELECT {
            @Override
            int poll(PipeFd fd, @Nullable Duration timeout, @Nullable SignalMask mask) throws Exception {
                return Select.select(List.of(fd), List.of(), List.of(), timeout, mask)
                        .readable()
                        .size();
            }
        },
        PPOLL {
            @Override
            int poll(PipeFd fd, @Nullable Duration timeout, @Nullable SignalMask mask) throws Exception {
                Poll poll = Poll.create();
                poll.register(fd, Poll.POLLIN);
                return poll.poll(timeout, mask).size();
            }
        },
        EPOLL_PWAIT {
            @Override
            int poll(PipeFd fd, @Nullable Duration timeout, @Nullable SignalMask mask) throws Exception {
                try (Epoll epoll = Epoll.create()) {
                    epoll.register(fd, Epoll.EPOLLIN);
                    return epoll.poll(timeout, 1, mask).size();
                }
            }
        };

        abstract int poll(PipeFd fd, @Nullable Duration timeout, @Nullable SignalMask mask) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void signalWithoutMask_doesNotEndTimedWait(Primitive primitive) throws Exception {
        long nanos = 300_000_000;
        try (Background<Long> waiting = Background.start(() -> {
            long start = System.nanoTime();
            assertThat(primitive.poll(pipe.reader(), Duration.ofNanos(nanos), null))
                    .isZero();
            return System.nanoTime() - start;
        })) {
            do {
                signal.sendAndAwait(waiting);
                Thread.sleep(5);
            } while (waiting.isRunning());
            assertThat(waiting.result()).isGreaterThanOrEqualTo(nanos);
        }
    }

    @ParameterizedTest
    @EnumSource
    void signalWithoutMask_doesNotEndUnlimitedWait(Primitive primitive) throws Exception {
        try (Background<Integer> waiting = Background.start(() -> primitive.poll(pipe.reader(), null, null))) {
            waiting.awaitAsleep();
            signal.sendAndAwait(waiting);
            waiting.awaitAsleep();
            pipe.writer().write(ByteBuffer.wrap(new byte[] {1}));
            assertThat(waiting.result()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void unblockedSignal_endsWaitWithNoEvent(Primitive primitive) throws Exception {
        for (Duration timeout : new @Nullable Duration[] {LONG, null}) {
            try (Background<Integer> waiting =
                    Background.start(() -> primitive.poll(pipe.reader(), timeout, SignalMask.blocking("SIGUSR1")))) {
                waiting.awaitAsleep();
                signal.sendAndAwait(waiting);
                assertThat(waiting.result()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void blockedSignal_isDeliveredAfterWait(Primitive primitive) throws Exception {
        SignalMask mask = SignalMask.blocking("SIGWINCH");
        try (Background<Integer> waiting = Background.start(() -> primitive.poll(pipe.reader(), null, mask))) {
            waiting.awaitAsleep();
            signal.send(waiting);
            Thread.sleep(50);
            assertThat(waiting.isRunning()).isTrue();
            assertThat(signal.count()).isZero();
            pipe.writer().write(ByteBuffer.wrap(new byte[] {1}));
            assertThat(waiting.result()).isEqualTo(1);
            signal.awaitCount(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void pendingSignal_endsWaitImmediately(Primitive primitive) throws Exception {
        Background.run(() -> {
            Libc.blockSignal(signal.number());
            Libc.tgkill(Libc.gettid(), signal.number());
            Thread.sleep(50);
            assertThat(signal.count()).isZero(); // pending: the thread blocks it
            assertThat(primitive.poll(pipe.reader(), null, SignalMask.blocking()))
                    .isZero();
            signal.awaitCount(1);
            // The thread's own mask is restored.
            Libc.tgkill(Libc.gettid(), signal.number());
            Thread.sleep(50);
            assertThat(signal.count()).isEqualTo(1);
            Libc.unblockSignal(signal.number());
            signal.awaitCount(2);
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource
    void maskedWait_reportsReadinessAndTimeout(Primitive primitive) throws Exception {
        SignalMask mask = SignalMask.blocking("SIGWINCH", "SIGUSR1");
        long start = System.nanoTime();
        assertThat(primitive.poll(pipe.reader(), Duration.ofMillis(5), mask)).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(5_000_000);
        pipe.writer().write(ByteBuffer.wrap(new byte[] {1}));
        assertThat(primitive.poll(pipe.reader(), null, mask)).isEqualTo(1);
        assertThat(primitive.poll(pipe.reader(), Duration.ZERO, mask)).isEqualTo(1);
    }

    @Test
    void unknownSignal_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignalMask.blocking("SIGUSR1", "SIGNONE"))
                .withMessageContaining("SIGNONE");
    }

    @Test
    void toString_namesSignals() {
        assertThat(SignalMask.blocking("SIGWINCH", "SIGUSR1")).hasToString("SignalMask[SIGUSR1, SIGWINCH]");
        assertThat(SignalMask.blocking()).hasToString("SignalMask[]");
    }
}
