package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectNothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ConcurrencyContractTest extends ContractTest {

    private static final Duration A_WHILE = Duration.ofMillis(30);

    ConcurrencyContractTest(BackendUnderTest backend) {
        super(backend);
    }

    private static <A> Background<List<ReadyKey<A>>> selecting(Selector<A> selector) throws Exception {
        return Background.start(() -> selector.select()).awaitAsleep();
    }

    private static void expectOnly(Background<? extends List<? extends ReadyKey<?>>> select, Pollable fileobj)
            throws Exception {
        assertThat(select.result())
                .singleElement()
                .satisfies(ready -> assertThat(ready.key().fileobj()).isSameAs(fileobj));
    }

    private void changeAtRandom(Selector<ConnectedPair> selector, Random random) throws IOException {
        try (ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open()) {
            selector.register(pair.reader(), Interest.READ, pair);
            pair.write(1);
            switch (random.nextInt(4)) {
                case 0 -> selector.modify(pair.reader(), Interest.NONE, pair);
                case 1 -> selector.modify(pair.reader(), Interest.READ.or(silent), pair);
                case 2 -> {
                    selector.modify(pair.reader(), silent, pair);
                    selector.modify(pair.reader(), Interest.READ, pair);
                }
                default -> selector.wakeup();
            }
            assertThat(Objects.requireNonNull(selector.getMap().get(pair.reader()))
                            .data())
                    .isSameAs(pair);
            if (random.nextBoolean()) {
                selector.unregister(pair.reader());
            }
        }
    }

    private static void drainUnlessClosed(ConnectedPair pair) throws IOException {
        try {
            pair.drain();
        } catch (ClosedChannelException e) {
            assertThat(pair.reader().isOpen()).isFalse();
        }
    }

    @Nested
    class SelectIsBlocked {

        @Test
        void register_endsABlockedSelect() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            Background<List<ReadyKey<String>>> select = selecting(selector);

            selector.register(pair.reader(), Interest.READ, "data");

            expectOnly(select, pair.reader());
        }

        @Test
        void registeredDuringSelect_isWaitedFor() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            Background<List<ReadyKey<String>>> select = selecting(selector);

            selector.register(pair.reader(), Interest.READ, "data");
            select.expectRunning(A_WHILE);
            pair.write(1);

            expectOnly(select, pair.reader());
        }

        @Test
        void modify_endsABlockedSelect() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "data");
            Background<List<ReadyKey<String>>> select = selecting(selector);

            selector.modify(pair.reader(), Interest.WRITE, "data");

            expectOnly(select, pair.reader());
        }

        @Test
        void modifyFromNone_endsABlockedSelect() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "data");
            selector.modify(pair.reader(), Interest.NONE, "none");
            Background<List<ReadyKey<String>>> select = selecting(selector);

            selector.modify(pair.reader(), Interest.READ, "data");

            expectOnly(select, pair.reader());
        }

        @Test
        void modifyToNone_suppressesTheEvent() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "data");
            Background<List<ReadyKey<String>>> select = selecting(selector);

            selector.modify(pair.reader(), Interest.NONE, "none");
            pair.write(1);

            select.expectRunning(A_WHILE);
            selector.modify(pair.reader(), Interest.READ, "data");
            expectOnly(select, pair.reader());
        }

        @Test
        void modifiedData_isDelivered() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "before");
            Background<List<ReadyKey<String>>> select = selecting(selector);

            selector.modify(pair.reader(), Interest.READ, "after");
            pair.write(1);

            assertThat(select.result()).extracting(ready -> ready.key().data()).containsExactly("after");
        }

        @Test
        void unregister_suppressesTheEvent() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            ConnectedPair other = pair();
            selector.register(pair.reader(), Interest.READ, "data");
            selector.register(other.reader(), Interest.READ, "other");
            Background<List<ReadyKey<String>>> select = selecting(selector);

            selector.unregister(pair.reader());
            pair.write(1);

            select.expectRunning(A_WHILE);
            other.write(1);
            expectOnly(select, other.reader());
        }

        @Test
        void secondSelect_isRefusedNamingBothThreads() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "data");
            Background<List<ReadyKey<String>>> select = selecting(selector);

            assertThatThrownBy(selector::select)
                    .isInstanceOf(IllegalStateException.class)
                    .isNotInstanceOf(ClosedSelectorException.class)
                    .hasMessageContaining(select.thread().toString())
                    .hasMessageContaining(Thread.currentThread().toString());
            assertThatThrownBy(selector::selectNow).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> selector.select(PATIENCE, (key, readiness) -> {}))
                    .isInstanceOf(IllegalStateException.class);

            select.expectRunning(A_WHILE);
            pair.write(1);
            expectOnly(select, pair.reader());
            assertThat(selector.selectNow()).hasSize(1);
        }
    }

    @Nested
    class ManyChanges {

        /// Each registration has to end a wait that has begun or is about to begin.
        @Test
        void manyRegistrations_noneIsMissed() throws Exception {
            Selector<Integer> selector = open();
            ConnectedPair pair = readablePair();
            LinkedBlockingQueue<Integer> delivered = new LinkedBlockingQueue<>();
            Background<Boolean> select = Background.start(() -> {
                while (true) {
                    selector.select(null, (key, readiness) -> {
                        selector.unregister(key.fileobj());
                        delivered.add(key.data());
                    });
                }
            });
            for (int i = 0; i < 3_000; i++) {
                selector.register(pair.reader(), Interest.READ, i);
                assertThat(delivered.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(i);
            }
            selector.close();
            assertThat(select.failure()).isInstanceOf(ClosedSelectorException.class);
        }

        @Test
        void manyModifications_noneIsMissed() throws Exception {
            Selector<Integer> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, -1);
            selector.modify(pair.reader(), silent, -1);
            LinkedBlockingQueue<Integer> delivered = new LinkedBlockingQueue<>();
            Background<Boolean> select = Background.start(() -> {
                while (true) {
                    selector.select(null, (key, readiness) -> {
                        selector.modify(key.fileobj(), key.data() % 2 == 0 ? Interest.NONE : silent, -1);
                        delivered.add(key.data());
                    });
                }
            });
            for (int i = 0; i < 3_000; i++) {
                selector.modify(pair.reader(), i % 3 == 0 ? Interest.READ : Interest.READ_WRITE, i);
                assertThat(delivered.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(i);
            }
            selector.close();
            assertThat(select.failure()).isInstanceOf(ClosedSelectorException.class);
        }

        /// A select that begins after `unregister` has returned must not deliver the key.
        @Test
        void unregisteredByAnotherThread_isNotDelivered() throws Exception {
            record Entry(AtomicLong lastSelect) {}
            Selector<Entry> selector = open();
            AtomicLong selects = new AtomicLong();
            AtomicLong deliveries = new AtomicLong();
            ConcurrentLinkedQueue<String> late = new ConcurrentLinkedQueue<>();
            Background<Boolean> select = Background.start(() -> {
                while (true) {
                    long now = selects.incrementAndGet();
                    selector.select(null, (key, readiness) -> {
                        deliveries.incrementAndGet();
                        if (key.data().lastSelect.get() < now) {
                            late.add("delivered by select " + now + ": " + key);
                        }
                    });
                }
            });
            ConnectedPair pair = readablePair();
            Random random = new Random(2);
            for (int i = 0; i < 5_000; i++) {
                Entry entry = new Entry(new AtomicLong(Long.MAX_VALUE));
                selector.register(pair.reader(), Interest.READ, entry);
                long delivered = deliveries.get();
                for (int spins = random.nextInt(200); spins > 0; spins--) {
                    Thread.onSpinWait();
                }
                while (i % 100 == 0
                        && deliveries.get() == delivered
                        && select.isRunning()) { // independent of the spinning
                    Thread.onSpinWait();
                }
                selector.unregister(pair.reader());
                entry.lastSelect.set(selects.get());
            }
            selector.close();
            assertThat(select.failure()).isInstanceOf(ClosedSelectorException.class);
            assertThat(late).isEmpty();
            assertThat(deliveries).hasValueGreaterThanOrEqualTo(50);
        }

        @Test
        void changesByManyThreads_succeed() throws Exception {
            Selector<ConnectedPair> selector = open();
            Background<Boolean> select = Background.start(() -> {
                while (true) {
                    selector.select(null, (key, readiness) -> drainUnlessClosed(key.data()));
                }
            });
            List<Background<Integer>> changers = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                Random random = new Random(thread);
                changers.add(Background.start(() -> {
                    int rounds = 0;
                    for (; rounds < 500; rounds++) {
                        changeAtRandom(selector, random);
                    }
                    return rounds;
                }));
            }
            for (Background<Integer> changer : changers) {
                assertThat(changer.result()).isEqualTo(500);
            }
            select.expectRunning(Duration.ZERO);
            assertThat(selector.getMap()).isEmpty();
            selector.wakeup();
            selector.close();
            assertThat(select.failure()).isInstanceOf(ClosedSelectorException.class);
        }

        @Test
        void afterAllChanges_nothingIsReady() throws Exception {
            Selector<ConnectedPair> selector = open();
            Background<Integer> changes = Background.start(() -> {
                Random random = new Random(3);
                for (int i = 0; i < 200; i++) {
                    changeAtRandom(selector, random);
                }
                return 200;
            });
            while (changes.isRunning()) {
                selector.select(Duration.ofMillis(1), (key, readiness) -> drainUnlessClosed(key.data()));
            }
            assertThat(changes.result()).isEqualTo(200);
            selector.wakeup();
            assertThat(selector.select()).isEmpty();
            expectNothing(selector);
        }
    }
}
