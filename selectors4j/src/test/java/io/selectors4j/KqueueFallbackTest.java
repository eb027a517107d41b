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

/// Descriptors that kqueue refuses, such as `/dev/tty` on macOS: the selector waits for them with `select`.
@Timeout(240)
class KqueueFallbackTest {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final SimulatedKqueue kernel = new SimulatedKqueue(KqueueSystem.MACOS);
    private final KqueueSelector<String> selector =
            KqueueSelector.open(new KqueueLibc(KqueueSystem.MACOS, kernel.lookup()));
    private final ConnectedPair refused = ConnectedPair.Kind.PIPE.open();
    private final ConnectedPair watched = ConnectedPair.Kind.PIPE.open();

    KqueueFallbackTest() throws IOException {
        kernel.refuse(refused.reader().fileno());
    }

    @AfterEach
    void closeAll() throws IOException {
        selector.close();
        refused.close();
        watched.close();
        assertThat(kernel.failure()).isNull();
    }

    private List<String> select(Duration timeout) throws IOException {
        List<String> ready = new ArrayList<>();
        selector.select(timeout, (key, readiness) -> ready.add(key.data() + " " + readiness.events()));
        return ready;
    }

    @Test
    void refused_isReportedWhileReady() throws IOException {
        selector.register(refused.reader(), Interest.READ, "refused");
        assertThat(select(Duration.ZERO)).isEmpty();
        refused.write(1);
        assertThat(select(LONG)).containsExactly("refused READ");
        assertThat(select(Duration.ZERO)).containsExactly("refused READ");
        refused.drain();
        assertThat(select(Duration.ZERO)).isEmpty();
    }

    @Test
    void timeout_isNeverEarly() throws IOException {
        selector.register(refused.reader(), Interest.READ, "refused");
        long start = System.nanoTime();
        assertThat(select(SHORT)).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
    }

    @Test
    void refusedAndWatched_bothWake() throws Exception {
        selector.register(refused.reader(), Interest.READ, "refused");
        selector.register(watched.reader(), Interest.READ, "watched");
        try (Background<List<String>> waiting = Background.start(() -> select(LONG))) {
            waiting.awaitAsleep();
            refused.write(1);
            assertThat(waiting.result()).containsExactly("refused READ");
        }
        refused.drain();
        try (Background<List<String>> waiting = Background.start(() -> select(LONG))) {
            waiting.awaitAsleep();
            watched.write(1);
            assertThat(waiting.result()).containsExactly("watched READ");
        }
        refused.write(1);
        assertThat(select(LONG)).containsExactlyInAnyOrder("watched READ", "refused READ");
    }

    @Test
    void registeredDuringWait_wakes() throws Exception {
        selector.register(watched.reader(), Interest.READ, "watched");
        refused.write(1);
        try (Background<List<String>> waiting = Background.start(() -> select(LONG))) {
            waiting.awaitAsleep();
            selector.register(refused.reader(), Interest.READ, "refused");
            assertThat(waiting.result()).containsExactly("refused READ");
        }
    }

    @Test
    void unregisteredDuringWait_doesNotWake() throws Exception {
        selector.register(refused.reader(), Interest.READ, "refused");
        try (Background<List<String>> waiting = Background.start(() -> select(LONG))) {
            waiting.awaitAsleep();
            selector.unregister(refused.reader());
            refused.write(1);
            waiting.expectRunning(SHORT);
            selector.wakeup();
            assertThat(waiting.result()).isEmpty();
        }
    }

