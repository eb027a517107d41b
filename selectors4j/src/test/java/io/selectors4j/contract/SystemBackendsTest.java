package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Backend;
import io.selectors4j.Selector;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.os.IoUring;
import io.selectors4j.os.Kqueue;
import io.selectors4j.testing.Expect;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The backends of this system, and the refusal of the others.
@Tag("system")
@Timeout(Expect.TEST_SECONDS)
class SystemBackendsTest {

    private static final Os OS = Platform.CURRENT.os();

    @Test
    void kqueue_isCreatedOrNamesItsSystems() throws Exception {
        if (Backend.KQUEUE.isAvailable()) {
            try (Kqueue kqueue = Kqueue.create()) {
                assertThat(kqueue.fileno()).isNotNegative();
            }
        } else {
            String refusal = "kqueue is a facility of macOS and the BSDs, and this is " + Platform.CURRENT;
            for (ThrowingCallable call : List.<ThrowingCallable>of(Kqueue::create, () -> Kqueue.fromFd(0))) {
                assertThatThrownBy(call)
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageStartingWith(refusal)
                        .hasMessageContaining(OS == Os.LINUX ? "libkqueue" : LinuxFacilitiesTest.SELECTOR);
            }
        }
    }

    /// On Linux, a setting or a filter can refuse io_uring.
    @Test
    void ioUring_isCreatedOrNamesTheCause() throws Exception {
        if (IoUring.unavailabilityCause().isEmpty()) {
            try (IoUring ring = IoUring.create(1)) {
                assertThat(ring.fileno()).isNotNegative();
            }
        } else {
            String refusal = "io_uring is a facility of Linux, and this is " + Platform.CURRENT + "; "
                    + LinuxFacilitiesTest.SELECTOR;
            assertThatThrownBy(() -> IoUring.create(1))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageStartingWith(OS == Os.LINUX ? "io_uring is not available: " : refusal);
        }
    }

    @ParameterizedTest
    @EnumSource
    void backend_opensOrNamesItsSystems(Backend backend) throws IOException {
        if (backend.isAvailable()) {
            try (Selector<String> selector = backend.open()) {
                assertThat(selector.backend()).isEqualTo(backend);
            }
        } else {
            assertThat(backend.unavailabilityCause()).isPresent();
            assertThatThrownBy(backend::open)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage(backend + " is not available: "
                            + backend.unavailabilityCause().get());
        }
    }

    @Test
    void availableBackends_areThoseOfTheSystem() {
        Set<Backend> available = EnumSet.allOf(Backend.class);
        available.removeIf(backend -> !backend.isAvailable());
        assertThat(available).contains(Backend.SELECT, Backend.POLL);
        assertThat(available.contains(Backend.EPOLL)).isEqualTo(OS == Os.LINUX);
        assertThat(available.contains(Backend.AFD)).isEqualTo(OS == Os.WINDOWS);
        if (OS == Os.WINDOWS) {
            assertThat(available).hasSize(3);
        }
    }
}
