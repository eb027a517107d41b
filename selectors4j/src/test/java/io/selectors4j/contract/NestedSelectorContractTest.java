package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.EpollSelector;
import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Pollable;
import io.selectors4j.Selector;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An [EpollSelector] that is registered with a selector of each backend.
@Tag("system")
@Tag("linux")
class NestedSelectorContractTest extends ContractTest {

    /// How often each thread has to succeed in a race of rebuilds and registrations.
    private static final int CYCLE_ROUNDS = 300;

    NestedSelectorContractTest(BackendUnderTest backend) {
        super(backend);
    }

    private EpollSelector<String> inner() throws IOException {
        return own(EpollSelector.open());
    }

    private static Void rebuildWhile(
            BooleanSupplier more, AtomicIntegerArray counts, int index, EpollSelector<String> selector)
            throws IOException {
        int number = 4_000 + index;
        try (ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open()) {
            pair.write(1);
            while (more.getAsBoolean()) {
                Libc.dupOnto(pair.reader().fileno(), number);
                selector.register(Pollable.borrow(number), Interest.READ, "stale");
                Libc.close(number);
                selector.unregister(Pollable.borrow(number));
                try {
                    selector.selectNow();
                    selector.selectNow();
                    counts.incrementAndGet(index);
                } catch (NativeIOException e) {
                    assertThat(e.errnoName()).isEqualTo("ELOOP");
                }
            }
        }
        return null;
    }

    @Nested
    class ReadyInside {

        @Test
        void readyKeyInside_makesItReadable() throws IOException {
            Selector<String> selector = open();
            EpollSelector<String> inner = inner();
            ConnectedPair pair = pair();
            inner.register(pair.reader(), Interest.READ, "inner");
            selector.register(inner, Interest.READ, "outer");

            expectNothing(selector);
            pair.write(1);
            expectReady(selector, inner, Interest.READ);
            expectReady(inner, pair.reader(), Interest.READ);
            pair.drain();
            expectNothing(selector);
        }

        @Test
        void registeredInsideDuringSelect_endsTheWait() throws Exception {
            Selector<String> selector = open();
            EpollSelector<String> inner = inner();
            selector.register(inner, Interest.READ, "outer");
            try (var select = Background.start(() -> selector.select(PATIENCE)).awaitAsleep()) {
                inner.register(readablePair().reader(), Interest.READ, "inner");
                assertThat(select.result())
                        .singleElement()
                        .matches(ready -> ready.key().fileobj() == inner);
            }
        }

        @Test
        void fourLevels_areSupported() throws IOException {
            Selector<String> selector = open();
            EpollSelector<String> innermost = inner();
            EpollSelector<String> outermost = innermost;
            for (int i = 0; i < 3; i++) {
                EpollSelector<String> next = inner();
                next.register(outermost, Interest.READ, "inner");
                outermost = next;
            }
            selector.register(outermost, Interest.READ, "outer");
            expectNothing(selector);
            ConnectedPair pair = pair();
            innermost.register(pair.reader(), Interest.READ, "pair");

            pair.write(1);
            expectReady(selector, outermost, Interest.READ);
            pair.drain();
            expectNothing(selector);
        }

        @Test
        void eventsLeftByAHandler_makeItReadable() throws IOException {
            Selector<String> selector = open();
            EpollSelector<String> inner = inner();
            inner.register(readablePair().reader(), Interest.READ.edgeTriggered(), "one");
            inner.register(readablePair().reader(), Interest.READ.edgeTriggered(), "two");
            selector.register(inner, Interest.READ, "outer");
            expectReady(selector, inner, Interest.READ);
            assertThatThrownBy(() -> inner.select(null, (key, readiness) -> {
                        throw new TimeoutException();
                    }))
                    .isInstanceOf(TimeoutException.class);

            expectReady(selector, inner, Interest.READ);
            assertThat(inner.selectNow()).hasSize(1);
            assertThat(inner.selectNow()).isEmpty();
            expectNothing(selector);
        }

        @Test
        void cycle_isRefused() throws IOException {
            Selector<String> selector = open();
            if (selector instanceof EpollSelector<String> epoll) {
                EpollSelector<String> other = inner();
                other.register(epoll, Interest.READ, "epoll");

                assertThatThrownBy(() -> epoll.register(epoll, Interest.READ, "itself"))
                        .isInstanceOf(NativeIOException.class)
                        .hasMessageContaining("EINVAL");
                assertThatThrownBy(() -> epoll.register(other, Interest.READ, "loop"))
                        .isInstanceOf(NativeIOException.class)
                        .hasMessageContaining("ELOOP");
            }
            assertThat(selector.getMap()).isEmpty();
            expectNothing(selector);
        }
    }

