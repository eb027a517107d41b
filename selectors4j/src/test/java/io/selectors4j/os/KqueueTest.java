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

/// What [Kqueue] does with changes, events, time and its descriptor.
class KqueueTest extends KqueueFixture {

    KqueueTest(KqueueSystem system) {
        super(system);
    }

    @Test
    void withoutRoomForEventsThereIsNoWaitWhateverTheTimeout() throws Exception {
        for (@Nullable Duration timeout : new Duration[] {null, NOW, LONG, Duration.ofSeconds(Long.MAX_VALUE)}) {
            assertThat(kqueue.control(null, 0, timeout)).isEmpty();
            assertThat(kqueue.control(List.of(), 0, timeout)).isEmpty();
            assertThat(kqueue.control(List.of(read(a, "EV_ADD")), 0, timeout)).isEmpty();
            assertThat(kqueue.control((Kevents) null, null, timeout)).isZero();
        }
        assertThat(kqueue.control(null, 0)).isEmpty();
    }

    @Test
    void changesAloneLeaveWhatIsPending() throws Exception {
        change(write(a, "EV_ADD"));
        change(write(b, "EV_ADD"));
        assertThat(kqueue.control(null, 10))
                .extracting(Kevent::ident)
                .containsExactlyInAnyOrder((long) a.fileno(), (long) b.fileno());
    }

    @Test
    void changesAreMadeBeforeTheEventsAreTaken() throws Exception {
        assertThat(kqueue.control(List.of(write(a, "EV_ADD")), 10, LONG)).hasSize(1);
        assertThat(kqueue.control(List.of(write(a, "EV_DELETE")), 10, NOW)).isEmpty();
        // In their order: what is deleted can be added again.
        List<Kevent> changes = List.of(write(a, "EV_ADD"), write(a, "EV_DELETE"), write(a, "EV_ADD"));
        assertThat(kqueue.control(changes, 10, LONG)).hasSize(1);
    }

    @Test
    void changesMayComeFromAnythingThatIsIterable() throws Exception {
        Iterable<Kevent> changes =
                () -> List.of(write(a, "EV_ADD"), write(b, "EV_ADD")).iterator();
        assertThat(kqueue.control(changes, 10, LONG)).hasSize(2);
        assertThat(kqueue.control(Set.of(write(a, "EV_DELETE")), 10, LONG)).hasSize(1);
        assertThatNullPointerException()
                .isThrownBy(() -> kqueue.control(Arrays.asList(write(b, "EV_DELETE"), null), 10, NOW));
        assertThat(pending()).hasSize(1);
    }

    @Test
    void whatIsNegativeIsRefusedAndNothingIsChanged() throws Exception {
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
    void aTimeoutIsNeverEarly(long nanos) throws Exception {
        change(read(a, "EV_ADD"));
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            assertThat(kqueue.control(null, 1, Duration.ofNanos(nanos))).isEmpty();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
        }
    }

