package io.selectors4j.internal.linux;

import java.util.List;

/// The numbers of the standard signals: asm-generic/signal.h, which holds on every architecture of
/// [io.selectors4j.internal.ffi.Platform.Arch].
public final class LinuxSignals {

    /// Signal 1 first.
    private static final List<String> NAMES = List.of(
            "SIGHUP",
            "SIGINT",
            "SIGQUIT",
            "SIGILL",
            "SIGTRAP",
            "SIGABRT",
            "SIGBUS",
            "SIGFPE",
            "SIGKILL",
            "SIGUSR1",
            "SIGSEGV",
            "SIGUSR2",
            "SIGPIPE",
            "SIGALRM",
            "SIGTERM",
            "SIGSTKFLT",
            "SIGCHLD",
            "SIGCONT",
            "SIGSTOP",
            "SIGTSTP",
            "SIGTTIN",
            "SIGTTOU",
            "SIGURG",
            "SIGXCPU",
            "SIGXFSZ",
            "SIGVTALRM",
            "SIGPROF",
            "SIGWINCH",
            "SIGIO",
            "SIGPWR",
            "SIGSYS");

    private LinuxSignals() {}

    /// The number of a signal.
    ///
    /// @param name its name, such as `SIGUSR1`
    /// @return its number
    /// @throws IllegalArgumentException if there is no such signal
    public static int number(String name) {
        int index = NAMES.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("no signal is called " + name + "; the names are " + NAMES);
        }
        return index + 1;
    }

    /// The name of a signal.
    ///
    /// @param number its number, from 1 to 31
    /// @return its name, such as `SIGUSR1`
    public static String name(int number) {
        return NAMES.get(number - 1);
    }
}
