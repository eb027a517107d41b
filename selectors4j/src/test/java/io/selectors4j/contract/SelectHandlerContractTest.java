package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Interest;
import io.selectors4j.ReadyHandler;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// `select(handler)` and `selectNow(handler)`, which equal `select(null, handler)` and
/// `select(Duration.ZERO, handler)`.
class SelectHandlerContractTest extends ContractTest {

    private static final ReadyHandler<Integer, RuntimeException> NO_HANDLER_CALL = (key, readiness) -> {
        throw new AssertionError("called for " + key);
    };

    SelectHandlerContractTest(BackendUnderTest backend) {
        super(backend);
    }

    /// Opens a selector with ten ready keys.
    private Selector<Integer> openReady() throws IOException {
        Selector<Integer> selector = open();
        for (int i = 0; i < 10; i++) {
            selector.register(readablePair().reader(), Interest.READ, i);
        }
        return selector;
    }

    /// Opens a selector with a key that is not ready.
    private Selector<Integer> openNotReady() throws IOException {
        Selector<Integer> selector = open();
        selector.register(pair().reader(), Interest.READ, 0);
        return selector;
    }

    @Nested
    class Select {

        @Test
        void readyKeys_areDelivered() throws IOException {
            Selector<Integer> selector = openReady();
            List<ReadyKey<Integer>> delivered = new ArrayList<>();

            int count = selector.select((key, readiness) -> delivered.add(new ReadyKey<>(key, readiness)));

            assertThat(count).isEqualTo(10);
            assertThat(delivered).containsExactlyInAnyOrderElementsOf(selector.selectNow());
        }

        @Test
        void noReadyKey_waitsWithoutATimeout() throws Exception {
            Selector<Integer> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, 7);
            List<Integer> delivered = new ArrayList<>();
            try (var select = Background.start(() -> selector.select((key, readiness) -> delivered.add(key.data())))) {
                select.awaitAsleep();
                pair.write(1);
                assertThat(select.result()).isEqualTo(1);
            }
            assertThat(delivered).containsExactly(7);
        }

        @Test
        void wakeup_endsTheWait() throws Exception {
            Selector<Integer> selector = openNotReady();
            try (var select = Background.start(() -> selector.select(NO_HANDLER_CALL))) {
                select.awaitAsleep();
                selector.wakeup();
                assertThat(select.result()).isZero();
            }
        }

        @Test
        void exceptionOfTheHandler_isPropagated() throws IOException {
            Selector<Integer> selector = openReady();
            TimeoutException thrown = new TimeoutException("of the handler");

            assertThatThrownBy(() -> selector.select((key, readiness) -> {
                        throw thrown;
                    }))
                    .isSameAs(thrown);
            assertThat(selector.select((key, readiness) -> {})).isEqualTo(9);
        }

        @Test
        void closedSelector_isRefused() throws IOException {
            Selector<Integer> selector = openReady();
            selector.close();

            assertThatThrownBy(() -> selector.select(NO_HANDLER_CALL)).isInstanceOf(ClosedSelectorException.class);
        }
    }

    @Nested
    class SelectNow {

        @Test
        void readyKeys_areDelivered() throws IOException {
            Selector<Integer> selector = openReady();
            List<ReadyKey<Integer>> delivered = new ArrayList<>();

            int count = selector.selectNow((key, readiness) -> delivered.add(new ReadyKey<>(key, readiness)));

            assertThat(count).isEqualTo(10);
            assertThat(delivered).containsExactlyInAnyOrderElementsOf(selector.selectNow());
        }

        @Test
        void noReadyKey_returnsAtOnce() throws IOException {
            assertThat(openNotReady().selectNow(NO_HANDLER_CALL)).isZero();
        }

        @Test
        void pendingWakeup_isKept() throws IOException {
            Selector<Integer> selector = openNotReady();
            selector.wakeup();

            assertThat(selector.selectNow(NO_HANDLER_CALL)).isZero();

            assertThat(selector.select(NO_HANDLER_CALL))
                    .as("ended by the wakeup")
                    .isZero();
        }

        @Test
        void exceptionOfTheHandler_isPropagated() throws IOException {
            Selector<Integer> selector = openReady();
            TimeoutException thrown = new TimeoutException("of the handler");

            assertThatThrownBy(() -> selector.selectNow((key, readiness) -> {
                        throw thrown;
                    }))
                    .isSameAs(thrown);
            assertThat(selector.selectNow((key, readiness) -> {})).isEqualTo(9);
        }

        @Test
        void closedSelector_isRefused() throws IOException {
            Selector<Integer> selector = openReady();
            selector.close();

            assertThatThrownBy(() -> selector.selectNow(NO_HANDLER_CALL)).isInstanceOf(ClosedSelectorException.class);
        }
    }
}
