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
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class InterruptContractTest extends ContractTest {

    InterruptContractTest(BackendUnderTest backend) {
        super(backend);
    }

    @AfterEach
    void clearStatus() {
        Thread.interrupted();
    }

    @Nested
    class BeforeSelect {

        @Test
        void interruptBeforeSelect_endsItAndStaysSet() throws IOException {
            Selector<String> selector = open();
            selector.register(pair().reader(), Interest.READ, "data");
            Thread.currentThread().interrupt();

            long start = System.nanoTime();
            for (int i = 0; i < 5; i++) {
                assertThat(selector.select()).isEmpty();
                assertThat(selector.select(PATIENCE)).isEmpty();
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
            }
            assertThat(System.nanoTime() - start).isLessThan(PATIENCE.toNanos());
        }

        @Test
        void interruptedThread_getsReadyKeys() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "data");
            Thread.currentThread().interrupt();

            expectReady(selector, pair.reader(), Interest.READ);
            assertThat(selector.selectNow()).hasSize(1);
            assertThat(selector.select(PATIENCE, (key, readiness) -> {})).isEqualTo(1);

            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        }

        @Test
        void clearedStatus_selectWaitsAgain() throws IOException {
            Selector<String> selector = open();
            selector.register(pair().reader(), Interest.READ, "data");
            Thread.currentThread().interrupt();
            assertThat(selector.select()).isEmpty();

            assertThat(Thread.interrupted()).isTrue();

            expectNothing(selector);
        }

        @Test
        void interruptInAHandler_endsTheNextSelect() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "data");

            selector.select(PATIENCE, (key, readiness) -> {
                pair.drain();
                Thread.currentThread().interrupt();
            });

            assertThat(selector.select()).isEmpty();
            assertThat(Thread.interrupted()).isTrue();
            expectNothing(selector);
        }

        @Test
        void interruptedThread_registersWakesAndCloses() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            Thread.currentThread().interrupt();

            selector.register(pair.reader(), Interest.READ, "data");
            selector.modify(pair.reader(), Interest.READ_WRITE, "data");
            selector.wakeup();
            expectReady(selector, pair.reader(), Interest.READ_WRITE);
            selector.unregister(pair.reader());
            selector.close();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(selector.isOpen()).isFalse();
        }
    }

    @Nested
    class DuringSelect {

        @Test
        void interruptDuringSelect_endsItAndStaysSet() throws Exception {
            Selector<String> selector = open();
            selector.register(pair().reader(), Interest.READ, "data");
            Background<Boolean> select = Background.start(() -> {
                        assertThat(selector.select()).isEmpty();
                        return Thread.currentThread().isInterrupted();
                    })
                    .awaitAsleep();

            select.thread().interrupt();

            assertThat(select.result()).as("interrupt status").isTrue();
        }

        /// An interrupt closes a channel of NIO, but not this selector.
        @Test
        void interrupt_leavesTheSelectorOpen() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "data");
            Background<List<ReadyKey<String>>> select =
                    Background.start(() -> selector.select()).awaitAsleep();
            select.thread().interrupt();
            assertThat(select.result()).isEmpty();

            assertThat(selector.isOpen()).isTrue();
            pair.write(1);
            expectReady(selector, pair.reader(), Interest.READ);
        }

        @Test
        void manyInterrupts_noneIsLost() throws Exception {
            Selector<String> selector = open();
            int rounds = 2_000;
            AtomicInteger seen = new AtomicInteger();
            Background<Boolean> select = Background.start(() -> {
                while (seen.get() < rounds) {
                    assertThat(selector.select()).isEmpty();
                    if (Thread.interrupted()) {
                        seen.incrementAndGet();
                    }
                }
                return true;
            });
            for (int i = 0; i < rounds; i++) {
                select.thread().interrupt();
                int interrupts = i;
                spinUntil("the interrupt is seen", () -> seen.get() > interrupts);
            }
            assertThat(select.result()).isTrue();
        }
    }
}
