package io.selectors4j.tty;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.Fd;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.linux.LinuxTerminals;
import io.selectors4j.internal.linux.TermiosConstants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.sys.BlockedSignal;
import io.selectors4j.internal.sys.SystemCall;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A terminal is in raw mode ([Termios#raw]) from [Terminal#rawMode] until this is closed, which restores exactly the
/// settings of before, and loses nothing that was typed or written. If it is not closed, that is done when the Java virtual
/// machine shuts down: at the end of `main`, by [System#exit], SIGINT, SIGTERM or SIGHUP. Not if it is killed (SIGKILL),
/// halted or crashes: `stty sane` helps then.
///
/// In raw mode, Control-C is a byte (3) and no SIGINT.
///
/// One raw mode may begin within another. Each restores what it has found. If the outer one of a terminal is closed first,
/// the terminal stays raw until the inner one is closed, which restores what the outer one would have.
///
/// This object has a descriptor of its own for the terminal (EMFILE at the limit of open files): the one it was made with
/// may be closed at any time. So the master of a pseudoterminal does not hang up before this is closed.
///
/// To begin, a process in the background of its controlling terminal is stopped (SIGTTOU) until it is in the foreground. To
/// restore, it is not: SIGTTOU is blocked then, and what is in the foreground finds other settings.
///
/// All methods may be called by any thread.
///
/// Source: termios(3), tcsetattr(3).
public final class RawMode implements Closeable {

    private static final Object LOCK = new Object();

    /// In the order in which they began.
    private static final List<RawMode> OPEN = new ArrayList<>();

    private static boolean hooked;
    private static boolean shutDown;

    private final Fd tty;
    private final int device;
    private Termios former;

    private RawMode(Fd tty, int device, Termios former) {
        this.tty = tty;
        this.device = device;
        this.former = former;
    }

    static RawMode enter(Fd tty) throws IOException {
        LinuxOnly.require("termios2");
        Fd own = tty.dup();
        boolean done = false;
        try {
            synchronized (LOCK) {
                hook();
                Termios former = Termios.of(own);
                RawMode mode = new RawMode(own, device(own), former);
                former.raw().apply(own, Termios.When.NOW);
                OPEN.add(mode);
                done = true;
                return mode;
            }
        } finally {
            if (!done) {
                own.close();
            }
        }
    }

    /// Has the settings restored at shutdown.
    private static void hook() {
        if (shutDown) {
            throw new IllegalStateException("Shutdown in progress: nobody would restore the terminal");
        }
        if (!hooked) {
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform()
                            .name("selectors4j-terminals")
                            .inheritInheritableThreadLocals(false)
                            .unstarted(RawMode::closeAll));
            hooked = true;
        }
    }

    private static void closeAll() {
        synchronized (LOCK) {
            shutDown = true;
            while (!OPEN.isEmpty()) {
                try {
                    OPEN.getLast().close();
                } catch (IOException e) {
                    // There is nobody to tell, and another terminal may be left.
                }
            }
        }
    }

    /// The number of the terminal's device. While this object has a descriptor of it, no other terminal gets that.
    private static int device(Fd tty) throws IOException {
        Ints device = new Ints(0);
        tty.use(fd -> SystemCall.check(
                LinuxTerminals.ioctl(ErrnoCapture.current(), fd, TermiosConstants.CURRENT.tiocgdev(), device),
                () -> "ioctl(fd=" + fd + ", TIOCGDEV)"));
        return device.get(0);
    }

    /// The settings that closing restores.
    ///
    /// @return the settings of before
    public Termios former() {
        synchronized (LOCK) {
            return former;
        }
    }

    /// Restores the settings of before. Does nothing if that was done already, or if the terminal is gone.
    ///
    /// @throws NativeIOException if the system refuses
    @Override
    public void close() throws IOException {
        synchronized (LOCK) {
            int index = OPEN.indexOf(this);
            if (index < 0) {
                return;
            }
            OPEN.remove(index);
            try (tty) {
                for (RawMode inner : OPEN.subList(index, OPEN.size())) {
                    if (inner.device == device) {
                        inner.former = former;
                        return;
                    }
                }
                restore();
            }
        }
    }

    private void restore() throws IOException {
        try (var _ = new BlockedSignal("SIGTTOU")) {
            former.apply(tty, Termios.When.NOW);
        } catch (NativeIOException e) {
            if (e.errno() != Errno.number("EIO")) { // the other side is closed
                throw e;
            }
        }
    }
}
