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
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Edge-triggered and one-shot registrations, and the refusal of what a backend cannot do. Each kind of descriptor in each
/// mode is the business of [DescriptorContractTest]; exclusive wake-ups of [ExclusiveContractTest].
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
            ConnectedPair link = link();
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
            selector.register(link.writer(), Interest.WRITE, "there");
            for (Interest events : refused) {
                assertThat(backend.supports(events)).isFalse();
                assertThatThrownBy(() -> selector.register(link.reader(), events, "data"))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining(events.toString())
                        .hasMessageContaining("EPOLL");
                assertThatThrownBy(() -> selector.modify(link.writer(), events, "data"))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining(events.toString());
            }
            assertThat(selector.getMap()).hasSize(1);
            assertThat(selector.getKey(link.writer()).data()).isEqualTo("there");
            expectReady(selector, link.writer(), Interest.WRITE);
        }

        @Test
        void modesWithoutAnEvent_reportNothing() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            assertThatThrownBy(() -> selector.register(link.reader(), Interest.NONE.oneShot(), "data"))
                    .isInstanceOf(IllegalArgumentException.class);
            selector.register(link.reader(), Interest.READ, "data");
            selector.modify(link.reader(), Interest.NONE.oneShot(), "paused");
            selector.modify(link.reader(), Interest.NONE, "paused");
            selector.modify(link.reader(), Interest.NONE.oneShot(), "paused");
            expectNothing(selector);
        }

        @Test
        void modes_areInTheKeyButNotInTheReadiness() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            Interest events = Interest.READ_WRITE.oneShot();
            SelectorKey<String> key = selector.register(link.reader(), events, "data");
            assertThat(key.events()).isSameAs(events);
            Readiness readiness = expectReady(selector, link.reader(), Interest.READ_WRITE);
            assertThat(readiness.events()).isSameAs(Interest.READ_WRITE);
        }
    }

    @Nested
    class EdgeTriggered {

        @ParameterizedTest
        @EnumSource(ConnectedPair.Kind.class)
        void edge_isReportedOnce(ConnectedPair.Kind kind) throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = link(kind);
            Interest events = Interest.READ.edgeTriggered();
            if (!canBeEdgeTriggered()) {
                assertThatThrownBy(() -> selector.register(link.reader(), events, "data"))
                        .isInstanceOf(UnsupportedOperationException.class);
                return;
            }
            selector.register(link.reader(), events, "data");
            for (int i = 0; i < 3; i++) {
                link.write(1);
                expectReady(selector, link.reader(), Interest.READ);
                expectNothing(selector);
            }
            assertThat(link.drain()).isEqualTo(3);
            expectNothing(selector);
            link.write(1);
            expectReady(selector, link.reader(), Interest.READ);
        }

        @Test
        void modify_keepsTheEdge() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            Interest read = Interest.READ.edgeTriggered();
            if (!canBeEdgeTriggered()) {
                selector.register(link.reader(), Interest.READ, "level");
                assertThatThrownBy(() -> selector.modify(link.reader(), read, "edge"))
                        .isInstanceOf(UnsupportedOperationException.class);
                expectReady(selector, link.reader(), Interest.READ);
                expectReady(selector, link.reader(), Interest.READ);
                return;
            }
            selector.register(link.reader(), read, "data");
            expectReady(selector, link.reader(), Interest.READ);
            selector.modify(link.reader(), read, "other data");
            expectNothing(selector);
            selector.modify(link.reader(), read.or(Interest.WRITE), "more events");
            expectReady(selector, link.reader(), Interest.READ_WRITE);
            expectNothing(selector);
            selector.modify(link.reader(), read, "fewer events");
            expectReady(selector, link.reader(), Interest.READ);
            expectNothing(selector);
            selector.modify(link.reader(), Interest.NONE, "paused");
            selector.modify(link.reader(), read, "again");
            expectReady(selector, link.reader(), Interest.READ);
            expectNothing(selector);
        }

        @Test
        void roomForWriting_isAnEdge() throws Exception {
            Selector<String> selector = open();
            ConnectedPair link = link(ConnectedPair.Kind.PIPE);
            Interest events = Interest.WRITE.edgeTriggered();
            if (!canBeEdgeTriggered()) {
                assertThatThrownBy(() -> selector.register(link.writer(), events, "data"))
                        .isInstanceOf(UnsupportedOperationException.class);
                return;
            }
            selector.register(link.writer(), events, "data");
            expectReady(selector, link.writer(), Interest.WRITE);
            expectNothing(selector);
            link.fill();
            expectNothing(selector);
            link.drain();
            expectReady(selector, link.writer(), Interest.WRITE);
            expectNothing(selector);
        }
    }

    @Nested
    class Exclusive {

        @Test
        void exclusive_isModifiedInBothDirections() throws IOException {
            Selector<String> selector = open();
            ConnectedPair link = readableLink();
            Interest exclusive = Interest.READ.exclusive();
            selector.register(link.reader(), Interest.READ, "shared");
            if (!backend.supports(exclusive)) {
                assertThatThrownBy(() -> selector.modify(link.reader(), exclusive, "exclusive"))
                        .isInstanceOf(UnsupportedOperationException.class);
                expectReady(selector, link.reader(), Interest.READ);
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
                selector.modify(link.reader(), events, "modified");
                if (events.isEmpty()) {
                    expectNothing(selector);
                } else {
                    expectReady(selector, link.reader(), events.events());
                }
            }
            selector.unregister(link.reader());
            expectNothing(selector);
            selector.register(link.reader(), exclusive, "again");
            expectReady(selector, link.reader(), Interest.READ);
        }
    }
}
