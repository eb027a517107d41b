package io.selectors4j.tty;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.Fd;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.linux.TermiosConstants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.UnixIoctl;
import io.selectors4j.internal.sys.BlockedSignal;
import io.selectors4j.internal.sys.SystemCall;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Raw mode of a terminal, from [Terminal#rawMode] until this object is closed. The mode is the one of [Termios#raw]:
/// in it, Control-C is a byte (3) and sends no SIGINT.
///
/// Closing restores the previous settings exactly, and discards neither input nor output. The Java virtual machine
/// closes every open object when it shuts down: at the end of `main`, by [System#exit], SIGINT, SIGTERM or SIGHUP.
/// After SIGKILL, [Runtime#halt] or a crash, the terminal stays raw; `stty sane` resets it.
///
/// Raw modes nest, and each restores the settings that it found. If the outer one of a terminal is closed first, the
/// terminal stays raw until the inner one is closed, which then restores the settings that the outer one found.
///
/// This object owns a duplicate of the descriptor, which counts for the limit of open files. The original may be closed
/// at any time, and the master of a pseudoterminal does not hang up before this object is closed.
///
/// A process in the background of its controlling terminal is stopped by SIGTTOU when it enters raw mode, until it is
/// in the foreground. Closing blocks SIGTTOU, so it restores the settings from the background too, below the program in
/// the foreground.
///
/// All methods may be called by any thread.
///
/// Source: termios(3), tcsetattr(3).
public final class RawMode implements Closeable {

    private static final Object LOCK = new Object();

    /// The open raw modes, oldest first.
    private static final List<RawMode> OPEN = new ArrayList<>();

    private static boolean shutdownHookAdded;
    private static boolean shutDown;

    private final Fd tty;

    /// Device number of the terminal.
    private final int device;

    private Termios previous;

    private RawMode(Fd tty, int device, Termios previous) {
        this.tty = tty;
        this.device = device;
        this.previous = previous;
    }

    static RawMode enter(Fd tty) throws IOException {
        LinuxOnly.require("termios2");
        Fd own = tty.dup();
        try {
            synchronized (LOCK) {
                addShutdownHook();
                Termios previous = Termios.of(own);
                RawMode mode = new RawMode(own, device(own), previous);
                previous.raw().apply(own, Termios.When.NOW);
                OPEN.add(mode);
                return mode;
            }
        } catch (Throwable t) {
            try {
                own.close();
            } catch (IOException e) {
                t.addSuppressed(e);
            }
            throw t;
        }
    }

    /// Adds the hook that restores all terminals at shutdown, once.
    private static void addShutdownHook() {
        if (shutDown) {
            throw new IllegalStateException("Shutdown in progress: the terminal would not be restored");
        }
        if (!shutdownHookAdded) {
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform()
                            .name("selectors4j-terminals")
                            .inheritInheritableThreadLocals(false)
                            .unstarted(RawMode::closeAll));
            shutdownHookAdded = true;
        }
    }

    private static void closeAll() {
        synchronized (LOCK) {
            shutDown = true;
            while (!OPEN.isEmpty()) {
                try {
                    OPEN.getLast().close();
                } catch (IOException e) {
                    // A shutdown hook cannot report it; the other terminals are still restored.
                }
            }
        }
    }

    /// Returns the device number of a terminal. No other terminal gets the number while a descriptor of this one is
    /// open.
    private static int device(Fd tty) throws IOException {
        Ints device = new Ints(0);
        tty.use(fd -> SystemCall.check(
                UnixIoctl.ioctl(ErrnoCapture.current(), fd, TermiosConstants.CURRENT.tiocgdev(), device),
                () -> "ioctl(fd=" + fd + ", TIOCGDEV)"));
        return device.get(0);
    }

    /// Returns the settings that closing restores.
    ///
    /// @return the previous settings
    public Termios previous() {
        synchronized (LOCK) {
            return previous;
        }
    }

    /// Restores the previous settings. Does nothing if this object is closed already, or if the terminal has hung up.
    ///
    /// @throws NativeIOException if the settings cannot be restored
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
                        inner.previous = previous;
                        return;
                    }
                }
                restore();
            }
        }
    }

    private void restore() throws IOException {
        try (var _ = new BlockedSignal("SIGTTOU")) {
            previous.apply(tty, Termios.When.NOW);
        } catch (NativeIOException e) {
            if (e.errno() != Errno.number("EIO")) { // EIO: the terminal has hung up
                throw e;
            }
        }
    }
}
