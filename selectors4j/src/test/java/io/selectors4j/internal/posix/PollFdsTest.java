package io.selectors4j.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollFdsTest {

    private final PollFds fds = new PollFds();

    @Test
    void entry_isAStruct() {
        assertThat(fds.add(0x0102_0304, 0x0506)).isZero();
        assertThat(fds.add(-1, 0xFFFF)).isEqualTo(1);
        assertThat(fds.size()).isEqualTo(2);
        assertThat(fds.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(0x0102_0304);
        assertThat(fds.segment().get(ValueLayout.JAVA_SHORT, 4)).isEqualTo((short) 0x0506);
        assertThat(fds.segment().get(ValueLayout.JAVA_SHORT, 6)).isZero();
        assertThat(fds.segment().get(ValueLayout.JAVA_INT, 8)).isEqualTo(-1);
        assertThat(fds.segment().get(ValueLayout.JAVA_SHORT, 12)).isEqualTo((short) -1);
    }

    @Test
    void structOfWindows_hasAWideSocket() {
        assertThat(PollFds.WSAPOLLFD.byteSize()).isEqualTo(16);
        assertThat(PollFds.WSAPOLLFD.byteOffset(PathElement.groupElement("events")))
                .isEqualTo(8);
        assertThat(PollFds.WSAPOLLFD.byteOffset(PathElement.groupElement("revents")))
                .isEqualTo(10);
    }

    /// winsock2.h: POLLRDNORM 0x100, POLLRDBAND 0x200, POLLPRI 0x400, POLLWRNORM 0x10, POLLWRBAND 0x20, POLLERR 1,
    /// POLLHUP 2, POLLNVAL 4.
    @ParameterizedTest
    @CsvSource({
        "0x0, 0x0, 0x0",
        "0x1, 0x100, 0x1", // POLLIN
        "0x40, 0x100, 0x1", // POLLRDNORM
        "0x2, 0x400, 0x2", // POLLPRI
        "0x4, 0x10, 0x4", // POLLOUT
        "0x100, 0x10, 0x4", // POLLWRNORM
        "0x80, 0x200, 0x80", // POLLRDBAND
        "0x200, 0x20, 0x200", // POLLWRBAND
        "0x38, 0x7, 0x38" // POLLERR, POLLHUP, POLLNVAL
    })
    void flagsOfWindows_areConverted(String ours, String windows, String back) {
        assertThat(PollFds.toWindows(Integer.decode(ours))).isEqualTo(Integer.decode(windows));
        assertThat(PollFds.fromWindows(Integer.decode(windows))).isEqualTo(Integer.decode(back));
    }

    @Test
    void revents_isUnsigned() {
        fds.add(3, 1);
        fds.add(4, 1);
        fds.segment().set(ValueLayout.JAVA_SHORT, 6, (short) 0x8001);
        assertThat(fds.revents(0)).isEqualTo(0x8001);
        assertThat(fds.revents(1)).isZero();
    }

    /// The entries request POLLOUT, POLLIN and POLLOUT; the third one can also be written.
    @Test
    void hangupOfAWriter_isIgnored() {
        fds.add(3, 4);
        fds.add(4, 1);
        fds.add(5, 4);
        assertThat(fds.ignoreHangups()).isFalse();
        assertThat(fds.countReturned()).isZero();
        for (int i = 0; i < 3; i++) {
            fds.segment().set(ValueLayout.JAVA_SHORT, 8L * i + 6, (short) (i == 2 ? 0x14 : 0x10));
        }
        assertThat(fds.countReturned()).isEqualTo(3);

        assertThat(fds.ignoreHangups()).isTrue();

        assertThat(fds.revents(0)).isZero();
        assertThat(fds.revents(1)).isEqualTo(0x10);
        assertThat(fds.revents(2)).isEqualTo(0x14);
        assertThat(fds.countReturned()).isEqualTo(2);
    }

    @Test
    void setEvents_changesNothingElse() {
        fds.add(3, 1);
        fds.add(4, 2);
        fds.setEvents(0, 0x2004);
        assertThat(fds.segment().get(ValueLayout.JAVA_SHORT, 4)).isEqualTo((short) 0x2004);
        assertThat(fds.fd(0)).isEqualTo(3);
        assertThat(fds.revents(0)).isZero();
        assertThat(fds.segment().get(ValueLayout.JAVA_SHORT, 12)).isEqualTo((short) 2);
    }

    @Test
    void growing_keepsEntries() {
        for (int i = 0; i < 20_000; i++) {
            assertThat(fds.add(i, i & 7)).isEqualTo(i);
        }
        assertThat(fds.size()).isEqualTo(20_000);
        for (int i = 0; i < 20_000; i++) {
            assertThat(fds.fd(i)).isEqualTo(i);
            assertThat(fds.segment().get(ValueLayout.JAVA_SHORT, i * 8L + 4)).isEqualTo((short) (i & 7));
        }
    }

    @Test
    void remove_movesTheLastEntry() {
        fds.add(10, 1);
        fds.add(11, 2);
        fds.add(12, 4);
        fds.segment().set(ValueLayout.JAVA_SHORT, 2 * 8 + 6, (short) 0x10);
        fds.remove(0);
        assertThat(fds.size()).isEqualTo(2);
        assertThat(fds.fd(0)).isEqualTo(12);
        assertThat(fds.segment().get(ValueLayout.JAVA_SHORT, 4)).isEqualTo((short) 4);
        assertThat(fds.revents(0)).isEqualTo(0x10);
        assertThat(fds.fd(1)).isEqualTo(11);
    }

    @Test
    void removingTheLast_movesNone() {
        fds.add(10, 1);
        fds.add(11, 2);
        fds.remove(1);
        assertThat(fds.size()).isEqualTo(1);
        assertThat(fds.fd(0)).isEqualTo(10);
        fds.remove(0);
        assertThat(fds.size()).isZero();
        assertThat(fds.add(12, 4)).isZero();
        assertThat(fds.fd(0)).isEqualTo(12);
    }

    @Test
    void copy_isEqualAndIndependent() {
        for (int i = 0; i < 1000; i++) {
            fds.add(i, 5);
        }
        PollFds copy = new PollFds();
        copy.add(77, 7);
        copy.copyFrom(fds);
        assertThat(copy.size()).isEqualTo(1000);
        assertThat(copy.segment().asSlice(0, 8000).mismatch(fds.segment().asSlice(0, 8000)))
                .isEqualTo(-1);
        copy.setEvents(0, 1);
        copy.remove(1);
        assertThat(fds.segment().get(ValueLayout.JAVA_SHORT, 4)).isEqualTo((short) 5);
        assertThat(fds.fd(1)).isEqualTo(1);
        assertThat(fds.size()).isEqualTo(1000);
    }

    @Test
    void smallerCopy_keepsItsMemory() {
        PollFds copy = new PollFds();
        for (int i = 0; i < 100; i++) {
            copy.add(i, 1);
        }
        long address = copy.segment().address();
        fds.add(5, 2);
        copy.copyFrom(fds);
        assertThat(copy.size()).isEqualTo(1);
        assertThat(copy.fd(0)).isEqualTo(5);
        assertThat(copy.segment().address()).isEqualTo(address);
        copy.copyFrom(new PollFds());
        assertThat(copy.size()).isZero();
    }
}
