package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import io.selectors4j.testing.ParkedThread;
import io.selectors4j.testing.SimulatedKqueue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What kqueue refuses, as macOS does with `/dev/tty`, is waited for with `select`.
@Timeout(240)
class KqueueFallbackTest {

    private static final Duration WHILE = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final SimulatedKqueue kernel = new SimulatedKqueue(KqueueSystem.MACOS);
    private final KqueueSelector<String> selector =
            KqueueSelector.open(new KqueueLibc(KqueueSystem.MACOS, kernel.lookup()));
    private final ConnectedPair refused = ConnectedPair.Kind.PIPE.open();
    private final ConnectedPair taken = ConnectedPair.Kind.PIPE.open();

    KqueueFallbackTest() throws IOException {
        kernel.refuse(refused.reader().fileno());
    }

    @AfterEach
    void closeAll() throws IOException {
        selector.close();
        refused.close();
        taken.close();
        assertThat(kernel.failure()).isNull();
    }

    private List<String> select(Duration timeout) throws IOException {
        List<String> ready = new ArrayList<>();
        selector.select(timeout, (key, readiness) -> ready.add(key.data() + " " + readiness.events()));
        return ready;
    }

    @Test
    void isReportedForAsLongAsItIsReady() throws IOException {
        selector.register(refused.reader(), Interest.READ, "refused");
        assertThat(select(Duration.ZERO)).isEmpty();
        refused.write(1);
        assertThat(select(LONG)).containsExactly("refused READ");
        assertThat(select(Duration.ZERO)).containsExactly("refused READ");
        refused.drain();
        assertThat(select(Duration.ZERO)).isEmpty();
    }

    @Test
    void isNeverEarly() throws IOException {
        selector.register(refused.reader(), Interest.READ, "refused");
        long start = System.nanoTime();
        assertThat(select(WHILE)).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(WHILE.toNanos());
    }

    @Test
    void wakesWhoWaitsForBoth() throws Exception {
        selector.register(refused.reader(), Interest.READ, "refused");
        selector.register(taken.reader(), Interest.READ, "taken");
        try (Background<List<String>> waiting = Background.start(() -> select(LONG))) {
            waiting.awaitAsleep();
            refused.write(1);
            assertThat(waiting.result()).containsExactly("refused READ");
        }
        refused.drain();
        try (Background<List<String>> waiting = Background.start(() -> select(LONG))) {
            waiting.awaitAsleep();
            taken.write(1);
            assertThat(waiting.result()).containsExactly("taken READ");
        }
        refused.write(1);
        assertThat(select(LONG)).containsExactlyInAnyOrder("taken READ", "refused READ");
    }

    @Test
    void wakesWhoBeganToWaitBefore() throws Exception {
        selector.register(taken.reader(), Interest.READ, "taken");
        refused.write(1);
        try (Background<List<String>> waiting = Background.start(() -> select(LONG))) {
            waiting.awaitAsleep();
            selector.register(refused.reader(), Interest.READ, "refused");
            assertThat(waiting.result()).containsExactly("refused READ");
        }
    }

    @Test
    void isLeftAloneOnceUnregistered() throws Exception {
        selector.register(refused.reader(), Interest.READ, "refused");
        try (Background<List<String>> waiting = Background.start(() -> select(LONG))) {
            waiting.awaitAsleep();
            selector.unregister(refused.reader());
            refused.write(1);
            waiting.expectRunning(WHILE);
            selector.wakeup();
            assertThat(waiting.result()).isEmpty();
        }
    }

    @Test
    void wakeupAndInterruptEndTheWait() throws Exception {
        selector.register(refused.reader(), Interest.READ, "refused");
        try (Background<List<String>> waiting = Background.start(() -> select(LONG))) {
            waiting.awaitAsleep();
            selector.wakeup();
            assertThat(waiting.result()).isEmpty();
        }
        try (Background<List<String>> waiting = Background.start(() -> select(LONG))) {
            waiting.awaitAsleep();
            waiting.thread().interrupt();
            assertThat(waiting.result()).isEmpty();
        }
    }

