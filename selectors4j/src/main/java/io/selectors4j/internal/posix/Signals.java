package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import java.util.List;

/// The numbers of the standard signals. They are the same on every architecture of
/// [io.selectors4j.internal.ffi.Platform.Arch].
public final class Signals {

    /// Signals from 1: asm-generic/signal.h.
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

    /// Signals from 1 on macOS, FreeBSD, OpenBSD, NetBSD and DragonFly BSD: sys/signal.h.
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

    private static final List<String> CURRENT = names(Platform.CURRENT.os());

    private Signals() {}

    private static List<String> names(Os os) {
        return switch (os) {
            case MACOS, FREEBSD, OPENBSD, NETBSD, DRAGONFLY -> BSD;
            default -> LINUX; // also for a system without a table, where no call is made
        };
    }

    /// Returns the number of a signal on this system.
    ///
    /// @throws IllegalArgumentException if there is no such signal
    public static int number(String name) {
        return number(CURRENT, name);
    }

    /// Returns the number of a signal on any system.
    ///
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

    /// Returns the name of a signal on this system. The number is from 1 to 31.
    public static String name(int number) {
        return CURRENT.get(number - 1);
    }

    /// Returns the name of a signal on any system. The number is from 1 to 31.
    public static String name(Os os, int number) {
        return names(os).get(number - 1);
    }
}
