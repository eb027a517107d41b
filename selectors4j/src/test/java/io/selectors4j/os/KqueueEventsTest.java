package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.bsd.KqueueSystem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests of the fields of changes and events, filter by filter.
class KqueueEventsTest extends KqueueFixture {

    KqueueEventsTest(KqueueSystem system) {
        super(system);
    }

    private Kevent only() throws Exception {
        List<Kevent> events = kqueue.control(null, 10, LONG);
        assertThat(events).hasSize(1);
        return events.getFirst();
    }

    @Test
    void readEvent_hasNumberOfBytes() throws Exception {
        change(read(a, "EV_ADD").withUdata(77));
        assertThat(pending()).isEmpty();
        b.write(bytes(5));
        Kevent event = only();
        assertThat(event.ident()).isEqualTo(a.fileno());
        assertThat(event.filter()).isEqualTo(n("EVFILT_READ"));
        assertThat(event.has(n("EV_EOF"))).isFalse();
        assertThat(event.data()).isEqualTo(5);
        assertThat(event.udata()).isEqualTo(77);
        // Level-triggered: the event is reported again.
        assertThat(only().data()).isEqualTo(5);
        a.read(bytes(5));
        assertThat(pending()).isEmpty();
    }

    @Test
    void writeEvent_hasFreeSpace() throws Exception {
        change(write(a, "EV_ADD"));
        Kevent event = only();
        assertThat(event.filter()).isEqualTo(n("EVFILT_WRITE"));
        assertThat(event.data()).isPositive();
    }

    @Test
    void eof_isHighestOfSixteenFlags() throws Exception {
        change(read(a, "EV_ADD"));
        b.write(bytes(3));
        b.shutdownOutput();
        Kevent event = only();
        assertThat(event.has(n("EV_EOF"))).isTrue();
        assertThat(event.flags()).isBetween(0x8000, 0xFFFF);
        assertThat(event.data()).isEqualTo(3);
    }

    @Test
    void filtersOfOneDescriptor_areSeparateEvents() throws Exception {
        b.write(bytes(1));
        change(read(a, "EV_ADD").withUdata(1), write(a, "EV_ADD").withUdata(2));
        assertThat(kqueue.control(null, 10, LONG)).extracting(Kevent::udata).containsExactlyInAnyOrder(1L, 2L);
        change(read(a, "EV_DELETE"));
        assertThat(only().udata()).isEqualTo(2);
    }

    @Test
    void secondAdd_changesUserData() throws Exception {
        change(write(a, "EV_ADD").withUdata(1));
        change(write(a, "EV_ADD").withUdata(2));
        assertThat(only().udata()).isEqualTo(2);
        change(write(a, "EV_DELETE"));
        assertErrno("ENOENT", () -> change(write(a, "EV_DELETE")));
    }

    @Test
    void closedDescriptor_leavesSet() throws Exception {
        change(write(a, "EV_ADD"));
        a.close();
        assertThat(pending()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x0123_4567_89AB_CDEFL, 0xFFFF_FFFF_0000_0000L})
    void identDataAndUdata_have64Bits(long value) throws Exception {
        change(user(value, "EV_ADD").withUdata(~value), user(~value, "EV_ADD").withUdata(value));
        change(trigger(value).withData(value).withUdata(~value));
        Kevent event = only();
        assertThat(event.ident()).isEqualTo(value);
        assertThat(event.data()).isEqualTo(value);
        assertThat(event.udata()).isEqualTo(~value);
        change(user(value, "EV_DELETE"), trigger(~value).withUdata(value));
        event = only();
        assertThat(event.ident()).isEqualTo(~value);
        assertThat(event.data()).isZero();
        assertThat(event.udata()).isEqualTo(value);
    }

    @Test
    void fflags_have32Bits() throws Exception {
        long fflags = 0xC0AB_CDEFL; // NOTE_FFCOPY and 24 user flags
        List<Kevent> receipts =
                kqueue.control(List.of(user(3, "EV_ADD", "EV_RECEIPT").withFflags(fflags)), 1, NOW);
        assertThat(receipts).hasSize(1);
        assertThat(receipts.getFirst().fflags()).isEqualTo(fflags);
    }

