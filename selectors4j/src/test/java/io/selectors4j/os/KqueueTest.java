package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.TestSignal;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests of [Kqueue]: changes, events, timeouts and its descriptor.
class KqueueTest extends KqueueFixture {

    KqueueTest(KqueueSystem system) {
        super(system);
    }

    @Test
    void maxEventsOfZero_neverWaits() throws Exception {
        for (@Nullable Duration timeout : new Duration[] {null, NOW, LONG, Duration.ofSeconds(Long.MAX_VALUE)}) {
            assertThat(kqueue.control(null, 0, timeout)).isEmpty();
            assertThat(kqueue.control(List.of(), 0, timeout)).isEmpty();
            assertThat(kqueue.control(List.of(read(a, "EV_ADD")), 0, timeout)).isEmpty();
            assertThat(kqueue.control((Kevents) null, null, timeout)).isZero();
        }
        assertThat(kqueue.control(null, 0)).isEmpty();
    }

    @Test
    void changesAlone_leavePendingEvents() throws Exception {
        change(write(a, "EV_ADD"));
        change(write(b, "EV_ADD"));
        assertThat(kqueue.control(null, 10))
                .extracting(Kevent::ident)
                .containsExactlyInAnyOrder((long) a.fileno(), (long) b.fileno());
    }

    @Test
    void changes_areMadeInOrderBeforeTheWait() throws Exception {
        assertThat(kqueue.control(List.of(write(a, "EV_ADD")), 10, LONG)).hasSize(1);
        assertThat(kqueue.control(List.of(write(a, "EV_DELETE")), 10, NOW)).isEmpty();
        // In their order: a deleted event can be added again.
        List<Kevent> changes = List.of(write(a, "EV_ADD"), write(a, "EV_DELETE"), write(a, "EV_ADD"));
        assertThat(kqueue.control(changes, 10, LONG)).hasSize(1);
    }

    @Test
    void changes_mayComeFromAnyIterable() throws Exception {
        Iterable<Kevent> changes =
                () -> List.of(write(a, "EV_ADD"), write(b, "EV_ADD")).iterator();
        assertThat(kqueue.control(changes, 10, LONG)).hasSize(2);
        assertThat(kqueue.control(Set.of(write(a, "EV_DELETE")), 10, LONG)).hasSize(1);
        assertThatNullPointerException()
                .isThrownBy(() -> kqueue.control(Arrays.asList(write(b, "EV_DELETE"), null), 10, NOW));
        assertThat(pending()).hasSize(1);
    }

