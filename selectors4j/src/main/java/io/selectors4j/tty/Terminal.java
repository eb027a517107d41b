package io.selectors4j.tty;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.Fd;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.linux.LinuxTerminals;
import io.selectors4j.internal.linux.TermiosConstants;
import io.selectors4j.internal.linux.WinsizeStruct;
import io.selectors4j.internal.posix.PosixTerminals;
import io.selectors4j.internal.sys.SystemCall;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/// What can be asked of a descriptor that may be a terminal, such as [Fd#stdin]. [Termios] has its settings.
///
/// Source: isatty(3), ioctl_tty(2).
public final class Terminal {

    private Terminal() {}

    /// Whether a descriptor is a terminal, or the master of one: `isatty()`.
    ///
    /// @param fd the descriptor
    /// @return whether it is; not any more when the terminal is gone
    /// @throws ClosedChannelException if the descriptor is closed
    public static boolean isTerminal(Fd fd) throws IOException {
        return fd.use(number -> PosixTerminals.isatty(ErrnoCapture.current(), number)) == 1;
    }

    /// The size of a terminal's window.
    ///
    /// @param tty a descriptor of the terminal, or of its master
    /// @return its size, all 0 if nobody has set it
    /// @throws ClosedChannelException if the descriptor is closed
    /// @throws NativeIOException ENOTTY if it is no terminal, EIO if the terminal is gone
    public static WindowSize windowSize(Fd tty) throws IOException {
        LinuxOnly.require("the ioctl TIOCGWINSZ that this library knows");
        WinsizeStruct struct = new WinsizeStruct();
        tty.use(fd -> SystemCall.check(
                LinuxTerminals.ioctl(ErrnoCapture.current(), fd, TermiosConstants.CURRENT.tiocgwinsz(), struct),
                () -> "ioctl(fd=" + fd + ", TIOCGWINSZ)"));
        return new WindowSize(struct.get(0), struct.get(1), struct.get(2), struct.get(3));
    }

    /// Sets the size of a terminal's window. If it is another one than before, the processes in the foreground of the terminal
    /// get SIGWINCH. That is for the one who has the window, at the master; it makes no window larger.
    ///
    /// @param tty a descriptor of the terminal, or of its master
    /// @param size its size
    /// @throws ClosedChannelException if the descriptor is closed
    /// @throws NativeIOException ENOTTY if it is no terminal, EIO if the terminal is gone
    public static void setWindowSize(Fd tty, WindowSize size) throws IOException {
        LinuxOnly.require("the ioctl TIOCSWINSZ that this library knows");
        WinsizeStruct struct = new WinsizeStruct(size.rows(), size.columns(), size.xPixels(), size.yPixels());
        tty.use(fd -> SystemCall.check(
                LinuxTerminals.ioctl(ErrnoCapture.current(), fd, TermiosConstants.CURRENT.tiocswinsz(), struct),
                () -> "ioctl(fd=" + fd + ", TIOCSWINSZ, " + size + ")"));
    }

    /// Puts a terminal, mostly [Fd#stdin], into raw mode until the result is closed: see [RawMode].
    ///
    /// @param tty a descriptor of the terminal
    /// @return what to close to have the settings as they are now
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws IllegalStateException if the Java virtual machine is shutting down
    /// @throws ClosedChannelException if the descriptor is closed
    /// @throws NativeIOException ENOTTY if it is no terminal; EIO if the terminal is gone; EMFILE at the limit of open files
    public static RawMode rawMode(Fd tty) throws IOException {
        return RawMode.enter(tty);
    }
}
