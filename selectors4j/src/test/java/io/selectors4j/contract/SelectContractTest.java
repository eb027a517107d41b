package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReadable;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.Readiness;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Expect;
import io.selectors4j.testing.PairKinds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

class SelectContractTest extends ContractTest {

    SelectContractTest(BackendUnderTest backend) {
        super(backend);
    }

    @Nested
    class ReadyKeys {

        @Test
        void zeroTimeout_returnsReadyKeys() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            SelectorKey<String> key = selector.register(pair.reader(), Interest.READ, "data");

            assertThat(selector.select(Duration.ZERO)).extracting(ReadyKey::key).containsExactly(key);
            assertThat(selector.selectNow()).extracting(ReadyKey::key).containsExactly(key);
            assertThat(selector.select(Duration.ofNanos(-1)))
                    .extracting(ReadyKey::key)
                    .containsExactly(key);
        }

        @Test
        void readyKey_isReturnedAtOnce() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "data");

            long start = System.nanoTime();
            assertThat(selector.select(PATIENCE)).hasSize(1);
            assertThat(System.nanoTime() - start).isLessThan(PATIENCE.toNanos());
            assertThat(selector.select()).hasSize(1);
            assertThat(selector.select((Duration) null)).hasSize(1);
        }

        @ParameterizedTest
        @PairKinds
        void readyDuringSelect_endsTheWait(ConnectedPair.Kind kind) throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            SelectorKey<String> key = selector.register(pair.reader(), Interest.READ, "data");
            Background<List<ReadyKey<String>>> select =
                    Background.start(() -> selector.select()).awaitAsleep();

            pair.write(1);

            assertThat(select.result()).extracting(ReadyKey::key).containsExactly(key);
        }

        @ParameterizedTest
        @PairKinds
        void readiness_isReportedUntilItIsGone(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            selector.register(pair.reader(), Interest.READ, "data");
            expectNothing(selector);

            pair.write(2);
            for (int i = 0; i < 5; i++) {
                expectReady(selector, pair.reader(), Interest.READ);
            }
            pair.drain();

            expectNothing(selector);
            pair.write(1);
            expectReady(selector, pair.reader(), Interest.READ);
        }

        @Test
        void readAndWrite_areReportedTogether() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ_WRITE, "data");

            Readiness readiness = expectReady(selector, pair.reader(), Interest.WRITE);
            assertThat(readiness.isReadable()).isFalse();
            assertThat(readiness.isWritable()).isTrue();
            pair.write(1);

            readiness = expectReady(selector, pair.reader(), Interest.READ_WRITE);
            assertThat(readiness.isReadable()).isTrue();
            assertThat(readiness.isWritable()).isTrue();
            assertThat(selector.selectNow()).hasSize(1);
        }

        @Test
        void allReadyKeys_areReturnedTogether() throws IOException {
            Selector<Integer> selector = open();
            Set<Pollable> readable = new HashSet<>();
            for (int i = 0; i < 200; i++) {
                ConnectedPair pair = i % 2 == 0 ? readablePair() : pair();
                selector.register(pair.reader(), Interest.READ, i);
                if (i % 2 == 0) {
                    readable.add(pair.reader());
                }
            }
            assertThat(Expect.readiness(selector.selectNow()).keySet()).isEqualTo(readable);
        }

        @Test
        void equalReadiness_isTheSameObject() throws IOException {
            Selector<Integer> selector = open();
            selector.register(readablePair().reader(), Interest.READ, 0);
            selector.register(readablePair().reader(), Interest.READ, 1);

            List<ReadyKey<Integer>> ready = selector.selectNow();
            assertThat(ready).hasSize(2);
            assertThat(ready.get(0).readiness())
                    .isSameAs(ready.get(1).readiness())
                    .isSameAs(selector.selectNow().get(0).readiness());
        }

        /// No descriptor is drained, and still every key is reported.
        @Test
        void manyReadyKeys_noneStarves() throws IOException {
            Selector<Integer> selector = open();
            Set<Pollable> all = new HashSet<>();
            for (int i = 0; i < 2500; i++) {
                ConnectedPair pair = readablePair();
                selector.register(pair.reader(), Interest.READ, i);
                all.add(pair.reader());
            }
            Set<Pollable> seen = new HashSet<>();
            for (int i = 0;
                    i < (backend.isLibkqueue() ? 5 : 3);
                    i++) { // one wait may return 1024 events, with libkqueue 512
                seen.addAll(Expect.readiness(selector.select(PATIENCE)).keySet());
            }
            assertThat(seen).hasSameSizeAs(all).isEqualTo(all);
            expectReadable(selector, all);
        }
    }

    @Nested
    class WithHandler {

        @Test
        void handler_getsTheKeysOfTheList() throws IOException {
            Selector<Integer> selector = open();
            for (int i = 0; i < 10; i++) {
                selector.register(readablePair().reader(), Interest.READ, i);
            }
            List<ReadyKey<Integer>> handled = new ArrayList<>();

            int count = selector.select(PATIENCE, (key, readiness) -> handled.add(new ReadyKey<>(key, readiness)));

            assertThat(count).isEqualTo(10);
            assertThat(handled).containsExactlyInAnyOrderElementsOf(selector.selectNow());
        }

        @Test
        void handler_isNotCalledAtTheTimeout() throws IOException {
            Selector<String> selector = open();
            selector.register(pair().reader(), Interest.READ, "data");

            assertThat(selector.select(Duration.ofMillis(5), (key, readiness) -> {
                        throw new AssertionError("called for " + key);
                    }))
                    .isZero();
        }
    }

    @Nested
    class SeveralThreadsOrSelectors {

        @Test
        void anotherThread_maySelectNext() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "data");
            for (int i = 0; i < 5; i++) {
                assertThat(Background.start(() -> selector.select(PATIENCE)).result())
                        .hasSize(1);
                expectReady(selector, pair.reader(), Interest.READ);
            }
        }

        @Test
        void twoSelectors_areIndependent() throws IOException {
            Selector<String> one = open();
            Selector<String> two = open();
            ConnectedPair first = readablePair();
            ConnectedPair second = readablePair();
            one.register(first.reader(), Interest.READ, "one");
            two.register(second.reader(), Interest.READ, "two");

            expectReady(one, first.reader(), Interest.READ);
            expectReady(two, second.reader(), Interest.READ);
            one.close();
            expectReady(two, second.reader(), Interest.READ);
        }
    }

    @Nested
    class WithoutKeys {

        @Test
        void noKeys_selectWaitsForItsTimeout() throws IOException {
            Selector<String> selector = open();
            expectNothing(selector);
            selector.register(readablePair().reader(), Interest.READ, "data");
            selector.unregister(selector.getMap().keySet().iterator().next());
            expectNothing(selector);
        }
    }
}
