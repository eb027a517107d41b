package io.selectors4j.internal.sys;

import static io.selectors4j.internal.sys.Deadline.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadlineTest {

    @Test
    void null_isForever() {
        assertThat(Deadline.nanos(null)).isEqualTo(FOREVER);
    }

    @Test
    void ordinaryTimeout_isExact() {
        assertThat(Deadline.nanos(Duration.ZERO)).isZero();
        assertThat(Deadline.nanos(Duration.ofNanos(1))).isEqualTo(1);
        assertThat(Deadline.nanos(Duration.ofNanos(-1))).isEqualTo(-1);
        assertThat(Deadline.nanos(Duration.ofSeconds(3, 7))).isEqualTo(3_000_000_007L);
        assertThat(Deadline.nanos(Duration.ofSeconds(-3, 7))).isEqualTo(-2_999_999_993L);
        assertThat(Deadline.nanos(Duration.ofDays(25))).isEqualTo(2_160_000_000_000_000L);
    }

    @Test
    void hugeTimeout_isForever() {
        assertThat(Deadline.nanos(Duration.ofNanos(Long.MAX_VALUE))).isEqualTo(FOREVER);
        assertThat(Deadline.nanos(Duration.ofNanos(Long.MAX_VALUE).plusNanos(1)))
                .isEqualTo(FOREVER);
        assertThat(Deadline.nanos(Duration.ofMillis(Long.MAX_VALUE))).isEqualTo(FOREVER);
        assertThat(Deadline.nanos(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)))
                .isEqualTo(FOREVER);
        assertThat(Deadline.nanos(Duration.ofNanos(Long.MAX_VALUE - 1))).isEqualTo(Long.MAX_VALUE - 1);
    }

    @Test
    void hugeNegativeTimeout_staysNegative() {
        assertThat(Deadline.nanos(Duration.ofSeconds(Long.MIN_VALUE))).isNegative();
        assertThat(Deadline.nanos(Duration.ofMillis(Long.MIN_VALUE))).isNegative();
        assertThat(Deadline.nanos(Duration.ofNanos(Long.MIN_VALUE))).isNegative();
        assertThat(Deadline.nanos(Duration.ofNanos(Long.MIN_VALUE + 1))).isNegative();
        assertThat(Deadline.nanos(Duration.ofNanos(Long.MIN_VALUE).minusNanos(1)))
                .isNegative();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "999999, 1",
        "1000000, 1",
        "1000001, 2",
        "2147483646999999, 2147483647",
        "2147483647000000, 2147483647",
        "2147483647000001, 2147483647",
        "9223372036854775806, 2147483647"
    })
    void millis_areRoundedUpAndCapped(long nanos, int millis) {
        assertThat(Deadline.millis(nanos)).isEqualTo(millis);
    }

    @Test
    void forever_isMinusOneMillisecond() {
        assertThat(Deadline.millis(FOREVER)).isEqualTo(-1);
    }

    @Test
    void remaining_isZeroAfterTheTimeout() {
        long start = System.nanoTime() - 1_000_000_000L;
        assertThat(Deadline.remaining(1, start)).isZero();
        assertThat(Deadline.remaining(999_999_999, start)).isZero();
        assertThat(Deadline.remaining(0, start)).isZero();
    }

    @Test
    void remaining_shrinksWithTime() {
        long start = System.nanoTime() - 1_000_000_000L;
        assertThat(Deadline.remaining(3_600_000_000_000L, start)).isPositive().isLessThanOrEqualTo(3_599_000_000_000L);
    }

    @Test
    void remainingOfForever_isForever() {
        assertThat(Deadline.remaining(FOREVER, System.nanoTime() - 1_000_000_000L))
                .isEqualTo(FOREVER);
        assertThat(Deadline.remaining(FOREVER - 1, System.nanoTime()))
                .isPositive()
                .isLessThan(FOREVER);
    }

    @Test
    void clock_mayWrapAround() {
        // System.nanoTime has an arbitrary origin; only differences count.
        long now = System.nanoTime();
        assertThat(Deadline.remaining(Long.MAX_VALUE - 1, now)).isGreaterThan(Long.MAX_VALUE - 3_600_000_000_000L);
    }
}
