package io.selectors4j.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.posix.Constants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollFlagsTest {

    @ParameterizedTest
    @CsvSource({
        "LINUX, 0, 0",
        "LINUX, 0x5, POLLIN|POLLOUT",
        "LINUX, 0x3A, POLLPRI|POLLERR|POLLHUP|POLLNVAL",
        "LINUX, 0x7C0, POLLRDNORM|POLLRDBAND|POLLWRNORM|POLLWRBAND|POLLMSG",
        "LINUX, 0x2001, POLLIN|POLLRDHUP",
        "LINUX, 0x9000, 0x9000",
        "FREEBSD, 0x4001, POLLIN|POLLRDHUP",
        "FREEBSD, 0x2004, POLLOUT|0x2000",
        "FREEBSD, 0x100, POLLWRBAND",
        "MACOS, 0x1C5, POLLIN|POLLOUT|POLLRDNORM|POLLRDBAND|POLLWRBAND",
        "NETBSD, 0x2000, 0x2000",
        "OPENBSD, 0x10, POLLHUP",
        "DRAGONFLY, 0x20, POLLNVAL",
        "WINDOWS, 0x2105, POLLIN|POLLOUT|POLLWRNORM|POLLRDHUP",
        "AIX, 0x1, 0x1"
    })
    void names_areThoseOfTheSystem(Os os, String flags, String names) {
        assertThat(PollFlags.nameOfSystem(os, Integer.decode(flags))).isEqualTo(names);
    }

    /// POLLIN, POLLPRI, POLLOUT, POLLERR, POLLHUP, POLLNVAL; POLLRDHUP is 0x2000.
    @ParameterizedTest
    @CsvSource({
        "0x1, 0x1", // data
        "0x10, 0x2001", // the peer has shut down its writing half
        "0x14, 0x2005",
        "0x1C, 0x1C", // a reset
        "0x8, 0x8", // a refused connect
        "0x20, 0x20"
    })
    void hangupOfWindows_isReadable(String windows, String expected) {
        assertThat(PollFlags.fromWindows(Integer.decode(windows))).isEqualTo(Integer.decode(expected));
    }

    @Test
    void flags_haveTheValuesOfLinux() {
        assertThat(PollFlags.toString("EPOLL", 0x203F))
                .isEqualTo("EPOLLIN|EPOLLPRI|EPOLLOUT|EPOLLERR|EPOLLHUP|EPOLLNVAL|EPOLLRDHUP");
        assertThat(PollFlags.toString("EPOLL", 0xF8000001))
                .isEqualTo("EPOLLIN|EPOLLEXCLUSIVE|EPOLLWAKEUP|EPOLLONESHOT|EPOLLET|0x8000000");
        assertThat(PollFlags.toString("POLL", 0x80000001)).isEqualTo("POLLIN|0x80000000");
        assertThat(PollFlags.toString("POLL", PollFlags.POLLIN | PollFlags.POLLRDHUP))
                .isEqualTo("POLLIN|POLLRDHUP");
        assertThat(PollFlags.POLLRDHUP).isEqualTo(Constants.of(Os.LINUX, "POLLRDHUP"));
    }

    @ParameterizedTest
    @CsvSource({
        // flags of PollFlags, POLLRDHUP of the system, flags of the system
        "0x2007, 0x2000, 0x2007", // Linux
        "0x2007, 0x4000, 0x4007", // FreeBSD; its 0x2000 is POLLINIGNEOF
        "0x2007, 0, 0x7", // systems without it
        "0x7, 0x4000, 0x7",
        "0x7, 0, 0x7"
    })
    void toSystem_convertsPollrdhup(String ours, String rdhup, String expected) {
        assertThat(PollFlags.toSystem(Integer.decode(rdhup), Integer.decode(ours)))
                .isEqualTo(Integer.decode(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "0x2011, 0x2000, 0x2011", // Linux
        "0x4011, 0x4000, 0x2011", // FreeBSD
        "0x11, 0x4000, 0x11",
        "0x2011, 0x4000, 0x11", // POLLINIGNEOF
        "0x11, 0, 0x11",
        "0x2011, 0, 0x11"
    })
    void fromSystem_convertsPollrdhup(String revents, String rdhup, String ours) {
        assertThat(PollFlags.fromSystem(Integer.decode(rdhup), Integer.decode(revents)))
                .isEqualTo(Integer.decode(ours));
    }

    @Test
    void linux_convertsNothing() {
        assertThat(PollFlags.toSystem(0x203F)).isEqualTo(0x203F);
        assertThat(PollFlags.fromSystem(0x203F)).isEqualTo(0x203F);
    }
}
