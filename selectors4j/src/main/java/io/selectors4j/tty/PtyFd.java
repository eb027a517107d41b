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
import io.selectors4j.internal.sys.SystemCall;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

/// One side of a pseudoterminal: the terminal, which a program takes for a real one, or its master, in the place of the
/// screen and the keyboard. What the program writes to the terminal is read at the master; what is written to the master has
/// been typed.
///
/// A new terminal echoes what is typed, hands it to the program line by line, and makes a carriage return and a line feed of
/// a line feed that the program writes. [Termios] changes that. What is written at one side may take a moment to arrive at
/// the other.
///
/// When the last descriptor of the terminal is closed, in all processes, the master hangs up: what was written before can
/// still be read, then a read fails with EIO, and a selector reports the master as readable, with a hang-up where the
/// backend tells. It goes on when somebody opens [#path()] again. Who wants to survive the program keeps a descriptor of the
/// terminal open.
///
/// When the master is closed, the terminal is at its end: a read returns -1, a write fails with EIO, a selector reports a
/// hang-up, and the session whose controlling terminal it is gets SIGHUP.
///
/// Source: posix_openpt(3), grantpt(3), unlockpt(3), ptsname(3), openpty(3), pty(7), pts(4).
public final class PtyFd extends Fd {

    /// In packet mode, the first byte of a read of data.
    public static final int TIOCPKT_DATA = TermiosConstants.TIOCPKT_DATA;

    /// What was typed and not yet read was discarded.
    public static final int TIOCPKT_FLUSHREAD = TermiosConstants.TIOCPKT_FLUSHREAD;

    /// What the program wrote and was not yet read was discarded.
    public static final int TIOCPKT_FLUSHWRITE = TermiosConstants.TIOCPKT_FLUSHWRITE;

    /// The output was stopped.
    public static final int TIOCPKT_STOP = TermiosConstants.TIOCPKT_STOP;

    /// The output goes on.
    public static final int TIOCPKT_START = TermiosConstants.TIOCPKT_START;

    /// Control-S and Control-Q do not stop and start the output any more.
    public static final int TIOCPKT_NOSTOP = TermiosConstants.TIOCPKT_NOSTOP;

    /// Control-S and Control-Q stop and start the output from now on.
    public static final int TIOCPKT_DOSTOP = TermiosConstants.TIOCPKT_DOSTOP;

    /// The settings were changed, of a terminal whose master processes its input (EXTPROC).
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
    /// @param master the side of the screen and the keyboard
    /// @param terminal the side of the program
    public record Pair(PtyFd master, PtyFd terminal) implements Closeable {

        /// Closes both sides.
        @Override
        public void close() throws IOException {
            try (master;
                    terminal) {
                // nothing but to close both, whatever happens to one
            }
        }
    }

    /// Creates a pseudoterminal, blocking at both sides. It does not become the controlling terminal of this process.
    ///
    /// @return its sides
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws NativeIOException if the system refuses: EMFILE or ENFILE at a limit of open files, ENOSPC or EAGAIN if there
    ///     are no more pseudoterminals (`/proc/sys/kernel/pty/max`), ENOENT where the file system devpts is not mounted
    public static Pair open() throws IOException {
        LinuxOnly.require("the file system devpts");
        ErrnoCapture state = ErrnoCapture.current();
        int master = SystemCall.check(PosixTerminals.posix_openpt(state, FLAGS), () -> "posix_openpt(O_RDWR|O_NOCTTY)");
        boolean done = false;
        try {
            SystemCall.check(PosixTerminals.grantpt(state, master), () -> "grantpt(fd=" + master + ")");
            SystemCall.check(PosixTerminals.unlockpt(state, master), () -> "unlockpt(fd=" + master + ")");
            CString name = new CString(LONGEST_PATH);
            SystemCall.check(
                    LinuxTerminals.ptsname_r(state, master, name, LONGEST_PATH), () -> "ptsname_r(fd=" + master + ")");
            Path path = Path.of(name.text());
            int opened;
            do {
                opened = PosixLibc.open(state, name, FLAGS, 0);
            } while (opened == -Errno.EINTR);
            int terminal = SystemCall.check(opened, () -> "open(" + path + ", O_RDWR|O_NOCTTY)");
            done = true;
            return new Pair(new PtyFd(master, path), new PtyFd(terminal, path));
        } finally {
            if (!done) {
                PosixLibc.close(state, master);
            }
        }
    }

    /// The path of the terminal, on either side: `/dev/pts/` and a number. A program that is to run in it opens that. The
    /// number belongs to another terminal once both sides are closed.
    ///
    /// @return the path
    public Path path() {
        return path;
    }

    /// Sets whether the master tells what happens to the terminal, besides the data. If so, each read of the master returns
    /// either [#TIOCPKT_DATA] and data behind it, or a single byte of other TIOCPKT_* flags: what has happened since the last
    /// such byte. While there is one to read, the master is ready for [io.selectors4j.Interest#PRIORITY].
    ///
    /// @param enabled whether to
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException ENOTTY if this is not the master
    public void setPacketMode(boolean enabled) throws IOException {
        Ints value = new Ints(enabled ? 1 : 0);
        use(fd -> SystemCall.check(
                LinuxTerminals.ioctl(ErrnoCapture.current(), fd, TermiosConstants.TIOCPKT, value),
                () -> "ioctl(fd=" + fd + ", TIOCPKT, " + value.get(0) + ")"));
    }

    /// Duplicates this side.
    ///
    /// @return an object that owns the new descriptor
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    @Override
    public PtyFd dup() throws IOException {
        return new PtyFd(duplicate(), path);
    }
}
