package io.selectors4j.tty;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.Fd;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.linux.LinuxTerminals;
import io.selectors4j.internal.linux.TermiosConstants;
import io.selectors4j.internal.linux.TermiosStruct;
import io.selectors4j.internal.sys.SystemCall;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.Objects;

/// The settings of a terminal or of a serial port, as a value: read them with [#of], derive others with the `with` methods,
/// and [#apply] those. Whatever has no method here stays as it was read.
///
/// They belong to the terminal: all its descriptors have the same, in all processes, and they stay when a program ends.
/// Of a pseudoterminal, both sides have those of the terminal.
///
/// A serial port is opened with
/// `FileFd.open(Path.of("/dev/ttyUSB0"), FileFd.O_RDWR | FileFd.O_NOCTTY | FileFd.O_NONBLOCK)`: without O_NONBLOCK, opening
/// waits for a carrier. Then set all that matters:
///
/// ```java
/// Termios.of(port).raw().withSpeed(115_200).withLocal(true).withHardwareFlowControl(false).apply(port, Termios.When.FLUSH);
/// ```
///
/// The settings of serial ports have been tried on pseudoterminals, which keep them (but for the data bits and the parity)
/// and transmit nothing; no serial port was at hand.
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
    private static final int MOST_IN_A_BYTE = 255;

    private final int iflag;
    private final int oflag;
    private final int cflag;
    private final int lflag;
    private final byte line;
    private final byte[] cc;
    private final int ispeed;
    private final int ospeed;

    /// When new settings take effect.
    public enum When {
        /// At once: TCSANOW.
        NOW(0, "TCSETS"),
        /// When all that was written has been transmitted: TCSADRAIN.
        DRAIN(1, "TCSETSW"),
        /// Then too, and what was received and not yet read is discarded: TCSAFLUSH.
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
        /// There is none.
        NONE,
        /// It makes the number of ones even.
        EVEN,
        /// It makes the number of ones odd.
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
    /// @param tty a descriptor of the terminal, or of its master
    /// @return its settings
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws ClosedChannelException if the descriptor is closed
    /// @throws NativeIOException ENOTTY if it is no terminal, EIO if the terminal is gone
    public static Termios of(Fd tty) throws IOException {
        LinuxOnly.require("termios2");
        TermiosStruct struct = new TermiosStruct();
        tty.use(fd -> SystemCall.check(
                LinuxTerminals.ioctl(ErrnoCapture.current(), fd, TermiosConstants.CURRENT.tcgets2(), struct),
                () -> "ioctl(fd=" + fd + ", TCGETS)"));
        return new Termios(struct);
    }

    /// Sets these settings: `tcsetattr()`. With [When#DRAIN] and [When#FLUSH] it waits until all that was written has been
    /// transmitted, also if the descriptor is non-blocking; the output may be stopped for as long as somebody likes.
    ///
    /// What the device cannot do is left out without an error: read the settings again to see.
    ///
    /// In the background of the terminal that controls this process, the process is stopped (SIGTTOU) until it is in the
    /// foreground.
    ///
    /// @param tty a descriptor of the terminal, or of its master
    /// @param when when they take effect
    /// @throws ClosedChannelException if the descriptor is closed
    /// @throws NativeIOException ENOTTY if it is no terminal; EIO if the terminal is gone, or for a process in the background
    ///     whose parent has left it
    public void apply(Fd tty, When when) throws IOException {
        TermiosStruct struct = struct();
        long request = TermiosConstants.CURRENT.tcsets2() + when.action;
        tty.use(fd -> {
            int result;
            do {
                result = LinuxTerminals.ioctl(ErrnoCapture.current(), fd, request, struct);
            } while (result == -Errno.EINTR && tty.isOpen());
            return SystemCall.check(result, () -> "ioctl(fd=" + fd + ", " + when.request + ")");
        });
    }

    /// As `cfmakeraw()` does: input arrives byte by byte as it is typed, without echo or signals, and neither input nor output
    /// is changed. Eight bits without parity; a read waits for one byte.
    ///
    /// @return settings with that
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

    /// Whether what is typed is written to the screen: ECHO.
    ///
    /// @param enabled whether it is
    /// @return settings with that
    public Termios withEcho(boolean enabled) {
        return with(TermiosStruct.C_LFLAG, TermiosConstants.CURRENT.echo(), enabled);
    }

    /// Whether what is typed is written to the screen.
    ///
    /// @return whether it is
    public boolean hasEcho() {
        return has(lflag, TermiosConstants.CURRENT.echo());
    }

    /// Whether input arrives line by line, and can be edited before: ICANON.
    ///
    /// @param enabled whether it does
    /// @return settings with that
    public Termios withCanonical(boolean enabled) {
        return with(TermiosStruct.C_LFLAG, TermiosConstants.CURRENT.icanon(), enabled);
    }

    /// Whether input arrives line by line.
    ///
    /// @return whether it does
    public boolean isCanonical() {
        return has(lflag, TermiosConstants.CURRENT.icanon());
    }

    /// Whether Control-C, Control-\ and Control-Z send SIGINT, SIGQUIT and SIGTSTP: ISIG.
    ///
    /// @param enabled whether they do
    /// @return settings with that
    public Termios withSignals(boolean enabled) {
        return with(TermiosStruct.C_LFLAG, TermiosConstants.CURRENT.isig(), enabled);
    }

    /// Whether Control-C, Control-\ and Control-Z send signals.
    ///
    /// @return whether they do
    public boolean hasSignals() {
        return has(lflag, TermiosConstants.CURRENT.isig());
    }

    /// How many bytes a read waits for, if input is not canonical and the descriptor blocking: VMIN.
    ///
    /// @param bytes 0 to 255; with 0, a read waits for [#withTimeout] at most, and returns -1 if there is nothing then: it
    ///     looks like the end
    /// @return settings with that
    /// @throws IllegalArgumentException if the number is another one
    public Termios withMinimum(int bytes) {
        return withCharacter(TermiosConstants.CURRENT.vmin(), inAByte(bytes));
    }

    /// How many bytes a read waits for.
    ///
    /// @return 0 to 255; of canonical input it means nothing
    public int minimum() {
        return Byte.toUnsignedInt(cc[TermiosConstants.CURRENT.vmin()]);
    }

    /// How long a read waits, if input is not canonical and the descriptor blocking: VTIME. With a [#withMinimum] above 0, it
    /// is the time between two bytes, and the first is waited for without end.
    ///
    /// @param deciseconds tenths of a second, 0 to 255; 0 for no limit
    /// @return settings with that
    /// @throws IllegalArgumentException if the number is another one
    public Termios withTimeout(int deciseconds) {
        return withCharacter(TermiosConstants.CURRENT.vtime(), inAByte(deciseconds));
    }

    /// How long a read waits.
    ///
    /// @return tenths of a second, 0 to 255; of canonical input it means nothing
    public int timeout() {
        return Byte.toUnsignedInt(cc[TermiosConstants.CURRENT.vtime()]);
    }

    /// The speed of a serial port, in both directions: `cfsetspeed()`.
    ///
    /// @param baud one of 50, 75, 110, 134 (which stands for 134.5), 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200,
    ///     38400, 57600, 115200, 230400, 460800, 500000, 576000, 921600, 1000000, 1152000, 1500000, 2000000, 2500000,
    ///     3000000, 3500000, 4000000
    /// @return settings with that
    /// @throws IllegalArgumentException if it is another one; the message lists them
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

    /// The speed of what is received.
    ///
    /// @return baud, also where it is no standard speed
    public int inputSpeed() {
        return ispeed;
    }

    /// The speed of what is transmitted.
    ///
    /// @return baud, also where it is no standard speed; 0 if the line is hung up
    public int outputSpeed() {
        return ospeed;
    }

    /// How many bits a serial port makes of a byte: CSIZE.
    ///
    /// @param bits 5 to 8; a pseudoterminal has 8 always
    /// @return settings with that
    /// @throws IllegalArgumentException if the number is another one
    public Termios withDataBits(int bits) {
        if (bits < 5 || bits > 8) {
            throw new IllegalArgumentException("a byte has 5 to 8 data bits, not " + bits);
        }
        TermiosConstants n = TermiosConstants.CURRENT;
        return withFlags(TermiosStruct.C_CFLAG, (cflag & ~n.csize()) | ((bits - 5) * n.cs6()));
    }

    /// How many bits a serial port makes of a byte.
    ///
    /// @return 5 to 8
    public int dataBits() {
        return 5 + (cflag & TermiosConstants.CURRENT.csize()) / TermiosConstants.CURRENT.cs6();
    }

    /// The parity bit of a serial port: PARENB, PARODD. What arrives is not checked for it (INPCK stays as it is).
    ///
    /// @param parity which one; a pseudoterminal has none
    /// @return settings with that
    public Termios withParity(Parity parity) {
        TermiosConstants n = TermiosConstants.CURRENT;
        int bits = switch (parity) {
            case NONE -> 0;
            case EVEN -> n.parenb();
            case ODD -> n.parenb() | n.parodd();
        };
        return withFlags(TermiosStruct.C_CFLAG, (cflag & ~(n.parenb() | n.parodd() | TermiosConstants.CMSPAR)) | bits);
    }

    /// The parity bit of a serial port.
    ///
    /// @return which one
    public Parity parity() {
        TermiosConstants n = TermiosConstants.CURRENT;
        return !has(cflag, n.parenb()) ? Parity.NONE : has(cflag, n.parodd()) ? Parity.ODD : Parity.EVEN;
    }

    /// How many bits a serial port ends a byte with: CSTOPB.
    ///
    /// @param bits 1 or 2
    /// @return settings with that
    /// @throws IllegalArgumentException if the number is another one
    public Termios withStopBits(int bits) {
        if (bits < 1 || bits > 2) {
            throw new IllegalArgumentException("a byte ends with 1 or 2 stop bits, not " + bits);
        }
        return with(TermiosStruct.C_CFLAG, TermiosConstants.CURRENT.cstopb(), bits == 2);
    }

    /// How many bits a serial port ends a byte with.
    ///
    /// @return 1 or 2
    public int stopBits() {
        return has(cflag, TermiosConstants.CURRENT.cstopb()) ? 2 : 1;
    }

    /// Whether a serial port is stopped and started by the lines RTS and CTS: CRTSCTS.
    ///
    /// @param enabled whether it is
    /// @return settings with that
    public Termios withHardwareFlowControl(boolean enabled) {
        return with(TermiosStruct.C_CFLAG, TermiosConstants.CRTSCTS, enabled);
    }

    /// Whether a serial port is stopped and started by the lines RTS and CTS.
    ///
    /// @return whether it is
    public boolean hasHardwareFlowControl() {
        return has(cflag, TermiosConstants.CRTSCTS);
    }

    /// Whether Control-S and Control-Q stop and start the output, and are sent to stop and start the input: IXON, IXOFF.
    ///
    /// @param enabled whether they do both; otherwise they do neither
    /// @return settings with that
    public Termios withSoftwareFlowControl(boolean enabled) {
        return with(TermiosStruct.C_IFLAG, TermiosConstants.CURRENT.ixon() | TermiosConstants.CURRENT.ixoff(), enabled);
    }

    /// Whether Control-S and Control-Q stop and start the output, and are sent to stop and start the input.
    ///
    /// @return whether they do both; a new pseudoterminal lets them stop the output only
    public boolean hasSoftwareFlowControl() {
        return has(iflag, TermiosConstants.CURRENT.ixon() | TermiosConstants.CURRENT.ixoff());
    }

    /// Whether a serial port works without a modem: CLOCAL. Otherwise it hangs up when there is no carrier.
    ///
    /// @param enabled whether it does
    /// @return settings with that
    public Termios withLocal(boolean enabled) {
        return with(TermiosStruct.C_CFLAG, TermiosConstants.CURRENT.clocal(), enabled);
    }

    /// Whether a serial port works without a modem.
    ///
    /// @return whether it does
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

    private static int inAByte(int value) {
        if (value < 0 || value > MOST_IN_A_BYTE) {
            throw new IllegalArgumentException("not in 0 to " + MOST_IN_A_BYTE + ": " + value);
        }
        return value;
    }

    /// Whether the other one has the same settings, those without a method here included.
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
