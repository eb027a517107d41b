package io.selectors4j.internal.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.Platform;
import org.junit.jupiter.api.Test;

class NtStatusTest {

    @Test
    void severity_decidesWhetherACompletionFollows() {
        assertThat(NtStatus.isError(0)).isFalse();
        assertThat(NtStatus.isError(0x103)).isFalse();
        assertThat(NtStatus.isError(0x8000000A)).as("a warning").isFalse();
        assertThat(NtStatus.isError(0xC0000008)).isTrue();
    }

    @Test
    void closedSocket_isEbadf() {
        for (int status : new int[] {0xC0000008, 0xC0000024, 0xC0000120}) {
            assertThat(NtStatus.isClosed(status)).isTrue();
            assertThat(NtStatus.errno(status)).isEqualTo(Errno.EBADF);
        }
        assertThat(NtStatus.isClosed(0xC000009A)).isFalse();
        assertThat(NtStatus.errno(0xC000009A)).isEqualTo(Errno.ENOMEM);
        assertThat(NtStatus.errno(0xC000000D)).isEqualTo(Errno.EINVAL);
    }

    @Test
    void errorCodes_haveAnErrno() {
        assertThat(NtStatus.errnoOfError(6)).isEqualTo(Errno.EBADF);
        assertThat(NtStatus.errnoOfError(735)).isEqualTo(Errno.EBADF);
        assertThat(NtStatus.errnoOfError(8)).isEqualTo(Errno.ENOMEM);
        assertThat(NtStatus.errnoOfError(1450)).isEqualTo(Errno.ENOMEM);
        assertThat(NtStatus.errnoOfError(87)).isEqualTo(Errno.EINVAL);
    }

    @Test
    void anotherSystem_isNamed() {
        if (Platform.CURRENT.os() != Platform.Os.WINDOWS) {
            assertThatThrownBy(AfdLibc::current)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("AFD is a facility of Windows, and this is " + Platform.CURRENT);
        }
    }
}
