package io.selectors4j.tty;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.Fd;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.linux.TermiosConstants;
import io.selectors4j.internal.linux.TermiosStruct;
import io.selectors4j.internal.posix.UnixIoctl;
import io.selectors4j.internal.sys.SystemCall;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.Objects;

/// The settings of a terminal or serial port, as an immutable value. [#of] reads them, the `with` methods derive
/// others, and [#apply] sets them. Settings without a method here keep the value that was read.
///
/// Settings belong to the terminal: all its descriptors in all processes share them, and they outlive the program that
/// set them. Both sides of a pseudoterminal have the settings of the terminal.
///
/// Open a serial port with `FileFd.open(Path.of("/dev/ttyUSB0"), FileFd.O_RDWR | FileFd.O_NOCTTY | FileFd.O_NONBLOCK)`:
/// without O_NONBLOCK, opening waits for a carrier. Then apply all settings that matter:
///
/// ```java
/// Termios.of(port).raw()
///         .withSpeed(115_200)
///         .withLocal(true)
///         .withHardwareFlowControl(false)
///         .apply(port, Termios.When.FLUSH);
/// ```
///
/// The settings of serial ports are tested on pseudoterminals only, not on hardware. A pseudoterminal stores them,
/// except data bits and parity, and transmits nothing.
///
/// Source: termios(3), ioctl_tty(2).
public final class Termios {

    private static final int[] SPEEDS = {
        50,
        75,
        110,
        134,
        150,
        200,
        300,
        600,
        1200,
        1800,
        2400,
        4800,
        9600,
        19_200,
        38_400, // codes 1 to 15
        57_600,
        115_200,
        230_400,
        460_800,
        500_000,
        576_000,
        921_600,
        1_000_000,
        1_152_000,
        1_500_000,
        2_000_000,
        2_500_000,
        3_000_000,
        3_500_000,
        4_000_000 // codes from B57600 on
    };
    private static final int LOW_SPEEDS = 15;
    private static final int MAX_CC = 255;
    private static final int DISABLED = 0; // _POSIX_VDISABLE

    private final int iflag;
    private final int oflag;
    private final int cflag;
    private final int lflag;
    private final byte line;
    private final byte[] cc;
    private final int ispeed;
    private final int ospeed;

    /// The time at which new settings take effect.
    public enum When {
        /// Immediately: TCSANOW.
        NOW(0, "TCSETS"),
        /// After all output has been transmitted: TCSADRAIN.
        DRAIN(1, "TCSETSW"),
        /// After all output has been transmitted; unread input is discarded: TCSAFLUSH.
        FLUSH(2, "TCSETSF");

        private final int action;
        private final String request;

        When(int action, String request) {
            this.action = action;
            this.request = request;
        }
    }

    /// The parity bit of a serial port.
    public enum Parity {
        /// No parity bit.
        NONE,
        /// The number of ones is even.
        EVEN,
        /// The number of ones is odd.
        ODD
    }

    private Termios(TermiosStruct struct) {
        iflag = struct.flags(TermiosStruct.C_IFLAG);
        oflag = struct.flags(TermiosStruct.C_OFLAG);
        cflag = struct.flags(TermiosStruct.C_CFLAG);
        lflag = struct.flags(TermiosStruct.C_LFLAG);
        line = struct.line();
        cc = struct.cc();
        ispeed = struct.ispeed();
        ospeed = struct.ospeed();
    }

    private TermiosStruct struct() {
        TermiosStruct struct = new TermiosStruct();
        struct.setFlags(TermiosStruct.C_IFLAG, iflag);
        struct.setFlags(TermiosStruct.C_OFLAG, oflag);
        struct.setFlags(TermiosStruct.C_CFLAG, cflag);
        struct.setFlags(TermiosStruct.C_LFLAG, lflag);
        struct.setLine(line);
        struct.setCc(cc);
        struct.setSpeeds(ispeed, ospeed);
        return struct;
    }

