package io.selectors4j.internal.ffi;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An operating system and a processor architecture: everything that struct layouts and constants depend on.
///
/// @param os the operating system
/// @param arch the processor architecture, as far as C struct layouts depend on it
public record Platform(Os os, Arch arch) {

    /// The supported systems, and the architectures whose struct layouts are known there.
    private static final Map<Os, Set<Arch>> ARCHITECTURES = Map.of(
            Os.LINUX, Set.of(Arch.X86_64, Arch.AARCH64, Arch.RISCV64, Arch.S390X, Arch.PPC64LE),
            Os.MACOS, Set.of(Arch.X86_64, Arch.AARCH64),
            Os.FREEBSD, Set.of(Arch.X86_64, Arch.AARCH64, Arch.RISCV64),
            Os.OPENBSD, Set.of(Arch.X86_64, Arch.AARCH64, Arch.RISCV64),
            Os.NETBSD, Set.of(Arch.X86_64, Arch.AARCH64),
            Os.DRAGONFLY, Set.of(Arch.X86_64),
            Os.WINDOWS, Set.of(Arch.X86_64, Arch.AARCH64));

    /// The platform of this process.
    public static final Platform CURRENT = resolve(System.getProperty("os.name"), System.getProperty("os.arch"));

    /// Whether this is Windows.
    public static final boolean IS_WINDOWS = CURRENT.os() == Os.WINDOWS;

    /// An operating system.
    public enum Os {
        LINUX("Linux"),
        MACOS("macOS"),
        FREEBSD("FreeBSD"),
        OPENBSD("OpenBSD"),
        NETBSD("NetBSD"),
        DRAGONFLY("DragonFly BSD"),
        WINDOWS("Windows"),
        SOLARIS("Solaris"),
        AIX("AIX"),
        OTHER("an unknown operating system");

        private final String title;

        Os(String title) {
            this.title = title;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /// A processor architecture. All but [#BITS_32] and [#OTHER] are 64 bits wide.
    public enum Arch {
        X86_64("x86-64"),
        AARCH64("aarch64"),
        RISCV64("riscv64"),
        S390X("s390x"),
        PPC64LE("ppc64le"),
        BITS_32("32-bit"),
        OTHER("an unknown architecture");

        private final String title;

        Arch(String title) {
            this.title = title;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /// Returns the platform for values of the system properties `os.name` and `os.arch`, with [Os#OTHER] or
    /// [Arch#OTHER] for an unknown value.
    public static Platform resolve(String osName, String osArch) {
        return new Platform(os(osName.toLowerCase(Locale.ROOT)), arch(osArch.toLowerCase(Locale.ROOT)));
    }

    /// Returns whether the system is one of the supported Unixes, whose constants are known.
    public static boolean isUnix(Os os) {
        return os != Os.WINDOWS && ARCHITECTURES.containsKey(os);
    }

    /// Returns why this library cannot make system calls on this platform, or null if it can.
    public @Nullable String unsupportedCause() {
        Set<Arch> known = ARCHITECTURES.get(os);
        if (known == null) {
            return "selectors4j supports Linux, macOS, FreeBSD, OpenBSD, NetBSD, DragonFly BSD and Windows; this is "
                    + this;
        }
        if (!known.contains(arch)) {
            return "selectors4j does not know the struct layouts of " + this + ", only those of " + titles(known)
                    + " (os.arch is " + System.getProperty("os.arch") + ")";
        }
        return null;
    }

    private static String titles(Set<Arch> architectures) {
        return architectures.stream().sorted().map(Arch::toString).collect(Collectors.joining(", "));
    }

    private static Os os(String name) {
        if (name.startsWith("windows")) {
            return Os.WINDOWS;
        }
        return switch (name) {
            case "linux" -> Os.LINUX;
            case "mac os x", "macos", "darwin" -> Os.MACOS;
            case "freebsd" -> Os.FREEBSD;
            case "openbsd" -> Os.OPENBSD;
            case "netbsd" -> Os.NETBSD;
            case "dragonfly", "dragonflybsd" -> Os.DRAGONFLY;
            case "sunos", "solaris" -> Os.SOLARIS;
            case "aix" -> Os.AIX;
            default -> Os.OTHER;
        };
    }

    private static Arch arch(String name) {
        return switch (name) {
            case "amd64", "x86_64", "x86-64" -> Arch.X86_64;
            case "aarch64", "arm64" -> Arch.AARCH64;
            case "riscv64" -> Arch.RISCV64;
            case "s390x" -> Arch.S390X;
            case "ppc64le" -> Arch.PPC64LE;
            case "x86",
                    "i386",
                    "i486",
                    "i586",
                    "i686",
                    "arm",
                    "armv7l",
                    "armhf",
                    "ppc",
                    "mips",
                    "sparc",
                    "riscv32",
                    "s390" -> Arch.BITS_32;
            default -> Arch.OTHER;
        };
    }

    @Override
    public String toString() {
        return os + " " + arch;
    }
}
