package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Interest;
import io.selectors4j.PollableChannel;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CloseContractTest extends ContractTest {

    CloseContractTest(BackendUnderTest backend) {
        super(backend);
    }

    @Nested
    class SelectorIsClosed {

        @Test
        void closedSelector_refusesEveryCall() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "data");
            assertThat(selector.isOpen()).isTrue();

            selector.close();

            assertThat(selector.isOpen()).isFalse();
            List<ThrowingCallable> calls = List.of(
                    () -> selector.register(pair.reader(), Interest.READ, "data"),
                    () -> selector.register(pair.writer(), Interest.READ, "data"),
                    () -> selector.modify(pair.reader(), Interest.READ, "data"),
                    () -> selector.unregister(pair.reader()),
                    () -> selector.unregister(pair.writer()),
                    () -> selector.getKey(pair.reader()),
                    selector::getMap,
                    selector::select,
                    () -> selector.select(PATIENCE),
                    selector::selectNow,
                    () -> selector.select(PATIENCE, (key, readiness) -> {}));
            for (ThrowingCallable call : calls) {
                assertThatThrownBy(call).isInstanceOf(ClosedSelectorException.class);
            }
            assertThat(selector.backend()).isEqualTo(backend.backend());
            assertThat(selector.toString()).contains("closed");
        }

        @Test
        void secondClose_doesNothing() throws IOException {
            Selector<String> selector = open();
            selector.close();
            selector.close();
            assertThat(selector.isOpen()).isFalse();
        }

        @Test
        void close_unregistersButClosesNoDescriptor() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ, "data");

            selector.close();

            assertThat(pair.reader().isOpen()).isTrue();
            Selector<String> next = open();
            next.register(pair.reader(), Interest.READ, "next");
            expectReady(next, pair.reader(), Interest.READ);
            pair.reader().close();
            assertThat(next.getMap()).isEmpty();
        }

        @Test
        void descriptorClosedAfterItsSelector_succeeds() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "data");
            selector.close();

            pair.reader().close();

            assertThatThrownBy(() -> selector.unregister(pair.reader())).isInstanceOf(ClosedSelectorException.class);
        }

        @Test
        void tryWithResources_closesTheSelector() throws IOException {
            Selector<String> opened;
            try (Selector<String> selector = backend.open()) {
                opened = selector;
                assertThat(opened.isOpen()).isTrue();
            }
            assertThat(opened.isOpen()).isFalse();
        }
    }

    @Nested
    class SelectIsBlocked {

        @Test
        void close_endsABlockedSelect() throws Exception {
            Map<Integer, String> before = OpenFiles.list();
            Selector<String> selector = open();
            Background<List<ReadyKey<String>>> select =
                    Background.start(() -> selector.select()).awaitAsleep();

            selector.close();

            assertThat(select.failure()).isInstanceOf(ClosedSelectorException.class);
            expectNothingOpenSince(before);
        }

        @Test
        void close_endsATimedSelect() throws Exception {
            Selector<String> selector = open();
            selector.register(pair().reader(), Interest.READ, "data");
            Background<Integer> select = Background.start(() -> selector.select(PATIENCE, (key, readiness) -> {}))
                    .awaitAsleep();

            selector.close();

            assertThat(select.failure()).isInstanceOf(ClosedSelectorException.class);
        }

        @Test
        void closeRacesWithSelect_selectFails() throws Exception {
            Background.start(() -> true).result();
            Map<Integer, String> before = OpenFiles.list();
            for (int i = 0; i < 300; i++) {
                Selector<String> selector = backend.open();
                CountDownLatch started = new CountDownLatch(1);
                Background<Boolean> select = Background.start(() -> {
                    started.countDown();
                    while (true) {
                        selector.select();
                    }
                });
                started.await();
                for (int spins = i; spins > 0; spins--) {
                    Thread.onSpinWait();
                }
                selector.close();
                assertThat(select.failure()).isInstanceOf(ClosedSelectorException.class);
            }
            expectNothingOpenSince(before);
        }

        @Test
        void closedByManyThreads_leavesNothingOpen() throws Exception {
            Map<Integer, String> before = OpenFiles.list();
            for (int i = 0; i < 50; i++) {
                Selector<String> selector = backend.open();
                ConnectedPair pair = ConnectedPair.Kind.SOCKET_PAIR.open();
                selector.register(pair.reader(), Interest.READ, "data");
                List<Background<Boolean>> closers = Stream.generate(() -> Background.start(() -> {
                            selector.close();
                            pair.close();
                            return true;
                        }))
                        .limit(3)
                        .toList();
                for (Background<Boolean> closer : closers) {
                    assertThat(closer.result()).isTrue();
                }
            }
            expectNothingOpenSince(before);
        }
    }

    @Nested
    class HandlerIsRunning {

        @Test
        void closeInAHandler_endsTheBatch() throws IOException {
            Map<Integer, String> before = OpenFiles.list();
            Selector<Integer> selector = open();
            List<ConnectedPair> pairs = List.of(readablePair(), readablePair(), readablePair());
            for (ConnectedPair pair : pairs) {
                selector.register(pair.reader(), Interest.READ, 0);
            }

            int count = selector.select(PATIENCE, (key, readiness) -> selector.close());

            assertThat(count).isEqualTo(1);
            assertThatThrownBy(selector::selectNow).isInstanceOf(ClosedSelectorException.class);
            for (ConnectedPair pair : pairs) {
                pair.close();
            }
            expectNothingOpenSince(before);
        }

        @Test
        void closeDuringAHandler_letsTheHandlerEnd() throws Exception {
            Selector<Integer> selector = open();
            for (int i = 0; i < 2; i++) {
                selector.register(readablePair().reader(), Interest.READ, i);
            }
            CountDownLatch inHandler = new CountDownLatch(1);
            CountDownLatch closed = new CountDownLatch(1);
            Background<Integer> select = Background.start(() -> selector.select(PATIENCE, (key, readiness) -> {
                inHandler.countDown();
                closed.await();
            }));
            inHandler.await();

            selector.close();
            closed.countDown();

            assertThat(select.result()).isEqualTo(1);
        }
    }

    @Nested
    class DescriptorIsClosed {

        @Test
        void closeDuringSelect_doesNotEndTheWait() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            ConnectedPair other = pair();
            selector.register(pair.reader(), Interest.READ, "closed");
            selector.register(other.reader(), Interest.READ, "other");
            Background<List<ReadyKey<String>>> select =
                    Background.start(() -> selector.select()).awaitAsleep();

            pair.reader().close();

            select.expectRunning(Duration.ofMillis(30));
            other.write(1);
            assertThat(select.result())
                    .singleElement()
                    .satisfies(ready -> assertThat(ready.key().fileobj()).isSameAs(other.reader()));
        }

        @Tag("system")
        @Test
        void closeDuringSelect_freesTheNumber() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            PollableChannel reader = pair.reader();
            selector.register(reader, Interest.READ, "data");
            Background<List<ReadyKey<String>>> select =
                    Background.start(() -> selector.select()).awaitAsleep();

            int number = reader.fileno();
            reader.close();
            assertThat(Libc.isOpen(number)).isFalse();
            ConnectedPair next = pair();
            selector.register(next.reader(), Interest.READ, "next");
            next.write(1);

            assertThat(select.result())
                    .singleElement()
                    .satisfies(ready -> assertThat(ready.key().data()).isEqualTo("next"));
        }
    }
}