    /// Reads the settings of a terminal: `tcgetattr()`.
    ///
    /// @param tty a descriptor of the terminal or of its master
    /// @return the settings
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws ClosedChannelException if the descriptor is closed
    /// @throws NativeIOException ENOTTY if the descriptor is no terminal, EIO if the terminal has hung up
    public static Termios of(Fd tty) throws IOException {
        LinuxOnly.require("termios2");
        TermiosStruct struct = new TermiosStruct();
        tty.use(fd -> SystemCall.check(
                UnixIoctl.ioctl(ErrnoCapture.current(), fd, TermiosConstants.CURRENT.tcgets2(), struct),
                () -> "ioctl(fd=" + fd + ", TCGETS)"));
        return new Termios(struct);
    }

    /// Applies these settings to a terminal: `tcsetattr()`. [When#DRAIN] and [When#FLUSH] block until all output has
    /// been transmitted, even if the descriptor is non-blocking; stopped output blocks them without limit.
    ///
    /// The device ignores settings that it does not support, without an error. Read the settings again to check.
    ///
    /// A process in the background of its controlling terminal is stopped by SIGTTOU until it is in the foreground.
    ///
    /// @param tty a descriptor of the terminal or of its master
    /// @param when the time at which the settings take effect
    /// @throws ClosedChannelException if the descriptor is closed
    /// @throws NativeIOException ENOTTY if the descriptor is no terminal; EIO if the terminal has hung up, or if this
    ///     process is in the background in an orphaned process group
    public void apply(Fd tty, When when) throws IOException {
        TermiosStruct struct = struct();
        long request = TermiosConstants.CURRENT.tcsets2() + when.action;
        tty.use(fd -> {
            int result;
            do {
                result = UnixIoctl.ioctl(ErrnoCapture.current(), fd, request, struct);
            } while (result == -Errno.EINTR && tty.isOpen());
            return SystemCall.check(result, () -> "ioctl(fd=" + fd + ", " + when.request + ")");
        });
    }

    /// Returns the settings of raw mode, as `cfmakeraw()` does: input arrives byte by byte, without echo and signals;
    /// input and output are not translated; a byte has eight bits and no parity. A read waits for one byte.
    ///
    /// @return the derived settings
    public Termios raw() {
        TermiosConstants n = TermiosConstants.CURRENT;
        TermiosStruct copy = struct();
        int changing = TermiosConstants.IGNBRK
                | TermiosConstants.BRKINT
                | TermiosConstants.PARMRK
                | TermiosConstants.ISTRIP
                | TermiosConstants.INLCR
                | TermiosConstants.IGNCR
                | TermiosConstants.ICRNL
                | n.ixon();
        copy.setFlags(TermiosStruct.C_IFLAG, iflag & ~changing);
        copy.setFlags(TermiosStruct.C_OFLAG, oflag & ~TermiosConstants.OPOST);
        copy.setFlags(TermiosStruct.C_CFLAG, (cflag & ~n.parenb()) | n.csize()); // all bits of CSIZE: CS8
        copy.setFlags(TermiosStruct.C_LFLAG, lflag & ~(n.echo() | n.echonl() | n.icanon() | n.isig() | n.iexten()));
        return new Termios(copy).withMinimum(1).withTimeout(0);
    }

    /// Returns the settings of raw mode in which Control-Z, or what VSUSP is set to, sends SIGTSTP and keeps the input.
    Termios suspendable() {
        TermiosConstants n = TermiosConstants.CURRENT;
        return raw().withCharacter(n.vintr(), DISABLED)
                .withCharacter(n.vquit(), DISABLED)
                .with(TermiosStruct.C_LFLAG, n.isig() | n.noflsh(), true);
    }

    /// Returns these settings with echo of input switched on or off: ECHO.
    ///
    /// @param enabled true to echo input
    /// @return the derived settings
    public Termios withEcho(boolean enabled) {
        return with(TermiosStruct.C_LFLAG, TermiosConstants.CURRENT.echo(), enabled);
    }

