package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BackendContractTest extends ContractTest {

    BackendContractTest(BackendUnderTest backend) {
        super(backend);
    }

    /// Checks that [Backend#supports] agrees with the selectors of the backend.
    private void assertSupports(Interest events, boolean supported) throws IOException {
        assertThat(backend.supports(events)).isEqualTo(supported);
        Selector<String> selector = open();
        ConnectedPair pair = pair();
        if (supported) {
            selector.register(pair.reader(), events, "data");
        } else {
            assertThatThrownBy(() -> selector.register(pair.reader(), events, "data"))
                    .isInstanceOfAny(UnsupportedOperationException.class, IllegalArgumentException.class);
        }
    }

    @Nested
    class Availability {

        @Test
        void expectedBackends_areAvailable() {
            assertThat(Backends.available()).containsAll(Backends.expected());
            assertThat(Backends.available()).contains(backend);
        }

        @Test
        void unavailableBackend_hasACause() {
            Backend itself = backend.backend();
            assertThat(itself.isAvailable() || backend.isSimulated()).isTrue();
            if (itself.isAvailable()) {
                assertThat(itself.unavailabilityCause()).isEmpty();
                itself.ensureAvailable();
            } else {
                assertThat(itself.unavailabilityCause()).isNotEmpty();
                assertThatThrownBy(itself::ensureAvailable).isInstanceOf(UnsupportedOperationException.class);
            }
        }

        @Test
        void selector_knowsItsBackend() throws IOException {
            assertThat(open().backend()).isEqualTo(backend.backend());
        }

        @Test
        void defaultSelector_usesTheBestBackend() throws IOException {
            Selector<Void> selector = own(Selector.open());
            assertThat(selector.backend()).isEqualTo(Backend.best());
            assertThat(Backends.available())
                    .extracting(BackendUnderTest::backend)
                    .contains(Backend.best());
        }
    }

    @Nested
    class SupportedInterests {

        @Test
        void interestWithoutModes_isSupportedUnlessEmpty() throws IOException {
            assertSupports(Interest.READ, true);
            boolean wsapoll = backend.backend() == Backend.POLL && Platform.IS_WINDOWS;
            assertSupports(Interest.READ_WRITE.or(Interest.PRIORITY), !wsapoll);
            assertSupports(Interest.NONE, false);
            assertSupports(Interest.NONE.oneShot(), false);
        }

        @Test
        void modes_areSupportedAsDocumented() throws IOException {
            boolean epoll = backend.isEpoll();
            boolean edge = epoll || backend.isKqueue();
            assertSupports(Interest.READ.oneShot(), true);
            assertSupports(Interest.READ.edgeTriggered(), edge);
            assertSupports(Interest.READ.edgeTriggered().oneShot(), edge);
            boolean exclusive = epoll && !backend.usesRing();
            assertSupports(Interest.READ_WRITE.exclusive(), exclusive);
            assertSupports(Interest.READ.exclusive().edgeTriggered(), exclusive);
            assertSupports(Interest.READ.exclusive().oneShot(), false);
            assertSupports(Interest.READ.or(Interest.PRIORITY).exclusive(), false);
        }

        @Test
        void modesOfKqueue_areKnownOnEverySystem() {
            assertThat(Backend.KQUEUE.supports(Interest.READ.edgeTriggered().oneShot()))
                    .isTrue();
            assertThat(Backend.KQUEUE.supports(Interest.READ.exclusive())).isFalse();
        }
    }
}
