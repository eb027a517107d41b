package io.selectors4j.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinuxSignalsTest {

    @ParameterizedTest
    @CsvSource({
        "SIGHUP, 1",
        "SIGINT, 2",
        "SIGABRT, 6",
        "SIGBUS, 7",
        "SIGKILL, 9",
        "SIGUSR1, 10",
        "SIGSEGV, 11",
        "SIGUSR2, 12",
        "SIGPIPE, 13",
        "SIGALRM, 14",
        "SIGTERM, 15",
        "SIGSTKFLT, 16",
        "SIGCHLD, 17",
        "SIGCONT, 18",
        "SIGSTOP, 19",
        "SIGURG, 23",
        "SIGPROF, 27",
        "SIGWINCH, 28",
        "SIGIO, 29",
        "SIGPWR, 30",
        "SIGSYS, 31"
    })
    void numbersAndNames(String name, int number) {
        assertThat(LinuxSignals.number(name)).isEqualTo(number);
        assertThat(LinuxSignals.name(number)).isEqualTo(name);
    }

    @Test
    void anUnknownNameIsRefusedWithTheNamesThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinuxSignals.number("USR1"))
                .withMessageContaining("USR1")
                .withMessageContaining("SIGUSR1");
    }
}
