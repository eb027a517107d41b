package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.LinuxSyscalls;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IoUringAvailabilityTest {

    @Test
    void create_worksUnlessThereIsACause() throws Exception {
        Optional<String> cause = IoUring.unavailabilityCause();
        if (cause.isEmpty()) {
            try (IoUring ring = IoUring.create(1)) {
                assertThat(ring.fileno()).isNotNegative();
            }
        } else {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> IoUring.create(1))
                    .withMessage(cause.get());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ENOSYS", "EPERM"})
    void refusedSystemCall_isNamed(String refusal) throws Exception {
        Background.run(() -> {
            Libc.failSyscall((int) LinuxSyscalls.SYS_IO_URING_SETUP, Errno.number(refusal));
            assertThat(IoUring.unavailabilityCause().orElseThrow())
                    .contains("io_uring_setup(1", refusal, "kernel.io_uring_disabled", "seccomp");
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> IoUring.create(8))
                    .withMessageContaining("io_uring is not available")
                    .withMessageContaining(refusal);
            return null;
        });
    }

    @Test
    void otherFailure_isTheKernels() throws Exception {
        Background.run(() -> {
            Libc.failSyscall((int) LinuxSyscalls.SYS_IO_URING_SETUP, Errno.number("EMFILE"));
            IoUringFixture.assertErrno("EMFILE", () -> IoUring.create(8));
            return null;
        });
    }

    @ParameterizedTest
    @CsvSource({"0, 8", "-1, 8", "32769, 65536", "8, 7", "8, 0", "8, 65537"})
    void numberOutOfRange_isRefused(int entries, int completions) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IoUring.create(entries, completions))
                .withMessageContaining("is not from");
    }

    @Test
    void features_nameTheirVersion() {
        assertThat(IoUringFeature.values())
                .extracting(feature -> feature.name() + " " + feature.version())
                .containsExactly(
                        "POLL_MULTISHOT 5.13",
                        "ACCEPT_MULTISHOT 5.19",
                        "CANCEL_ALL 5.19",
                        "PROVIDED_BUFFERS 5.19",
                        "RECV_MULTISHOT 6.0");
    }
}
