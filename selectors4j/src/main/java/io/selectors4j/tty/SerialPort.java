package io.selectors4j.tty;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.Fd;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.linux.TermiosConstants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.UnixIoctl;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/// The lines of a serial port beside its data, and exclusive use of a terminal. [Termios] has the speed and the format
/// of the data.
///
/// Source: ioctl_tty(2).
public final class SerialPort {

    /// A line of a serial port.
    public enum Line {
        /// Data terminal ready: output.
        DTR(TermiosConstants.TIOCM_DTR),
        /// Request to send: output.
        RTS(TermiosConstants.TIOCM_RTS),
        /// Clear to send: input.
        CTS(TermiosConstants.TIOCM_CTS),
        /// Data carrier detect: input.
        DCD(TermiosConstants.TIOCM_CAR),
        /// Ring indicator: input.
        RI(TermiosConstants.TIOCM_RNG),
        /// Data set ready: input.
        DSR(TermiosConstants.TIOCM_DSR);

        private final int bit;

        Line(int bit) {
            this.bit = bit;
        }
    }

    private SerialPort() {}

    /// Returns the lines of a serial port that are on: TIOCMGET.
    ///
    /// @param tty the serial port
    /// @return the lines, in a new set
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws ClosedChannelException if the descriptor is closed
    /// @throws NativeIOException ENOTTY if the descriptor is no serial port, EIO if it is gone
    public static Set<Line> lines(Fd tty) throws IOException {
        int bits = getLines(Objects.requireNonNull(tty, "tty"));
        Set<Line> lines = EnumSet.noneOf(Line.class);
        for (Line line : Line.values()) {
            if ((bits & line.bit) != 0) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static int getLines(Fd tty) throws IOException {
        Ints bits = new Ints(0);
        call(tty, TermiosConstants.TIOCMGET, "TIOCMGET", bits);
        return bits.get(0);
    }

    /// Switches an output of a serial port on or off: TIOCMBIS, TIOCMBIC.
    ///
    /// @param tty the serial port
    /// @param line [Line#DTR] or [Line#RTS]; the kernel ignores inputs
    /// @param on whether to switch it on
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws ClosedChannelException if the descriptor is closed
    /// @throws NativeIOException ENOTTY if the descriptor is no serial port, EIO if it is gone
    public static void setLine(Fd tty, Line line, boolean on) throws IOException {
        Objects.requireNonNull(tty, "tty");
        Ints bits = new Ints(Objects.requireNonNull(line, "line").bit);
        if (on) {
            call(tty, TermiosConstants.TIOCMBIS, "TIOCMBIS, " + line, bits);
        } else {
            call(tty, TermiosConstants.TIOCMBIC, "TIOCMBIC, " + line, bits);
        }
    }

    /// Starts or ends a break: the transmitted line is held at zero. TIOCSBRK, TIOCCBRK. The program measures the
    /// duration, at least the time of some characters.
    ///
    /// @param tty the serial port; other terminals do nothing
    /// @param on whether to start the break
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws ClosedChannelException if the descriptor is closed
    /// @throws NativeIOException ENOTTY if the descriptor is no terminal, EIO if it is gone
    public static void setBreak(Fd tty, boolean on) throws IOException {
        Objects.requireNonNull(tty, "tty");
        Ints none = new Ints(0);
        if (on) {
            call(tty, TermiosConstants.TIOCSBRK, "TIOCSBRK", none);
        } else {
            call(tty, TermiosConstants.TIOCCBRK, "TIOCCBRK", none);
        }
    }

    /// Sets or ends exclusive use of a terminal: TIOCEXCL, TIOCNXCL. Meanwhile, opening the terminal again fails with
    /// EBUSY, except for processes with the capability CAP_SYS_ADMIN.
    ///
    /// @param tty the terminal
    /// @param on whether its use is exclusive
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws ClosedChannelException if the descriptor is closed
    /// @throws NativeIOException ENOTTY if the descriptor is no terminal, EIO if it is gone
    public static void setExclusive(Fd tty, boolean on) throws IOException {
        Objects.requireNonNull(tty, "tty");
        Ints none = new Ints(0);
        if (on) {
            call(tty, TermiosConstants.TIOCEXCL, "TIOCEXCL", none);
        } else {
            call(tty, TermiosConstants.TIOCNXCL, "TIOCNXCL", none);
        }
    }

    private static void call(Fd tty, long request, String name, Ints argument) throws IOException {
        LinuxOnly.require("the ioctl " + name + " that this library knows");
        int result = tty.use(fd -> UnixIoctl.ioctl(ErrnoCapture.current(), fd, request, argument));
        if (result < 0) {
            throw new NativeIOException("ioctl(" + tty + ", " + name + ")", -result);
        }
    }
}
