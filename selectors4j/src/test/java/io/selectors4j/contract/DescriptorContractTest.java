package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Selector;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ReadySource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kind of descriptor on every backend.
class DescriptorContractTest extends ContractTest {

    DescriptorContractTest(BackendUnderTest backend) {
        super(backend);
    }

    static List<ReadySource.Kind> kinds() {
        return ReadySource.Kind.available();
    }

    /// Registers a source, or checks that the backend refuses its interest.
    private boolean register(Selector<String> selector, ReadySource source) throws IOException {
        Interest events = source.interest();
        if (backend.supports(events)) {
            selector.register(source.pollable(), events, "data");
        } else {
            assertThatThrownBy(() -> selector.register(source.pollable(), events, "data"))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
        return backend.supports(events);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void readyDescriptor_isReportedUntilConsumed(ReadySource.Kind kind) throws Exception {
        Selector<String> selector = open();
        ReadySource source = own(kind.open());
        if (!register(selector, source)) {
            return;
        }
        expectNothing(selector);

        source.fire();
        expectReady(selector, source.pollable(), source.interest());
        expectReady(selector, source.pollable(), source.interest());

        if (!source.isLasting()) {
            source.consume();
            expectNothing(selector);
            source.fire();
            expectReady(selector, source.pollable(), source.interest());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void readyDuringSelect_endsTheWait(ReadySource.Kind kind) throws Exception {
        Selector<String> selector = open();
        ReadySource source = own(kind.open());
        if (!register(selector, source)) {
            return;
        }
        try (var waiting = Background.start(() -> selector.select())) {
            waiting.awaitAsleep();
            source.fire();
            assertThat(waiting.result()).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void unregistered_isNotReported(ReadySource.Kind kind) throws Exception {
        Selector<String> selector = open();
        ReadySource source = own(kind.open());
        if (!register(selector, source)) {
            return;
        }
        source.fire();
        selector.unregister(source.pollable());
        expectNothing(selector);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void modifiedToNone_isNotReported(ReadySource.Kind kind) throws Exception {
        Selector<String> selector = open();
        ReadySource source = own(kind.open());
        if (!register(selector, source)) {
            return;
        }
        selector.modify(source.pollable(), Interest.NONE, "data");
        source.fire();
        expectNothing(selector);
        selector.modify(source.pollable(), source.interest(), "data");
        expectReady(selector, source.pollable(), source.interest());
    }

    /// Every combination of modes that an interest can have.
    enum Mode {
        LEVEL,
        EDGE,
        ONE_SHOT,
        EXCLUSIVE,
        EDGE_ONE_SHOT,
        EDGE_EXCLUSIVE,
        ONE_SHOT_EXCLUSIVE;

        Interest of(Interest events) {
            return switch (this) {
                case LEVEL -> events;
                case EDGE -> events.edgeTriggered();
                case ONE_SHOT -> events.oneShot();
                case EXCLUSIVE -> events.exclusive();
                case EDGE_ONE_SHOT -> events.edgeTriggered().oneShot();
                case EDGE_EXCLUSIVE -> events.edgeTriggered().exclusive();
                case ONE_SHOT_EXCLUSIVE -> events.oneShot().exclusive();
            };
        }
    }

    /// Returns all pairs with `-Pci`, else those of each kind with a third of the modes.
    static List<Arguments> kindsAndModes() {
        boolean all = Boolean.getBoolean("contract.all.modes");
        List<Arguments> pairs = new ArrayList<>();
        int index =
                0; // the number of modes is no multiple of 3, so a kind begins with another mode than the one before
        for (ReadySource.Kind kind : kinds()) {
            for (Mode mode : Mode.values()) {
                if (all || index++ % 3 == 0) {
                    pairs.add(arguments(kind, mode));
                }
            }
        }
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("kindsAndModes")
    void readyDescriptor_isReportedAsItsModeSays(ReadySource.Kind kind, Mode mode) throws Exception {
        Selector<String> selector = open();
        ReadySource source = own(kind.open());
        Interest events = mode.of(source.interest());
        if (!takes(kind, events)) {
            assertThatThrownBy(() -> selector.register(source.pollable(), events, "data"))
                    .isInstanceOfAny(UnsupportedOperationException.class, NativeIOException.class);
            assertThat(selector.getMap()).isEmpty();
            return;
        }
        selector.register(source.pollable(), events, "data");
        expectNothing(selector);

        source.fire();
        expectReady(selector, source.pollable(), source.interest());
        if (events.isOneShot()) {
            expectNothing(selector);
            if (!source.isLasting()) {
                source.fire();
                expectNothing(selector);
            }
            selector.modify(source.pollable(), events, "again");
        } else if (events.isEdgeTriggered()) {
            expectNothing(selector);
            if (!source.isLasting()) {
                source.fire();
            } else {
                selector.modify(source.pollable(), events.without(Interest.NONE.edgeTriggered()), "level");
            }
        }
        expectReady(selector, source.pollable(), source.interest());

        if (!source.isLasting()) {
            source.consume();
            selector.modify(source.pollable(), events, "consumed");
            expectNothing(selector);
            source.fire();
            expectReady(selector, source.pollable(), source.interest());
        }
    }

    private boolean takes(ReadySource.Kind kind, Interest events) {
        boolean epollInEpoll = backend.isEpoll() && kind.isEpoll();
        return backend.supports(events) && !(epollInEpoll && events.isExclusive());
    }
}
