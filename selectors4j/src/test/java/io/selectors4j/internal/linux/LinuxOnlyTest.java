package io.selectors4j.internal.linux;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.internal.ffi.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinuxOnlyTest {

    @ParameterizedTest
    @CsvSource({
        "Mac OS X, aarch64, macOS aarch64",
        "FreeBSD, amd64, FreeBSD x86-64",
        "OpenBSD, amd64, OpenBSD x86-64",
        "NetBSD, aarch64, NetBSD aarch64",
        "DragonFly, x86_64, DragonFly BSD x86-64",
        "Windows 11, amd64, Windows x86-64"
    })
    void otherSystem_isNamedWithTheFeature(String osName, String osArch, String system) {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> LinuxOnly.require(Platform.resolve(osName, osArch), "eventfd", ""))
                .withMessage("eventfd is a facility of Linux, and this is " + system);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> LinuxOnly.require(Platform.resolve(osName, osArch), "eventfd", "use wakeup()"))
                .withMessage("eventfd is a facility of Linux, and this is " + system + "; use wakeup()");
    }

    @Test
    void linux_isAccepted() {
        LinuxOnly.require(Platform.resolve("Linux", "riscv64"), "eventfd", "");
        LinuxOnly.require(Platform.resolve("Linux", "loongarch64"), "eventfd", "use wakeup()");
    }
}