    @Test
    void userEvent_isTriggeredWithItsFflags() throws Exception {
        long ffand = Integer.toUnsignedLong(n("NOTE_FFAND"));
        long ffor = Integer.toUnsignedLong(n("NOTE_FFOR"));
        long ffcopy = Integer.toUnsignedLong(n("NOTE_FFCOPY"));
        long trigger = n("NOTE_TRIGGER");
        change(user(9, "EV_ADD").withFflags(0xF0F0F0));
        assertThat(pending()).isEmpty();
        change(user(9).withFflags(ffor | 0x00000F));
        change(user(9).withFflags(ffand | 0x0FF0FF));
        assertThat(pending()).isEmpty();
        change(user(9).withFflags(trigger));
        assertThat(only().fflags()).isEqualTo(0x00F0FF);
        change(user(9).withFflags(ffcopy | trigger | 0x123456));
        assertThat(only().fflags()).isEqualTo(0x123456);
        change(user(9, "EV_DELETE"));
        assertThat(pending()).isEmpty();
        assertErrno("ENOENT", () -> change(trigger(9)));
    }

    @Test
    void oneshot_isReportedOnceAndRemoved() throws Exception {
        change(write(a, "EV_ADD", "EV_ONESHOT"));
        assertThat(pending()).hasSize(1);
        assertThat(pending()).isEmpty();
        assertErrno("ENOENT", () -> change(write(a, "EV_ENABLE")));
    }

    @Test
    void clear_reportsChangeOnce() throws Exception {
        change(read(a, "EV_ADD", "EV_CLEAR"));
        b.write(bytes(1));
        assertThat(pending()).hasSize(1);
        assertThat(pending()).isEmpty();
        b.write(bytes(1)); // more data is another edge
        assertThat(only().data()).isEqualTo(2);
        change(user(1, "EV_ADD", "EV_CLEAR"), trigger(1));
        assertThat(pending()).hasSize(1);
        assertThat(pending()).isEmpty();
    }

    @Test
    void dispatch_reportsOnceUntilEnabled() throws Exception {
        change(write(a, "EV_ADD", "EV_DISPATCH"));
        assertThat(pending()).hasSize(1);
        assertThat(pending()).isEmpty();
        change(write(a, "EV_ENABLE"));
        assertThat(pending()).hasSize(1);
        assertThat(pending()).isEmpty();
    }

    @Test
    void disabledEvent_staysInSetUnreported() throws Exception {
        change(write(a, "EV_ADD", "EV_DISABLE"));
        assertThat(pending()).isEmpty();
        change(write(a, "EV_ENABLE"));
        assertThat(pending()).hasSize(1);
        change(write(a, "EV_DISABLE"));
        assertThat(pending()).isEmpty();
        change(write(a, "EV_DELETE"));
    }

    @Test
    void timer_isPeriodic() throws Exception {
        long millis = 20;
        long start = System.nanoTime();
        change(new Kevent(4, n("EVFILT_TIMER"), n("EV_ADD"), 0, millis, 44));
        long count = 0;
        while (count < 3) {
            Kevent event = only();
            assertThat(event.ident()).isEqualTo(4);
            assertThat(event.filter()).isEqualTo(n("EVFILT_TIMER"));
            assertThat(event.udata()).isEqualTo(44);
            assertThat(event.data()).isPositive();
            count += event.data();
        }
        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(Duration.ofMillis(count * millis).toNanos());
        change(new Kevent(4, n("EVFILT_TIMER"), n("EV_DELETE")));
        assertThat(kqueue.control(null, 1, Duration.ofMillis(3 * millis))).isEmpty();
    }

    @Test
    void oneshotTimer_isRemovedAfterExpiry() throws Exception {
        change(new Kevent(4, n("EVFILT_TIMER"), flags("EV_ADD", "EV_ONESHOT"), 0, 1, 0));
        assertThat(only().data()).isPositive();
        assertErrno("ENOENT", () -> change(new Kevent(4, n("EVFILT_TIMER"), n("EV_DELETE"))));
    }
}
