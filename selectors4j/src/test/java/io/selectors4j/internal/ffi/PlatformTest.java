package io.selectors4j.internal.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.ffi.Platform.Arch;
import io.selectors4j.internal.ffi.Platform.Os;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {

    @ParameterizedTest
    @CsvSource({
        "Linux, LINUX",
        "linux, LINUX",
        "Mac OS X, MACOS",
        "Darwin, MACOS",
        "FreeBSD, FREEBSD",
        "OpenBSD, OPENBSD",
        "NetBSD, NETBSD",
        "DragonFly, DRAGONFLY",
        "DragonFlyBSD, DRAGONFLY",
        "Windows 11, WINDOWS",
        "Windows Server 2022, WINDOWS",
        "WINDOWS 10, WINDOWS",
        "SunOS, OTHER",
        "AIX, OTHER",
        "Linuxulator, OTHER",
        "'', OTHER"
    })
    void operatingSystemByName(String osName, Os expected) {
        assertThat(Platform.resolve(osName, "amd64").os()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "amd64, X86_64",
        "x86_64, X86_64",
        "AMD64, X86_64",
        "aarch64, AARCH64",
        "arm64, AARCH64",
        "riscv64, RISCV64",
        "s390x, S390X",
        "ppc64le, PPC64LE",
        "ppc64, OTHER",
        "i386, OTHER",
        "x86, OTHER",
        "arm, OTHER",
        "loongarch64, OTHER",
        "'', OTHER"
    })
    void architectureByName(String osArch, Arch expected) {
        assertThat(Platform.resolve("Linux", osArch).arch()).isEqualTo(expected);
    }

    @Test
    void turkishDoesNotChangeTheLowerCaseOfAName() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr-TR"));
        try {
            assertThat(Platform.resolve("LINUX", "RISCV64")).isEqualTo(new Platform(Os.LINUX, Arch.RISCV64));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void describesItselfInWordsOfAMessage() {
        assertThat(Platform.resolve("Mac OS X", "aarch64")).hasToString("macOS aarch64");
        assertThat(Platform.resolve("Haiku", "m68k"))
                .hasToString("an unknown operating system an unknown architecture");
    }

    @Test
    void theCurrentPlatformIsOneOfThoseTheTestsKnow() {
        assertThat(Platform.CURRENT.os()).isEqualTo(Os.LINUX);
        assertThat(Platform.CURRENT.arch()).isNotEqualTo(Arch.OTHER);
    }
}
