package io.selectors4j.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Arch;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.testing.SystemTable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Compares the constants with `constants.txt`, for every system on every host.
class ConstantsTest {

    @ParameterizedTest
    @EnumSource(names = {"LINUX", "MACOS", "FREEBSD", "OPENBSD", "NETBSD", "DRAGONFLY", "WINDOWS"})
    void constants_areThoseOfTheSystem(Os os) {
        Map<String, Long> constants = new TreeMap<>();
        Constants.table(new Platform(os, Arch.AARCH64))
                .forEach((name, number) -> constants.put(name, number.longValue()));
        assertThat(constants)
                .containsExactlyInAnyOrderEntriesOf(SystemTable.column(ConstantsTest.class, "constants.txt", os));
    }

    @Test
    void fields_haveNameAndValueOfThisSystem() {
        Map<String, Integer> constants = Arrays.stream(Constants.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == int.class)
                .filter(field -> !field.getName().equals("NONE"))
                .collect(Collectors.toMap(Field::getName, ConstantsTest::value));
        assertThat(constants)
                .hasSizeGreaterThan(60)
                .allSatisfy(
                        (name, number) -> assertThat(number).as(name).isEqualTo(Constants.of(Platform.CURRENT, name)));
        assertThat(constants).containsAllEntriesOf(Constants.table(Platform.CURRENT));
    }

    @Test
    void powerPc_hasNumbersOfItsOwn() {
        Platform power = new Platform(Os.LINUX, Arch.PPC64LE);
        assertThat(Constants.of(power, "FIONREAD")).isEqualTo(0x4004667F);
        assertThat(Constants.of(power, "SO_PEERCRED")).isEqualTo(21);
        assertThat(Constants.table(power)).containsEntry("FIONREAD", 0x4004667F).containsEntry("SO_TYPE", 3);
    }

    private static int value(Field field) {
        try {
            return field.getInt(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void missingConstant_isNone() {
        assertThat(Constants.of(Os.MACOS, "SOCK_CLOEXEC")).isEqualTo(Constants.NONE);
        assertThat(Constants.of(Os.OPENBSD, "SO_NOSIGPIPE")).isEqualTo(Constants.NONE);
        assertThat(Constants.of(Os.WINDOWS, "O_RDWR")).isEqualTo(Constants.NONE);
        assertThat(Constants.orZero(Constants.NONE)).isZero();
        assertThat(Constants.orZero(Constants.O_NONBLOCK)).isEqualTo(Constants.O_NONBLOCK);
    }

    @Test
    void unknownNameOrSystem_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Constants.of(Os.LINUX, "O_SUCH"))
                .withMessage("no constant O_SUCH of Linux");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Constants.of(Os.AIX, "O_RDWR"))
                .withMessage("no constant O_RDWR of AIX");
        assertThatIllegalArgumentException().isThrownBy(() -> Constants.table(new Platform(Os.OTHER, Arch.OTHER)));
    }
}
