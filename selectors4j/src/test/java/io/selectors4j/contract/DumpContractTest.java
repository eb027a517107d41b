package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import io.selectors4j.SelectorCounters;
import io.selectors4j.SelectorDump;
import io.selectors4j.SelectorKey;
import io.selectors4j.Selectors;
import io.selectors4j.fd.Fd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Expect;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DumpContractTest extends ContractTest {

    /// More selects than an unhandled key may have without a report.
    private static final int MANY_SELECTS = 1100;

    DumpContractTest(BackendUnderTest backend) {
        super(backend);
    }

    private static SelectorDump.Key<String> onlyKey(Selector<String> selector) {
        SelectorDump<String> dump = selector.dump();
        assertThat(dump.keys()).hasSize(1);
        assertThat(dump.strayEntries()).isEmpty();
        return dump.keys().getFirst();
    }

    @Nested
    class Keys {

        @Test
        void newKey_wasNeverReady() throws IOException {
            Selector<String> selector = open();
            SelectorKey<String> key = selector.register(pair().reader(), Interest.READ, "secret");

            SelectorDump.Key<String> dumped = onlyKey(selector);

            assertThat(dumped.key()).isEqualTo(key);
            assertThat(dumped.lastReadiness()).isNull();
            assertThat(dumped.lastReadyAge()).isNull();
            assertThat(dumped.age()).isBetween(Duration.ZERO, Expect.PATIENCE);
            assertThat(selector.dump().toString())
                    .contains(
                            "1 key, no thread is selecting",
                            "fd " + key.fd() + ": " + key.fileobj() + " waits for READ, kernel: ",
                            "never ready")
                    .doesNotContain("secret");
        }

        @Test
        void readyKey_hasItsReadiness() throws IOException {
            Selector<String> selector = open();
            selector.register(readablePair().reader(), Interest.READ, "data");
            Readiness readiness = selector.select(Expect.PATIENCE).getFirst().readiness();

            SelectorDump.Key<String> dumped = onlyKey(selector);

            assertThat(dumped.lastReadiness()).isEqualTo(readiness);
            assertThat(dumped.lastReadyAge()).isBetween(Duration.ZERO, dumped.age());
        }

        @Test
        void reusedNumber_wasNeverReady() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "data");
            selector.select(Expect.PATIENCE);

            selector.unregister(pair.reader());
            selector.register(pair.reader(), Interest.READ, "data");

            assertThat(onlyKey(selector).lastReadiness()).isNull();
        }

        @Test
        void modifiedKey_isDescribedAsItIs() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "data");
            String watched = onlyKey(selector).kernel();

            selector.modify(pair.reader(), Interest.NONE, "data");

            assertThat(onlyKey(selector).key().events()).isEqualTo(Interest.NONE);
            assertThat(onlyKey(selector).kernel())
                    .satisfies(kernel -> assertThat(kernel.equals(watched)).isEqualTo(backend.isBatched()));
        }

        @Test
        void closedSelector_hasNoKeys() throws IOException {
            Selector<String> selector = open();
            selector.register(pair().reader(), Interest.READ, "data");

            selector.close();

            assertThat(selector.dump().keys()).isEmpty();
            assertThat(selector.dump().selectingThread()).isNull();
        }
    }

    @Test
    void selectingThread_isNamed() throws Exception {
        Selector<String> selector = open();
        Background<Integer> select =
                Background.start(() -> selector.select().size()).awaitAsleep();

        Thread thread = selector.dump().selectingThread();
        selector.wakeup();

        assertThat(thread).isNotNull().isNotEqualTo(Thread.currentThread());
        assertThat(select.result()).isZero();
    }

    @Test
    void dumpAll_containsSelectorsWithKeys() throws IOException {
        Selector<String> selector = open();
        String name = selector.dump().selector() + ":";
        selector.register(pair().reader(), Interest.READ, "data");

        assertThat(Selectors.dumpAll()).contains(name);

        selector.close();
        assertThat(Selectors.dumpAll()).doesNotContain(name);
    }

    @Nested
    class Counters {

        @Test
        void counters_countEventsAndWakeups() throws IOException {
            Selector<String> selector = open();
            selector.register(readablePair().reader(), Interest.READ, "data");

            SelectorCounters before = selector.dump().counters();
            selector.selectNow();
            selector.select(Expect.PATIENCE);
            SelectorCounters ready = selector.dump().counters();
            selector.unregister(selector.getMap().keySet().iterator().next());
            selector.wakeup();
            selector.select(Expect.PATIENCE);

            assertThat(ready.events() - before.events()).isEqualTo(2);
            assertThat(ready.waits() - before.waits()).isGreaterThanOrEqualTo(2);
            assertThat(ready.wakeups()).isEqualTo(before.wakeups());
            assertThat(selector.dump().counters().wakeups()).isEqualTo(before.wakeups() + 1);
            assertThat(selector.dump().counters().unhandled()).isZero();
        }

        @Tag("system")
        @Test
        void ignoredKey_isUnhandledOnce() throws IOException {
            Selector<String> selector = open();
            selector.register(readablePair().reader(), Interest.READ, "ignored");

            for (int i = 0; i < 2 * MANY_SELECTS; i++) {
                assertThat(selector.selectNow((key, readiness) -> {})).isEqualTo(1);
            }

            assertThat(selector.dump().counters().unhandled()).isEqualTo(1);
        }

        @Tag("system")
        @Test
        void ignoredKey_isFoundBesideOthers() throws IOException {
            Selector<String> selector = open();
            ConnectedPair handled = readablePair();
            selector.register(handled.reader(), Interest.READ, "handled");
            selector.register(readablePair().reader(), Interest.READ, "ignored");

            for (int i = 0; i < 2 * MANY_SELECTS; i++) {
                selector.selectNow((key, readiness) -> {
                    if ("handled".equals(key.data())) {
                        readByte((Fd) key.fileobj());
                        handled.write(1);
                    }
                });
            }

            assertThat(selector.dump().counters().unhandled()).isEqualTo(1);
        }

        @Tag("system")
        @Test
        void handledKey_isNotReported() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "handled");

            for (int i = 0; i < 2 * MANY_SELECTS; i++) {
                selector.select(Expect.PATIENCE, (key, readiness) -> {
                    readByte((Fd) key.fileobj());
                    pair.write(1);
                });
            }

            assertThat(selector.dump().counters().unhandled()).isZero();
        }

        private static void readByte(Fd fd) throws IOException {
            assertThat(fd.read(ByteBuffer.allocate(1))).isEqualTo(1);
        }
    }
}
