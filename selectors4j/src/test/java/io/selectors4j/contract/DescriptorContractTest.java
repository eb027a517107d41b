package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Source;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every kind of descriptor on every backend.
class DescriptorContractTest extends ContractTest {

    DescriptorContractTest(Backend backend) {
        super(backend);
    }

    @ParameterizedTest
    @EnumSource(Source.Kind.class)
    void isReportedWhenItFiresAndUntilItIsConsumed(Source.Kind kind) throws Exception {
        Selector<String> selector = open();
        Source source = own(kind.open());
        selector.register(source.pollable(), source.interest(), "data");
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
    @EnumSource(Source.Kind.class)
    void wakesAWaitThatHasBegun(Source.Kind kind) throws Exception {
        Selector<String> selector = open();
        Source source = own(kind.open());
        selector.register(source.pollable(), source.interest(), "data");
        try (var waiting = Background.start(() -> selector.select())) {
            waiting.awaitAsleep();
            source.fire();
            assertThat(waiting.result()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Source.Kind.class)
    void leavesTheSelectorWhenUnregistered(Source.Kind kind) throws Exception {
        Selector<String> selector = open();
        Source source = own(kind.open());
        selector.register(source.pollable(), source.interest(), "data");
        source.fire();
        selector.unregister(source.pollable());
        expectNothing(selector);
    }

    @ParameterizedTest
    @EnumSource(Source.Kind.class)
    void waitsForNothingWhileModifiedToNone(Source.Kind kind) throws Exception {
        Selector<String> selector = open();
        Source source = own(kind.open());
        selector.register(source.pollable(), source.interest(), "data");
        selector.modify(source.pollable(), Interest.NONE, "data");
        source.fire();
        expectNothing(selector);
        selector.modify(source.pollable(), source.interest(), "data");
        expectReady(selector, source.pollable(), source.interest());
    }
}
