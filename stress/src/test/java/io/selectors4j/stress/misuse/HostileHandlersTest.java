package io.selectors4j.stress.misuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.selectors4j.AlreadyRegisteredException;
import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.fd.EventFd;
import io.selectors4j.stress.Budget;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Handlers that do everything a handler should not do, with objects and data whose methods all throw. The selector
/// still dispatches each ready key once.
@Tag("ci")
@ParameterizedClass
@MethodSource("io.selectors4j.stress.TestedBackends#unlimited")
@Timeout(Limits.TEST_SECONDS)
class HostileHandlersTest {

    private static final RunCounts COUNTS = new RunCounts("misuse");
    private static final int OBJECTS = 8;

    private final BackendUnderTest backend;

    HostileHandlersTest(BackendUnderTest backend) {
        this.backend = backend;
    }

    /// Creates the error of a method that the library must not call.
    private static AssertionError called(String method) {
        return new AssertionError(method + " was called");
    }

    /// An object whose general methods all throw.
    private abstract static class Hostile {
        @Override
        public boolean equals(Object other) {
            throw called("equals");
        }

        @Override
        public int hashCode() {
            throw called("hashCode");
        }

        @Override
        public String toString() {
            throw called("toString");
        }
    }

    /// An object of which the library may only call `fileno`.
    private static final class Wrapper extends Hostile implements Pollable {
        private final EventFd event;

        Wrapper(EventFd event) {
            this.event = event;
        }

        @Override
        public int fileno() {
            return event.fileno();
        }
    }

    /// Attached data whose methods all throw, and its descriptor, which is always readable and writable.
    private static final class HostileData extends Hostile {
        private final EventFd event;
        private final Pollable fileobj;
        private Interest events = Interest.READ;

        HostileData(boolean wrapped) throws IOException {
            event = EventFd.open(1);
            fileobj = wrapped ? new Wrapper(event) : event;
        }
    }

    /// A selector, and the registrations that it must have.
    private final class Fixture implements AutoCloseable {
        private final Random random;
        private final Selector<HostileData> selector = backend.open();
        private final Selector<HostileData> another = backend.open();
        private final List<HostileData> all = new ArrayList<>();
        private final Set<HostileData> registered = Collections.newSetFromMap(new IdentityHashMap<>());
        private long acts;

        Fixture(Random random) throws IOException {
            this.random = random;
            for (int i = 0; i < OBJECTS; i++) {
                add();
            }
        }

        private void add() throws IOException {
            HostileData thing = new HostileData(random.nextBoolean());
            selector.register(thing.fileobj, Interest.READ, thing);
            all.add(thing);
            registered.add(thing);
        }

        /// Takes one random hostile action.
        void act(HostileData self) throws IOException, TimeoutException {
            acts++;
            HostileData thing = random.nextBoolean() ? self : all.get(random.nextInt(all.size()));
            switch (random.nextInt(14)) {
                case 0 -> throw new TimeoutException("of the handler");
                case 1 -> throw new IllegalStateException("of the handler");
                case 2 -> throw new OutOfMemoryError("not a real one");
                case 3 -> assertThat(new long[Integer.MAX_VALUE]).isEmpty(); // a real OutOfMemoryError
                case 4 -> assertThat(overflow(0)).isPositive(); // throws a StackOverflowError
                case 5 -> add();
                case 6 ->
                    assertThatIllegalStateException()
                            .isThrownBy(selector::select)
                            .withMessageContaining("a handler cannot select");
                case 7 -> assertThat(another.selectNow()).isEmpty();
                case 8 -> {
                    selector.wakeup();
                    Thread.currentThread().interrupt();
                }
                default -> {
                    if (registered.contains(thing)) {
                        change(thing);
                    }
                }
            }
        }

