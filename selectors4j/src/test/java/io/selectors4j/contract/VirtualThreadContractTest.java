package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.selectors4j.EpollSelector;
import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.OneCarrier;
import io.selectors4j.testing.ParkedThread;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Selects on a virtual thread. They behave as on platform threads and do not occupy the carrier thread.
class VirtualThreadContractTest extends ContractTest {

    VirtualThreadContractTest(BackendUnderTest backend) {
        super(backend);
    }

    /// Returns whether a waiting thread parks. With an io_uring, a platform thread waits for it.
    private boolean parks() {
        return backend.isEpoll() && !backend.usesRing();
    }

    /// Returns how many threads can wait at a time. EPOLL needs three descriptors each; the other backends need a
    /// platform thread each.
    private int many() {
        return parks() ? 5_000 : 500;
    }

    @Nested
    class OneSelector {

        @Test
        void readyKeys_areReturnedAtOnceAndLater() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "data");
            for (int i = 0; i < 3; i++) {
                assertThat(ParkedThread.start(() -> selector.select()).result()).hasSize(1);
                pair.drain();
                ParkedThread<Integer> select =
                        ParkedThread.start(() -> selector.select().size()).awaitParked();
                pair.write(1);
                assertThat(select.result()).isEqualTo(1);
            }
        }

        @Test
        void registeredDuringSelect_isReturned() throws Exception {
            Selector<String> selector = open();
            ParkedThread<Integer> select =
                    ParkedThread.start(() -> selector.select().size()).awaitParked();
            selector.register(readablePair().reader(), Interest.READ, "data");
            assertThat(select.result()).isEqualTo(1);
        }

        @Test
        void timeout_isNeverShortened() throws Exception {
            Selector<String> selector = open();
            for (Duration timeout : List.of(Duration.ofNanos(1), Duration.ofMillis(1), Duration.ofMillis(30))) {
                long start = System.nanoTime();
                assertThat(ParkedThread.start(() -> selector.select(timeout)).result())
                        .isEmpty();
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(timeout.toNanos());
            }
            assertThat(ParkedThread.start(selector::selectNow).result()).isEmpty();
        }

        @Test
        void wakeup_endsTheWait() throws Exception {
            Selector<String> selector = open();
            for (int i = 0; i < 3; i++) {
                ParkedThread<Integer> select =
                        ParkedThread.start(() -> selector.select().size()).awaitParked();
                selector.wakeup();
                assertThat(select.result()).isZero();
                selector.wakeup();
                assertThat(ParkedThread.start(() -> selector.select().size()).result())
                        .isZero();
            }
        }

        @Test
        void eventsAfterWakeups_areReturned() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "data");
            for (int i = 0; i < 20; i++) {
                ParkedThread<Integer> select =
                        ParkedThread.start(() -> selector.select().size()).awaitParked();
                selector.wakeup();
                assertThat(select.result()).isZero();
                pair.write(1); // nothing waits for it
                assertThat(ParkedThread.start(() -> selector.select().size()).result())
                        .isEqualTo(1);
                pair.drain();
                select = ParkedThread.start(() -> selector.select().size()).awaitParked();
                pair.write(1);
                assertThat(select.result()).isEqualTo(1);
                pair.drain();
            }
        }

        @Test
        void interrupt_endsTheWaitAndStaysSet() throws Exception {
            Selector<String> selector = open();
            Callable<Boolean> body =
                    () -> selector.select().isEmpty() && Thread.currentThread().isInterrupted();
            ParkedThread<Boolean> select = ParkedThread.start(body).awaitParked();
            select.thread().interrupt();
            assertThat(select.result()).isTrue();

            assertThat(ParkedThread.start(() -> {
                                Thread.currentThread().interrupt();
                                return body.call();
                            })
                            .result())
                    .isTrue();
        }

        @Test
        void close_endsTheWait() throws Exception {
            Selector<String> selector = open();
            selector.register(pair().reader(), Interest.READ, "data");
            ParkedThread<Integer> select =
                    ParkedThread.start(() -> selector.select().size()).awaitParked();
            selector.close();
            assertThat(catchThrowable(select::result)).isInstanceOf(ClosedSelectorException.class);
        }

        @Test
        void platformThread_maySelectNext() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "data");
            for (int i = 0; i < 5; i++) {
                assertThat(ParkedThread.start(() -> selector.select()).result()).hasSize(1);
                assertThat(selector.select()).hasSize(1);
            }
        }
    }

    @Nested
    class ManySelectors {

        /// The kernel limits the paths from an open file through nested epoll instances to 500.
        @Test
        void manySelectors_mayShareADescriptor() throws Exception {
            ConnectedPair stop = pair(ConnectedPair.Kind.UNBATCHED);
            int count = parks() ? 600 : 50;
            List<ParkedThread<Integer>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Selector<String> selector = open();
                selector.register(stop.reader(), Interest.READ, "stop");
                all.add(ParkedThread.start(() -> selector.select().size()));
            }
            for (ParkedThread<Integer> running : all) {
                running.awaitParked();
            }
            // A selector that the poller has ceased to watch does not count against the limit.
            Selector<String> late = open();
            late.register(stop.reader(), Interest.READ, "stop");
            stop.write(1);
            for (ParkedThread<Integer> running : all) {
                assertThat(running.result()).isEqualTo(1);
            }
            assertThat(late.select()).hasSize(1);
        }

        @Test
        void selectorsPolledBefore_mayShareADescriptor() throws Exception {
            ConnectedPair stop = pair(ConnectedPair.Kind.UNBATCHED);
            List<Selector<String>> all = new ArrayList<>();
            for (int i = 0; i < (parks() ? 600 : 10); i++) {
                Selector<String> selector = open();
                ParkedThread<Integer> select =
                        ParkedThread.start(() -> selector.select().size()).awaitParked();
                selector.wakeup(); // the selector stays in the epoll instance of the poller
                assertThat(select.result()).isZero();
                all.add(selector);
            }
            for (Selector<String> selector : all) {
                selector.register(stop.reader(), Interest.READ, "stop");
            }
            stop.write(1);
            for (Selector<String> selector : all) {
                assertThat(selector.select()).hasSize(1);
            }
        }

        @Tag("linux")
        @Test
        void nestedSelectors_haveTheSameDepthLimit() throws Exception {
            ConnectedPair pair = readablePair();
            EpollSelector<String> innermost = own(EpollSelector.open());
            innermost.register(pair.reader(), Interest.READ, "pair");
            EpollSelector<String> outermost = innermost;
            for (int i = 0; i < 3; i++) {
                EpollSelector<String> next = own(EpollSelector.open());
                next.register(outermost, Interest.READ, "inner");
                outermost = next;
            }
            Selector<String> selector = open();
            selector.register(outermost, Interest.READ, "outer");
            pair.drain();
            ParkedThread<Integer> select =
                    ParkedThread.start(() -> selector.select().size()).awaitParked();
            pair.write(1);
            assertThat(select.result()).isEqualTo(1);
        }

        @Tag("ci")
        @Tag("linux")
        @Test
        void manyWaits_pinNoCarrier() throws Exception {
            OneCarrier run = OneCarrier.run(backend.name(), many());
            assertThat(run.isServed()).as(run.outcome().output()).isTrue();
            if (!backend.isSimulated()) { // a simulated kernel may block on its locks below a native frame
                assertThat(run.pinned()).isZero();
            }
        }
    }
}
