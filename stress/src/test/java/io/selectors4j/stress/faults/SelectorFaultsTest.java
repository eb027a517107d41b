package io.selectors4j.stress.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever call of a selector's fails, and however: afterwards the selector is as it was before, or as it was to be.
@Tag("ci")
@ParameterizedClass
@MethodSource("backends")
@Timeout(Limits.TEST_SECONDS)
class SelectorFaultsTest {

    private static final RunCounts COUNTS = new RunCounts("faults");

    private final BackendUnderTest backend;

    SelectorFaultsTest(BackendUnderTest backend) {
        this.backend = backend;
    }

    static List<BackendUnderTest> backends() {
        return Backends.underTest().stream()
                .filter(backend -> !backend.isLibkqueue())
                .toList();
    }

    private static void everyCallFails(FaultRun.Scenario scenario) throws Exception {
        everyCallFails(Fault.ALL, scenario);
    }

    private static void everyCallFails(List<Fault> faults, FaultRun.Scenario scenario) throws Exception {
        COUNTS.add("faults injected", FaultRun.everyCallFails(faults, scenario));
    }

    /// A selector and what has to be registered with it.
    private static final class CheckedSelector implements AutoCloseable {

        private final FaultRun trial;
        private final Selector<String> selector;
        private final Map<ConnectedPair, Interest> registered = new HashMap<>();

        CheckedSelector(FaultRun trial, BackendUnderTest backend) throws Exception {
            this.trial = trial;
            // To keep one busy takes a hundred calls, which are about nothing.
            boolean busy = backend == BackendUnderTest.EPOLL_BUSY;
            selector = busy ? backend.open() : trial.orRetry(trial.step(backend::<String>open), backend::open);
        }

        void register(ConnectedPair link, Interest events) throws Exception {
            trial.step(() -> selector.register(link.reader(), events, "data"));
            if (!trial.hasFailed()) {
                registered.put(link, events);
            }
            check();
            if (trial.hasFailed()) {
                selector.register(link.reader(), events, "data");
                registered.put(link, events);
                check();
            }
        }

        void modify(ConnectedPair link, Interest events) throws Exception {
            trial.step(() -> selector.modify(link.reader(), events, "data"));
            if (!trial.hasFailed()) {
                registered.put(link, events);
            }
            check();
            if (trial.hasFailed()) {
                selector.modify(link.reader(), events, "data");
                registered.put(link, events);
                check();
            }
        }

        void unregister(ConnectedPair link) throws Exception {
            trial.step(() -> selector.unregister(link.reader()));
            assertThat(trial.hasFailed()).isFalse();
            registered.remove(link);
            check();
        }

        /// Selects what is ready already; a select that fails leaves it to the next one.
        Set<Pollable> select(Duration timeout) throws Exception {
            List<ReadyKey<String>> ready =
                    trial.orRetry(trial.step(() -> selector.select(timeout)), () -> selector.select(timeout));
            return objects(ready);
        }

        /// The table is what it has to be, and the kernel's set too.
        void check() throws IOException {
            assertThat(selector.isOpen()).isTrue();
            Set<Pollable> keys = new HashSet<>();
            Set<Pollable> writable = new HashSet<>();
            Set<Pollable> both = new HashSet<>();
            for (Map.Entry<ConnectedPair, Interest> entry : registered.entrySet()) {
                Pollable reader = entry.getKey().reader();
                Interest events = entry.getValue();
                keys.add(reader);
                assertThat(selector.getKey(reader).events()).isEqualTo(events);
                if (events.contains(Interest.WRITE)) {
                    writable.add(reader);
                }
                if (!events.isEmpty()) {
                    both.add(reader);
                }
            }
            assertThat(selector.getMap().keySet()).isEqualTo(keys);
            assertThat(objects(selector.selectNow())).isEqualTo(writable);
            for (ConnectedPair link : registered.keySet()) {
                link.write(1);
            }
            assertThat(objects(selector.selectNow())).isEqualTo(both);
            for (ConnectedPair link : registered.keySet()) {
                link.drain();
            }
        }

        private static Set<Pollable> objects(List<ReadyKey<String>> ready) {
            Set<Pollable> objects = new HashSet<>();
            ready.forEach(key -> assertThat(objects.add(key.key().fileobj())).isTrue());
            return objects;
        }

        @Override
        public void close() {
            trial.step(() -> {
                selector.close();
                return true;
            });
            assertThat(trial.hasFailed()).isFalse();
            assertThat(selector.isOpen()).isFalse();
        }
    }