    @Test
    void withoutATimeoutItWaitsForAsLongAsItTakes() throws Exception {
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
    void aSignalDoesNotEndTheWait() throws Exception {
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
    void aChangeThatIsRefusedComesBackAndTheOthersAreMade() throws Exception {
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
    void aSingleChangeThatIsRefusedIsNamedWhereThereIsNoRoomForIt() {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> kqueue.control(List.of(read(a, "EV_DELETE")), 0))
                .withMessage("kevent(EV_DELETE, EVFILT_READ, ident=" + a.fileno()
                        + "): ENOENT (2) No such file or directory")
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
        assertErrno("EBADF", () -> change(read(Pollable.borrow(Libc.NEVER_OPEN), "EV_ADD", "EV_CLEAR")));
        assertErrno("EINVAL", () -> change(new Kevent(a, 99, n("EV_ADD"))));
    }

    @Test
    void ofSeveralChangesTheFirstRefusedOneIsTheErrorAndEndsThem() throws Exception {
        List<Kevent> changes = List.of(write(a, "EV_ADD"), read(a, "EV_DELETE"), write(b, "EV_ADD"));
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(() -> kqueue.control(changes, 0, LONG))
                .withMessage("kevent(3 changes): ENOENT (2) No such file or directory");
        assertThat(pending()).extracting(Kevent::ident).containsExactly((long) a.fileno());
    }

    @Test
    void oneEventsRoomTakesTheFirstErrorAndTheSecondIsThrown() {
        List<Kevent> changes = List.of(read(a, "EV_DELETE"), read(b, "EV_DELETE"));
        assertErrno("ENOENT", () -> kqueue.control(changes, 1, LONG));
    }

    @Test
    void aReceiptAnswersEveryChangeAndTakesNoEvent() throws Exception {
        change(write(a, "EV_ADD"));
        List<Kevent> changes = List.of(write(b, "EV_ADD", "EV_RECEIPT"), read(a, "EV_DELETE", "EV_RECEIPT"));
        List<Kevent> answers = kqueue.control(changes, 10, null);
        assertThat(answers).extracting(Kevent::data).containsExactly(0L, (long) Errno.ENOENT);
        assertThat(answers).allMatch(answer -> answer.has(n("EV_ERROR")));
        assertThat(pending()).hasSize(2);
    }

    @Test
    void thereMayBeManyChangesAndEachCanBeAnswered() throws Exception {
        int count = 9_984;
        List<Kevent> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add(user(i, "EV_ADD", "EV_CLEAR", "EV_RECEIPT").withFflags(n("NOTE_TRIGGER")));
        }
        List<Kevent> answers = kqueue.control(changes, Integer.MAX_VALUE, null);
        assertThat(answers).hasSize(count).allMatch(answer -> answer.data() == 0);
        assertThat(kqueue.control(null, count, NOW)).extracting(Kevent::ident).doesNotHaveDuplicates().hasSize(count);
        assertThat(kqueue.control(null, Integer.MAX_VALUE, NOW)).isEmpty();
    }

    @Test
    void oneAtATimeServesAll() throws Exception {
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
    void itsDescriptorIsCloseOnExecAndReadableWhenAnEventIsPending() throws Exception {
        assertThat(Libc.isCloseOnExec(kqueue.fileno())).isTrue();
        Poll poll = Poll.create();
        poll.register(kqueue, Poll.POLLIN);
        change(read(a, "EV_ADD"));
        assertThat(poll.poll(NOW)).isEmpty();
        b.write(bytes(1));
        assertThat(poll.poll(LONG)).hasSize(1);
    }

    @Test
    void anObjectOfAnExistingDescriptor() throws Exception {
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
    void whatIsNotADescriptorOfKqueueShowsWhenUsed() throws Exception {
        int eventfd = LinuxLibc.eventfd(ErrnoCapture.current(), 0, 0);
        try (Kqueue not = Kqueue.fromFd(libc, eventfd)) {
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> not.control(null, 1, NOW))
                    .withMessage("kevent(kq=" + eventfd + "): EBADF (9) Bad file descriptor");
            assertErrno("EBADF", () -> not.control(null, 0));
            assertErrno("EBADF", () -> not.control(List.of(read(a, "EV_ADD")), 0));
        }
    }

    @Test
    void closingTwiceIsHarmlessAndUseAfterwardsIsRefused() {
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
    void closingWhileAThreadWaitsGivesTheNumberBackAfterwards() throws Exception {
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
    void manyThreadsMayWaitAtOnce() throws Exception {
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
    void aChangeReachesAThreadThatWaits() throws Exception {
        try (Background<List<Kevent>> waiting = Background.start(() -> kqueue.control(null, 1))) {
            waiting.awaitAsleep();
            change(write(a, "EV_ADD"));
            assertThat(waiting.result()).extracting(Kevent::ident).containsExactly((long) a.fileno());
        }
    }

    @Test
    void aClosedObjectIsRefused() throws Exception {
        a.close();
        assertThatIllegalArgumentException().isThrownBy(() -> read(a, "EV_ADD"));
    }
}