        private void change(HostileData thing) throws IOException {
            switch (random.nextInt(5)) {
                case 0 -> {
                    selector.unregister(thing.fileobj);
                    registered.remove(thing);
                }
                case 1 -> {
                    if (thing.fileobj instanceof Wrapper) { // closing an EventFd deregisters it
                        selector.unregister(thing.fileobj);
                    }
                    thing.event.close();
                    registered.remove(thing);
                }
                case 2 -> {
                    selector.unregister(thing.fileobj);
                    selector.register(thing.fileobj, Interest.READ, thing);
                    thing.events = Interest.READ;
                }
                case 3 -> {
                    selector.modify(thing.fileobj, Interest.WRITE, thing);
                    thing.events = Interest.WRITE;
                }
                default ->
                    assertThatExceptionOfType(AlreadyRegisteredException.class)
                            .isThrownBy(() ->
                                    selector.register(Pollable.borrow(thing.event.fileno()), Interest.READ, thing));
            }
        }

        @SuppressWarnings("InfiniteRecursion") // until the stack is full
        private int overflow(int depth) {
            return overflow(depth + 1) + 1;
        }

        void play() throws Exception {
            try {
                selector.<Exception>select(Limits.WAIT, (key, _) -> act(key.data()));
            } catch (TimeoutException | IllegalStateException | OutOfMemoryError | StackOverflowError e) {
                assertThat(e).isNotInstanceOf(ClosedSelectorException.class);
            } finally {
                Thread.interrupted();
            }
        }

        /// The next select dispatches the keys that a throwing handler has left. After it, each select dispatches every
        /// key once.
        void check() throws IOException {
            assertThat(selector.getMap().size()).isEqualTo(registered.size());
            for (HostileData thing : registered) {
                assertThat(selector.getKey(thing.fileobj).data()).isSameAs(thing);
            }
            selector.selectNow();
            Set<HostileData> ready = Collections.newSetFromMap(new IdentityHashMap<>());
            for (ReadyKey<HostileData> each : selector.selectNow()) {
                HostileData thing = each.key().data();
                assertThat(ready.add(thing)).as("delivered once").isTrue();
                assertThat(each.readiness().events()).isEqualTo(thing.events);
                assertThat(registered.contains(thing)).isTrue();
            }
            assertThat(ready.size()).isEqualTo(registered.size());
        }

        @Override
        public void close() throws IOException {
            selector.close();
            another.close();
            for (HostileData thing : all) {
                thing.event.close();
            }
        }
    }

    @Test
    void hostileHandler_doesNotBreakTheSelector() throws Exception {
        long seed = Budget.seed();
        COUNTS.seed(seed);
        Map<Integer, String> before = OpenFiles.list();
        Budget budget = Budget.percent(1);
        long round = seed;
        do {
            try (Fixture fixture = new Fixture(new Random(round))) {
                for (int i = 0; i < 5; i++) {
                    fixture.play();
                    fixture.check();
                }
                COUNTS.add("hostile handler actions", fixture.acts);
            } catch (AssertionError e) {
                throw new AssertionError("-Dstress.seed=" + round, e);
            }
            round++;
        } while (budget.hasTime());
        assertThat(OpenFiles.since(before)).isEmpty();
    }

    @Test
    void closingHandler_isTheLastOneCalled() throws IOException {
        for (int closing = 0; closing < OBJECTS; closing++) {
            Map<Integer, String> before = OpenFiles.list();
            try (Fixture fixture = new Fixture(new Random(closing))) {
                int last = closing;
                int[] calls = {0};
                int count = fixture.selector.select(Limits.WAIT, (_, _) -> {
                    if (calls[0]++ == last) {
                        fixture.selector.close();
                        fixture.all.getFirst().event.close();
                        assertThatExceptionOfType(ClosedSelectorException.class)
                                .isThrownBy(fixture.selector::selectNow);
                    }
                });
                assertThat(count).isEqualTo(closing + 1);
                assertThatExceptionOfType(ClosedSelectorException.class).isThrownBy(fixture.selector::select);
            }
            assertThat(OpenFiles.since(before)).isEmpty();
        }
    }
}
