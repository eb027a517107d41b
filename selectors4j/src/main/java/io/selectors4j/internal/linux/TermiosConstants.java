package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Arch;

/// The constants of terminals that differ between architectures. powerpc has its own (arch/powerpc/include/uapi/asm:
/// termbits.h, ioctls.h, ioctl.h); all others use asm-generic/termbits.h and asm-generic/ioctls.h. The constants of
/// asm-generic/termbits-common.h are the same everywhere and are static fields.
///
/// The requests TCGETS2 and so on take the kernel's `struct termios2`. The C library's `tcgetattr` is not used: its
/// struct differs between glibc and musl on powerpc, and since glibc 2.42 its functions use other values for speeds.
/// They do nothing beside the request.
///
/// @param tcgets2 reads the settings; powerpc calls it TCGETS, and its struct has the speeds as well
/// @param tcsets2 writes the settings; the next two numbers are TCSETSW2 and TCSETSF2
/// @param tiocgwinsz reads the window size
/// @param tiocswinsz writes the window size
/// @param tiocgdev reads the device number of the terminal, also when called on its master
/// @param vmin index in `c_cc`
/// @param vtime index in `c_cc`
/// @param ixon flag of `c_iflag`
/// @param ixoff flag of `c_iflag`
/// @param cbaud mask of `c_cflag`: the code of the output speed
/// @param cibaud mask of `c_cflag`: the code of the input speed, 0 if it equals the output speed
/// @param b57600 the code of 57600 baud; the codes of higher speeds follow it
/// @param csize mask of `c_cflag`
/// @param cs6 value of `c_cflag`; CS5 is 0, CS7 twice this value, CS8 three times this value
/// @param cstopb flag of `c_cflag`
/// @param parenb flag of `c_cflag`
/// @param parodd flag of `c_cflag`
/// @param clocal flag of `c_cflag`
/// @param isig flag of `c_lflag`
/// @param icanon flag of `c_lflag`
/// @param echo flag of `c_lflag`
/// @param echonl flag of `c_lflag`
/// @param iexten flag of `c_lflag`
/// @param noflsh flag of `c_lflag`
/// @param vintr index in `c_cc`
/// @param vquit index in `c_cc`
public record TermiosConstants(
        long tcgets2,
        long tcsets2,
        long tiocgwinsz,
        long tiocswinsz,
        long tiocgdev,
        int vmin,
        int vtime,
        int ixon,
        int ixoff,
        int cbaud,
        int cibaud,
        int b57600,
        int csize,
        int cs6,
        int cstopb,
        int parenb,
        int parodd,
        int clocal,
        int isig,
        int icanon,
        int echo,
        int echonl,
        int iexten,
        int noflsh,
        int vintr,
        int vquit) {

    // asm-generic/ioctls.h, and the same in arch/powerpc/include/uapi/asm/ioctls.h
    public static final long TIOCPKT = 0x5420;
    public static final int TIOCPKT_DATA = 0;
    public static final int TIOCPKT_FLUSHREAD = 1;
    public static final int TIOCPKT_FLUSHWRITE = 2;
    public static final int TIOCPKT_STOP = 4;
    public static final int TIOCPKT_START = 8;
    public static final int TIOCPKT_NOSTOP = 16;
    public static final int TIOCPKT_DOSTOP = 32;
    public static final int TIOCPKT_IOCTL = 64;

    public static final long TIOCEXCL = 0x540C;
    public static final long TIOCNXCL = 0x540D;
    public static final long TIOCMGET = 0x5415;
    public static final long TIOCMBIS = 0x5416;
    public static final long TIOCMBIC = 0x5417;
    public static final long TIOCSBRK = 0x5427;
    public static final long TIOCCBRK = 0x5428;

    // asm-generic/termios.h, arch/powerpc/include/uapi/asm/termios.h
    public static final int TIOCM_DTR = 0x002;
    public static final int TIOCM_RTS = 0x004;
    public static final int TIOCM_CTS = 0x020;
    public static final int TIOCM_CAR = 0x040;
    public static final int TIOCM_RNG = 0x080;
    public static final int TIOCM_DSR = 0x100;

    // asm-generic/termbits-common.h: c_iflag
    public static final int IGNBRK = 0x001;
    public static final int BRKINT = 0x002;
    public static final int PARMRK = 0x008;
    public static final int ISTRIP = 0x020;
    public static final int INLCR = 0x040;
    public static final int IGNCR = 0x080;
    public static final int ICRNL = 0x100;

    // asm-generic/termbits-common.h: c_oflag
    public static final int OPOST = 0x01;

    // asm-generic/termbits-common.h: c_cflag
    public static final int CMSPAR = 0x4000_0000;
    public static final int CRTSCTS = 0x8000_0000;

    /// The constants of this architecture.
    public static final TermiosConstants CURRENT = of(Platform.CURRENT.arch());

    /// Returns the constants of an architecture.
    ///
    /// @throws IllegalArgumentException if it is not known
    public static TermiosConstants of(Arch arch) {
        return switch (arch) {
            case X86_64, AARCH64, RISCV64, S390X ->
                new TermiosConstants(
                        0x802C_542AL, // _IOR('T', 0x2A, struct termios2)
                        0x402C_542BL, // _IOW('T', 0x2B, struct termios2)
                        0x5413,
                        0x5414,
                        0x8004_5432L, // _IOR('T', 0x32, unsigned int)
                        6,
                        5,
                        0x0400,
                        0x1000,
                        0x0000_100F,
                        0x100F_0000,
                        0x1001,
                        0x30,
                        0x10,
                        0x40,
                        0x100,
                        0x200,
                        0x800,
                        0x1,
                        0x2,
                        0x8,
                        0x40,
                        0x8000,
                        0x80,
                        0,
                        1);
            case PPC64LE -> // _IOR sets bit 30 and _IOW bit 31: arch/powerpc/include/uapi/asm/ioctl.h
                new TermiosConstants(
                        0x402C_7413L, // _IOR('t', 19, struct termios)
                        0x802C_7414L, // _IOW('t', 20, struct termios)
                        0x4008_7468L, // _IOR('t', 104, struct winsize)
                        0x8008_7467L, // _IOW('t', 103, struct winsize)
                        0x4004_5432L, // _IOR('T', 0x32, unsigned int)
                        5,
                        7,
                        0x0200,
                        0x0400,
                        0x0000_00FF,
                        0x00FF_0000,
                        0x10,
                        0x300,
                        0x100,
                        0x400,
                        0x1000,
                        0x2000,
                        0x8000,
                        0x80,
                        0x100,
                        0x8,
                        0x10,
                        0x400,
                        0x8000_0000,
                        0,
                        1);
            case BITS_32, OTHER ->
                throw new IllegalArgumentException("the numbers of terminals are not known on " + arch);
        };
    }
}
