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
        "macOS, MACOS",
        "SunOS, SOLARIS",
        "Solaris, SOLARIS",
        "AIX, AIX",
        "Haiku, OTHER",
        "z/OS, OTHER",
        "OS/400, OTHER",
        "Linuxulator, OTHER",
        "'', OTHER"
    })
    void osName_isResolved(String osName, Os expected) {
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
        "i386, BITS_32",
        "i686, BITS_32",
        "x86, BITS_32",
        "arm, BITS_32",
        "armv7l, BITS_32",
        "ppc, BITS_32",
        "sparc, BITS_32",
        "mips, BITS_32",
        "riscv32, BITS_32",
        "s390, BITS_32",
        "x86-64, X86_64",
        "loongarch64, OTHER",
        "mips64el, OTHER",
        "alpha, OTHER",
        "sparcv9, OTHER",
        "parisc64, OTHER",
        "'', OTHER"
    })
    void osArch_isResolved(String osArch, Arch expected) {
        assertThat(Platform.resolve("Linux", osArch).arch()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64",
        "Linux, aarch64",
        "Linux, riscv64",
        "Linux, s390x",
        "Linux, ppc64le",
        "Mac OS X, x86_64",
        "Mac OS X, aarch64",
        "FreeBSD, amd64",
        "FreeBSD, aarch64",
        "FreeBSD, riscv64",
        "OpenBSD, amd64",
        "OpenBSD, aarch64",
        "OpenBSD, riscv64",
        "NetBSD, amd64",
        "NetBSD, aarch64",
        "DragonFly, x86_64",
        "Windows 11, amd64",
        "Windows Server 2025, aarch64"
    })
    void supportedPlatform_hasNoCause(String osName, String osArch) {
        Platform platform = Platform.resolve(osName, osArch);
        assertThat(platform.unsupportedCause()).isNull();
        assertThat(Platform.isUnix(platform.os())).isEqualTo(platform.os() != Os.WINDOWS);
    }

    @ParameterizedTest
    @CsvSource({
        "SunOS, sparcv9, this is Solaris an unknown architecture",
        "AIX, ppc64, this is AIX an unknown architecture",
        "Haiku, x86_64, this is an unknown operating system x86-64",
        "Windows 10, x86, the struct layouts of Windows 32-bit",
        "Linux, i386, the struct layouts of Linux 32-bit",
        "Linux, arm, the struct layouts of Linux 32-bit",
        "Linux, loongarch64, the struct layouts of Linux an unknown architecture",
        "Mac OS X, ppc, the struct layouts of macOS 32-bit",
        "Mac OS X, riscv64, 'the struct layouts of macOS riscv64, only those of x86-64, aarch64 '",
        "FreeBSD, ppc64le, the struct layouts of FreeBSD ppc64le",
        "OpenBSD, i386, the struct layouts of OpenBSD 32-bit",
        "NetBSD, riscv64, the struct layouts of NetBSD riscv64",
        "DragonFly, aarch64, the struct layouts of DragonFly BSD aarch64"
    })
    void unsupportedPlatform_isNamed(String osName, String osArch, String part) {
        assertThat(Platform.resolve(osName, osArch).unsupportedCause()).contains(part);
    }

    @Test
    void isUnix_meansSupportedOnX86_andNotWindows() {
        for (Os os : Os.values()) {
            String cause = new Platform(os, Arch.X86_64).unsupportedCause();
            assertThat(Platform.isUnix(os)).as("%s", os).isEqualTo(cause == null && os != Os.WINDOWS);
        }
    }

    @Test
    void turkishLocale_doesNotMatter() {
        Locale previous = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr-TR"));
        try {
            assertThat(Platform.resolve("LINUX", "RISCV64")).isEqualTo(new Platform(Os.LINUX, Arch.RISCV64));
        } finally {
            Locale.setDefault(previous);
        }
    }

    @Test
    void toString_isReadable() {
        assertThat(Platform.resolve("Mac OS X", "aarch64")).hasToString("macOS aarch64");
        assertThat(Platform.resolve("Haiku", "m68k"))
                .hasToString("an unknown operating system an unknown architecture");
    }

    @Test
    void currentPlatform_isLinux() {
        assertThat(Platform.CURRENT.os()).isEqualTo(Os.LINUX);
        assertThat(Platform.CURRENT.arch()).isNotEqualTo(Arch.OTHER);
    }
}
