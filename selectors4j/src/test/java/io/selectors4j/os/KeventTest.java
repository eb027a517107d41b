package io.selectors4j.os;

import static io.selectors4j.os.Kqueue.EVFILT_READ;
import static io.selectors4j.os.Kqueue.EVFILT_USER;
import static io.selectors4j.os.Kqueue.EVFILT_WRITE;
import static io.selectors4j.os.Kqueue.EV_ADD;
import static io.selectors4j.os.Kqueue.EV_CLEAR;
import static io.selectors4j.os.Kqueue.EV_DELETE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.Pollable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeventTest {

    @Test
    void constructorDefaults_areThoseOfPython() {
        Kevent expected = new Kevent(5, EVFILT_READ, EV_ADD, 0, 0, 0);
        assertThat(new Kevent(5)).isEqualTo(expected);
        assertThat(new Kevent(5, EVFILT_READ)).isEqualTo(expected);
        assertThat(new Kevent(5, EVFILT_READ, EV_ADD)).isEqualTo(expected);
        assertThat(new Kevent(Pollable.borrow(5))).isEqualTo(expected);
        assertThat(new Kevent(Pollable.borrow(5), EVFILT_READ)).isEqualTo(expected);
        assertThat(new Kevent(Pollable.borrow(5), EVFILT_READ, EV_ADD)).isEqualTo(expected);
        assertThat(new Kevent(5, EVFILT_WRITE, EV_DELETE)).isEqualTo(new Kevent(5, EVFILT_WRITE, EV_DELETE, 0, 0, 0));
    }

    @Test
    void fileno_isCalledOnce() {
        AtomicInteger calls = new AtomicInteger();
        assertThat(new Kevent(() -> 5 + calls.getAndIncrement()).ident()).isEqualTo(5);
        assertThat(calls).hasValue(1);
    }

    @Test
    void closedObject_isRejected() {
        for (int fd : new int[] {-1, -2, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Kevent(() -> fd, EVFILT_READ, EV_DELETE))
                    .withMessageContaining("" + fd);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0xFFFF_FFFFL, 0x0123_4567_89AB_CDEFL})
    void identDataAndUdata_have64Bits(long value) {
        Kevent event = new Kevent(value, EVFILT_USER, EV_ADD, 0, value, value);
        assertThat(event.ident()).isEqualTo(value);
        assertThat(event.data()).isEqualTo(value);
        assertThat(event.udata()).isEqualTo(value);
        assertThat(new Kevent(0).withData(value).withUdata(value))
                .isEqualTo(new Kevent(0, EVFILT_READ, EV_ADD, 0, value, value));
    }

    @Test
    void narrowField_outOfRange_isRejected() {
        assertThat(new Kevent(0, -32_768, 0).filter()).isEqualTo(-32_768);
        assertThat(new Kevent(0, 32_767, 0xFFFF).flags()).isEqualTo(0xFFFF);
        assertThat(new Kevent(0).withFflags(0xFFFF_FFFFL).fflags()).isEqualTo(0xFFFF_FFFFL);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Kevent(0, 32_768))
                .withMessage("filter 32768 is not from -32768 to 32767");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Kevent(0, -32_769))
                .withMessageStartingWith("filter -32769 ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Kevent(0).withFlags(-1))
                .withMessage("flags -1 is not from 0 to 65535");
        for (long fflags : new long[] {-1, 1L << 63, Long.MIN_VALUE | 1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Kevent(0).withFflags(fflags))
                    .withMessage("fflags " + fflags + " is not from 0 to 4294967295");
        }
    }

    @Test
    void missingConstant_isRejectedByName() {
        assertThat(Kqueue.has("EVFILT_MACHPORT")).isFalse();
        assertThat(Kqueue.has("EVFILT_READ")).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> Kqueue.has("EVFILT_REED"));
        String here = ", and this is libkqueue";
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> new Kevent(5, Kqueue.EVFILT_MACHPORT))
                .withMessage("EVFILT_MACHPORT: macOS has it" + here);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> new Kevent(5, EVFILT_READ, EV_ADD | Kqueue.EV_VANISHED | Kqueue.EV_HUP))
                .withMessage("EV_VANISHED: macOS has it; EV_HUP: DragonFly BSD has it" + here);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> new Kevent(5).withFflags(KqueueNotes.NOTE_OOB))
                .withMessage("NOTE_OOB: macOS, OpenBSD and DragonFly BSD have it" + here);
    }

    @Test
    void eventsWithSameFields_areEqual() {
        Kevent event = new Kevent(1, 2, 3, 4, 5, 6);
        assertThat(event).isEqualTo(new Kevent(1, 2, 3, 4, 5, 6)).hasSameHashCodeAs(new Kevent(1, 2, 3, 4, 5, 6));
        for (Kevent other : List.of(
                new Kevent(2, 2, 3, 4, 5, 6),
                new Kevent(1, 1, 3, 4, 5, 6),
                event.withFlags(1),
                event.withFflags(1),
                event.withData(1),
                event.withUdata(1))) {
            assertThat(other).isNotEqualTo(event).isNotEqualByComparingTo(event);
        }
    }

    @Test
    void order_isByFieldAndUnsigned() {
        List<Kevent> ordered = List.of(
                new Kevent(0, -1, 1, 1, 1, 1),
                new Kevent(1, -2, 9, 9, 9, 9),
                new Kevent(1, -1, 1, 9, 9, 9),
                new Kevent(1, -1, 2, 0, 9, 9),
                new Kevent(1, -1, 0x8000, 0, 9, 9),
                new Kevent(1, -1, 0x8000, 0x7FFF_FFFF, 9, 9),
                new Kevent(1, -1, 0x8000, 0x8000_0000L, -9, 9),
                new Kevent(1, -1, 0x8000, 0x8000_0000L, 0, 9),
                new Kevent(1, -1, 0x8000, 0x8000_0000L, 0, 10),
                new Kevent(1, -1, 0x8000, 0x8000_0000L, 0, -1),
                new Kevent(1, -1, 0x8000, 0x8000_0000L, 1, 0),
                new Kevent(1, 0, 0, 0, 0, 0),
                new Kevent(Long.MAX_VALUE, -1, 0, 0, 0, 0),
                new Kevent(Long.MIN_VALUE, -1, 0, 0, 0, 0),
                new Kevent(-1, -1, 0, 0, 0, 0));
        List<Kevent> shuffled = new ArrayList<>(ordered);
        Collections.shuffle(shuffled, new Random(7));
        Collections.sort(shuffled);
        assertThat(shuffled).containsExactlyElementsOf(ordered);
        assertThat(new Kevent(3)).isEqualByComparingTo(new Kevent(3));
    }

    @Test
    void toString_hasNamesOfCHeader() {
        assertThat(new Kevent(5, EVFILT_READ, EV_ADD | EV_CLEAR))
                .hasToString("Kevent[ident=5, EVFILT_READ, EV_ADD|EV_CLEAR, fflags=0x0, data=0, udata=0x0]");
        assertThat(new Kevent(-1, EVFILT_USER, 0, KqueueNotes.NOTE_TRIGGER | 1, -3, -2))
                .hasToString("Kevent[ident=18446744073709551615, EVFILT_USER, flags=0x0, NOTE_TRIGGER|0x1, data=-3,"
                        + " udata=0xfffffffffffffffe]");
    }

    @Test
    void event_hasFlags() {
        Kevent event = new Kevent(3, EVFILT_READ, EV_ADD | EV_CLEAR);
        assertThat(event.has(EV_ADD)).isTrue();
        assertThat(event.has(EV_ADD | EV_CLEAR)).isTrue();
        assertThat(event.has(EV_ADD | EV_DELETE)).isFalse();
    }
}