    @Test
    void parksAVirtualThread() throws Exception {
        selector.register(refused.reader(), Interest.READ, "refused");
        ParkedThread<List<String>> waiting =
                ParkedThread.start(() -> select(LONG)).awaitParked();
        refused.write(1);
        assertThat(waiting.result()).containsExactly("refused READ");
    }

    @Test
    void isReportedOnceIfThatIsAskedFor() throws IOException {
        selector.register(refused.reader(), Interest.READ.oneShot(), "refused");
        refused.write(1);
        assertThat(select(LONG)).containsExactly("refused READ");
        assertThat(select(Duration.ZERO)).isEmpty();
        selector.modify(refused.reader(), Interest.READ.oneShot(), "again");
        assertThat(select(LONG)).containsExactly("again READ");
        assertThat(select(Duration.ZERO)).isEmpty();
    }

    @Test
    void canBeModified() throws IOException {
        kernel.refuse(refused.writer().fileno());
        selector.register(refused.writer(), Interest.WRITE, "refused");
        assertThat(select(LONG)).containsExactly("refused WRITE");
        selector.modify(refused.writer(), Interest.NONE, "refused");
        assertThat(select(Duration.ZERO)).isEmpty();
        selector.modify(refused.writer(), Interest.READ_WRITE, "both");
        assertThat(select(LONG)).containsExactly("both WRITE");
        kernel.accept(refused.writer().fileno());
        selector.modify(refused.writer(), Interest.WRITE, "taken now");
        assertThat(select(LONG)).containsExactly("taken now WRITE");
    }

    @Test
    void cannotBeEdgeTriggered() {
        int fd = refused.reader().fileno();
        assertThatThrownBy(() -> selector.register(refused.reader(), Interest.READ.edgeTriggered(), "refused"))
                .isInstanceOf(NativeIOException.class)
                .hasMessage("kevent(EV_ADD, fd=" + fd + "): EINVAL (22) Invalid argument"
                        + " (waited for with select instead, it could not be edge-triggered)");
        assertThat(selector.getMap()).isEmpty();
    }

    @Test
    void aModificationThatIsRefusedLeavesItAsItWas() throws IOException {
        selector.register(taken.reader(), Interest.READ, "taken");
        kernel.refuse(taken.reader().fileno());
        assertThatThrownBy(() -> selector.modify(taken.reader(), Interest.READ.edgeTriggered(), "edge"))
                .isInstanceOf(NativeIOException.class);
        taken.write(1);
        assertThat(select(LONG)).containsExactly("taken READ");
        assertThat(select(Duration.ZERO)).containsExactly("taken READ");
        assertThat(selector.getKey(taken.reader()).events()).isEqualTo(Interest.READ);
    }

    @Test
    void isForgottenWhenItsNumberIsClosed() throws Exception {
        int number = 2_998;
        Libc.dupOnto(refused.reader().fileno(), number);
        kernel.refuse(number);
        selector.register(Pollable.borrow(number), Interest.READ, "number");
        assertThat(select(Duration.ZERO)).isEmpty();
        Libc.close(number);
        long start = System.nanoTime();
        assertThat(select(WHILE)).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(WHILE.toNanos());
        selector.unregister(Pollable.borrow(number));
    }

    @Test
    void leavesWhenItsObjectCloses() throws IOException {
        selector.register(refused.reader(), Interest.READ, "refused");
        refused.reader().close();
        assertThat(selector.getMap()).isEmpty();
        assertThat(select(WHILE)).isEmpty();
    }