    /// Returns whether input is echoed: ECHO.
    ///
    /// @return true if input is echoed
    public boolean hasEcho() {
        return has(lflag, TermiosConstants.CURRENT.echo());
    }

    /// Returns these settings with canonical mode switched on or off: ICANON. In canonical mode, input arrives line by
    /// line and can be edited until the line is complete.
    ///
    /// @param enabled true for canonical mode
    /// @return the derived settings
    public Termios withCanonical(boolean enabled) {
        return with(TermiosStruct.C_LFLAG, TermiosConstants.CURRENT.icanon(), enabled);
    }

    /// Returns whether the terminal is in canonical mode: ICANON.
    ///
    /// @return true if input arrives line by line
    public boolean isCanonical() {
        return has(lflag, TermiosConstants.CURRENT.icanon());
    }

    /// Returns these settings with signal characters switched on or off: ISIG. With them, Control-C, Control-\ and
    /// Control-Z send SIGINT, SIGQUIT and SIGTSTP.
    ///
    /// @param enabled true to send signals
    /// @return the derived settings
    public Termios withSignals(boolean enabled) {
        return with(TermiosStruct.C_LFLAG, TermiosConstants.CURRENT.isig(), enabled);
    }

    /// Returns whether Control-C, Control-\ and Control-Z send signals: ISIG.
    ///
    /// @return true if they send signals
    public boolean hasSignals() {
        return has(lflag, TermiosConstants.CURRENT.isig());
    }

    /// Returns these settings with another minimum of bytes for a read: VMIN. It applies to a blocking descriptor
    /// outside canonical mode.
    ///
    /// @param bytes 0 to 255; with 0, a read waits at most for the time of [#withTimeout], and then returns -1 as at
    ///     the end of input
    /// @return the derived settings
    /// @throws IllegalArgumentException if the number is out of range
    public Termios withMinimum(int bytes) {
        return withCharacter(TermiosConstants.CURRENT.vmin(), requireByte(bytes));
    }

    /// Returns the minimum of bytes for a read: VMIN.
    ///
    /// @return 0 to 255; without meaning in canonical mode
    public int minimum() {
        return Byte.toUnsignedInt(cc[TermiosConstants.CURRENT.vmin()]);
    }

    /// Returns these settings with another timeout of a read: VTIME. It applies to a blocking descriptor outside
    /// canonical mode. With a minimum ([#withMinimum]) above 0 it limits the time between two bytes, and a read waits
    /// for the first byte without limit.
    ///
    /// @param deciseconds tenths of a second, 0 to 255; 0 for no limit
    /// @return the derived settings
    /// @throws IllegalArgumentException if the number is out of range
    public Termios withTimeout(int deciseconds) {
        return withCharacter(TermiosConstants.CURRENT.vtime(), requireByte(deciseconds));
    }

    /// Returns the timeout of a read: VTIME.
    ///
    /// @return tenths of a second, 0 to 255; without meaning in canonical mode
    public int timeout() {
        return Byte.toUnsignedInt(cc[TermiosConstants.CURRENT.vtime()]);
    }

