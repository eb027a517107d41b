package io.selectors4j.internal.ffi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.internal.ffi.Platform.Arch;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.testing.SystemTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Compares errno on macOS and the BSDs with `errno.txt`.
class ErrnoOfSystemsTest {

    private static Platform on(Os os) {
        return new Platform(os, Arch.AARCH64);
    }

    private static Map<String, Integer> expected(Os os) {
        Map<String, Integer> expected = new TreeMap<>();
        SystemTable.column(ErrnoOfSystemsTest.class, "errno.txt", os)
                .forEach((name, number) -> expected.put(name, number.intValue()));
        return expected;
    }

    @ParameterizedTest
    @EnumSource(names = {"MACOS", "FREEBSD", "OPENBSD", "NETBSD", "DRAGONFLY"})
    void symbolsAndNumbers_areThoseOfTheSystem(Os os) {
        Map<String, Integer> expected = expected(os);
        assertThat(expected)
                .hasSizeGreaterThan(90)
                .allSatisfy((name, number) ->
                        assertThat(Errno.number(on(os), name)).as(name).isEqualTo(number));
        for (int number = -1; number < 200; number++) {
            String name = Errno.name(on(os), number);
            if (expected.containsValue(number)) {
                assertThat(expected).as("of %d", number).containsEntry(name, number);
                assertThat(Errno.text(on(os), number))
                        .as("text of %s", name)
                        .isNotBlank()
                        .isNotEqualTo("Unknown error");
            } else {
                assertThat(name).as("of %d", number).isEqualTo("errno");
                assertThat(Errno.text(on(os), number)).isEqualTo("Unknown error");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MACOS", "FREEBSD", "OPENBSD", "NETBSD", "DRAGONFLY"})
    void symbolsOfTheLibrary_existOnEachSystem(Os os) {
        for (String name : List.of("EPERM", "EINTR", "EBADF", "ENODEV", "EINVAL", "ENOSYS", "ENOTSUP", "EOPNOTSUPP")) {
            assertThat(Errno.name(on(os), Errno.number(on(os), name))).as(name).isIn(name, "EOPNOTSUPP");
        }
        assertThat(Errno.number(on(os), "EWOULDBLOCK"))
                .isEqualTo(Errno.number(on(os), "EAGAIN"))
                .isEqualTo(35);
    }

    @Test
    void alias_isUsedWithoutNumberOfItsOwn() {
        assertThat(Errno.number(on(Os.LINUX), "ENOTSUP")).isEqualTo(95);
        assertThat(Errno.number(on(Os.FREEBSD), "ENOTSUP")).isEqualTo(45);
        assertThat(Errno.number(on(Os.MACOS), "ENOTSUP")).isEqualTo(45);
        assertThat(Errno.number(on(Os.MACOS), "EOPNOTSUPP")).isEqualTo(102);
        assertThat(Errno.number(on(Os.OPENBSD), "ENOTSUP")).isEqualTo(91);
        assertThat(Errno.number(on(Os.NETBSD), "ENOTSUP")).isEqualTo(86);
    }

    @Test
    void deadlockOfFiles_hasItsOwnNumberOnPowerPc() {
        Platform power = new Platform(Os.LINUX, Arch.PPC64LE);
        assertThat(Errno.number(power, "EDEADLOCK")).isEqualTo(58);
        assertThat(Errno.name(power, 58)).isEqualTo("EDEADLOCK");
        assertThat(Errno.text(power, 58)).isEqualTo("File locking deadlock error");
        assertThat(Errno.number(power, "EDEADLK")).isEqualTo(35);
        assertThat(Errno.number(on(Os.LINUX), "EDEADLOCK")).isEqualTo(35);
        assertThat(Errno.name(on(Os.LINUX), 58)).isEqualTo("errno");
    }

    @Test
    void known_leavesOutMissingSymbols() {
        assertThat(Errno.known(on(Os.LINUX), "ENONET", "EPROTO", "ECONNABORTED"))
                .containsExactlyInAnyOrder(64, 71, 103);
        assertThat(Errno.known(on(Os.FREEBSD), "ENONET", "EPROTO", "ECONNABORTED"))
                .containsExactlyInAnyOrder(92, 53);
        assertThat(Errno.known(on(Os.FREEBSD))).isEmpty();
    }

    @Test
    void symbolOfAnotherSystem_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Errno.number(on(Os.NETBSD), "ENONET"))
                .withMessageContaining("ENONET");
    }

    @Test
    void systemWithoutTable_hasThatOfLinux() {
        assertThat(Errno.name(on(Os.AIX), 11)).isEqualTo("EAGAIN");
    }

    @Test
    void windows_hasTheErrorsOfWinsock() {
        assertThat(Errno.name(on(Os.WINDOWS), 10035)).isEqualTo("WSAEWOULDBLOCK");
        assertThat(Errno.text(on(Os.WINDOWS), 10061)).isEqualTo("Connection refused");
        assertThat(Errno.number(on(Os.WINDOWS), "WSAENOTSOCK")).isEqualTo(10038);
        assertThat(Errno.name(on(Os.WINDOWS), 11)).isEqualTo("errno");
        assertThat(Errno.text(on(Os.WINDOWS), 11_000)).isEqualTo("Unknown error");
    }

    @ParameterizedTest
    @CsvSource({
        "EBADF, 10038",
        "EAGAIN, 10035",
        "EWOULDBLOCK, 10035",
        "EINPROGRESS, 10035",
        "EINTR, 10004",
        "EINVAL, 10022",
        "EMFILE, 10024",
        "ENOMEM, 8",
        "ECANCELED, 995",
        "ECONNRESET, 10054",
        "EISCONN, 10056"
    })
    void symbolOfTheUnixes_meansAnErrorOfWindows(String name, int number) {
        assertThat(Errno.number(on(Os.WINDOWS), name)).isEqualTo(number);
    }

    @Test
    void errorsThatWindowsLacks_areUnknown() {
        assertThat(Errno.known(on(Os.WINDOWS), "ENONET", "EPROTO", "ECONNABORTED"))
                .containsExactly(10053);
        assertThatIllegalArgumentException().isThrownBy(() -> Errno.number(on(Os.WINDOWS), "ENONET"));
    }
}
