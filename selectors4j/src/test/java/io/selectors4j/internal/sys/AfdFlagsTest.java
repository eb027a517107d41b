package io.selectors4j.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The numbers are those of the kernels: POLL* of Linux, AFD_POLL_* of Windows.
class AfdFlagsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0x130",
        "0x1, 0x1B9",
        "0x2000, 0x1B9",
        "0x2001, 0x1B9",
        "0x4, 0x134",
        "0x2, 0x132",
        "0x2007, 0x1BF",
    })
    void requestedFlags_areThoseOfAfd(int poll, int afd) {
        assertThat(AfdFlags.toAfd(poll)).isEqualTo(afd);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0x1, 0x1",
        "0x80, 0x1",
        "0x8, 0x2001",
        "0x4, 0x4",
        "0x40, 0",
        "0x2, 0x2",
        "0x10, 0x19",
        "0x100, 0x1C",
        "0x20, 0x20",
        "0xD, 0x2005",
        "0x1FF, 0x203F",
    })
    void reportedFlags_areThoseOfPoll(int afd, int poll) {
        assertThat(AfdFlags.toPoll(afd)).isEqualTo(poll);
    }
}
