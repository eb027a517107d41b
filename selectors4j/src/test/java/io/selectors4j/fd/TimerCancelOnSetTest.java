package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.TimerFd.Clock;
import io.selectors4j.os.Poll;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.RealtimeClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Timers that report that the clock was set. Requires the privilege to set it.
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("clocks")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // an interrupt does not end a blocked read
class TimerCancelOnSetTest {

    private static final Duration INTERVAL = Duration.ofHours(2);

    private final Clock clock;

    private TimerFd timer;

    TimerCancelOnSetTest(Clock clock) {
        this.clock = clock;
    }

    static List<Clock> clocks() {
        return RealtimeClock.isSettable()
                ? Stream.of(Clock.REALTIME, Clock.REALTIME_ALARM)
                        .filter(TimerFdTest.clocks()::contains)
                        .toList()
                : List.of();
    }

    @BeforeEach
    void open() throws Exception {
        timer = TimerFd.open(clock);
        timer.setBlocking(false);
    }

    @AfterEach
    void close() throws Exception {
        timer.close();
    }

    private static Instant later() {
        return Instant.now().plus(Duration.ofHours(1));
    }

    private boolean isReady() throws IOException {
        Poll poll = Poll.create();
        poll.register(timer, Poll.POLLIN);
        return !poll.poll(Duration.ZERO).isEmpty();
    }

    private static void assertCanceled(ThrowingCallable call) {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo("ECANCELED"));
    }

    private void expectSet() throws IOException {
        assertThat(timer.get().interval()).isEqualTo(INTERVAL);
        assertThat(timer.get().remaining()).isBetween(Duration.ofMinutes(50), Duration.ofMinutes(60));
    }

    @Test
    void clockSet_isReportedOnce_timerContinues() throws Exception {
        timer.setAtCancelOnSet(later(), INTERVAL);
        assertThat(isReady()).isFalse();
        assertThat(timer.read()).isZero();
        for (int i = 0; i < 2; i++) {
            RealtimeClock.jump();
            assertThat(isReady()).isTrue();
            assertCanceled(timer::read);
            assertThat(isReady()).isFalse();
            assertThat(timer.read()).isZero();
            expectSet();
        }
    }

    @Test
    void clockSet_failsReadOfBytes() throws Exception {
        timer.setAtCancelOnSet(later(), INTERVAL);
        RealtimeClock.jump();
        assertCanceled(() -> timer.read(ByteBuffer.allocate(8)));
    }

    @Test
    void clockSet_endsBlockedRead() throws Exception {
        timer.setBlocking(true);
        timer.setAtCancelOnSet(Instant.MAX, Duration.ZERO);
        try (Background<Long> reading = Background.start(timer::read)) {
            reading.awaitAsleep();
            RealtimeClock.jump();
            assertCanceled(reading::result);
        }
    }

    @Test
    void clockSet_failsNextSet_whichIsDone() throws Exception {
        timer.setAtCancelOnSet(later(), Duration.ZERO);
        RealtimeClock.jump();
        assertCanceled(() -> timer.setAtCancelOnSet(later(), INTERVAL));
        expectSet();
        assertThat(isReady()).isFalse();
        timer.setAtCancelOnSet(later(), INTERVAL);
    }

    @Test
    void plainSet_reportsNothing() throws Exception {
        timer.setAtCancelOnSet(later(), Duration.ZERO);
        RealtimeClock.jump();
        timer.setAt(later(), INTERVAL);
        expectSet();
        assertThat(isReady()).isFalse();
        assertThat(timer.read()).isZero();
    }

    @Test
    void disarm_reportsNothing() throws Exception {
        timer.setAtCancelOnSet(later(), Duration.ZERO);
        RealtimeClock.jump();
        timer.disarm();
        assertThat(isReady()).isFalse();
        assertThat(timer.read()).isZero();
    }

    @Test
    void plainTimer_reportsNothing() throws Exception {
        timer.setAt(later(), INTERVAL);
        RealtimeClock.jump();
        assertThat(isReady()).isFalse();
        timer.set(Duration.ofHours(1), INTERVAL);
        RealtimeClock.jump();
        assertThat(isReady()).isFalse();
        expectSet();
    }

    @Test
    void timer_expires() throws Exception {
        timer.setBlocking(true);
        timer.setAtCancelOnSet(Instant.now(), Duration.ZERO);
        assertThat(timer.read()).isEqualTo(1);
    }

    @Test
    void unreadExpiration_isLostWhenClockSet() throws Exception {
        timer.setAtCancelOnSet(Instant.now(), Duration.ofMillis(1));
        Expect.spinUntil("the timer expires", this::isReady);
        RealtimeClock.jump();
        assertCanceled(timer::read);
        assertThat(timer.get().remaining()).isEqualTo(Duration.ZERO);
        timer.setAtCancelOnSet(Instant.now(), Duration.ZERO);
        Expect.spinUntil("the timer expires again", this::isReady);
        assertThat(timer.read()).isEqualTo(1);
    }
}