    @Test
    void wakeupAndInterrupt_endWait() throws Exception {
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
    void virtualThread_parksAndIsServed() throws Exception {
        selector.register(refused.reader(), Interest.READ, "refused");
        ParkedThread<List<String>> waiting =
                ParkedThread.start(() -> select(LONG)).awaitParked();
        refused.write(1);
        assertThat(waiting.result()).containsExactly("refused READ");
    }

    @Test
    void oneShot_isReportedOnceUntilModified() throws IOException {
        selector.register(refused.reader(), Interest.READ.oneShot(), "refused");
        refused.write(1);
        assertThat(select(LONG)).containsExactly("refused READ");
        assertThat(select(Duration.ZERO)).isEmpty();
        selector.modify(refused.reader(), Interest.READ.oneShot(), "again");
        assertThat(select(LONG)).containsExactly("again READ");
        assertThat(select(Duration.ZERO)).isEmpty();
    }

    @Test
    void refusedAndAcceptedAgain_canBeModified() throws IOException {
        kernel.refuse(refused.writer().fileno());
        selector.register(refused.writer(), Interest.WRITE, "refused");
        assertThat(select(LONG)).containsExactly("refused WRITE");
        selector.modify(refused.writer(), Interest.NONE, "refused");
        assertThat(select(Duration.ZERO)).isEmpty();
        selector.modify(refused.writer(), Interest.READ_WRITE, "both");
        assertThat(select(LONG)).containsExactly("both WRITE");
        kernel.accept(refused.writer().fileno());
        selector.modify(refused.writer(), Interest.WRITE, "accepted");
        assertThat(select(LONG)).containsExactly("accepted WRITE");
    }

    @Test
    void edgeTriggered_isRejected() {
        int fd = refused.reader().fileno();
        assertThatThrownBy(() -> selector.register(refused.reader(), Interest.READ.edgeTriggered(), "refused"))
                .isInstanceOf(NativeIOException.class)
                .hasMessage("kevent(EV_ADD, fd=" + fd + "): EINVAL (22) Invalid argument"
                        + " (select, which waits for it instead, cannot be edge-triggered)");
        assertThat(selector.getMap()).isEmpty();
    }

    @Test
    void rejectedModify_leavesKeyUnchanged() throws IOException {
        selector.register(watched.reader(), Interest.READ, "watched");
        kernel.refuse(watched.reader().fileno());
        assertThatThrownBy(() -> selector.modify(watched.reader(), Interest.READ.edgeTriggered(), "edge"))
                .isInstanceOf(NativeIOException.class);
        watched.write(1);
        assertThat(select(LONG)).containsExactly("watched READ");
        assertThat(select(Duration.ZERO)).containsExactly("watched READ");
        assertThat(selector.getKey(watched.reader()).events()).isEqualTo(Interest.READ);
    }

    @Test
    void closedNumber_isForgotten() throws Exception {
        int number = 2_998;
        Libc.dupOnto(refused.reader().fileno(), number);
        kernel.refuse(number);
        selector.register(Pollable.borrow(number), Interest.READ, "number");
        assertThat(select(Duration.ZERO)).isEmpty();
        Libc.close(number);
        long start = System.nanoTime();
        assertThat(select(SHORT)).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
        selector.unregister(Pollable.borrow(number));
    }

    @Test
    void closedObject_isUnregistered() throws IOException {
        selector.register(refused.reader(), Interest.READ, "refused");
        refused.reader().close();
        assertThat(selector.getMap()).isEmpty();
        assertThat(select(SHORT)).isEmpty();
    }

    /// kqueue refuses it with EPIPE, on NetBSD with EBADF.
    @ParameterizedTest
    @EnumSource(
            value = KqueueSystem.class,
            names = {"MACOS", "FREEBSD", "OPENBSD", "NETBSD", "DRAGONFLY"})
    void pipeWithoutReader_isWritable(KqueueSystem system) throws IOException {
        watched.reader().close();
        SimulatedKqueue kqueue = new SimulatedKqueue(system);
        try (KqueueSelector<String> one = KqueueSelector.open(new KqueueLibc(system, kqueue.lookup()))) {
            one.register(watched.writer(), Interest.WRITE, "broken");
            assertThat(one.select(LONG))
                    .hasSize(1)
                    .allMatch(ready -> ready.readiness().isWritable());
            one.modify(watched.writer(), Interest.WRITE.oneShot(), "broken once");
            assertThat(one.select(LONG))
                    .hasSize(1)
                    .allMatch(ready -> ready.readiness().isWritable());
            assertThat(one.selectNow()).isEmpty();
        }
        assertThat(kqueue.failure()).isNull();
    }

    @Test
    void pipeThatLosesReader_canBeModified() throws IOException {
        selector.register(watched.writer(), Interest.WRITE, "watched");
        assertThat(select(LONG)).containsExactly("watched WRITE");
        watched.reader().close();
        selector.modify(watched.writer(), Interest.WRITE.oneShot(), "broken");
        assertThat(select(LONG)).containsExactly("broken WRITE");
    }

    @Test
    void unregisterDuringWait_releasesFile() throws Exception {
        try (ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open()) {
            kernel.refuse(pair.reader().fileno());
            selector.register(pair.reader(), Interest.READ, "refused");
            try (Background<List<String>> waiting = Background.start(() -> select(LONG))) {
                waiting.awaitAsleep();
                selector.unregister(pair.reader());
                pair.reader().close();
                // The end of the stream. A select on the file would delay it.
                assertThat(Await.readable(pair.writer(), LONG)).isTrue();
                selector.wakeup();
                assertThat(waiting.result()).isEmpty();
            }
        }
    }

    @Test
    void modify_doesNotAffectNewOwnerOfNumber() throws IOException {
        Pollable number = Pollable.borrow(2_997);
        Libc.dupOnto(watched.reader().fileno(), number.fileno());
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
    void selectorOnItself_isRejected() {
        int fd = selector.fileno();
        assertThatThrownBy(() -> selector.register(selector, Interest.READ, "itself"))
                .isInstanceOf(NativeIOException.class)
                .hasMessage("kevent(EV_ADD, fd=" + fd
                        + "): EINVAL (22) Invalid argument (a kqueue does not wait for itself)");
        assertThat(selector.getMap()).isEmpty();
    }

    @Test
    void close_leavesNoDescriptorOpen() throws IOException {
        selector.register(refused.reader(), Interest.READ, "refused");
        select(SHORT);
        selector.close();
        Map<Integer, String> before = OpenFiles.list();
        for (int i = 0; i < 20; i++) {
            try (KqueueSelector<String> other =
                    KqueueSelector.open(new KqueueLibc(KqueueSystem.MACOS, kernel.lookup()))) {
                other.register(refused.reader(), Interest.READ, "refused");
                other.select(Duration.ofMillis(1));
            }
        }
        Map<Integer, String> leaked = OpenFiles.since(before);
        leaked.keySet().removeAll(SimulatedKqueue.hiddenDescriptors());
        assertThat(leaked).isEmpty();
    }
}
