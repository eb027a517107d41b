package io.selectors4j.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimespecTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "1, 0, 1",
        "999999999, 0, 999999999",
        "1000000000, 1, 0",
        "50123456789, 50, 123456789",
        "9223372036854775807, 9223372036, 854775807"
    })
    void nanoseconds_areExact(long nanos, long seconds, long rest) {
        Timespec timespec = new Timespec().set(nanos);
        assertThat(timespec.segment().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(seconds);
        assertThat(timespec.segment().get(ValueLayout.JAVA_LONG, 8)).isEqualTo(rest);
        assertThat(timespec.seconds()).isEqualTo(seconds);
        assertThat(timespec.nanos()).isEqualTo(rest);
    }
}