    @Nested
    class Closed {

        @Test
        void closingTheInner_unregistersItFromTheOuter() throws IOException {
            Selector<String> selector = open();
            EpollSelector<String> inner = inner();
            inner.register(readablePair().reader(), Interest.READ, "inner");
            selector.register(inner, Interest.READ, "outer");
            expectReady(selector, inner, Interest.READ);

            inner.close();

            assertThat(selector.getMap()).isEmpty();
            expectNothing(selector);
            assertThat(inner.fileno()).isEqualTo(-1);
            assertThat(selector.unregister(inner).data()).isEqualTo("outer");
            assertThatThrownBy(() -> selector.unregister(inner)).isInstanceOf(NotRegisteredException.class);
            assertThatThrownBy(() -> selector.register(inner, Interest.READ, "closed"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("EpollSelector[closed]");
        }

        @Test
        void closingTheOuter_leavesTheInnerOpen() throws IOException {
            Selector<String> selector = open();
            EpollSelector<String> inner = inner();
            ConnectedPair pair = readablePair();
            inner.register(pair.reader(), Interest.READ, "inner");
            selector.register(inner, Interest.READ, "outer");
            selector.close();
            expectReady(inner, pair.reader(), Interest.READ);
            inner.close();
        }
    }

    @Nested
    class EpollInstanceIsRebuilt {

        @Test
        void rebuild_isFollowedByTheOuter() throws IOException {
            Selector<String> selector = open();
            EpollSelector<String> inner = inner();
            selector.register(inner, Interest.READ, "outer");
            leaveStaleEntry(inner, readablePair().reader());
            expectNothing(inner);

            ConnectedPair pair = pair();
            inner.register(pair.reader(), Interest.READ, "alive");
            expectNothing(selector);
            pair.write(1);
            expectReady(selector, inner, Interest.READ);
        }

        @Test
        void rebuildDuringSelect_isFollowedByTheOuter() throws Exception {
            Selector<String> selector = open();
            EpollSelector<String> inner = inner();
            ConnectedPair pair = pair();
            inner.register(pair.reader(), Interest.READ, "alive");
            selector.register(inner, Interest.READ, "outer");
            AtomicBoolean written = new AtomicBoolean();
            try (Background<Integer> waits = Background.start(() -> {
                int count = 0;
                do {
                    assertThat(selector.select(PATIENCE)).hasSize(1);
                    count++;
                } while (!written.get());
                return count;
            })) {
                waits.awaitAsleep();
                leaveStaleEntry(inner, readablePair().reader());
                expectNothing(inner); // the inner selector has been rebuilt
                waits.awaitAsleep();
                written.set(true);
                pair.write(1);
                assertThat(waits.result()).isPositive();
            }
        }

        /// The kernel refuses a cycle of epoll instances with ELOOP. A registration of `two` may succeed while `two` is
        /// being rebuilt; the rebuild then fails instead.
        @Test
        void concurrentRebuildsInACycle_end() throws Exception {
            EpollSelector<String> one = inner();
            EpollSelector<String> two = inner();
            two.register(one, Interest.READ, "one");
            AtomicIntegerArray counts = new AtomicIntegerArray(3);
            long end = System.nanoTime() + PATIENCE.toNanos();
            BooleanSupplier more = () -> System.nanoTime() - end < 0
                    && IntStream.range(0, counts.length()).anyMatch(i -> counts.get(i) < CYCLE_ROUNDS);
            try (Background<Void> first = Background.start(() -> rebuildWhile(more, counts, 0, one));
                    Background<Void> second = Background.start(() -> rebuildWhile(more, counts, 1, two));
                    Background<Void> third = Background.start(() -> {
                        while (more.getAsBoolean()) {
                            try {
                                one.register(two, Interest.READ, "two");
                                one.unregister(two);
                            } catch (NativeIOException e) {
                                assertThat(e.errnoName()).isEqualTo("ELOOP");
                                counts.incrementAndGet(2);
                            }
                        }
                        return null;
                    })) {
                first.result();
                second.result();
                third.result();
            }
            for (int i = 0; i < counts.length(); i++) {
                assertThat(counts.get(i)).isGreaterThanOrEqualTo(CYCLE_ROUNDS);
            }
        }
    }
}
