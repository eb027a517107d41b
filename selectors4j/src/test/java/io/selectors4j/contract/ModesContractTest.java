package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Interest;
import io.selectors4j.Readiness;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.PairKinds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/// Modes of interests: unsupported modes, edge-triggered and exclusive registrations. See also [OneShotContractTest],
/// [ExclusiveContractTest] and, for each kind of descriptor in each mode, [DescriptorContractTest].
class ModesContractTest extends ContractTest {

    ModesContractTest(BackendUnderTest backend) {
        super(backend);
    }

    private boolean canBeEdgeTriggered() {
        return backend.supports(Interest.READ.edgeTriggered());
    }

    @Nested
    class AnyMode {

        @Test
        void unsupportedMode_isRefusedByName() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            List<Interest> refused = new ArrayList<>(List.of(
                    Interest.READ.exclusive().oneShot(),
                    Interest.PRIORITY.exclusive(),
                    Interest.READ.or(Interest.PRIORITY).exclusive()));
            if (!backend.isEpoll()) {
                refused.add(Interest.READ.exclusive());
            }
            if (!canBeEdgeTriggered()) {
                refused.add(Interest.READ.edgeTriggered());
                refused.add(Interest.WRITE.oneShot().edgeTriggered());
            }
            selector.register(pair.writer(), Interest.WRITE, "there");
            for (Interest events : refused) {
                assertThat(backend.supports(events)).isFalse();
                assertThatThrownBy(() -> selector.register(pair.reader(), events, "data"))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining(events.toString())
                        .hasMessageContaining("EPOLL");
                assertThatThrownBy(() -> selector.modify(pair.writer(), events, "data"))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining(events.toString());
            }
            assertThat(selector.getMap()).hasSize(1);
            assertThat(selector.getKey(pair.writer()).data()).isEqualTo("there");
            expectReady(selector, pair.writer(), Interest.WRITE);
        }

        @Test
        void modesWithoutAnEvent_reportNothing() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            assertThatThrownBy(() -> selector.register(pair.reader(), Interest.NONE.oneShot(), "data"))
                    .isInstanceOf(IllegalArgumentException.class);
            selector.register(pair.reader(), Interest.READ, "data");
            selector.modify(pair.reader(), Interest.NONE.oneShot(), "paused");
            selector.modify(pair.reader(), Interest.NONE, "paused");
            selector.modify(pair.reader(), Interest.NONE.oneShot(), "paused");
            expectNothing(selector);
        }

        @Test
        void modes_areInTheKeyButNotInTheReadiness() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            Interest events = Interest.READ_WRITE.oneShot();
            SelectorKey<String> key = selector.register(pair.reader(), events, "data");
            assertThat(key.events()).isSameAs(events);
            Readiness readiness = expectReady(selector, pair.reader(), Interest.READ_WRITE);
            assertThat(readiness.events()).isSameAs(Interest.READ_WRITE);
        }
    }

    @Nested
    class EdgeTriggered {

        @ParameterizedTest
        @PairKinds
        void edge_isReportedOnce(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair(kind);
            Interest events = Interest.READ.edgeTriggered();
            if (!canBeEdgeTriggered()) {
                assertThatThrownBy(() -> selector.register(pair.reader(), events, "data"))
                        .isInstanceOf(UnsupportedOperationException.class);
                return;
            }
            selector.register(pair.reader(), events, "data");
            for (int i = 0; i < 3; i++) {
                pair.write(1);
                expectReady(selector, pair.reader(), Interest.READ);
                expectNothing(selector);
            }
            assertThat(pair.drain()).isEqualTo(3);
            expectNothing(selector);
            pair.write(1);
            expectReady(selector, pair.reader(), Interest.READ);
        }

        @Test
        void modify_keepsTheEdge() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            Interest read = Interest.READ.edgeTriggered();
            if (!canBeEdgeTriggered()) {
                selector.register(pair.reader(), Interest.READ, "level");
                assertThatThrownBy(() -> selector.modify(pair.reader(), read, "edge"))
                        .isInstanceOf(UnsupportedOperationException.class);
                expectReady(selector, pair.reader(), Interest.READ);
                expectReady(selector, pair.reader(), Interest.READ);
                return;
            }
            selector.register(pair.reader(), read, "data");
            expectReady(selector, pair.reader(), Interest.READ);
            selector.modify(pair.reader(), read, "other data");
            expectNothing(selector);
            selector.modify(pair.reader(), read.or(Interest.WRITE), "more events");
            expectReady(selector, pair.reader(), Interest.READ_WRITE);
            expectNothing(selector);
            selector.modify(pair.reader(), read, "fewer events");
            expectReady(selector, pair.reader(), Interest.READ);
            expectNothing(selector);
            selector.modify(pair.reader(), Interest.NONE, "paused");
            selector.modify(pair.reader(), read, "again");
            expectReady(selector, pair.reader(), Interest.READ);
            expectNothing(selector);
        }

        @Test
        void roomForWriting_isAnEdge() throws Exception {
            Selector<String> selector = open();
            ConnectedPair pair = pair(ConnectedPair.Kind.UNBATCHED);
            Interest events = Interest.WRITE.edgeTriggered();
            if (!canBeEdgeTriggered()) {
                assertThatThrownBy(() -> selector.register(pair.writer(), events, "data"))
                        .isInstanceOf(UnsupportedOperationException.class);
                return;
            }
            selector.register(pair.writer(), events, "data");
            expectReady(selector, pair.writer(), Interest.WRITE);
            expectNothing(selector);
            pair.fill();
            expectNothing(selector);
            pair.drain();
            expectReady(selector, pair.writer(), Interest.WRITE);
            expectNothing(selector);
        }
    }

    @Nested
    class Exclusive {

        @Test
        void exclusive_isModifiedInBothDirections() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = readablePair();
            Interest exclusive = Interest.READ.exclusive();
            selector.register(pair.reader(), Interest.READ, "shared");
            if (!backend.supports(exclusive)) {
                assertThatThrownBy(() -> selector.modify(pair.reader(), exclusive, "exclusive"))
                        .isInstanceOf(UnsupportedOperationException.class);
                expectReady(selector, pair.reader(), Interest.READ);
                return;
            }
            for (Interest events : List.of(
                    exclusive,
                    exclusive.or(Interest.WRITE),
                    Interest.READ,
                    exclusive.edgeTriggered(),
                    Interest.NONE,
                    exclusive,
                    Interest.NONE,
                    Interest.READ.oneShot(),
                    exclusive)) {
                selector.modify(pair.reader(), events, "modified");
                if (events.isEmpty()) {
                    expectNothing(selector);
                } else {
                    expectReady(selector, pair.reader(), events.events());
                }
            }
            selector.unregister(pair.reader());
            expectNothing(selector);
            selector.register(pair.reader(), exclusive, "again");
            expectReady(selector, pair.reader(), Interest.READ);
        }
    }
}