    /// EPIPE on most, and EBADF on NetBSD.
    @ParameterizedTest
    @EnumSource(
            value = KqueueSystem.class,
            names = {"MACOS", "FREEBSD", "OPENBSD", "NETBSD", "DRAGONFLY"})
    void aPipeThatNobodyReadsIsReadyToWrite(KqueueSystem system) throws IOException {
        taken.reader().close();
        SimulatedKqueue kqueue = new SimulatedKqueue(system);
        try (KqueueSelector<String> one = KqueueSelector.open(new KqueueLibc(system, kqueue.lookup()))) {
            one.register(taken.writer(), Interest.WRITE, "broken");
            assertThat(one.select(LONG))
                    .hasSize(1)
                    .allMatch(ready -> ready.readiness().isWritable());
            one.modify(taken.writer(), Interest.WRITE.oneShot(), "broken once");
            assertThat(one.select(LONG))
                    .hasSize(1)
                    .allMatch(ready -> ready.readiness().isWritable());
            assertThat(one.selectNow()).isEmpty();
        }
        assertThat(kqueue.failure()).isNull();
    }

    @Test
    void aPipeThatNobodyReadsAnyMoreCanBeModified() throws IOException {
        selector.register(taken.writer(), Interest.WRITE, "taken");
        assertThat(select(LONG)).containsExactly("taken WRITE");
        taken.reader().close();
        selector.modify(taken.writer(), Interest.WRITE.oneShot(), "broken");
        assertThat(select(LONG)).containsExactly("broken WRITE");
    }

    @Test
    void isLetGoOfByAWaitThatHasBegun() throws Exception {
        try (ConnectedPair link = ConnectedPair.Kind.SOCKET_PAIR.open()) {
            kernel.refuse(link.reader().fileno());
            selector.register(link.reader(), Interest.READ, "refused");
            try (Background<List<String>> waiting = Background.start(() -> select(LONG))) {
                waiting.awaitAsleep();
                selector.unregister(link.reader());
                link.reader().close();
                assertThat(Await.readable(link.writer(), LONG)).isTrue(); // the end, which select would hold up
                selector.wakeup();
                assertThat(waiting.result()).isEmpty();
            }
        }
    }

    @Test
    void theNewOwnerOfANumberIsNotTakenForTheOldOne() throws IOException {
        Pollable number = Pollable.borrow(2_997);
        Libc.dupOnto(taken.reader().fileno(), number.fileno());
        selector.register(number, Interest.READ, "number");
        Libc.close(number.fileno());
        Libc.dupOnto(refused.reader().fileno(), number.fileno());
        refused.write(1);
        for (Interest events : List.of(Interest.READ.oneShot(), Interest.READ.or(Interest.PRIORITY))) {
            assertThatThrownBy(() -> selector.modify(number, events, "changed"))
                    .isInstanceOf(NativeIOException.class)
                    .hasMessageContaining("ENOENT");
        }
        assertThat(selector.getKey(number).data()).isEqualTo("number");
        assertThat(select(Duration.ZERO)).isEmpty();
        selector.unregister(number);
        Libc.close(number.fileno());
    }

    @Test
    void aSelectorDoesNotWaitForItself() {
        int fd = selector.fileno();
        assertThatThrownBy(() -> selector.register(selector, Interest.READ, "itself"))
                .isInstanceOf(NativeIOException.class)
                .hasMessage("kevent(EV_ADD, fd=" + fd
                        + "): EINVAL (22) Invalid argument (a kqueue does not wait for itself)");
        assertThat(selector.getMap()).isEmpty();
    }

    @Test
    void leavesNothingOpen() throws IOException {
        selector.register(refused.reader(), Interest.READ, "refused");
        select(WHILE);
        selector.close();
        Map<Integer, String> before = OpenFiles.list();
        for (int i = 0; i < 20; i++) {
            try (KqueueSelector<String> other =
                    KqueueSelector.open(new KqueueLibc(KqueueSystem.MACOS, kernel.lookup()))) {
                other.register(refused.reader(), Interest.READ, "refused");
                other.select(Duration.ofMillis(1));
            }
        }
        Map<Integer, String> left = OpenFiles.since(before);
        left.keySet().removeAll(SimulatedKqueue.hiddenDescriptors());
        assertThat(left).isEmpty();
    }
}
