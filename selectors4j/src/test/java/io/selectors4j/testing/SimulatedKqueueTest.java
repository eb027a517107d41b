package io.selectors4j.testing;

import static io.selectors4j.testing.SimulatedKevent.EV_ADD;
import static io.selectors4j.testing.SimulatedKevent.EV_CLEAR;
import static io.selectors4j.testing.SimulatedKevent.EV_DELETE;
import static io.selectors4j.testing.SimulatedKevent.EV_DISABLE;
import static io.selectors4j.testing.SimulatedKevent.EV_DISPATCH;
import static io.selectors4j.testing.SimulatedKevent.EV_ENABLE;
import static io.selectors4j.testing.SimulatedKevent.EV_EOF;
import static io.selectors4j.testing.SimulatedKevent.EV_ERROR;
import static io.selectors4j.testing.SimulatedKevent.EV_ONESHOT;
import static io.selectors4j.testing.SimulatedKevent.EV_RECEIPT;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.bsd.KeventArray;
import io.selectors4j.internal.bsd.KqueueSystem;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Compares the simulation with kqueue(2): changes and flags.
class SimulatedKqueueTest extends SimulatedKqueueFixture {

    SimulatedKqueueTest(KqueueSystem system) {
        super(system);
    }

    @Test
    void kevent_hasTheLayoutOfTheLibrary() {
        KeventArray array = new KeventArray(system, 2);
        array.set(1, 0x1122334455667788L, system.number("EVFILT_USER"), 0x00F5, 0x89ABCDEF, -2, -3);
        SimulatedKevent event = abi.read(array.segment(), 1);
        assertThat(array.segment().byteSize()).isEqualTo(2L * abi.size());
        assertThat(event).isEqualTo(new SimulatedKevent(0x1122334455667788L, user, 0x00F5, 0x89ABCDEF, -2, -3));
        abi.write(array.segment(), 0, event);
        assertThat(array.ident(0)).isEqualTo(event.ident());
        assertThat(array.filter(0)).isEqualTo(event.filter());
        assertThat(array.flags(0)).isEqualTo(event.flags());
        assertThat(array.fflags(0)).isEqualTo(event.fflags());
        assertThat(array.data(0)).isEqualTo(event.data());
        assertThat(array.udata(0)).isEqualTo(event.udata());
    }

