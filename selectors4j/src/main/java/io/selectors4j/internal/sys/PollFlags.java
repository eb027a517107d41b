package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.posix.Constants;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The POLL* flags of Linux, which are the EPOLL* flags as well: asm-generic/poll.h, linux/eventpoll.h. The library
/// uses them on all systems, and converts the results of other system calls to them.
public final class PollFlags {

    /// There is data to read.
    public static final int POLLIN = 0x001;

    /// There is an exceptional condition, such as out-of-band data.
    public static final int POLLPRI = 0x002;

    /// Writing is possible.
    public static final int POLLOUT = 0x004;

    /// There is an error.
    public static final int POLLERR = 0x008;

    /// The peer has hung up.
    public static final int POLLHUP = 0x010;

    /// The descriptor is not open.
    public static final int POLLNVAL = 0x020;

    /// The peer has closed or shut down its writing half.
    public static final int POLLRDHUP = 0x2000;

    private static final List<String> NAMES =
            List.of("IN", "PRI", "OUT", "ERR", "HUP", "NVAL", "RDNORM", "RDBAND", "WRNORM", "WRBAND", "MSG", "RDHUP");

    private static final Map<Integer, String> LINUX_NAMES = names(Os.LINUX);
    private static final Map<Integer, String> EPOLL_NAMES = epollNames();
    private static final Map<Integer, String> SYSTEM_NAMES = names(Platform.CURRENT.os());
    private static final int SYSTEM_POLLRDHUP = Constants.orZero(Constants.POLLRDHUP);

    private PollFlags() {}

    /// Returns a flag of the `poll` of this system, or 0. On Windows it is that of Linux, which the library converts.
    public static int number(String name) {
        return Constants.orZero(Constants.of(Platform.IS_WINDOWS ? Os.LINUX : Platform.CURRENT.os(), name));
    }

    /// Converts flags to those of the `poll` of this system. Flags that it lacks are left out.
    public static int toSystem(int flags) {
        return toSystem(SYSTEM_POLLRDHUP, flags);
    }

    static int toSystem(int rdhup, int flags) {
        return (flags & POLLRDHUP) == 0 ? flags : (flags & ~POLLRDHUP) | rdhup;
    }

    /// Converts flags that the `poll` of this system has returned.
    public static int fromSystem(int revents) {
        return Platform.IS_WINDOWS ? fromWindows(revents) : fromSystem(SYSTEM_POLLRDHUP, revents);
    }

    /// Converts flags that `WSAPoll` has returned. It reports POLLHUP when the peer has shut down its writing half, as
    /// other systems report POLLRDHUP, and together with POLLERR after a reset.
    static int fromWindows(int revents) {
        boolean shutDown = (revents & (POLLHUP | POLLERR)) == POLLHUP;
        return shutDown ? (revents & ~POLLHUP) | POLLIN | POLLRDHUP : revents;
    }

    static int fromSystem(int rdhup, int revents) {
        return (revents & rdhup) == 0 ? revents & ~POLLRDHUP : (revents & ~rdhup) | POLLRDHUP;
    }

    /// Returns the names of flags of this class or of Linux, joined by `|`. Bits without a name are appended as a
    /// number; no flag is `0`.
    ///
    /// @param prefix `POLL` or `EPOLL`
    public static String toString(String prefix, int flags) {
        return toString(prefix.equals("EPOLL") ? EPOLL_NAMES : LINUX_NAMES, prefix, flags);
    }

    /// Returns the names of flags of this system's `poll`, as [#toString(String, int)] does.
    public static String nameOfSystem(int flags) {
        return toString(SYSTEM_NAMES, "POLL", flags);
    }

    /// Returns the names of flags of any system.
    static String nameOfSystem(Os os, int flags) {
        return toString(names(os), "POLL", flags);
    }

    private static String toString(Map<Integer, String> names, String prefix, int flags) {
        StringBuilder text = new StringBuilder();
        int unnamed = flags;
        for (Map.Entry<Integer, String> name : names.entrySet()) {
            if ((flags & name.getKey()) != 0) {
                text.append('|').append(prefix).append(name.getValue());
                unnamed &= ~name.getKey();
            }
        }
        if (unnamed != 0) {
            text.append("|0x").append(Integer.toHexString(unnamed));
        }
        return text.isEmpty() ? "0" : text.substring(1);
    }

    /// Returns the names of epoll, with those that `poll` has not.
    private static Map<Integer, String> epollNames() {
        Map<Integer, String> names = new LinkedHashMap<>(LINUX_NAMES);
        names.put(EpollInstance.EPOLLEXCLUSIVE, "EXCLUSIVE");
        names.put(EpollInstance.EPOLLWAKEUP, "WAKEUP");
        names.put(EpollInstance.EPOLLONESHOT, "ONESHOT");
        names.put(EpollInstance.EPOLLET, "ET");
        return names;
    }

    /// Returns the names by value. If two flags have the same value, as POLLOUT and POLLWRNORM on the BSDs, the first
    /// one counts.
    private static Map<Integer, String> names(Os os) {
        Os known = os == Os.WINDOWS ? Os.LINUX : os; // PollFds converts the flags of Windows
        Map<Integer, String> names = new LinkedHashMap<>();
        for (String name : NAMES) {
            int number = Platform.isUnix(known) ? Constants.of(known, "POLL" + name) : Constants.NONE;
            if (number != Constants.NONE) {
                names.putIfAbsent(number, name);
            }
        }
        return names;
    }
}
