package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectIdle;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.EpollSelector;
import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.PairKinds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/// One-shot registrations.
class OneShotContractTest extends ContractTest {

    OneShotContractTest(BackendUnderTest backend) {
        super(backend);
    }

    @Nested
    class Fired {

        @ParameterizedTest
        @PairKinds
        void oneShot_isReportedOncePerModify(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            selector.register(pair.reader(), Interest.READ.oneShot(), "data");
            for (int i = 0; i < 3; i++) {
                pair.write(1);
                expectReady(selector, pair.reader(), Interest.READ);
                expectNothing(selector);
                pair.write(1);
                expectNothing(selector);
                selector.modify(pair.reader(), Interest.READ.oneShot(), "data" + i);
            }
        }

        @Test
        void firedOneShot_doesNotReportAHangup() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(ConnectedPair.Kind.UNBATCHED);
            selector.register(pair.reader(), Interest.READ.oneShot(), "data");
            pair.write(1);
            expectReady(selector, pair.reader(), Interest.READ);
            pair.writer().close();
            expectIdle(selector);
            selector.modify(pair.reader(), Interest.READ.oneShot(), "data");
            Readiness readiness = expectReady(selector, pair.reader(), Interest.READ);
            assertThat(readiness.isHangup())
                    .isEqualTo(backend.reportsHangupsToReaders() && !ConnectedPair.Kind.UNBATCHED.isTcp());
            expectIdle(selector);
        }

