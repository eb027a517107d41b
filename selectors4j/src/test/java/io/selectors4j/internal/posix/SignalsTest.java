package io.selectors4j.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SignalsTest {

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
    void numbers_areThoseOfLinux(String name, int number) {
        assertThat(Signals.number(Os.LINUX, name)).isEqualTo(number);
        assertThat(Signals.name(Os.LINUX, number)).isEqualTo(name);
        assertThat(Signals.number(name)).isEqualTo(Signals.number(Platform.CURRENT.os(), name));
        assertThat(Signals.name(number)).isEqualTo(Signals.name(Platform.CURRENT.os(), number));
    }

    @ParameterizedTest
    @EnumSource(names = {"MACOS", "FREEBSD", "OPENBSD", "NETBSD", "DRAGONFLY"})
    void numbers_areThoseOfTheSystem(Os os) {
        String[] names = """
                HUP INT QUIT ILL TRAP ABRT EMT FPE KILL BUS SEGV SYS PIPE ALRM TERM URG STOP TSTP CONT CHLD TTIN TTOU IO
                XCPU XFSZ VTALRM PROF WINCH INFO USR1 USR2""".split("\\s+");
        assertThat(names).hasSize(31);
        for (int i = 0; i < names.length; i++) {
            assertThat(Signals.number(os, "SIG" + names[i])).isEqualTo(i + 1);
            assertThat(Signals.name(os, i + 1)).isEqualTo("SIG" + names[i]);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Signals.number(os, "SIGPWR"));
    }

    @Test
    void unknownName_isRejectedWithTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Signals.number("USR1"))
                .withMessageContaining("USR1")
                .withMessageContaining("SIGUSR1");
    }
}