    @Test
    void registrations() throws Exception {
        everyCallFails(trial -> {
            try (ConnectedPair first = ConnectedPair.Kind.SOCKET_PAIR.open();
                    ConnectedPair second = ConnectedPair.Kind.SOCKET_PAIR.open();
                    CheckedSelector game = new CheckedSelector(trial, backend)) {
                game.register(first, Interest.READ);
                game.register(second, Interest.READ_WRITE);
                game.modify(first, Interest.WRITE);
                game.modify(second, Interest.NONE);
                game.modify(second, Interest.READ);
                game.unregister(first);
                game.register(first, Interest.READ);
            }
        });
    }

    @Test
    void selects() throws Exception {
        everyCallFails(trial -> {
            try (ConnectedPair first = ConnectedPair.Kind.SOCKET_PAIR.open();
                    ConnectedPair second = ConnectedPair.Kind.SOCKET_PAIR.open();
                    CheckedSelector game = new CheckedSelector(trial, backend)) {
                game.register(first, Interest.READ);
                game.register(second, Interest.READ);
                first.write(1);
                assertThat(game.select(Limits.WAIT)).containsExactly(first.reader());
                assertThat(game.select(Limits.WAIT)).containsExactly(first.reader());
                second.write(1);
                assertThat(game.select(Duration.ZERO)).containsExactlyInAnyOrder(first.reader(), second.reader());
                first.drain();
                second.drain();
                assertThat(game.select(Duration.ofNanos(100))).isEmpty();
                assertThat(game.select(Duration.ofMillis(2))).isEmpty();
                game.check();
            }
        });
    }

    @Test
    void eventsThatComeOnce() throws Exception {
        Interest edge = backend.supports(Interest.READ.edgeTriggered())
                ? Interest.READ.edgeTriggered()
                : Interest.READ.oneShot();
        everyCallFails(trial -> {
            try (ConnectedPair first = ConnectedPair.Kind.SOCKET_PAIR.open();
                    ConnectedPair second = ConnectedPair.Kind.SOCKET_PAIR.open();
                    Selector<String> selector = backend.open()) {
                selector.register(first.reader(), edge, "edge");
                selector.register(second.reader(), Interest.READ.oneShot(), "once");
                first.write(1);
                second.write(1);
                Set<Pollable> seen = new HashSet<>();
                for (int i = 0; i < 3; i++) {
                    List<ReadyKey<String>> ready = trial.orRetry(
                            trial.step(() -> selector.select(Duration.ofMillis(1))),
                            () -> selector.select(Duration.ofMillis(1)));
                    ready.forEach(
                            key -> assertThat(seen.add(key.key().fileobj())).isTrue());
                }
                assertThat(seen).containsExactlyInAnyOrder(first.reader(), second.reader());
                trial.step(() -> selector.modify(second.reader(), Interest.READ.oneShot(), "again"));
                if (trial.hasFailed()) {
                    assertThat(selector.selectNow()).isEmpty();
                    selector.modify(second.reader(), Interest.READ.oneShot(), "again");
                }
                assertThat(CheckedSelector.objects(selector.selectNow())).containsExactly(second.reader());
            }
        });
    }

    @Test
    void wakeups() throws Exception {
        everyCallFails(trial -> {
            try (ConnectedPair link = ConnectedPair.Kind.SOCKET_PAIR.open();
                    CheckedSelector game = new CheckedSelector(trial, backend)) {
                game.register(link, Interest.READ);
                trial.step(() -> {
                    game.selector.wakeup();
                    return true;
                });
                long start = System.nanoTime();
                assertThat(game.select(Limits.WAIT)).isEmpty();
                assertThat(System.nanoTime() - start).as("the wake-up was lost").isLessThan(Limits.WAIT.toNanos());
                assertThat(game.select(Duration.ofMillis(1))).isEmpty();
                game.check();
            }
        });
    }

    /// What becomes of a call that wakes a thread. A full counter, which is what EAGAIN means, would be readable; a
    /// kevent that EINTR ends has done what it was to do.
    private List<Fault> ofWakers() {
        return Fault.OF_WHOLES.stream()
                .filter(fault -> fault.errno() != Errno.EAGAIN)
                .filter(fault -> fault.errno() != Errno.EINTR || !backend.isKqueue())
                .toList();
    }

    private static Set<Pollable> endOf(Background<List<ReadyKey<String>>> select) throws Exception {
        long start = System.nanoTime();
        Set<Pollable> objects = CheckedSelector.objects(select.result());
        assertThat(System.nanoTime() - start).as("nobody was woken").isLessThan(Limits.WAIT.toNanos());
        return objects;
    }

