package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.testing.Backends;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BackendContractTest extends ContractTest {

    BackendContractTest(Backend backend) {
        super(backend);
    }

    @Test
    void everyExpectedBackendIsFound() {
        assertThat(Backends.available()).containsExactlyInAnyOrderElementsOf(Backends.expected());
        assertThat(Backends.available()).contains(backend);
    }

    @Test
    void availabilityIsAValue() {
        assertThat(backend.isAvailable()).isTrue();
        assertThat(backend.unavailabilityCause()).isEmpty();
        backend.ensureAvailable();
    }

    @Test
    void everyInterestWithoutAModeIsSupportedButNone() {
        assertThat(backend.supports(Interest.READ)).isTrue();
        assertThat(backend.supports(Interest.READ_WRITE.or(Interest.PRIORITY))).isTrue();
        assertThat(backend.supports(Interest.NONE)).isFalse();
        assertThat(backend.supports(Interest.NONE.oneShot())).isFalse();
    }

    @Test
    void modesAreSupportedByWhoCan() {
        boolean epoll = backend == Backend.EPOLL;
        assertThat(backend.supports(Interest.READ.oneShot())).isTrue();
        assertThat(backend.supports(Interest.READ.edgeTriggered())).isEqualTo(epoll);
        assertThat(backend.supports(Interest.READ.edgeTriggered().oneShot())).isEqualTo(epoll);
        assertThat(backend.supports(Interest.READ_WRITE.exclusive())).isEqualTo(epoll);
        assertThat(backend.supports(Interest.READ.exclusive().edgeTriggered())).isEqualTo(epoll);
        assertThat(backend.supports(Interest.READ.exclusive().oneShot())).isFalse();
        assertThat(backend.supports(Interest.READ.or(Interest.PRIORITY).exclusive()))
                .isFalse();
    }

    @Test
    void modesOfABackendOfAnotherSystemAreKnown() {
        assertThat(Backend.KQUEUE.supports(Interest.READ.edgeTriggered().oneShot()))
                .isTrue();
        assertThat(Backend.KQUEUE.supports(Interest.READ.exclusive())).isFalse();
    }

    @Test
    void aSelectorKnowsItsBackend() throws IOException {
        assertThat(open().backend()).isEqualTo(backend);
    }

    @Test
    void theDefaultSelectorIsOfTheBestBackend() throws IOException {
        Selector<Void> selector = own(Selector.open());
        assertThat(selector.backend()).isEqualTo(Backend.best()).isIn(Backends.available());
    }
}
