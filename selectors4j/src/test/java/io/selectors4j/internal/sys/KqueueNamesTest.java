package io.selectors4j.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.bsd.KqueueConstantTable;
import io.selectors4j.internal.bsd.KqueueSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class KqueueNamesTest {

    @ParameterizedTest
    @CsvSource({
        "MACOS, -1, EVFILT_READ",
        "MACOS, -10, EVFILT_USER",
        "MACOS, -11, filter=-11",
        "FREEBSD, -11, EVFILT_USER",
        "FREEBSD, -10, EVFILT_LIO",
        "NETBSD, 0, EVFILT_READ",
        "NETBSD, 8, EVFILT_USER",
        "NETBSD, -1, filter=-1",
        "OPENBSD, -9, EVFILT_EXCEPT",
        "DRAGONFLY, -9, EVFILT_USER",
        "LIBKQUEUE, -9, filter=-9"
    })
    void filter_hasTheNameOfTheSystem(KqueueSystem system, int number, String expected) {
        assertThat(new KqueueNames(system).filter(number)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void filterNames_areUnique(KqueueSystem system) {
        for (String name : KqueueConstantTable.names()) {
            if (name.startsWith("EVFILT_") && system.has(name)) {
                assertThat(new KqueueNames(system).filter(system.number(name))).isEqualTo(name);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "FREEBSD, 0x21, EV_ADD|EV_CLEAR",
        "FREEBSD, 0x0, flags=0x0",
        "FREEBSD, 0x400, flags=0x400",
        "FREEBSD, 0x411, EV_ADD|EV_ONESHOT|0x400",
        "FREEBSD, 0xC000, EV_EOF|EV_ERROR",
        "FREEBSD, 0x3000, EV_DROP|EV_FLAG1",
        "FREEBSD, 0x280, EV_DISPATCH|EV_KEEPUDATA",
        "MACOS, 0x3000, EV_POLL|EV_OOBAND",
        "MACOS, 0x181, EV_ADD|EV_DISPATCH2",
        "MACOS, 0x101, EV_ADD|EV_UDATA_SPECIFIC",
        "DRAGONFLY, 0x9800, EV_NODATA|EV_HUP|EV_EOF",
        "NETBSD, 0x9800, EV_EOF|0x1800",
        "OPENBSD, 0xFF, EV_ADD|EV_DELETE|EV_ENABLE|EV_DISABLE|EV_ONESHOT|EV_CLEAR|EV_RECEIPT|EV_DISPATCH"
    })
    void flags_haveNamesAndRemainingBits(KqueueSystem system, String flags, String expected) {
        assertThat(new KqueueNames(system).flags(Integer.decode(flags))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "FREEBSD, EVFILT_VNODE, 0, 0x483, NOTE_DELETE|NOTE_WRITE|NOTE_OPEN|NOTE_READ",
        "OPENBSD, EVFILT_VNODE, 0, 0x83, NOTE_DELETE|NOTE_WRITE|NOTE_TRUNCATE",
        "MACOS, EVFILT_VNODE, 0, 0x80, NOTE_NONE",
        "FREEBSD, EVFILT_READ, 0, 0x3, NOTE_LOWAT|NOTE_FILE_POLL",
        "MACOS, EVFILT_EXCEPT, 0, 0x2, NOTE_OOB",
        // with EV_EOF, the error of the socket
        "FREEBSD, EVFILT_READ, 0x8000, 0x3, fflags=0x3",
        "FREEBSD, EVFILT_WRITE, 0x8000, 0x36, fflags=0x36",
        "FREEBSD, EVFILT_PROC, 0x8000, 0x80000000, NOTE_EXIT",
        "FREEBSD, EVFILT_PROCDESC, 0, 0x80000000, NOTE_EXIT",
        "MACOS, EVFILT_PROC, 0, 0x84000000, NOTE_EXIT|NOTE_EXITSTATUS",
        // units are bits on some systems and numbers on others
        "FREEBSD, EVFILT_TIMER, 0, 0x18, NOTE_NSECONDS|NOTE_ABSTIME",
        "NETBSD, EVFILT_TIMER, 0, 0x13, NOTE_NSECONDS|NOTE_ABSTIME",
        "NETBSD, EVFILT_TIMER, 0, 0x2, NOTE_USECONDS",
        "NETBSD, EVFILT_TIMER, 0, 0x0, fflags=0x0",
        "DRAGONFLY, EVFILT_TIMER, 0, 0x1, fflags=0x1",
        "MACOS, EVFILT_USER, 0, 0xC1000001, NOTE_FFCOPY|NOTE_TRIGGER|0x1",
        "MACOS, EVFILT_USER, 0, 0x80000000, NOTE_FFOR",
        "MACOS, EVFILT_USER, 0, 0x0, fflags=0x0",
        "MACOS, EVFILT_SIGNAL, 0, 0x1, fflags=0x1",
        "FREEBSD, EVFILT_AIO, 0, 0xFFFFFFFF, fflags=0xffffffff"
    })
    void fflags_haveTheNamesOfTheFilter(
            KqueueSystem system, String filter, String flags, String fflags, String expected) {
        KqueueNames names = new KqueueNames(system);
        assertThat(names.fflags(system.number(filter), Integer.decode(flags), Long.decode(fflags)))
                .isEqualTo(expected);
    }

    @Test
    void eventAndCall_areDescribed() {
        KqueueNames names = new KqueueNames(KqueueSystem.MACOS);
        assertThat(names.event(5, -1, 0x21, 0, 0, 0))
                .isEqualTo("Kevent[ident=5, EVFILT_READ, EV_ADD|EV_CLEAR, fflags=0x0, data=0, udata=0x0]");
        assertThat(names.event(-1, 7, 0x400, 0xFFFF_FFFFL, -1, -1))
                .isEqualTo("Kevent[ident=18446744073709551615, filter=7, flags=0x400, fflags=0xffffffff, data=-1,"
                        + " udata=0xffffffffffffffff]");
        assertThat(names.call(5, -1, 2)).isEqualTo("kevent(EV_DELETE, EVFILT_READ, ident=5)");
    }

    @Test
    void systemWithoutKqueue_hasNoNames() {
        assertThat(new KqueueNames(null).event(5, -1, 1, 2, 3, 4))
                .isEqualTo("Kevent[ident=5, filter=-1, flags=0x1, fflags=0x2, data=3, udata=0x4]");
    }
}