    /// A wake-up that does not reach who sleeps says so, and the next one tries again.
    @Test
    void wakeupsOfWhoSleeps() throws Exception {
        everyCallFails(ofWakers(), trial -> {
            try (ConnectedPair link = ConnectedPair.Kind.SOCKET_PAIR.open();
                    CheckedSelector game = new CheckedSelector(trial, backend)) {
                game.register(link, Interest.READ);
                var select = Background.start(
                                () -> FaultInjector.withoutFaults(() -> game.selector.select(Limits.WAIT)))
                        .awaitAsleep();
                boolean done = Objects.requireNonNull(trial.step(() -> {
                    try {
                        game.selector.wakeup();
                        return true;
                    } catch (IllegalStateException e) {
                        assertThat(e).hasMessageContaining("cannot be woken");
                        return false;
                    }
                }));
                if (!done) {
                    select.expectRunning(Duration.ZERO);
                    game.selector.wakeup();
                }
                assertThat(endOf(select)).isEmpty();
                game.check();
            }
        });
    }

    /// Who sleeps learns of a change, or at least of the next one.
    @Test
    void changesWhileSomebodySleeps() throws Exception {
        everyCallFails(ofWakers(), trial -> {
            try (ConnectedPair first = ConnectedPair.Kind.SOCKET_PAIR.open();
                    ConnectedPair second = ConnectedPair.Kind.SOCKET_PAIR.open();
                    CheckedSelector game = new CheckedSelector(trial, backend)) {
                game.register(first, Interest.READ);
                var select = Background.start(
                                () -> FaultInjector.withoutFaults(() -> game.selector.select(Limits.WAIT)))
                        .awaitAsleep();
                trial.step(() -> game.selector.register(second.reader(), Interest.READ, "data"));
                if (trial.hasFailed()) {
                    game.selector.register(second.reader(), Interest.READ, "data");
                }
                game.selector.modify(second.reader(), Interest.READ_WRITE, "data");
                assertThat(endOf(select)).containsExactly(second.reader());
                game.registered.put(second, Interest.READ_WRITE);
                game.check();
            }
        });
    }

    /// Whatever of a select's fails when it is woken: the wake-up ends that one or the next one.
    @Test
    void selectsThatAreWoken() throws Exception {
        everyCallFails(Fault.OF_WHOLES, trial -> {
            try (ConnectedPair link = ConnectedPair.Kind.SOCKET_PAIR.open();
                    CheckedSelector game = new CheckedSelector(trial, backend)) {
                game.register(link, Interest.READ);
                var select = Background.start(() -> game.select(Limits.WAIT));
                select.awaitBlocked(); // or has failed
                FaultInjector.withoutFaults(() -> {
                    game.selector.wakeup();
                    return true;
                });
                long start = System.nanoTime();
                assertThat(select.result()).isEmpty();
                assertThat(System.nanoTime() - start).as("the wake-up was lost").isLessThan(Limits.WAIT.toNanos());
                assertThat(game.select(Duration.ofMillis(1))).isEmpty();
                game.check();
            }
        });
    }

    /// What is closed by itself leaves its selector, and its number is given back.
    @Test
    void objectsThatClose() throws Exception {
        everyCallFails(trial -> {
            try (ConnectedPair first = ConnectedPair.Kind.SOCKET_PAIR.open();
                    ConnectedPair second = ConnectedPair.Kind.SOCKET_PAIR.open();
                    CheckedSelector game = new CheckedSelector(trial, backend)) {
                game.register(first, Interest.READ);
                game.register(second, Interest.READ);
                first.write(1);
                trial.step(() -> {
                    first.reader().close();
                    return true;
                });
                assertThat(first.reader().isOpen()).isFalse();
                game.registered.remove(first);
                game.check();
                assertThat(game.select(Duration.ofMillis(1))).isEmpty();
            }
        });
    }

    /// A number that is closed while a duplicate keeps its open file alive, and what EPOLL does about that.
    ///
    /// To be told EBADF or EPERM while it makes its new set means that a number is another one's by now: no call says
    /// so of a descriptor that is open.
    @Test
    void ghosts() throws Exception {
        List<Fault> honest = Fault.ALL.stream()
                .filter(fault -> fault.errno() != Errno.EBADF && fault.errno() != Errno.EPERM)
                .toList();
        everyCallFails(honest, trial -> {
            try (ConnectedPair ghost = ConnectedPair.Kind.SOCKET_PAIR.open();
                    ConnectedPair link = ConnectedPair.Kind.SOCKET_PAIR.open();
                    CheckedSelector game = new CheckedSelector(trial, backend)) {
                game.register(link, Interest.READ);
                int number = Libc.dup(ghost.reader().fileno());
                game.selector.register(Pollable.borrow(number), Interest.READ, "ghost");
                Libc.close(number);
                game.selector.unregister(Pollable.borrow(number));
                ghost.write(1);
                for (int i = 0; i < 12; i++) {
                    assertThat(game.select(Duration.ZERO)).isEmpty();
                }
                link.write(1);
                assertThat(game.select(Limits.WAIT)).containsExactly(link.reader());
                link.drain();
                game.check();
            }
        });
    }
}
