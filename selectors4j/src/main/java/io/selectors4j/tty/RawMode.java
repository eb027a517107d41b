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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Raw mode of a terminal, from [Terminal#rawMode] or [Terminal#suspendableRawMode] until this object is closed. The
/// mode is the one of [Termios#raw]: in it, Control-C is a byte (3) and sends no SIGINT.
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
/// ## Suspending the process
/// In suspendable raw mode, Control-Z sends SIGTSTP. At this signal, also from another process, this object restores
/// the settings from before, and the process stops. At SIGCONT (`fg` of the shell), it sets the raw mode again if the
/// process is in the foreground of the terminal. In the background (`bg`), the terminal keeps the settings of the shell
/// until the process is in the foreground. After a SIGSTOP, which cannot be handled, this object sets the raw mode
/// again if the shell has left the terminal in canonical mode.
///
/// The kernel ignores SIGTSTP of an orphaned process group, such as that of a program that a terminal emulator has
/// started without a shell; the terminal then stays raw. Without this mode, Control-Z is a byte (26).
///
/// All methods may be called by any thread.
///
/// Source: termios(3), tcsetattr(3), signal(7), setpgid(2), tcgetpgrp(3).
public final class RawMode implements Closeable {

    private static final Object LOCK = new Object();

    /// The open raw modes, oldest first.
    private static final List<RawMode> OPEN = new ArrayList<>();

    /// By the device number of a suspended terminal, the settings to set when the process continues.
    private static final Map<Integer, Termios> SUSPENDED = new HashMap<>();

    private static final JobControl JOB_CONTROL = new JobControl(RawMode::onStop, RawMode::onContinue);

    private static boolean shutdownHookAdded;
    private static boolean shutDown;

    private final Fd tty;

    /// Device number of the terminal.
    private final int device;

    /// Whether the terminal is suspended with the process.
    private final boolean suspendable;

    /// The settings of the raw mode.
    private final Termios entered;

    private Termios previous;

    private RawMode(Fd tty, int device, boolean suspendable, Termios previous) {
        this.tty = tty;
        this.device = device;
        this.suspendable = suspendable;
        this.previous = previous;
        entered = suspendable ? previous.suspendable() : previous.raw();
    }

    static RawMode enter(Fd tty, boolean suspendable) throws IOException {
        LinuxOnly.require("termios2");
        Fd own = tty.dup();
        try {
            synchronized (LOCK) {
                addShutdownHook();
                Termios previous = Termios.of(own);
                int device = device(own);
                RawMode mode = new RawMode(own, device, suspendable && JOB_CONTROL.begin(), previous);
                boolean done = false;
                try {
                    mode.entered.apply(own, Termios.When.NOW);
                    OPEN.add(mode);
                    done = true;
                } finally {
                    if (!done && mode.suspendable) {
                        JOB_CONTROL.end();
                    }
                }
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
            if (suspendable) {
                JOB_CONTROL.end();
            }
            try (tty) {
                for (RawMode inner : OPEN.subList(index, OPEN.size())) {
                    if (inner.device == device) {
                        inner.previous = previous;
                        return;
                    }
                }
                if (!SUSPENDED.containsKey(device)) {
                    restore();
                } else if (newest(device) != null) {
                    SUSPENDED.put(device, previous);
                } else {
                    SUSPENDED.remove(device); // the terminal has these settings already
                }
            }
        }
    }

    /// Called for SIGTSTP. Returns when the process continues.
    private static void onStop() {
        synchronized (LOCK) {
            for (RawMode mode : OPEN) {
                if (mode.suspendable && !SUSPENDED.containsKey(mode.device)) {
                    suspend(mode.device);
                }
            }
            JOB_CONTROL.stop();
            onContinue();
        }
    }

    /// Called for SIGCONT.
    private static void onContinue() {
        synchronized (LOCK) {
            for (RawMode mode : List.copyOf(OPEN)) {
                if (mode.suspendable) {
                    mode.resume();
                }
            }
        }
    }

    /// Gives a terminal the settings that its oldest raw mode has found. Does nothing in the background, where the
    /// terminal has the settings of another program.
    private static void suspend(int device) {
        for (RawMode oldest : OPEN) {
            if (oldest.device == device) {
                try {
                    if (JobControl.isForeground(oldest.tty)) {
                        Termios current = Termios.of(oldest.tty);
                        oldest.restore();
                        SUSPENDED.put(device, current);
                    }
                } catch (IOException e) {
                    // The terminal has hung up.
                }
                return;
            }
        }
    }

    /// Sets the raw mode of this terminal again, in the foreground.
    private void resume() {
        try (var _ = new BlockedSignal("SIGTTOU")) {
            if (!JobControl.isForeground(tty)) {
                return;
            }
            Termios suspended = SUSPENDED.get(device);
            if (suspended != null) {
                suspended.apply(tty, Termios.When.NOW);
                SUSPENDED.remove(device);
            } else if (Termios.of(tty).isCanonical()) { // the shell has set it after SIGSTOP
                entered.apply(tty, Termios.When.NOW);
            }
        } catch (IOException e) {
            SUSPENDED.remove(device); // the terminal has hung up
        }
    }

    /// Returns the raw mode of a terminal that was entered last, or null.
    private static @Nullable RawMode newest(int device) {
        for (RawMode mode : OPEN.reversed()) {
            if (mode.device == device) {
                return mode;
            }
        }
        return null;
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
