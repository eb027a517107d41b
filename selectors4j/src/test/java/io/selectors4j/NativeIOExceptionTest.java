package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.testing.Libc;
import org.junit.jupiter.api.Test;

class NativeIOExceptionTest {

    @Test
    void exception_namesCallAndErrno() {
        NativeIOException refused = new NativeIOException("connect(/127.0.0.1:1)", Errno.number("ECONNREFUSED"));
        assertThat(refused.call()).isEqualTo("connect(/127.0.0.1:1)");
        assertThat(refused.errno()).isEqualTo(111);
        assertThat(refused.errnoName()).isEqualTo("ECONNREFUSED");
        assertThat(refused.strerror()).isEqualTo("Connection refused");
        assertThat(refused).hasMessage("connect(/127.0.0.1:1): ECONNREFUSED (111) Connection refused");
    }

    @Test
    void strerror_isTextOfTheCLibrary() {
        for (int errno = 1; errno <= 133; errno++) {
            if (!Errno.name(errno).equals("errno")) {
                assertThat(new NativeIOException("call()", errno).strerror()).isEqualTo(Libc.strerror(errno));
            }
        }
    }

    @Test
    void hintAndUnknownErrno_keepTheText() {
        assertThat(new NativeIOException("call()", Errno.EPERM, "hint").strerror())
                .isEqualTo("Operation not permitted");
        assertThat(new NativeIOException("call()", 9_999).strerror()).isEqualTo("Unknown error");
    }
}