        @Test
        void firedOneShot_doesNotReportOtherEvents() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ_WRITE.oneShot(), "data");
            expectReady(selector, pair.reader(), Interest.WRITE);
            pair.write(1);
            expectNothing(selector);

            selector.modify(pair.reader(), Interest.READ_WRITE.oneShot(), "again");
            expectReady(selector, pair.reader(), Interest.READ_WRITE);
            expectNothing(selector);
        }

        @Test
        void closedRawFd_isReportedInvalidOnce() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            int number = rawDup(pair.reader());
            pair.reader().close();
            Pollable raw = Pollable.borrow(number);
            selector.register(raw, Interest.READ.oneShot(), "data");
            closeRaw(number);
            if (backend.reportsClosedNumbers()) {
                assertThat(expectReady(selector, raw, Interest.READ).isInvalid())
                        .isTrue();
            }
            expectIdle(selector);
            selector.unregister(raw);
        }

        @Test
        void throwingHandler_losesNoEvent() throws IOException {
            Selector<Integer> selector = open();
            int count = 10;
            for (int i = 0; i < count; i++) {
                selector.register(readablePair().reader(), Interest.READ.oneShot(), i);
            }
            List<Integer> delivered = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                assertThatThrownBy(() -> selector.select(PATIENCE, (key, readiness) -> {
                            delivered.add(key.data());
                            throw new TimeoutException();
                        }))
                        .isInstanceOf(TimeoutException.class);
            }
            assertThat(delivered).doesNotHaveDuplicates().hasSize(count);
            expectNothing(selector);
        }
    }

    @Nested
    class Rearmed {

        @Test
        void handler_rearms() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ.oneShot(), "data");
            for (int i = 0; i < 5; i++) {
                int count = selector.select(
                        PATIENCE, (key, readiness) -> selector.modify(key.fileobj(), key.events(), key.data()));
                assertThat(count).isEqualTo(1);
            }
        }

        @Test
        void anotherThread_rearmsDuringSelect() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ.oneShot(), "data");
            expectReady(selector, pair.reader(), Interest.READ);
            try (var select = Background.start(() -> selector.select(PATIENCE)).awaitAsleep()) {
                selector.modify(pair.reader(), Interest.READ.oneShot(), "again");
                assertThat(select.result())
                        .singleElement()
                        .matches(ready -> ready.key().data().equals("again"));
            }
            expectNothing(selector);
        }

        @Test
        void modify_changesInterestAndMode() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            selector.register(pair.reader(), Interest.READ.oneShot(), "data");
            expectReady(selector, pair.reader(), Interest.READ);
            selector.modify(pair.reader(), Interest.WRITE.oneShot(), "data");
            expectReady(selector, pair.reader(), Interest.WRITE);
            expectNothing(selector);
            selector.modify(pair.reader(), Interest.READ, "level");
            expectReady(selector, pair.reader(), Interest.READ);
            expectReady(selector, pair.reader(), Interest.READ);
            selector.modify(pair.reader(), Interest.NONE, "paused");
            expectNothing(selector);
            selector.modify(pair.reader(), Interest.READ.oneShot(), "once");
            expectReady(selector, pair.reader(), Interest.READ);
            expectNothing(selector);
            selector.unregister(pair.reader());
        }

        @Test
        void eventOutsideTheNewInterest_leavesItArmed() throws IOException {
            Selector<Integer> selector = open();
            ConnectedPair one = readablePair();
            ConnectedPair two = readablePair();
            selector.register(one.reader(), Interest.READ.oneShot(), 1);
            selector.register(two.reader(), Interest.READ.oneShot(), 2);
            List<Integer> delivered = new ArrayList<>();
            // The order of the two is not specified. The event of the second one is already in the batch.
            selector.select(PATIENCE, (key, readiness) -> {
                delivered.add(key.data());
                ConnectedPair other = key.data() == 1 ? two : one;
                other.drain();
                selector.modify(other.reader(), silent.oneShot(), 3);
            });
            assertThat(delivered).hasSize(1);
            expectNothing(selector);
            ConnectedPair other = delivered.get(0) == 1 ? two : one;
            selector.modify(other.reader(), Interest.READ.oneShot(), 4);
            expectNothing(selector);
            other.write(1);
            expectReady(selector, other.reader(), Interest.READ);
        }

        @Test
        void rearmedBeforeDelivery_isReportedOnce() throws IOException {
            Selector<Integer> selector = open();
            ConnectedPair one = readablePair();
            ConnectedPair two = readablePair();
            selector.register(one.reader(), Interest.READ.oneShot(), 1);
            selector.register(two.reader(), Interest.READ.oneShot(), 2);
            List<Integer> delivered = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                selector.select(i == 0 ? PATIENCE : Duration.ZERO, (key, readiness) -> {
                    if (delivered.isEmpty()) {
                        ConnectedPair other = key.data() == 1 ? two : one;
                        selector.modify(other.reader(), Interest.READ.oneShot(), 3 - key.data());
                    }
                    delivered.add(key.data());
                });
            }
            assertThat(delivered).containsExactlyInAnyOrder(1, 2);
            expectNothing(selector);
        }

        @Test
        void rearmedAfterAHandlerThrew_isReportedOnce() throws IOException {
            Selector<Integer> selector = open();
            List<ConnectedPair> pairs = List.of(readablePair(), readablePair(), readablePair());
            for (int i = 0; i < pairs.size(); i++) {
                selector.register(pairs.get(i).reader(), Interest.READ.oneShot(), i);
            }
            List<Integer> delivered = new ArrayList<>();
            assertThatThrownBy(() -> selector.select(PATIENCE, (key, readiness) -> {
                        delivered.add(key.data());
                        throw new TimeoutException();
                    }))
                    .isInstanceOf(TimeoutException.class);
            for (int i = 0; i < pairs.size(); i++) {
                if (i != delivered.getFirst()) {
                    selector.modify(pairs.get(i).reader(), Interest.READ.oneShot(), i);
                }
            }
            for (int i = 0; i < 4; i++) {
                selector.select(Duration.ZERO, (key, readiness) -> delivered.add(key.data()));
            }
            assertThat(delivered).containsExactlyInAnyOrder(0, 1, 2);
        }

        @Tag("linux")
        @Test
        void failedModify_doesNotRearm() throws IOException {
            Selector<String> selector = open();
            EpollSelector<String> inner = own(EpollSelector.open());
            inner.register(readablePair().reader(), Interest.READ, "inner");
            selector.register(inner, Interest.READ.oneShot(), "outer");
            expectReady(selector, inner, Interest.READ);
            // EPOLL: the kernel refuses EPOLLEXCLUSIVE for an epoll instance. The other backends do not support the
            // mode.
            assertThatThrownBy(() -> selector.modify(inner, Interest.READ.exclusive(), "exclusive"))
                    .isInstanceOfAny(NativeIOException.class, UnsupportedOperationException.class);
            assertThat(selector.getKey(inner).data()).isEqualTo("outer");
            expectNothing(selector);
            selector.modify(inner, Interest.READ.oneShot(), "again");
            expectReady(selector, inner, Interest.READ);
        }
    }

    @Nested
    class EpollInstanceIsRebuilt {

        @Test
        void rearmedDuringSelect_isReportedOnce() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            ConnectedPair file = pair();
            leaveStaleEntry(selector, file.reader());
            selector.register(pair.reader(), Interest.READ.oneShot(), "data");
            try (var select = Background.start(() -> selector.select(PATIENCE)).awaitAsleep()) {
                selector.modify(pair.reader(), Interest.READ.oneShot(), "armed");
                select.expectRunning(Duration.ofMillis(20));
                pair.write(1);
                assertThat(select.result()).hasSize(1);
            }
            file.write(1); // reports the stale entry, so that the epoll instance is rebuilt
            for (int i = 0; i < 4; i++) {
                assertThat(selector.selectNow()).isEmpty();
            }
            expectIdle(selector);
        }

        @Test
        void firedOneShot_isNotRearmed() throws IOException {
            Selector<String> selector = open();
            ConnectedPair reported = readablePair();
            selector.register(reported.reader(), Interest.READ.oneShot(), "reported");
            expectReady(selector, reported.reader(), Interest.READ);
            ConnectedPair armed = pair();
            selector.register(armed.reader(), Interest.READ.oneShot(), "armed");
            leaveStaleEntry(selector, readablePair().reader());
            expectNothing(selector);
            expectIdle(selector);

            armed.write(1);
            expectReady(selector, armed.reader(), Interest.READ);
            selector.modify(reported.reader(), Interest.READ.oneShot(), "again");
            expectReady(selector, reported.reader(), Interest.READ);
            expectNothing(selector);
        }
    }
}