    /// Returns these settings with another speed in both directions: `cfsetspeed()`.
    ///
    /// @param baud one of 50, 75, 110, 134 (which stands for 134.5), 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600,
    ///     19200, 38400, 57600, 115200, 230400, 460800, 500000, 576000, 921600, 1000000, 1152000, 1500000, 2000000,
    ///     2500000, 3000000, 3500000, 4000000
    /// @return the derived settings
    /// @throws IllegalArgumentException if it is none of these; the message lists them
    public Termios withSpeed(int baud) {
        int index = Arrays.binarySearch(SPEEDS, baud);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "no standard speed: " + baud + "; the speeds are " + Arrays.toString(SPEEDS));
        }
        TermiosConstants n = TermiosConstants.CURRENT;
        int code = index < LOW_SPEEDS ? index + 1 : n.b57600() + index - LOW_SPEEDS;
        TermiosStruct copy = struct();
        copy.setFlags(TermiosStruct.C_CFLAG, (cflag & ~(n.cbaud() | n.cibaud())) | code);
        copy.setSpeeds(baud, baud);
        return new Termios(copy);
    }

    /// Returns the input speed.
    ///
    /// @return baud; not necessarily a standard speed
    public int inputSpeed() {
        return ispeed;
    }

    /// Returns the output speed.
    ///
    /// @return baud; not necessarily a standard speed; 0 if the line is hung up
    public int outputSpeed() {
        return ospeed;
    }

    /// Returns these settings with another number of data bits in a byte: CSIZE.
    ///
    /// @param bits 5 to 8; a pseudoterminal always has 8
    /// @return the derived settings
    /// @throws IllegalArgumentException if the number is out of range
    public Termios withDataBits(int bits) {
        if (bits < 5 || bits > 8) {
            throw new IllegalArgumentException("a byte has 5 to 8 data bits, not " + bits);
        }
        TermiosConstants n = TermiosConstants.CURRENT;
        return withFlags(TermiosStruct.C_CFLAG, (cflag & ~n.csize()) | ((bits - 5) * n.cs6()));
    }

    /// Returns the number of data bits in a byte: CSIZE.
    ///
    /// @return 5 to 8
    public int dataBits() {
        return 5 + (cflag & TermiosConstants.CURRENT.csize()) / TermiosConstants.CURRENT.cs6();
    }

    /// Returns these settings with another parity: PARENB, PARODD. The check of input (INPCK) is not changed.
    ///
    /// @param parity the parity; a pseudoterminal always has none
    /// @return the derived settings
    public Termios withParity(Parity parity) {
        TermiosConstants n = TermiosConstants.CURRENT;
        int bits = switch (parity) {
            case NONE -> 0;
            case EVEN -> n.parenb();
            case ODD -> n.parenb() | n.parodd();
        };
        return withFlags(TermiosStruct.C_CFLAG, (cflag & ~(n.parenb() | n.parodd() | TermiosConstants.CMSPAR)) | bits);
    }

    /// Returns the parity: PARENB, PARODD.
    ///
    /// @return the parity
    public Parity parity() {
        TermiosConstants n = TermiosConstants.CURRENT;
        return !has(cflag, n.parenb()) ? Parity.NONE : has(cflag, n.parodd()) ? Parity.ODD : Parity.EVEN;
    }

    /// Returns these settings with another number of stop bits after a byte: CSTOPB.
    ///
    /// @param bits 1 or 2
    /// @return the derived settings
    /// @throws IllegalArgumentException if the number is out of range
    public Termios withStopBits(int bits) {
        if (bits < 1 || bits > 2) {
            throw new IllegalArgumentException("a byte ends with 1 or 2 stop bits, not " + bits);
        }
        return with(TermiosStruct.C_CFLAG, TermiosConstants.CURRENT.cstopb(), bits == 2);
    }

    /// Returns the number of stop bits after a byte: CSTOPB.
    ///
    /// @return 1 or 2
    public int stopBits() {
        return has(cflag, TermiosConstants.CURRENT.cstopb()) ? 2 : 1;
    }

    /// Returns these settings with flow control by the lines RTS and CTS switched on or off: CRTSCTS.
    ///
    /// @param enabled true for hardware flow control
    /// @return the derived settings
    public Termios withHardwareFlowControl(boolean enabled) {
        return with(TermiosStruct.C_CFLAG, TermiosConstants.CRTSCTS, enabled);
    }

    /// Returns whether the lines RTS and CTS control the flow: CRTSCTS.
    ///
    /// @return true for hardware flow control
    public boolean hasHardwareFlowControl() {
        return has(cflag, TermiosConstants.CRTSCTS);
    }

    /// Returns these settings with flow control by characters switched on or off in both directions: IXON, IXOFF. With
    /// it, Control-S and Control-Q stop and start the output, and are sent to stop and start the input.
    ///
    /// @param enabled true for both directions, false for neither
    /// @return the derived settings
    public Termios withSoftwareFlowControl(boolean enabled) {
        return with(TermiosStruct.C_IFLAG, TermiosConstants.CURRENT.ixon() | TermiosConstants.CURRENT.ixoff(), enabled);
    }

    /// Returns whether Control-S and Control-Q control the flow in both directions: IXON, IXOFF.
    ///
    /// @return true for both directions; a new pseudoterminal has the output direction only
    public boolean hasSoftwareFlowControl() {
        return has(iflag, TermiosConstants.CURRENT.ixon() | TermiosConstants.CURRENT.ixoff());
    }

    /// Returns these settings with the modem lines ignored or not: CLOCAL. If they are not ignored, a serial port hangs
    /// up when it loses the carrier.
    ///
    /// @param enabled true to ignore the modem lines
    /// @return the derived settings
    public Termios withLocal(boolean enabled) {
        return with(TermiosStruct.C_CFLAG, TermiosConstants.CURRENT.clocal(), enabled);
    }

    /// Returns whether the modem lines are ignored: CLOCAL.
    ///
    /// @return true if they are ignored
    public boolean isLocal() {
        return has(cflag, TermiosConstants.CURRENT.clocal());
    }

    private static boolean has(int flags, int bits) {
        return (flags & bits) == bits;
    }

    private Termios with(int word, int bits, boolean enabled) {
        int flags = struct().flags(word);
        return withFlags(word, enabled ? flags | bits : flags & ~bits);
    }

    private Termios withFlags(int word, int flags) {
        TermiosStruct copy = struct();
        copy.setFlags(word, flags);
        return new Termios(copy);
    }

    private Termios withCharacter(int character, int value) {
        byte[] characters = cc.clone();
        characters[character] = (byte) value;
        TermiosStruct copy = struct();
        copy.setCc(characters);
        return new Termios(copy);
    }

    private static int requireByte(int value) {
        if (value < 0 || value > MAX_CC) {
            throw new IllegalArgumentException("not in 0 to " + MAX_CC + ": " + value);
        }
        return value;
    }

    /// Returns whether the other object has equal settings, including the ones without a method here.
    @Override
    public boolean equals(Object other) {
        return other instanceof Termios that
                && iflag == that.iflag
                && oflag == that.oflag
                && cflag == that.cflag
                && lflag == that.lflag
                && line == that.line
                && Arrays.equals(cc, that.cc)
                && ispeed == that.ispeed
                && ospeed == that.ospeed;
    }

    @Override
    public int hashCode() {
        return Objects.hash(iflag, oflag, cflag, lflag, line, Arrays.hashCode(cc), ispeed, ospeed);
    }

    @Override
    public String toString() {
        return "Termios[" + (ispeed == ospeed ? "" : ispeed + "/") + ospeed + " baud, "
                + dataBits() + parity().name().charAt(0) + stopBits()
                + (isCanonical() ? ", canonical" : ", minimum " + minimum() + ", timeout " + timeout())
                + (hasEcho() ? ", echo" : "")
                + (hasSignals() ? ", signals" : "")
                + (hasHardwareFlowControl() ? ", hardware flow control" : "")
                + (hasSoftwareFlowControl() ? ", software flow control" : "")
                + (isLocal() ? ", local" : "")
                + ", c_iflag=0x" + Integer.toHexString(iflag)
                + ", c_oflag=0x" + Integer.toHexString(oflag)
                + ", c_cflag=0x" + Integer.toHexString(cflag)
                + ", c_lflag=0x" + Integer.toHexString(lflag)
                + "]";
    }
}
