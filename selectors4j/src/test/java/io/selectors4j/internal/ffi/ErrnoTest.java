package io.selectors4j.internal.ffi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.NativeIOException;
import io.selectors4j.testing.Libc;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrnoTest {

    private static final int LARGEST = 134; // EFTYPE, asm-generic/errno.h

    @ParameterizedTest
    @CsvSource({
        "EPERM, 1",
        "EINTR, 4",
        "EBADF, 9",
        "EAGAIN, 11",
        "EEXIST, 17",
        "EINVAL, 22",
        "EMFILE, 24",
        "EPIPE, 32",
        "ENOSYS, 38",
        "ELOOP, 40",
        "ENOTSOCK, 88",
        "EADDRINUSE, 98",
        "ECONNRESET, 104",
        "ENOTCONN, 107",
        "ETIMEDOUT, 110",
        "ECONNREFUSED, 111",
        "EINPROGRESS, 115",
        "EHWPOISON, 133"
    })
    void knownSymbols_haveTheirNumbers(String name, int number) {
        assertThat(Errno.number(name)).isEqualTo(number);
        assertThat(Errno.name(number)).isEqualTo(name);
    }

    @Test
    void texts_areThoseOfTheCLibrary() {
        for (int number = 1; number <= LARGEST; number++) {
            String text = Libc.strerror(number);
            if (text.startsWith("Unknown error") && number == Errno.number("EFTYPE")) {
                assertThat(Errno.name(number)).isEqualTo("EFTYPE"); // newer than the C library
            } else if (text.startsWith("Unknown error")) {
                assertThat(Errno.name(number)).as("name of %d", number).isEqualTo("errno");
                assertThat(Errno.text(number)).as("text of %d", number).isEqualTo("Unknown error");
            } else {
                assertThat(Errno.text(number)).as("text of %d", number).isEqualTo(text);
            }
        }
    }

    @Test
    void names_areUniqueAndMapBack() {
        Map<String, Integer> numbers = new HashMap<>();
        for (int number = 0; number <= LARGEST; number++) {
            String name = Errno.name(number);
            if (!name.equals("errno")) {
                assertThat(name).matches("E[0-9A-Z]+");
                assertThat(numbers.put(name, number)).as(name).isNull();
                assertThat(Errno.number(name)).isEqualTo(number);
            }
        }
        boolean power = Platform.CURRENT.arch() == Platform.Arch.PPC64LE;
        assertThat(numbers).hasSize(power ? 133 : 132); // 134 numbers, without 41 and, but on PowerPC, 58
    }

    @Test
    void unknownNumber_hasNoName() {
        for (int number : new int[] {0, -1, 41, 135, 4095, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThat(Errno.name(number)).isEqualTo("errno");
            assertThat(Errno.text(number)).isEqualTo("Unknown error");
        }
    }

    @Test
    void unknownSymbol_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Errno.number("ENOSUCH"))
                .withMessageContaining("ENOSUCH");
        assertThatIllegalArgumentException().isThrownBy(() -> Errno.number(""));
        assertThatIllegalArgumentException().isThrownBy(() -> Errno.number("EBAD"));
    }

    @Test
    void exception_namesCallSymbolNumberAndText() {
        NativeIOException e = new NativeIOException("epoll_ctl(ADD, fd=7)", 17);
        assertThat(e).hasMessage("epoll_ctl(ADD, fd=7): EEXIST (17) File exists");
        assertThat(e.call()).isEqualTo("epoll_ctl(ADD, fd=7)");
        assertThat(e.errno()).isEqualTo(17);
        assertThat(e.errnoName()).isEqualTo("EEXIST");
        assertThat(new NativeIOException("frob()", 524)).hasMessage("frob(): errno (524) Unknown error");
    }
}
