package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import java.util.List;

/// The numbers of the standard signals. They are the same on every architecture of
/// [io.selectors4j.internal.ffi.Platform.Arch].
public final class Signals {

    /// Signal 1 first: asm-generic/signal.h.
    private static final List<String> LINUX = List.of(
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

    /// Signal 1 first: sys/signal.h, the same on macOS, FreeBSD, OpenBSD, NetBSD and DragonFly BSD.
    private static final List<String> BSD = List.of(
            "SIGHUP",
            "SIGINT",
            "SIGQUIT",
            "SIGILL",
            "SIGTRAP",
            "SIGABRT",
            "SIGEMT",
            "SIGFPE",
            "SIGKILL",
            "SIGBUS",
            "SIGSEGV",
            "SIGSYS",
            "SIGPIPE",
            "SIGALRM",
            "SIGTERM",
            "SIGURG",
            "SIGSTOP",
            "SIGTSTP",
            "SIGCONT",
            "SIGCHLD",
            "SIGTTIN",
            "SIGTTOU",
            "SIGIO",
            "SIGXCPU",
            "SIGXFSZ",
            "SIGVTALRM",
            "SIGPROF",
            "SIGWINCH",
            "SIGINFO",
            "SIGUSR1",
            "SIGUSR2");

    private static final List<String> HERE = names(Platform.CURRENT.os());

    private Signals() {}

    private static List<String> names(Os os) {
        return switch (os) {
            case MACOS, FREEBSD, OPENBSD, NETBSD, DRAGONFLY -> BSD;
            default -> LINUX; // where no call is made, too
        };
    }

    /// The number of a signal on this system.
    ///
    /// @param name its name, such as `SIGUSR1`
    /// @return its number
    /// @throws IllegalArgumentException if there is no such signal
    public static int number(String name) {
        return number(HERE, name);
    }

    /// The number of a signal on any system.
    ///
    /// @param os the system
    /// @param name its name, such as `SIGUSR1`
    /// @return its number
    /// @throws IllegalArgumentException if there is no such signal
    public static int number(Os os, String name) {
        return number(names(os), name);
    }

    private static int number(List<String> names, String name) {
        int index = names.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("no signal is called " + name + "; the names are " + names);
        }
        return index + 1;
    }

    /// The name of a signal on this system.
    ///
    /// @param number its number, from 1 to 31
    /// @return its name, such as `SIGUSR1`
    public static String name(int number) {
        return HERE.get(number - 1);
    }

    /// The name of a signal on any system.
    ///
    /// @param os the system
    /// @param number its number, from 1 to 31
    /// @return its name, such as `SIGUSR1`
    public static String name(Os os, int number) {
        return names(os).get(number - 1);
    }
}
