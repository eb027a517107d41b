package io.selectors4j.stress.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.BackendUnderTest;
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

/// Every call of a selector fails in every way. Afterwards the selector is in the previous state or in the requested
/// state.
@Tag("ci")
@ParameterizedClass
@MethodSource("io.selectors4j.stress.TestedBackends#failingWithErrno")
@Timeout(Limits.TEST_SECONDS)
class SelectorFaultsTest {

    private static final RunCounts COUNTS = new RunCounts("faults");

    private final BackendUnderTest backend;

    SelectorFaultsTest(BackendUnderTest backend) {
        this.backend = backend;
    }

    private static void everyCallFails(FaultRun.Scenario scenario) throws Exception {
        everyCallFails(Fault.ALL, scenario);
    }

    private static void everyCallFails(List<Fault> faults, FaultRun.Scenario scenario) throws Exception {
        COUNTS.add("faults injected", FaultRun.everyCallFails(faults, scenario));
    }

    /// A selector, and the registrations that it must have.
    private static final class CheckedSelector implements AutoCloseable {

        private final FaultRun run;
        private final Selector<String> selector;
        private final Map<ConnectedPair, Interest> registered = new HashMap<>();

        CheckedSelector(FaultRun run, BackendUnderTest backend) throws Exception {
            this.run = run;
            // A busy selector makes a hundred calls on opening, which are not the subject.
            boolean busy = backend == BackendUnderTest.EPOLL_BUSY;
            selector = busy ? backend.open() : run.orRetry(run.call(backend::<String>open), backend::open);
        }

        void register(ConnectedPair pair, Interest events) throws Exception {
            change(pair, events, () -> selector.register(pair.reader(), events, "data"));
        }

        void modify(ConnectedPair pair, Interest events) throws Exception {
            change(pair, events, () -> selector.modify(pair.reader(), events, "data"));
        }

        /// Makes a call, checks its effect, and repeats it if it has failed.
        private void change(ConnectedPair pair, Interest events, ThrowingSupplier<SelectorKey<String>, Exception> call)
                throws Exception {
            run.call(call);
            if (run.hasFailed()) {
                check();
                call.run();
            }
            registered.put(pair, events);
            check();
        }

        void unregister(ConnectedPair pair) throws Exception {
            run.call(() -> selector.unregister(pair.reader()));
            assertThat(run.hasFailed()).isFalse();
            registered.remove(pair);
            check();
        }

        /// Selects ready objects. A failed select leaves them to the next select.
        Set<Pollable> select(Duration timeout) throws Exception {
            List<ReadyKey<String>> ready =
                    run.orRetry(run.call(() -> selector.select(timeout)), () -> selector.select(timeout));
            return objects(ready);
        }

        /// Checks the selector's table and the kernel's set.
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
            for (ConnectedPair pair : registered.keySet()) {
                pair.write(1);
            }
            assertThat(objects(selector.selectNow())).isEqualTo(both);
            for (ConnectedPair pair : registered.keySet()) {
                pair.drain();
            }
        }

        private static Set<Pollable> objects(List<ReadyKey<String>> ready) {
            Set<Pollable> objects = new HashSet<>();
            ready.forEach(key -> assertThat(objects.add(key.key().fileobj())).isTrue());
            return objects;
        }

