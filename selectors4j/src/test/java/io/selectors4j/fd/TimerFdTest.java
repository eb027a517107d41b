package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.TimerFd.Clock;
import io.selectors4j.fd.TimerFd.Setting;
import io.selectors4j.os.Poll;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // an interrupt does not end a blocked read
class TimerFdTest {

    private static final Setting DISARMED = new Setting(Duration.ZERO, Duration.ZERO);
    private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
    private static final Duration CENTURY = Duration.ofDays(36_500);

    private TimerFd timer;

    @BeforeEach
    void open() throws Exception {
        timer = TimerFd.open(Clock.MONOTONIC);
    }

    @AfterEach
    void close() throws Exception {
        timer.close();
    }

    /// Returns the clocks that this process may use: alarm clocks need a privilege.
    static List<Clock> clocks() {
        return Arrays.stream(Clock.values()).filter(TimerFdTest::isAllowed).toList();
    }

    private static boolean isAllowed(Clock clock) {
        try (TimerFd opened = TimerFd.open(clock)) {
            return opened.isOpen();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isReady(TimerFd timer, Duration timeout) throws IOException {
        Poll poll = Poll.create();
        poll.register(timer, Poll.POLLIN);
        return !poll.poll(timeout).isEmpty();
    }

    /// Reads without waiting.
    private static long readNow(TimerFd timer) throws IOException {
        timer.setBlocking(false);
        try {
            return timer.read();
        } finally {
            timer.setBlocking(true);
        }
    }

    @ParameterizedTest
    @MethodSource("clocks")
    void open_isDisarmedBlockingCloseOnExec(Clock clock) throws Exception {
        try (TimerFd opened = TimerFd.open(clock)) {
            assertThat(opened.clock()).isEqualTo(clock);
            assertThat(opened.get()).isEqualTo(DISARMED);
            assertThat(opened.isBlocking()).isTrue();
            assertThat(Libc.isCloseOnExec(opened.fileno())).isTrue();
            assertThat(opened).hasToString("TimerFd[fd=" + opened.fileno() + "]");
            assertThat(readNow(opened)).isZero();
            assertThat(isReady(opened, Duration.ZERO)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("clocks")
    void expires_onceAndNotEarly(Clock clock) throws Exception {
        Duration time = Duration.ofMillis(20).plusNanos(1);
        try (TimerFd opened = TimerFd.open(clock)) {
            long start = System.nanoTime();
            opened.set(time);
            assertThat(opened.read()).isEqualTo(1);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(time.toNanos());
            assertThat(opened.get()).isEqualTo(DISARMED);
            assertThat(isReady(opened, Duration.ofMillis(30))).isFalse();
            assertThat(readNow(opened)).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("clocks")
    void expires_atTimeOfClock(Clock clock) throws Exception {
        try (TimerFd opened = TimerFd.open(clock)) {
            Duration time = clock.now().plusMillis(20);
            opened.setAt(time, Duration.ZERO);
            assertThat(opened.read()).isEqualTo(1);
            assertThat(clock.now()).isGreaterThanOrEqualTo(time);
        }
    }

    @Test
    void expires_atTimeOfDay() throws Exception {
        try (TimerFd opened = TimerFd.open(Clock.REALTIME)) {
            Instant time = Instant.now().plusMillis(20);
            opened.setAt(time, Duration.ZERO);
            assertThat(opened.read()).isEqualTo(1);
            assertThat(Instant.now()).isAfterOrEqualTo(time);
        }
    }

    @ParameterizedTest
    @MethodSource("clocks")
    void interval_expiresRepeatedly(Clock clock) throws Exception {
        try (TimerFd opened = TimerFd.open(clock)) {
            long start = System.nanoTime();
            opened.set(Duration.ofMillis(2), Duration.ofMillis(3));
            long count = 0;
            while (count < 10) {
                long expired = opened.read();
                assertThat(expired).isPositive();
                count += expired;
                Duration time = Duration.ofNanos(System.nanoTime() - start);
                assertThat(time).isGreaterThanOrEqualTo(Duration.ofMillis(2 + (count - 1) * 3));
            }
        }
    }

    @Test
    void unreadExpirations_areCounted() throws Exception {
        long before = System.nanoTime();
        timer.set(Duration.ofMillis(1), Duration.ofMillis(1));
        long after = System.nanoTime(); // may be much later on a busy machine
        while (System.nanoTime() - after < 30_000_000) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(timer.read())
                .isBetween(30L, Duration.ofNanos(System.nanoTime() - before).toMillis());
    }

    @Test
    void expired_staysReadableUntilRead() throws Exception {
        timer.set(Duration.ofNanos(1));
        assertThat(isReady(timer, Expect.PATIENCE)).isTrue();
        assertThat(isReady(timer, Duration.ZERO)).isTrue();
        timer.read();
        assertThat(isReady(timer, Duration.ZERO)).isFalse();
    }

    @Test
    void setting_keepsEveryNanosecond() throws Exception {
        Duration interval = Duration.ofSeconds(5, 123_456_789);
        Duration time = Clock.MONOTONIC.now().plusSeconds(1_000).plusNanos(7);
        timer.setAt(time, interval);
        Duration before = Clock.MONOTONIC.now();
        Setting setting = timer.get();
        Duration after = Clock.MONOTONIC.now();
        assertThat(setting.interval()).isEqualTo(interval);
        assertThat(time.minus(setting.remaining())).isBetween(before, after);

        timer.set(Duration.ofSeconds(1_000, 7));
        assertThat(timer.get().interval()).isEqualTo(Duration.ZERO);
        assertThat(timer.get().remaining()).isBetween(Duration.ofMinutes(15), Duration.ofSeconds(1_000, 6));
    }

    @Test
    void pastTime_expiresAtOnce() throws Exception {
        for (Duration time : List.of(
                Clock.MONOTONIC.now(),
                Duration.ofNanos(1),
                Duration.ZERO,
                Duration.ofNanos(-1),
                Duration.ofSeconds(Long.MIN_VALUE))) {
            timer.setAt(time, Duration.ZERO);
            assertThat(isReady(timer, Expect.PATIENCE)).as("%s", time).isTrue();
            assertThat(readNow(timer)).as("%s", time).isEqualTo(1);
        }
        try (TimerFd realtime = TimerFd.open(Clock.REALTIME)) {
            for (Instant time : List.of(Instant.EPOCH, Instant.MIN)) {
                realtime.setAt(time, Duration.ZERO);
                assertThat(realtime.read()).isEqualTo(1);
            }
        }
    }

    @Test
    void pastTimeWithInterval_countsAllSince() throws Exception {
        try (TimerFd realtime = TimerFd.open(Clock.REALTIME)) {
            realtime.setAt(Instant.now().minus(Duration.ofHours(10).plusMinutes(30)), Duration.ofHours(1));
            assertThat(realtime.read()).isEqualTo(11);
            assertThat(realtime.get().remaining()).isBetween(Duration.ofMinutes(25), Duration.ofMinutes(30));
            assertThat(readNow(realtime)).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("clocks")
    void tooLongTime_neverComes(Clock clock) throws Exception {
        try (TimerFd opened = TimerFd.open(clock)) {
            for (Duration time :
                    List.of(LONGEST, Duration.ofNanos(Long.MAX_VALUE), Duration.ofSeconds(9_223_372_036L))) {
                opened.set(time, time);
                assertThat(opened.get().remaining()).isGreaterThan(CENTURY.multipliedBy(2));
                assertThat(opened.get().interval()).isGreaterThan(CENTURY.multipliedBy(2));
                assertThat(isReady(opened, Duration.ofMillis(2))).isFalse();
                opened.setAt(time, time);
                assertThat(opened.get().remaining()).isGreaterThan(CENTURY.multipliedBy(2));
                assertThat(isReady(opened, Duration.ofMillis(2))).isFalse();
            }
        }
    }

    @Test
    void tooLongInterval_neverComes() throws Exception {
        timer.set(Duration.ofNanos(1), LONGEST);
        assertThat(timer.read()).isEqualTo(1);
        assertThat(isReady(timer, Duration.ofMillis(5))).isFalse();
        assertThat(timer.get().remaining()).isGreaterThan(CENTURY);
    }

    @Test
    void maximumInstant_isAccepted() throws Exception {
        try (TimerFd realtime = TimerFd.open(Clock.REALTIME)) {
            realtime.setAt(Instant.MAX, Duration.ZERO);
            assertThat(realtime.get().remaining()).isGreaterThan(CENTURY.multipliedBy(2));
            // Readable if TimerCancelOnSetTest sets the clock meanwhile, in another process.
            realtime.setAtCancelOnSet(Instant.MAX, Duration.ZERO);
            assertThat(realtime.get().remaining()).isGreaterThan(CENTURY.multipliedBy(2));
        }
    }

    @Test
    void set_discardsUnreadExpirations() throws Exception {
        timer.set(Duration.ofNanos(1));
        assertThat(isReady(timer, Expect.PATIENCE)).isTrue();
        timer.set(Duration.ofHours(1), Duration.ofHours(2));
        assertThat(isReady(timer, Duration.ZERO)).isFalse();
        assertThat(readNow(timer)).isZero();
        assertThat(timer.get().interval()).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void disarm_stopsAndDiscards() throws Exception {
        timer.disarm();
        timer.set(Duration.ofNanos(1), Duration.ofMillis(1));
        assertThat(isReady(timer, Expect.PATIENCE)).isTrue();
        timer.disarm();
        assertThat(timer.get()).isEqualTo(DISARMED);
        assertThat(isReady(timer, Duration.ofMillis(5))).isFalse();
        timer.set(Duration.ofNanos(1));
        assertThat(timer.read()).isEqualTo(1);
    }

    @Test
    void invalidTimes_areRefused_settingStays() throws Exception {
        timer.set(Duration.ofHours(1), Duration.ofHours(2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> timer.set(Duration.ZERO))
                .withMessageContaining("PT0S")
                .withMessageContaining("disarm()");
        Duration negative = Duration.ofNanos(-1);
        List<ThrowingCallable> calls = List.of(
                () -> timer.set(Duration.ZERO, Duration.ofSeconds(1)),
                () -> timer.set(negative),
                () -> timer.set(Duration.ofSeconds(Long.MIN_VALUE), Duration.ZERO),
                () -> timer.set(Duration.ofSeconds(1), negative),
                () -> timer.setAt(Duration.ofSeconds(1), negative),
                () -> timer.setAt(Duration.ZERO, Duration.ofSeconds(Long.MIN_VALUE)));
        for (ThrowingCallable call : calls) {
            assertThatIllegalArgumentException().isThrownBy(call);
        }
        assertThat(timer.get().interval()).isEqualTo(Duration.ofHours(2));
        assertThat(timer.get().remaining()).isGreaterThan(Duration.ofMinutes(50));
    }

    @ParameterizedTest
    @EnumSource(names = {"MONOTONIC", "BOOTTIME"})
    void timeOfDay_otherClock_isRefused(Clock clock) throws Exception {
        try (TimerFd opened = TimerFd.open(clock)) {
            List<ThrowingCallable> calls = List.of(
                    () -> opened.setAt(Instant.EPOCH, Duration.ZERO),
                    () -> opened.setAtCancelOnSet(Instant.now(), Duration.ZERO));
            for (ThrowingCallable call : calls) {
                assertThatExceptionOfType(UnsupportedOperationException.class)
                        .isThrownBy(call)
                        .withMessageContaining("CLOCK_" + clock);
            }
            assertThat(opened.get()).isEqualTo(DISARMED);
        }
    }

    @Test
    void blockingRead_waitsForSet() throws Exception {
        try (Background<Long> reading = Background.start(timer::read)) {
            reading.awaitAsleep();
            timer.set(Duration.ofHours(1));
            reading.awaitAsleep();
            timer.set(Duration.ofMillis(1));
            assertThat(reading.result()).isEqualTo(1);
        }
    }

    @Test
    void bytes_areSameNumber() throws Exception {
        ByteBuffer target = ByteBuffer.allocate(20).order(ByteOrder.nativeOrder());
        timer.set(Duration.ofNanos(1));
        assertThat(timer.read(target)).isEqualTo(8);
        assertThat(target.position()).isEqualTo(8);
        assertThat(target.getLong(0)).isEqualTo(1);
        timer.setBlocking(false);
        assertThat(timer.read(target)).isZero();
        assertThat(timer.read(ByteBuffer.allocate(0))).isZero();
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> timer.read(ByteBuffer.allocate(7)), () -> timer.write(ByteBuffer.allocate(8)))) {
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(call)
                    .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EINVAL"));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> timer.read(ByteBuffer.allocate(8).asReadOnlyBuffer()));
    }

    @Test
    void duplicate_isSameTimer() throws Exception {
        try (TimerFd copy = timer.dup()) {
            assertThat(copy.clock()).isEqualTo(Clock.MONOTONIC);
            assertThat(Libc.isCloseOnExec(copy.fileno())).isTrue();
            timer.set(Duration.ofMillis(1), Duration.ofHours(1));
            timer.close();
            assertThat(copy.get().interval()).isEqualTo(Duration.ofHours(1));
            assertThat(copy.read()).isEqualTo(1);
        }
    }

    @Test
    void closed_refusesEverything() throws Exception {
        timer.close();
        List<ThrowingCallable> uses = List.of(
                timer::read,
                () -> timer.read(ByteBuffer.allocate(8)),
                timer::get,
                timer::disarm,
                timer::dup,
                () -> timer.set(Duration.ofSeconds(1)),
                () -> timer.setAt(Duration.ofSeconds(1), Duration.ZERO));
        for (ThrowingCallable use : uses) {
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(use);
        }
        assertThat(timer.clock()).isEqualTo(Clock.MONOTONIC);
    }

    @Test
    void closeDuringRead_keepsNumberUntilReturn() throws Exception {
        int fd = timer.fileno();
        try (TimerFd copy = timer.dup();
                Background<Long> reading = Background.start(timer::read)) {
            reading.awaitAsleep();
            timer.close();
            assertThat(Libc.isOpen(fd)).isTrue();
            copy.set(Duration.ofMillis(1));
            assertThat(reading.result()).as("the value read is not lost").isEqualTo(1);
            assertThat(Libc.isOpen(fd)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"REALTIME", "REALTIME_ALARM"})
    void realtime_matchesJava(Clock clock) throws Exception {
        Instant before = Instant.now();
        Duration now = clock.now();
        Instant after = Instant.now();
        assertThat(Instant.EPOCH.plus(now)).isBetween(before, after);
    }

    @ParameterizedTest
    @EnumSource(names = {"MONOTONIC", "BOOTTIME", "BOOTTIME_ALARM"})
    void otherClocks_advanceLikeNanoTime(Clock clock) throws Exception {
        long before = System.nanoTime();
        Duration first = clock.now();
        long early = System.nanoTime();
        LockSupport.parkNanos(5_000_000);
        long late = System.nanoTime();
        Duration second = clock.now();
        long after = System.nanoTime();
        assertThat(second.minus(first).toNanos()).isBetween(late - early, after - before);
    }

    @Test
    void boottime_includesSuspension() throws Exception {
        Duration monotonic = Clock.MONOTONIC.now();
        assertThat(Clock.BOOTTIME.now()).isGreaterThanOrEqualTo(monotonic);
        assertThat(Clock.BOOTTIME_ALARM.now()).isGreaterThanOrEqualTo(monotonic);
    }
}
