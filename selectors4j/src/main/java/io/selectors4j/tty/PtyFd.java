package io.selectors4j.tty;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.Fd;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.linux.LinuxTerminals;
import io.selectors4j.internal.linux.TermiosConstants;
import io.selectors4j.internal.posix.CString;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.internal.posix.PosixTerminals;
import io.selectors4j.internal.posix.UnixIoctl;
import io.selectors4j.internal.sys.SystemCall;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

/// One side of a pseudoterminal: the terminal, which a program uses like a hardware terminal, or the master, which
/// stands for screen and keyboard. Output of the program is read at the master; bytes written to the master are input
/// of the program.
///
/// A new terminal echoes its input, delivers it line by line (canonical mode), and writes a line feed as carriage
/// return and line feed. [Termios] changes these settings. Bytes written at one side may take a moment to arrive at the
/// other.
///
/// When the last descriptor of the terminal in any process is closed, the master hangs up. Output from before can still
/// be read; then a read fails with EIO. A selector reports the master as readable, with a hang-up where the backend
/// reports one. The state ends when a process opens [#path()] again. To keep the master from hanging up when the
/// program exits, keep a descriptor of the terminal open.
///
/// When the master is closed, the terminal hangs up: a read returns -1, a write fails with EIO, and a selector reports
/// a hang-up. The session that has it as controlling terminal gets SIGHUP.
///
/// Source: posix_openpt(3), grantpt(3), unlockpt(3), ptsname(3), openpty(3), pty(7), pts(4).
public final class PtyFd extends Fd {

    /// First byte of a read in packet mode: data follow.
    public static final int TIOCPKT_DATA = TermiosConstants.TIOCPKT_DATA;

    /// Packet mode: the input queue of the terminal was flushed.
    public static final int TIOCPKT_FLUSHREAD = TermiosConstants.TIOCPKT_FLUSHREAD;

    /// Packet mode: the output queue of the terminal was flushed.
    public static final int TIOCPKT_FLUSHWRITE = TermiosConstants.TIOCPKT_FLUSHWRITE;

    /// Packet mode: the output was stopped.
    public static final int TIOCPKT_STOP = TermiosConstants.TIOCPKT_STOP;

    /// Packet mode: the output was started again.
    public static final int TIOCPKT_START = TermiosConstants.TIOCPKT_START;

    /// Packet mode: Control-S and Control-Q no longer stop and start the output.
    public static final int TIOCPKT_NOSTOP = TermiosConstants.TIOCPKT_NOSTOP;

    /// Packet mode: Control-S and Control-Q stop and start the output from now on.
    public static final int TIOCPKT_DOSTOP = TermiosConstants.TIOCPKT_DOSTOP;

    /// Packet mode: the settings were changed while EXTPROC was set, so that the master processes the input.
    public static final int TIOCPKT_IOCTL = TermiosConstants.TIOCPKT_IOCTL;

    private static final int LONGEST_PATH = 4096; // linux/limits.h: PATH_MAX
    private static final int FLAGS = Constants.O_RDWR | Constants.O_NOCTTY | Constants.O_CLOEXEC;

    private final Path path;

    private PtyFd(int fd, Path path) {
        super(fd, true);
        this.path = path;
    }

    /// Both sides of a pseudoterminal.
    ///
    /// @param master the side of screen and keyboard
    /// @param terminal the side of the program
    public record Pair(PtyFd master, PtyFd terminal) implements Closeable {

        /// Closes both sides.
        @Override
        public void close() throws IOException {
            try (master;
                    terminal) {
                // closes both, even if one close fails
            }
        }
    }

    /// Creates a pseudoterminal, with both sides blocking and close-on-exec. It does not become the controlling
    /// terminal of this process.
    ///
    /// @return both sides
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws NativeIOException EMFILE or ENFILE at a limit of open files; ENOSPC or EAGAIN at the limit of
    ///     pseudoterminals, `/proc/sys/kernel/pty/max`; ENOENT if the file system devpts is not mounted
    public static Pair open() throws IOException {
        LinuxOnly.require("the file system devpts");
        ErrnoCapture state = ErrnoCapture.current();
        int master = SystemCall.check(PosixTerminals.posix_openpt(state, FLAGS), () -> "posix_openpt(O_RDWR|O_NOCTTY)");
        try {
            SystemCall.check(PosixTerminals.grantpt(state, master), () -> "grantpt(fd=" + master + ")");
            SystemCall.check(PosixTerminals.unlockpt(state, master), () -> "unlockpt(fd=" + master + ")");
            CString name = new CString(LONGEST_PATH);
            SystemCall.check(
                    LinuxTerminals.ptsname_r(state, master, name, LONGEST_PATH), () -> "ptsname_r(fd=" + master + ")");
            Path path = Path.of(name.text());
            int result;
            do {
                result = PosixLibc.open(state, name, FLAGS, 0);
            } while (result == -Errno.EINTR);
            int terminal = SystemCall.check(result, () -> "open(" + path + ", O_RDWR|O_NOCTTY)");
            return new Pair(new PtyFd(master, path), new PtyFd(terminal, path));
        } catch (Throwable t) {
            PosixLibc.close(state, master);
            throw t;
        }
    }

    /// Returns the path of the terminal, on either side: `/dev/pts/` and a number. A program that runs in the terminal
    /// opens this path. After both sides have been closed, the system may give the number to another terminal.
    ///
    /// @return the path
    public Path path() {
        return path;
    }

    /// Switches packet mode of the master: TIOCPKT. In packet mode, each read returns either [#TIOCPKT_DATA] followed
    /// by data, or a single status byte: the other TIOCPKT_* flags for the changes since the previous status byte.
    /// While a status byte waits, the master is ready for [io.selectors4j.Interest#PRIORITY].
    ///
    /// @param enabled true to switch it on
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException ENOTTY if this is the terminal side
    public void setPacketMode(boolean enabled) throws IOException {
        Ints value = new Ints(enabled ? 1 : 0);
        use(fd -> SystemCall.check(
                UnixIoctl.ioctl(ErrnoCapture.current(), fd, TermiosConstants.TIOCPKT, value),
                () -> "ioctl(fd=" + fd + ", TIOCPKT, " + value.get(0) + ")"));
    }

    /// Duplicates the descriptor of this side.
    ///
    /// @return a new object, which owns the new descriptor
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException EMFILE at the limit of open files
    @Override
    public PtyFd dup() throws IOException {
        return new PtyFd(duplicate(), path);
    }
}
