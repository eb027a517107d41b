package io.selectors4j.process;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxProcesses;
import io.selectors4j.internal.linux.Sigaction;
import io.selectors4j.internal.posix.Signals;

/// The action of SIGCHLD. If a process ignores the signal, since its parent has ignored it, the kernel reaps its
/// children, and their exit values are lost.
final class SigchldAction {

    private static final int SIGCHLD = Signals.number("SIGCHLD");

    private SigchldAction() {}

    /// Sets the default action if the process ignores the signal.
    static void ensureNotIgnored() {
        ErrnoCapture state = ErrnoCapture.current();
        Sigaction action = new Sigaction();
        if (LinuxProcesses.sigaction(state, SIGCHLD, null, action) == 0 && action.isIgnored()) {
            LinuxProcesses.sigaction(state, SIGCHLD, new Sigaction(), null);
        }
    }
}