    @Test
    void negativeArgument_isRejectedBeforeAnyChange() throws Exception {
        List<Kevent> changes = List.of(write(a, "EV_ADD"));
        for (int max : new int[] {-1, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kqueue.control(changes, max, NOW))
                    .withMessageContaining("" + max);
        }
        for (Duration timeout : List.of(Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kqueue.control(changes, 1, timeout))
                    .withMessageContaining(timeout.toString());
            assertThatIllegalArgumentException().isThrownBy(() -> kqueue.control(changes, 0, timeout));
            Kevents memory = new Kevents(system, 1);
            memory.add(changes.getFirst());
            assertThatIllegalArgumentException().isThrownBy(() -> kqueue.control(memory, memory, timeout));
        }
        assertThat(pending()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 999, 50_000, 999_999, 1_000_001, 30_000_000})
    void timeout_isNeverEarly(long nanos) throws Exception {
        change(read(a, "EV_ADD"));
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            assertThat(kqueue.control(null, 1, Duration.ofNanos(nanos))).isEmpty();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
        }
    }

    @Test
    void nullOrHugeTimeout_waitsWithoutLimit() throws Exception {
        for (@Nullable Duration timeout : new Duration[] {null, Duration.ofDays(1 << 30)}) {
            try (Background<List<Kevent>> waiting =
                    Background.start(() -> kqueue.control(List.of(read(a, "EV_ADD", "EV_CLEAR")), 1, timeout))) {
                waiting.awaitAsleep();
                b.write(bytes(1));
                assertThat(waiting.result()).hasSize(1);
                a.read(bytes(1));
            }
        }
    }

    @Test
    void signal_doesNotEndWait() throws Exception {
        long nanos = 200_000_000;
        int signals = 0;
        try (TestSignal signal = TestSignal.interrupting("WINCH");
                Background<Long> waiting = Background.start(() -> {
                    long start = System.nanoTime();
                    assertThat(kqueue.control(List.of(read(a, "EV_ADD")), 1, Duration.ofNanos(nanos)))
                            .isEmpty();
                    return System.nanoTime() - start;
                })) {
            while (waiting.isRunning()) {
                signal.send(waiting);
                signals++;
                Thread.sleep(5);
            }
            assertThat(waiting.result()).isGreaterThanOrEqualTo(nanos);
        }
        assertThat(signals).isGreaterThan(1);
        assertThat(pending()).isEmpty();
        b.write(bytes(1));
        assertThat(pending()).hasSize(1);
    }

    @Test
    void failedChange_isReturnedAndOthersAreMade() throws Exception {
        List<Kevent> changes =
                List.of(write(a, "EV_ADD"), read(a, "EV_DELETE"), write(b, "EV_ADD"), read(b, "EV_DISABLE"));
        List<Kevent> events = kqueue.control(changes, 10, null);
        assertThat(events).hasSize(2);
        for (int i = 0; i < 2; i++) {
            Kevent event = events.get(i);
            Kevent change = changes.get(2 * i + 1);
            assertThat(event.has(n("EV_ERROR"))).isTrue();
            assertThat(event.data()).isEqualTo(Errno.ENOENT);
            assertThat(event.ident()).isEqualTo(change.ident());
            assertThat(event.filter()).isEqualTo(change.filter());
        }
        assertThat(pending()).extracting(Kevent::ident).containsExactlyInAnyOrder((long) a.fileno(), (long) b.fileno());
    }

    @Test
    void failedChangeWithoutRoom_isNamedInMessage() {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> kqueue.control(List.of(read(a, "EV_DELETE")), 0))
                .withMessage("kevent(EV_DELETE, EVFILT_READ, ident=" + a.fileno()
                        + "): ENOENT (2) No such file or directory")
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
        assertErrno("EBADF", () -> change(read(Pollable.borrow(Libc.NEVER_OPEN), "EV_ADD", "EV_CLEAR")));
        assertErrno("EINVAL", () -> change(new Kevent(a, 99, n("EV_ADD"))));
    }

    @Test
    void firstFailedChangeWithoutRoom_endsTheChanges() throws Exception {
        List<Kevent> changes = List.of(write(a, "EV_ADD"), read(a, "EV_DELETE"), write(b, "EV_ADD"));
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> kqueue.control(changes, 0, LONG))
                .withMessage("kevent(3 changes): ENOENT (2) No such file or directory");
        assertThat(pending()).extracting(Kevent::ident).containsExactly((long) a.fileno());
    }

    @Test
    void secondFailedChangeWithoutRoom_throws() {
        List<Kevent> changes = List.of(read(a, "EV_DELETE"), read(b, "EV_DELETE"));
        assertErrno("ENOENT", () -> kqueue.control(changes, 1, LONG));
    }

    @Test
    void receipts_areReturnedInsteadOfEvents() throws Exception {
        change(write(a, "EV_ADD"));
        List<Kevent> changes = List.of(write(b, "EV_ADD", "EV_RECEIPT"), read(a, "EV_DELETE", "EV_RECEIPT"));
        List<Kevent> receipts = kqueue.control(changes, 10, null);
        assertThat(receipts).extracting(Kevent::data).containsExactly(0L, (long) Errno.ENOENT);
        assertThat(receipts).allMatch(receipt -> receipt.has(n("EV_ERROR")));
        assertThat(pending()).hasSize(2);
    }

    @Test
    void manyChanges_areReturnedByOneCall() throws Exception {
        int count = 9_984;
        List<Kevent> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add(user(i, "EV_ADD", "EV_CLEAR", "EV_RECEIPT").withFflags(n("NOTE_TRIGGER")));
        }
        List<Kevent> receipts = kqueue.control(changes, Integer.MAX_VALUE, null);
        assertThat(receipts).hasSize(count).allMatch(receipt -> receipt.data() == 0);
        assertThat(kqueue.control(null, count, NOW))
                .extracting(Kevent::ident)
                .doesNotHaveDuplicates()
                .hasSize(count);
        assertThat(kqueue.control(null, Integer.MAX_VALUE, NOW)).isEmpty();
    }

    @Test
    void maxEventsOfOne_servesAllInTurn() throws Exception {
        Set<Long> served = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            change(user(i, "EV_ADD", "EV_CLEAR"), trigger(i));
        }
        for (int i = 0; i < 50; i++) {
            List<Kevent> events = kqueue.control(null, 1, LONG);
            assertThat(events).hasSize(1);
            served.add(events.getFirst().ident());
        }
        assertThat(served).hasSize(50);
    }

    @Test
    void descriptor_isReadableWhileEventIsPending() throws Exception {
        assertThat(Libc.isCloseOnExec(kqueue.fileno())).isTrue();
        Poll poll = Poll.create();
        poll.register(kqueue, Poll.POLLIN);
        change(read(a, "EV_ADD"));
        assertThat(poll.poll(NOW)).isEmpty();
        b.write(bytes(1));
        assertThat(poll.poll(LONG)).hasSize(1);
    }

    @Test
    void fromFd_adoptsDescriptor() throws Exception {
        change(write(a, "EV_ADD"));
        int copy = Libc.dupAtLeast(kqueue.fileno(), 100);
        try (Kqueue same = Kqueue.fromFd(libc, copy)) {
            assertThat(same.fileno()).isEqualTo(copy);
            assertThat(same.closed()).isFalse();
            assertThat(same.control(List.of(write(b, "EV_ADD")), 10, LONG)).hasSize(2);
        }
        assertThat(Libc.isOpen(copy)).isFalse();
        assertThat(pending()).hasSize(2);
    }

    @Test
    void fromFd_ofOtherFile_failsWhenUsed() throws Exception {
        int eventfd = LinuxLibc.eventfd(ErrnoCapture.current(), 0, 0);
        try (Kqueue other = Kqueue.fromFd(libc, eventfd)) {
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> other.control(null, 1, NOW))
                    .withMessage("kevent(kq=" + eventfd + "): EBADF (9) Bad file descriptor");
            assertErrno("EBADF", () -> other.control(null, 0));
            assertErrno("EBADF", () -> other.control(List.of(read(a, "EV_ADD")), 0));
        }
    }

    @Test
    void secondClose_hasNoEffect_andLaterUseThrows() {
        int fd = kqueue.fileno();
        assertThat(kqueue).hasToString("Kqueue[fd=" + fd + "]");
        assertThat(kqueue.closed()).isFalse();
        kqueue.close();
        kqueue.close();
        assertThat(kqueue.closed()).isTrue();
        assertThat(kqueue.fileno()).isEqualTo(-1);
        assertThat(kqueue).hasToString("Kqueue[closed]");
        assertThat(Libc.isOpen(fd)).isFalse();
        Kevents memory = new Kevents(system, 1);
        List<ThrowingCallable> uses = List.of(
                () -> kqueue.control(null, 0),
                () -> kqueue.control(null, 1),
                () -> kqueue.control(List.of(read(a, "EV_ADD")), 0),
                () -> kqueue.control(List.of(read(a, "EV_ADD")), 1, NOW),
                () -> kqueue.control(memory, memory, NOW),
                () -> kqueue.control((Kevents) null, null, NOW));
        for (ThrowingCallable use : uses) {
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(use);
        }
    }

    @Test
    void closeDuringWait_closesDescriptorAfterIt() throws Exception {
        int fd = kqueue.fileno();
        change(read(a, "EV_ADD"));
        try (Background<List<Kevent>> waiting = Background.start(() -> kqueue.control(null, 1))) {
            waiting.awaitAsleep();
            kqueue.close();
            assertThat(kqueue.closed()).isTrue();
            Thread.sleep(20);
            assertThat(Libc.isOpen(fd)).as("while the other thread waits").isTrue();
            assertThat(waiting.isRunning()).isTrue();
            b.write(bytes(1));
            assertThat(waiting.result()).hasSize(1);
            assertThat(Libc.isOpen(fd)).isFalse();
        }
    }

    @Test
    void twoThreads_mayWaitAtOnce() throws Exception {
        change(read(a, "EV_ADD", "EV_ONESHOT"), read(b, "EV_ADD", "EV_ONESHOT"));
        try (Background<List<Kevent>> one = Background.start(() -> kqueue.control(null, 1));
                Background<List<Kevent>> two = Background.start(() -> kqueue.control(null, 1))) {
            one.awaitAsleep();
            two.awaitAsleep();
            a.write(bytes(1));
            b.write(bytes(1));
            assertThat(List.of(
                            one.result().getFirst().ident(),
                            two.result().getFirst().ident()))
                    .containsExactlyInAnyOrder((long) a.fileno(), (long) b.fileno());
        }
    }

    @Test
    void change_wakesWaitingThread() throws Exception {
        try (Background<List<Kevent>> waiting = Background.start(() -> kqueue.control(null, 1))) {
            waiting.awaitAsleep();
            change(write(a, "EV_ADD"));
            assertThat(waiting.result()).extracting(Kevent::ident).containsExactly((long) a.fileno());
        }
    }

    @Test
    void closedObject_isRejected() throws Exception {
        a.close();
        assertThatIllegalArgumentException().isThrownBy(() -> read(a, "EV_ADD"));
    }
}
