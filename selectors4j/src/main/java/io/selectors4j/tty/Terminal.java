package io.selectors4j.tty;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.Fd;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.linux.TermiosConstants;
import io.selectors4j.internal.linux.WinsizeStruct;
import io.selectors4j.internal.posix.PosixTerminals;
import io.selectors4j.internal.posix.UnixIoctl;
import io.selectors4j.internal.sys.SystemCall;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/// Operations on a descriptor that may be a terminal, such as [Fd#stdin]: the test for one, the window size, raw mode.
/// [Termios] has the settings.
///
/// Source: isatty(3), ioctl_tty(2).
public final class Terminal {

    private Terminal() {}

    /// Returns whether a descriptor is a terminal or the master of a pseudoterminal: `isatty()`. Works on every
    /// platform. On Windows, every descriptor is a socket.
    ///
    /// @param fd the descriptor
    /// @return true if it is; false after the terminal has hung up
    /// @throws ClosedChannelException if the descriptor is closed
    public static boolean isTerminal(Fd fd) throws IOException {
        return fd.use(number -> Platform.IS_WINDOWS ? 0 : PosixTerminals.isatty(ErrnoCapture.current(), number)) == 1;
    }

    /// Returns the window size of a terminal: TIOCGWINSZ.
    ///
    /// @param tty a descriptor of the terminal or of its master
    /// @return the size, all 0 if it has not been set
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws ClosedChannelException if the descriptor is closed
    /// @throws NativeIOException ENOTTY if the descriptor is no terminal, EIO if the terminal has hung up
    public static WindowSize windowSize(Fd tty) throws IOException {
        LinuxOnly.require("the ioctl TIOCGWINSZ that this library knows");
        WinsizeStruct struct = new WinsizeStruct();
        tty.use(fd -> SystemCall.check(
                UnixIoctl.ioctl(ErrnoCapture.current(), fd, TermiosConstants.CURRENT.tiocgwinsz(), struct),
                () -> "ioctl(fd=" + fd + ", TIOCGWINSZ)"));
        return new WindowSize(struct.get(0), struct.get(1), struct.get(2), struct.get(3));
    }

    /// Sets the window size of a terminal: TIOCSWINSZ. If the size changes, the foreground processes of the terminal
    /// get SIGWINCH. A terminal emulator calls this at the master when its window is resized; the call itself resizes
    /// no window.
    ///
    /// @param tty a descriptor of the terminal or of its master
    /// @param size the new size
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws ClosedChannelException if the descriptor is closed
    /// @throws NativeIOException ENOTTY if the descriptor is no terminal, EIO if the terminal has hung up
    public static void setWindowSize(Fd tty, WindowSize size) throws IOException {
        LinuxOnly.require("the ioctl TIOCSWINSZ that this library knows");
        WinsizeStruct struct = new WinsizeStruct(size.rows(), size.columns(), size.xPixels(), size.yPixels());
        tty.use(fd -> SystemCall.check(
                UnixIoctl.ioctl(ErrnoCapture.current(), fd, TermiosConstants.CURRENT.tiocswinsz(), struct),
                () -> "ioctl(fd=" + fd + ", TIOCSWINSZ, " + size + ")"));
    }

    /// Puts a terminal, usually [Fd#stdin], into raw mode until the returned object is closed.
    ///
    /// @param tty a descriptor of the terminal
    /// @return the raw mode; closing it restores the present settings
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws IllegalStateException if the Java virtual machine is shutting down
    /// @throws ClosedChannelException if the descriptor is closed
    /// @throws NativeIOException ENOTTY if the descriptor is no terminal; EIO if the terminal has hung up; EMFILE at
    ///     the limit of open files
    public static RawMode rawMode(Fd tty) throws IOException {
        return RawMode.enter(tty, false);
    }

    /// Puts a terminal into raw mode as [#rawMode] does, except that Control-Z suspends the process as it does in a
    /// program without raw mode. [RawMode] says what happens then.
    ///
    /// The process handles SIGTSTP and SIGCONT as long as the raw mode is open. A [io.selectors4j.fd.SignalFd] for
    /// SIGCONT receives the signal too: a program that draws on the screen draws again.
    ///
    /// If the process was started with SIGTSTP ignored, nothing can suspend it, and this method does the same as
    /// [#rawMode].
    ///
    /// @param tty a descriptor of the terminal
    /// @return the raw mode; closing it restores the present settings
    /// @throws UnsupportedOperationException if this is not Linux, or if the virtual machine does not allow a handler
    ///     for the signals, as with its option `-Xrs`
    /// @throws IllegalStateException if the Java virtual machine is shutting down
    /// @throws ClosedChannelException if the descriptor is closed
    /// @throws NativeIOException ENOTTY if the descriptor is no terminal; EIO if the terminal has hung up; EMFILE at
    ///     the limit of open files
    public static RawMode suspendableRawMode(Fd tty) throws IOException {
        return RawMode.enter(tty, true);
    }
}
