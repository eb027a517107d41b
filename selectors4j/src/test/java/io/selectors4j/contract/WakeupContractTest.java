package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static io.selectors4j.testing.Expect.spinUntil;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class WakeupContractTest extends ContractTest {

    /// `-Dwakeup.rounds=10000000` makes a long run of it.
    private static final int PING_PONGS = Integer.getInteger("wakeup.rounds", 20_000);

    WakeupContractTest(BackendUnderTest backend) {
        super(backend);
    }

    private static void expectWoken(Selector<?> selector) throws IOException {
        long start = System.nanoTime();
        assertThat(selector.select(PATIENCE)).isEmpty();
        assertThat(System.nanoTime() - start).as("waited").isLessThan(PATIENCE.toNanos());
    }

    @Nested
    class BeforeSelect {

        @Test
        void wakeupBeforeSelect_isNotLost() throws IOException {
            Selector<String> selector = open();
            selector.register(pair().reader(), Interest.READ, "data");

            selector.wakeup();

            expectWoken(selector);
            expectNothing(selector);
        }

        @Test
        void manyWakeups_countAsOne() throws IOException {
            Selector<String> selector = open();
            for (int i = 0; i < 1000; i++) {
                selector.wakeup();
            }
            expectWoken(selector);
            expectNothing(selector);
        }

        @Test
        void selectNow_keepsThePendingWakeup() throws IOException {
            Selector<String> selector = open();
            selector.register(pair().reader(), Interest.READ, "data");

            selector.wakeup();
            assertThat(selector.selectNow()).isEmpty();
            assertThat(selector.select(Duration.ofSeconds(-1))).isEmpty();

            expectWoken(selector);
            expectNothing(selector);
        }

        @Test
        void selectWithReadyKeys_consumesTheWakeup() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "data");

            selector.wakeup();
            assertThat(selector.select(PATIENCE)).hasSize(1);
            pair.drain();

            Duration wait = Duration.ofMillis(30);
            long start = System.nanoTime();
            assertThat(selector.select(wait)).isEmpty();
            assertThat(System.nanoTime() - start).as("waited").isGreaterThanOrEqualTo(wait.toNanos());
        }

        @Test
        void wakeup_isNeverReportedAsAKey() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "data");
            for (int i = 0; i < 10; i++) {
                selector.wakeup();
                assertThat(selector.select(PATIENCE))
                        .singleElement()
                        .satisfies(ready -> assertThat(ready.key().fileobj()).isSameAs(pair.reader()));
            }
            pair.drain();
            assertThat(selector.getMap()).containsOnlyKeys(pair.reader());
        }

        @Test
        void wakeup_losesNoReadyKey() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "data");
            selector.wakeup();
            pair.write(1);

            expectReady(selector, pair.reader(), Interest.READ);
            expectReady(selector, pair.reader(), Interest.READ);
        }

        @Test
        void wakeupInAHandler_endsTheNextSelect() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "data");

            selector.select(PATIENCE, (key, readiness) -> {
                pair.drain();
                selector.wakeup();
            });

            expectWoken(selector);
            expectNothing(selector);
        }

        @Test
        void wakeupAfterClose_doesNothing() throws IOException {
            Selector<String> selector = open();
            selector.close();

            selector.wakeup();

            assertThat(selector.isOpen()).isFalse();
        }
    }

    @Nested
    class DuringSelect {

        @Test
        void wakeup_endsABlockedSelect() throws Exception {
            Selector<String> selector = open();
            selector.register(pair().reader(), Interest.READ, "data");
            for (int i = 0; i < 10; i++) {
                Background<List<ReadyKey<String>>> select =
                        Background.start(() -> selector.select()).awaitAsleep();
                selector.wakeup();
                assertThat(select.result()).isEmpty();
            }
            expectNothing(selector);
        }

        @Test
        void wakeup_endsASelectWithAHandler() throws Exception {
            Selector<String> selector = open();
            selector.register(pair().reader(), Interest.READ, "data");
            Background<Integer> select = Background.start(() -> selector.select(PATIENCE, (key, readiness) -> {
                        throw new AssertionError("called for " + key);
                    }))
                    .awaitAsleep();

            selector.wakeup();

            assertThat(select.result()).isZero();
        }

        @Test
        void wakeup_reachesOnlyItsSelector() throws Exception {
            Selector<String> one = open();
            Selector<String> two = open();
            Background<List<ReadyKey<String>>> select =
                    Background.start(() -> two.select()).awaitAsleep();

            one.wakeup();

            select.expectRunning(Duration.ofMillis(20));
            two.wakeup();
            assertThat(select.result()).isEmpty();
            expectWoken(one);
        }
    }

    @Nested
    class ManyWakeups {

        @Test
        void wakeupsOfManyThreads_noneIsLost() throws Exception {
            Selector<String> selector = open();
            int threads = 4;
            int each = 2_000;
            AtomicInteger announced = new AtomicInteger();
            List<Background<Boolean>> wakers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                wakers.add(Background.start(() -> {
                    for (int j = 0; j < each; j++) {
                        announced.incrementAndGet();
                        selector.wakeup();
                    }
                    return true;
                }));
            }
            while (announced.get() < threads * each) {
                expectWoken(selector);
            }
            for (Background<Boolean> waker : wakers) {
                assertThat(waker.result()).isTrue();
            }
            assertThat(selector.select(Duration.ofMillis(1))).isEmpty(); // may be ended by the last wakeups
            expectNothing(selector);
        }

        /// Each select waits for one wakeup. With a lost wakeup both threads block; with a doubled one the counts
        /// differ.
        @Test
        void alternatingWakeups_noneIsLostOrDoubled() throws Exception {
            Selector<String> ping = open();
            Selector<String> pong = open();
            AtomicInteger pings = new AtomicInteger();
            AtomicInteger pongs = new AtomicInteger();
            Background<Boolean> ponger = Background.start(() -> {
                for (int i = 1; i <= PING_PONGS; i++) {
                    assertThat(ping.select()).isEmpty();
                    assertThat(pings.get()).isEqualTo(i);
                    pongs.incrementAndGet();
                    pong.wakeup();
                }
                return true;
            });
            Background<Boolean> pinger = Background.start(() -> {
                for (int i = 1; i <= PING_PONGS; i++) {
                    pings.incrementAndGet();
                    ping.wakeup();
                    assertThat(pong.select()).isEmpty();
                    assertThat(pongs.get()).isEqualTo(i);
                }
                return true;
            });
            assertThat(pinger.result()).isTrue();
            assertThat(ponger.result()).isTrue();
        }

        @Test
        void eventsAmongWakeups_noneIsLost() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "data");
            int rounds = 2_000;
            AtomicInteger received = new AtomicInteger();
            Background<Boolean> select = Background.start(() -> {
                while (received.get() < rounds) {
                    selector.select(PATIENCE, (key, readiness) -> received.addAndGet(pair.drain()));
                }
                return true;
            });
            for (int i = 1; i <= rounds; i++) {
                selector.wakeup();
                spinUntil("there is room", () -> pair.writer().write(ByteBuffer.allocate(1)) == 1);
                selector.wakeup();
            }
            assertThat(select.result()).isTrue();
            assertThat(received).hasValue(rounds);
        }
    }
}