    @Test
    void readableFd_isReportedUntilDrained() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.SOCKET_PAIR);
        int fd = pair.reader().fileno();
        apply(fd, read, EV_ADD, 42);
        assertThat(pending()).isEmpty();
        pair.write(3);
        for (int i = 0; i < 3; i++) {
            SimulatedKevent event = single();
            assertThat(event.ident()).isEqualTo(fd);
            assertThat(event.filter()).isEqualTo(read);
            assertThat(event.flags() & ~EV_ADD).isEqualTo(EV_RECEIPT);
            assertThat(event.data()).isEqualTo(3);
            assertThat(event.udata()).isEqualTo(42);
        }
        pair.drain();
        assertThat(pending()).isEmpty();
    }

    @Test
    void twoFiltersOfOneFd_areTwoEvents() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.SOCKET_PAIR);
        int fd = pair.reader().fileno();
        pair.write(1);
        apply(fd, read, EV_ADD, 1);
        apply(fd, write, EV_ADD, 2);
        assertThat(pending()).extracting(SimulatedKevent::filter).containsExactlyInAnyOrder(read, write);
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            seen.add(call(kq, List.of(), 1, 0).events().getFirst().filter());
        }
        assertThat(seen).as("none starves").containsExactlyInAnyOrder(read, write);
        apply(fd, write, EV_DELETE, 0);
        assertThat(single().filter()).isEqualTo(read);
    }

    @Test
    void manyEvents_areReportedInTurn() throws IOException {
        Set<Long> all = new HashSet<>();
        for (int i = 0; i < 7; i++) {
            ConnectedPair pair = pair(ConnectedPair.Kind.PIPE);
            pair.write(1);
            apply(pair.reader().fileno(), read, EV_ADD, i);
            all.add((long) i);
        }
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            List<SimulatedKevent> events = call(kq, List.of(), 2, 0).events();
            assertThat(events).hasSize(2);
            events.forEach(event -> seen.add(event.udata()));
        }
        assertThat(seen).isEqualTo(all);
    }

    @Test
    void deletedKnote_isUnknown() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.PIPE);
        pair.write(1);
        int fd = pair.reader().fileno();
        apply(fd, read, EV_ADD, 0);
        apply(fd, read, EV_DELETE, 0);
        assertThat(pending()).isEmpty();
        assertThat(receiptErrno(change(fd, read, EV_DELETE, 0))).isEqualTo(ENOENT);
        assertThat(receiptErrno(change(fd, read, EV_ENABLE, 0))).isEqualTo(ENOENT);
    }

    @Test
    void evClear_reportsOnlyNewEvents() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.SOCKET_PAIR);
        apply(pair.reader().fileno(), read, EV_ADD | EV_CLEAR, 0);
        for (int i = 0; i < 3; i++) {
            pair.write(1);
            assertThat(single().has(EV_CLEAR)).isTrue();
            assertThat(pending()).isEmpty();
        }
        // The knote keeps EV_CLEAR, and the change makes it report the readiness once more.
        apply(pair.reader().fileno(), read, EV_ADD, 5);
        assertThat(single().udata()).isEqualTo(5);
        assertThat(pending()).isEmpty();
    }

    @Test
    void evOneshot_deletesTheKnote() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.PIPE);
        pair.write(1);
        int fd = pair.reader().fileno();
        apply(fd, read, EV_ADD | EV_ONESHOT, 0);
        assertThat(single().has(EV_ONESHOT)).isTrue();
        assertThat(pending()).isEmpty();
        assertThat(receiptErrno(change(fd, read, EV_DELETE, 0))).isEqualTo(ENOENT);
    }

    @Test
    void evDispatch_disablesTheKnote() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.PIPE);
        pair.write(1);
        int fd = pair.reader().fileno();
        apply(fd, read, EV_ADD | EV_DISPATCH, 7);
        for (int i = 0; i < 3; i++) {
            assertThat(single().udata()).isEqualTo(7);
            assertThat(pending()).isEmpty();
            apply(fd, read, EV_ENABLE, 7);
        }
        apply(fd, read, EV_DISABLE, 7);
        assertThat(pending()).isEmpty();
        apply(fd, read, EV_DELETE, 0);
    }

    @Test
    void disabledKnote_doesNotReportTheEnd() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.SOCKET_PAIR);
        int fd = pair.reader().fileno();
        apply(fd, read, EV_ADD | EV_DISABLE, 0);
        pair.writer().close();
        assertThat(pending()).isEmpty();
        apply(fd, read, EV_ENABLE, 0);
        assertThat(single().has(EV_EOF)).isTrue();
    }

    @Test
    void receipts_areReturnedInsteadOfEvents() throws IOException {
        ConnectedPair pair = pair(ConnectedPair.Kind.SOCKET_PAIR);
        pair.write(1);
        int fd = pair.reader().fileno();
        Outcome outcome = call(
                kq,
                List.of(
                        change(fd, read, EV_ADD | EV_RECEIPT, 1),
                        change(fd, write, EV_DELETE | EV_RECEIPT, 2),
                        change(fd, write, EV_ADD, 3)),
                10,
                -1);
        assertThat(outcome.events()).extracting(SimulatedKevent::udata).containsExactly(1L, 2L);
        assertThat(outcome.events()).extracting(SimulatedKevent::data).containsExactly(0L, (long) ENOENT);
        assertThat(pending()).hasSize(2);
    }

    @Test
    void errorWithoutRoom_failsTheCall() {
        assertThat(call(kq, List.of(change(Libc.NEVER_OPEN, read, EV_ADD, 0)), 0, 0)
                        .result())
                .isEqualTo(-EBADF);
        Outcome outcome = call(kq, List.of(change(Libc.NEVER_OPEN, read, EV_ADD, 9)), 1, -1);
        assertThat(outcome.events()).singleElement().matches(event -> event.has(EV_ERROR) && event.data() == EBADF);
    }

    @Test
    void invalidChange_isAnError() throws IOException {
        int fd = pair(ConnectedPair.Kind.PIPE).reader().fileno();
        assertThat(kernel.unknownFilter()).isNull();
        assertThat(receiptErrno(change(fd, -77, EV_ADD, 0))).isEqualTo(EINVAL);
        assertThat(kernel.unknownFilter()).contains("filter=-77");
        assertThat(receiptErrno(change(0x1_0000_0000L + fd, read, EV_ADD, 0))).isEqualTo(EBADF);
        assertThat(call(fd, List.of(), 1, 0).result()).isEqualTo(-EBADF);
        assertThat(call(Libc.NEVER_OPEN, List.of(), 1, 0).result()).isEqualTo(-EBADF);
        kernel.refuse(fd);
        assertThat(receiptErrno(change(fd, read, EV_ADD, 0))).isEqualTo(EINVAL);
        kernel.accept(fd);
        assertThat(receiptErrno(change(fd, read, EV_ADD, 0))).isZero();
    }

    @Test
    void noteTrigger_triggersAUserEvent() {
        assertThat(receiptErrno(change(1, user, 0, 0))).isEqualTo(ENOENT);
        apply(1, user, EV_ADD | EV_CLEAR, 6);
        assertThat(pending()).isEmpty();
        for (int i = 0; i < 2; i++) {
            assertThat(receiptErrno(new SimulatedKevent(1, user, 0, NOTE_TRIGGER | 0xC0000000 | 0x55, 0, 6)))
                    .isZero();
            assertThat(single()).matches(event -> event.udata() == 6 && event.fflags() == 0x55);
            assertThat(pending()).isEmpty();
        }
        apply(1, user, EV_DELETE, 0);
        assertThat(receiptErrno(new SimulatedKevent(1, user, 0, NOTE_TRIGGER, 0, 0)))
                .isEqualTo(ENOENT);
    }

    @Test
    void timer_expiresRepeatedly() {
        apply(1, timer, EV_ADD | EV_DISABLE, 0);
        assertThat(receiptErrno(new SimulatedKevent(1, timer, EV_ADD | EV_ENABLE, 0, 20, 8)))
                .isZero();
        long start = System.nanoTime();
        for (int i = 1; i <= 3; i++) {
            Outcome outcome = call(kq, List.of(), 5, -1);
            assertThat(outcome.events()).singleElement().matches(event -> event.data() >= 1 && event.udata() == 8);
        }
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50 * MILLI);
    }

    @Test
    void timeout_isNotEarly() {
        long start = System.nanoTime();
        assertThat(call(kq, List.of(), 1, 30 * MILLI).result()).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30 * MILLI);
        assertThat(call(kq, List.of(), 0, -1).result()).as("no events, no wait").isZero();
    }

    @Test
    void changeByAnotherThread_endsTheWait() throws Exception {
        ConnectedPair pair = pair(ConnectedPair.Kind.SOCKET_PAIR);
        int fd = pair.reader().fileno();
        for (Runnable change : List.<Runnable>of(
                () -> apply(fd, write, EV_ADD | EV_ONESHOT, 0),
                () -> receiptErrno(new SimulatedKevent(1, user, EV_ADD | EV_ONESHOT, NOTE_TRIGGER, 0, 0)),
                () -> apply(2, timer, EV_ADD | EV_ONESHOT, 0))) {
            try (Background<Outcome> wait = Background.start(() -> call(kq, List.of(), 1, -1))) {
                wait.awaitAsleep();
                change.run();
                assertThat(wait.result().events()).hasSize(1);
            }
        }
    }
}
