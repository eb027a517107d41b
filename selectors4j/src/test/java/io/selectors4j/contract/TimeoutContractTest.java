package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectNothing;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeoutContractTest extends ContractTest {

    TimeoutContractTest(BackendUnderTest backend) {
        super(backend);
    }

    @Nested
    class ShortTimeout {

        @ParameterizedTest
        @ValueSource(longs = {0, 1, 999, 1_000, 500_000, 999_999, 1_000_000, 1_000_001, 1_999_999, 50_000_000})
        void timeout_isNeverShortened(long nanos) throws IOException {
            Selector<String> selector = open();
            selector.register(pair().reader(), Interest.READ, "data");
            Duration timeout = Duration.ofNanos(nanos);
            for (int i = 0; i < (nanos < 5_000_000 ? 20 : 3); i++) {
                long start = System.nanoTime();
                assertThat(selector.select(timeout)).isEmpty();
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
            }
        }

        @ParameterizedTest
        @ValueSource(longs = {0, 1, 999_999, 50_000_000})
        void timeoutWithAHandler_isNeverShortened(long nanos) throws IOException {
            Selector<String> selector = open();
            selector.register(pair().reader(), Interest.READ, "data");
            long start = System.nanoTime();
            assertThat(selector.select(Duration.ofNanos(nanos), (key, readiness) -> {}))
                    .isZero();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
        }

        /// A single wait may be late on a busy machine, so the test repeats until one is not.
        @Test
        void timeoutBelowAMillisecond_isNotRoundedUp() throws IOException {
            Selector<String> selector = open();
            selector.register(pair().reader(), Interest.READ, "data");
            Duration timeout = Duration.ofNanos(100_000);
            long end = System.nanoTime() + PATIENCE.toNanos();
            long waited;
            do {
                long start = System.nanoTime();
                assertThat(selector.select(timeout)).isEmpty();
                waited = System.nanoTime() - start;
                assertThat(waited).isGreaterThanOrEqualTo(timeout.toNanos());
                assertThat(start - end).as("no wait below a millisecond").isNegative();
            } while (waited > backend.shortestWait().toNanos());
        }

        @Test
        void changesByAnotherThread_doNotChangeTheTimeout() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            Duration timeout = Duration.ofMillis(300);
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger count = new AtomicInteger();
            Background<Integer> changes = Background.start(() -> {
                while (!stop.get()) {
                    selector.register(pair.reader(), Interest.READ, "data");
                    selector.modify(pair.reader(), silent, "data");
                    selector.unregister(pair.reader());
                    count.incrementAndGet();
                }
                return count.get();
            });
            while (count.get() == 0 && changes.isRunning()) {
                Thread.onSpinWait();
            }
            long start = System.nanoTime();
            expectNothing(selector, timeout);
            long waited = System.nanoTime() - start;
            stop.set(true);

            assertThat(changes.result()).isPositive();
            assertThat(waited).isGreaterThanOrEqualTo(timeout.toNanos());
        }

        @Test
        void eachSelect_hasItsOwnTimeout() throws IOException {
            Selector<String> selector = open();
            long start = System.nanoTime();
            for (int i = 0; i < 5; i++) {
                expectNothing(selector, Duration.ofMillis(10));
            }
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000L);
        }
    }

    @Nested
    class ExtremeTimeout {

        static Stream<Duration> nonPositive() {
            return Stream.of(
                    Duration.ZERO,
                    Duration.ofNanos(-1),
                    Duration.ofSeconds(-1),
                    Duration.ofNanos(Long.MIN_VALUE),
                    Duration.ofSeconds(Long.MIN_VALUE));
        }

        static Stream<Duration> huge() {
            return Stream.of(
                    Duration.ofMillis(Integer.MAX_VALUE), // 24.9 days
                    Duration.ofMillis(Integer.MAX_VALUE).plusNanos(1),
                    Duration.ofSeconds(Integer.MAX_VALUE),
                    Duration.ofSeconds(1L << 32),
                    Duration.ofNanos(Long.MAX_VALUE - 1), // 292 years
                    Duration.ofNanos(Long.MAX_VALUE),
                    Duration.ofNanos(Long.MAX_VALUE).plusNanos(1),
                    Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
        }

        @ParameterizedTest
        @MethodSource("nonPositive")
        void nonPositiveTimeout_returnsAtOnce(Duration timeout) throws IOException {
            Selector<String> selector = open();
            selector.register(pair().reader(), Interest.READ, "data");
            for (int i = 0; i < 100; i++) {
                assertThat(selector.select(timeout)).isEmpty();
            }
        }

        /// An arithmetic overflow would make select return at once or fail.
        @ParameterizedTest
        @MethodSource("huge")
        void hugeTimeout_doesNotOverflow(Duration timeout) throws Exception {
            Selector<String> selector = open();
            selector.register(pair().reader(), Interest.READ, "data");
            Background<? extends List<?>> select =
                    Background.start(() -> selector.select(timeout)).awaitAsleep();

            select.expectRunning(Duration.ofMillis(20));
            selector.wakeup();

            assertThat(select.result()).isEmpty();
        }

        @Test
        void noTimeout_waitsUntilWokenUp() throws Exception {
            Selector<String> selector = open();
            Background<? extends List<?>> select =
                    Background.start(() -> selector.select()).awaitAsleep();

            select.expectRunning(Duration.ofMillis(100));
            selector.wakeup();

            assertThat(select.result()).isEmpty();
        }
    }
}
