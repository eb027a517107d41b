package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Platform.Arch;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// The layout of the kernel's struct of terminal settings. powerpc calls it `struct termios` and has the line
/// discipline after the control characters (arch/powerpc/include/uapi/asm/termbits.h); the others have it before
/// (asm-generic/termbits.h).
///
/// ```c
/// struct termios2 {          // powerpc      all others
///     tcflag_t c_iflag;      // 0            0
///     tcflag_t c_oflag;      // 4            4
///     tcflag_t c_cflag;      // 8            8
///     tcflag_t c_lflag;      // 12           12
///     cc_t     c_line;       // 35           16
///     cc_t     c_cc[19];     // 16           17
///     speed_t  c_ispeed;     // 36           36
///     speed_t  c_ospeed;     // 40           40
/// };                         // 44 bytes     44 bytes
/// ```
///
/// @param layout the struct
/// @param line the offset of `c_line`
/// @param cc the offset of `c_cc`
public record TermiosLayout(StructLayout layout, long line, long cc) {

    /// Number of control characters.
    public static final int NCCS = 19;

    private static final MemoryLayout LINE = ValueLayout.JAVA_BYTE.withName("c_line");
    private static final MemoryLayout CC =
            MemoryLayout.sequenceLayout(NCCS, ValueLayout.JAVA_BYTE).withName("c_cc");

    private TermiosLayout(StructLayout layout) {
        this(layout, Layouts.offset(layout, "c_line"), Layouts.offset(layout, "c_cc"));
    }

    /// Returns the layout on an architecture.
    ///
    /// @throws IllegalArgumentException if it is not known
    public static TermiosLayout of(Arch arch) {
        return switch (arch) {
            case X86_64, AARCH64, RISCV64, S390X -> new TermiosLayout(layout(LINE, CC));
            case PPC64LE -> new TermiosLayout(layout(CC, LINE));
            case BITS_32, OTHER ->
                throw new IllegalArgumentException("the layout of struct termios is not known on " + arch);
        };
    }

    private static StructLayout layout(MemoryLayout first, MemoryLayout second) {
        return MemoryLayout.structLayout(
                ValueLayout.JAVA_INT.withName("c_iflag"),
                ValueLayout.JAVA_INT.withName("c_oflag"),
                ValueLayout.JAVA_INT.withName("c_cflag"),
                ValueLayout.JAVA_INT.withName("c_lflag"),
                first,
                second,
                ValueLayout.JAVA_INT.withName("c_ispeed"),
                ValueLayout.JAVA_INT.withName("c_ospeed"));
    }
}
