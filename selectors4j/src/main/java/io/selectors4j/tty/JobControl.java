package io.selectors4j.tty;

import io.selectors4j.fd.Fd;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.PosixTerminals;
import io.selectors4j.internal.sys.SignalHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The signals with which a shell stops and continues this process, while a raw mode handles them. The caller
/// serializes the calls of [#begin] and [#end].
final class JobControl {

    private final Runnable onStop;
    private final Runnable onContinue;

    /// The number of raw modes.
    private int count;

    private @Nullable SignalHandler stopHandler;
    private @Nullable SignalHandler continueHandler;

    /// Creates an object without handlers.
    ///
    /// @param onStop runs for SIGTSTP, and calls [#stop]
    /// @param onContinue runs for SIGCONT
    JobControl(Runnable onStop, Runnable onContinue) {
        this.onStop = onStop;
        this.onContinue = onContinue;
    }

    /// Installs the handlers, unless they are installed.
    ///
    /// @return false if the process ignores SIGTSTP
    /// @throws UnsupportedOperationException if the virtual machine does not let Java code handle the signals
    boolean begin() {
        if (count > 0) {
            count++;
            return true;
        }
        SignalHandler stop = SignalHandler.install("SIGTSTP", onStop);
        SignalHandler resume = null;
        try {
            if (!stop.wasIgnored()) {
                resume = SignalHandler.install("SIGCONT", onContinue);
            }
        } finally {
            if (resume == null) {
                stop.uninstall(onStop);
            }
        }
        if (resume == null) {
            return false;
        }
        stopHandler = stop;
        continueHandler = resume;
        count = 1;
        return true;
    }

    /// Ends what [#begin] has begun. The last raw mode uninstalls the handlers.
    void end() {
        count--;
        if (count == 0 && stopHandler != null && continueHandler != null) {
            stopHandler.uninstall(onStop);
            continueHandler.uninstall(onContinue);
        }
    }

    /// Stops the process, and returns when it continues; at once if its process group is orphaned.
    void stop() {
        SignalHandler handler = stopHandler;
        if (handler != null) {
            handler.raiseDefault();
        }
    }

    /// Returns whether the process is in the foreground of a terminal, or the terminal is not its controlling one.
    static boolean isForeground(Fd tty) throws IOException {
        ErrnoCapture state = ErrnoCapture.current();
        return tty.use(fd -> {
            int group = PosixTerminals.tcgetpgrp(state, fd);
            return group < 0 || group == PosixTerminals.getpgrp(state); // ENOTTY: not the controlling terminal
        });
    }
}
