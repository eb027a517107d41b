package io.selectors4j.internal.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.ffi.Platform.Os;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SymbolsTest {

    @ParameterizedTest
    @CsvSource({
        "MACOS, pselect, pselect$DARWIN_EXTSN",
        "MACOS, poll, poll",
        "MACOS, socket, socket",
        "MACOS, clock_gettime, clock_gettime",
        "NETBSD, pselect, __pselect50",
        "NETBSD, ppoll, __pollts50",
        "NETBSD, kevent, __kevent50",
        "NETBSD, socket, __socket30",
        "NETBSD, clock_gettime, __clock_gettime50",
        "NETBSD, poll, poll",
        "NETBSD, socketpair, socketpair",
        "NETBSD, accept4, accept4",
        "NETBSD, fcntl, fcntl"
    })
    void renamedFunctions_haveTheirSymbol(Os os, String name, String symbol) {
        assertThat(Symbols.of(os, name)).isEqualTo(symbol);
    }

    @ParameterizedTest
    @EnumSource(names = {"LINUX", "FREEBSD", "OPENBSD", "DRAGONFLY", "OTHER"})
    void otherSystems_renameNothing(Os os) {
        for (String name : List.of("pselect", "ppoll", "socket", "clock_gettime", "read", "fcntl")) {
            assertThat(Symbols.of(os, name)).isEqualTo(name);
        }
    }
}