        @Override
        public void close() {
            run.call(() -> {
                selector.close();
                return true;
            });
            assertThat(run.hasFailed()).isFalse();
            assertThat(selector.isOpen()).isFalse();
        }
    }

    @Test
    void registrations_everyCallFails() throws Exception {
        everyCallFails(run -> {
            try (ConnectedPair first = ConnectedPair.Kind.SOCKET_PAIR.open();
                    ConnectedPair second = ConnectedPair.Kind.SOCKET_PAIR.open();
                    CheckedSelector checked = new CheckedSelector(run, backend)) {
                checked.register(first, Interest.READ);
                checked.register(second, Interest.READ_WRITE);
                checked.modify(first, Interest.WRITE);
                checked.modify(second, Interest.NONE);
                checked.modify(second, Interest.READ);
                checked.unregister(first);
                checked.register(first, Interest.READ);
            }
        });
    }

    @Test
    void selects_everyCallFails() throws Exception {
        everyCallFails(run -> {
            try (ConnectedPair first = ConnectedPair.Kind.SOCKET_PAIR.open();
                    ConnectedPair second = ConnectedPair.Kind.SOCKET_PAIR.open();
                    CheckedSelector checked = new CheckedSelector(run, backend)) {
                checked.register(first, Interest.READ);
                checked.register(second, Interest.READ);
                first.write(1);
                assertThat(checked.select(Limits.WAIT)).containsExactly(first.reader());
                assertThat(checked.select(Limits.WAIT)).containsExactly(first.reader());
                second.write(1);
                assertThat(checked.select(Duration.ZERO)).containsExactlyInAnyOrder(first.reader(), second.reader());
                first.drain();
                second.drain();
                assertThat(checked.select(Duration.ofNanos(100))).isEmpty();
                assertThat(checked.select(Duration.ofMillis(2))).isEmpty();
                checked.check();
            }
        });
    }

    @Test
    void oneTimeEvents_everyCallFails() throws Exception {
        Interest edge = backend.supports(Interest.READ.edgeTriggered())
                ? Interest.READ.edgeTriggered()
                : Interest.READ.oneShot();
        everyCallFails(run -> {
            try (ConnectedPair first = ConnectedPair.Kind.SOCKET_PAIR.open();
                    ConnectedPair second = ConnectedPair.Kind.SOCKET_PAIR.open();
                    Selector<String> selector = backend.open()) {
                selector.register(first.reader(), edge, "edge");
                selector.register(second.reader(), Interest.READ.oneShot(), "once");
                first.write(1);
                second.write(1);
                Set<Pollable> seen = new HashSet<>();
                for (int i = 0; i < 3; i++) {
                    List<ReadyKey<String>> ready = run.orRetry(
                            run.call(() -> selector.select(Duration.ofMillis(1))),
                            () -> selector.select(Duration.ofMillis(1)));
                    ready.forEach(
                            key -> assertThat(seen.add(key.key().fileobj())).isTrue());
                }
                assertThat(seen).containsExactlyInAnyOrder(first.reader(), second.reader());
                run.call(() -> selector.modify(second.reader(), Interest.READ.oneShot(), "again"));
                if (run.hasFailed()) {
                    assertThat(selector.selectNow()).isEmpty();
                    selector.modify(second.reader(), Interest.READ.oneShot(), "again");
                }
                assertThat(CheckedSelector.objects(selector.selectNow())).containsExactly(second.reader());
            }
        });
    }

    @Test
    void wakeup_everyCallFails() throws Exception {
        everyCallFails(run -> {
            try (ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open();
                    CheckedSelector checked = new CheckedSelector(run, backend)) {
                checked.register(pair, Interest.READ);
                run.call(() -> {
                    checked.selector.wakeup();
                    return true;
                });
                long start = System.nanoTime();
                assertThat(checked.select(Limits.WAIT)).isEmpty();
                assertThat(System.nanoTime() - start).as("the wakeup was lost").isLessThan(Limits.WAIT.toNanos());
                assertThat(checked.select(Duration.ofMillis(1))).isEmpty();
                checked.check();
            }
        });
    }

    /// Returns the faults of a call that wakes a thread. EAGAIN is excluded, because a full counter is readable; EINTR
    /// is excluded for kqueue, because an interrupted kevent has made its changes.
    private List<Fault> wakerFaults() {
        return Fault.NOT_SHORT.stream()
                .filter(fault -> fault.errno() != Errno.EAGAIN)
                .filter(fault -> fault.errno() != Errno.EINTR || !backend.isKqueue())
                .toList();
    }

    private static Set<Pollable> result(Background<List<ReadyKey<String>>> select) throws Exception {
        long start = System.nanoTime();
        Set<Pollable> objects = CheckedSelector.objects(select.result());
        assertThat(System.nanoTime() - start).as("the thread was not woken").isLessThan(Limits.WAIT.toNanos());
        return objects;
    }

    /// A wakeup that does not reach the blocked thread throws, and the next wakeup works.
    @Test
    void wakeupOfBlockedThread_everyCallFails() throws Exception {
        everyCallFails(wakerFaults(), run -> {
            try (ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open();
                    CheckedSelector checked = new CheckedSelector(run, backend)) {
                checked.register(pair, Interest.READ);
                var select = Background.start(
                                () -> FaultInjector.withoutFaults(() -> checked.selector.select(Limits.WAIT)))
                        .awaitAsleep();
                boolean done = Objects.requireNonNull(run.call(() -> {
                    try {
                        checked.selector.wakeup();
                        return true;
                    } catch (IllegalStateException e) {
                        assertThat(e).hasMessageContaining("cannot be woken");
                        return false;
                    }
                }));
                if (!done) {
                    select.expectRunning(Duration.ZERO);
                    checked.selector.wakeup();
                }
                assertThat(result(select)).isEmpty();
                checked.check();
            }
        });
    }

    /// A blocked thread notices a change, or at least the next change.
    @Test
    void changeDuringSelect_everyCallFails() throws Exception {
        everyCallFails(wakerFaults(), run -> {
            try (ConnectedPair first = ConnectedPair.Kind.SOCKET_PAIR.open();
                    ConnectedPair second = ConnectedPair.Kind.SOCKET_PAIR.open();
                    CheckedSelector checked = new CheckedSelector(run, backend)) {
                checked.register(first, Interest.READ);
                var select = Background.start(
                                () -> FaultInjector.withoutFaults(() -> checked.selector.select(Limits.WAIT)))
                        .awaitAsleep();
                run.call(() -> checked.selector.register(second.reader(), Interest.READ, "data"));
                if (run.hasFailed()) {
                    checked.selector.register(second.reader(), Interest.READ, "data");
                }
                checked.selector.modify(second.reader(), Interest.READ_WRITE, "data");
                assertThat(result(select)).containsExactly(second.reader());
                checked.registered.put(second, Interest.READ_WRITE);
                checked.check();
            }
        });
    }

    /// If a call of a woken select fails, the wakeup ends that select or the next select.
    @Test
    void wokenSelect_everyCallFails() throws Exception {
        everyCallFails(Fault.NOT_SHORT, run -> {
            try (ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open();
                    CheckedSelector checked = new CheckedSelector(run, backend)) {
                checked.register(pair, Interest.READ);
                var select = Background.start(() -> checked.select(Limits.WAIT));
                select.awaitBlocked(); // or until the call has failed
                FaultInjector.withoutFaults(() -> {
                    checked.selector.wakeup();
                    return true;
                });
                long start = System.nanoTime();
                assertThat(select.result()).isEmpty();
                assertThat(System.nanoTime() - start).as("the wakeup was lost").isLessThan(Limits.WAIT.toNanos());
                assertThat(checked.select(Duration.ofMillis(1))).isEmpty();
                checked.check();
            }
        });
    }

    /// A closed object is deregistered, and its number is released.
    @Test
    void closingObject_everyCallFails() throws Exception {
        everyCallFails(run -> {
            try (ConnectedPair first = ConnectedPair.Kind.SOCKET_PAIR.open();
                    ConnectedPair second = ConnectedPair.Kind.SOCKET_PAIR.open();
                    CheckedSelector checked = new CheckedSelector(run, backend)) {
                checked.register(first, Interest.READ);
                checked.register(second, Interest.READ);
                first.write(1);
                run.call(() -> {
                    first.reader().close();
                    return true;
                });
                assertThat(first.reader().isOpen()).isFalse();
                checked.registered.remove(first);
                checked.check();
                assertThat(checked.select(Duration.ofMillis(1))).isEmpty();
            }
        });
    }

    /// A number is closed while a duplicate keeps its open file: EPOLL keeps a stale entry.
    ///
    /// EBADF and EPERM are excluded: while EPOLL rebuilds its set, they mean that the number was reused. No kernel
    /// reports them for an open descriptor.
    @Test
    void staleEntry_everyCallFails() throws Exception {
        List<Fault> realistic = Fault.ALL.stream()
                .filter(fault -> fault.errno() != Errno.EBADF && fault.errno() != Errno.EPERM)
                .toList();
        everyCallFails(realistic, run -> {
            try (ConnectedPair stale = ConnectedPair.Kind.SOCKET_PAIR.open();
                    ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open();
                    CheckedSelector checked = new CheckedSelector(run, backend)) {
                checked.register(pair, Interest.READ);
                int number = Libc.dup(stale.reader().fileno());
                checked.selector.register(Pollable.borrow(number), Interest.READ, "stale");
                Libc.close(number);
                checked.selector.unregister(Pollable.borrow(number));
                stale.write(1);
                for (int i = 0; i < 12; i++) {
                    assertThat(checked.select(Duration.ZERO)).isEmpty();
                }
                pair.write(1);
                assertThat(checked.select(Limits.WAIT)).containsExactly(pair.reader());
                pair.drain();
                checked.check();
            }
        });
    }
}
