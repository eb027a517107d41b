package io.selectors4j.internal.windows;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimevalTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "1, 0, 1",
        "1000, 0, 1",
        "1001, 0, 2",
        "999999000, 0, 999999",
        "999999001, 1, 0",
        "1000000000, 1, 0",
        "86400000000001, 86400, 1",
        "9223372036854775807, 2147483647, 854776"
    })
    void nanoseconds_areRoundedUp(long nanos, int seconds, int micros) {
        Timeval timeval = new Timeval().set(nanos);
        assertThat(timeval.segment().get(JAVA_INT, 0)).isEqualTo(seconds);
        assertThat(timeval.segment().get(JAVA_INT, 4)).isEqualTo(micros);
    }
}
