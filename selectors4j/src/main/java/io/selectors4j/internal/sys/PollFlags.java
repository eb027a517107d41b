package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.posix.Constants;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The flags of `poll` and epoll, which have the same numbers: asm-generic/poll.h, linux/eventpoll.h. What other systems say
/// in other ways is put in these.
public final class PollFlags {

    /// There is something to read.
    public static final int POLLIN = 0x001;

    /// There is urgent data.
    public static final int POLLPRI = 0x002;

    /// There is room to write.
    public static final int POLLOUT = 0x004;

    /// There is an error.
    public static final int POLLERR = 0x008;

    /// The other end hung up.
    public static final int POLLHUP = 0x010;

    /// The descriptor is not open.
    public static final int POLLNVAL = 0x020;

    /// The other end will send nothing more.
    public static final int POLLRDHUP = 0x2000;

    private static final List<String> NAMES =
            List.of("IN", "PRI", "OUT", "ERR", "HUP", "NVAL", "RDNORM", "RDBAND", "WRNORM", "WRBAND", "MSG", "RDHUP");

    private static final Map<Integer, String> OF_LINUX = names(Os.LINUX);
    private static final Map<Integer, String> HERE = names(Platform.CURRENT.os());
    private static final int RDHUP_HERE = Constants.orZero(Constants.POLLRDHUP);

    private PollFlags() {}

    /// What to ask the `poll` of this system for.
    ///
    /// @param flags flags of this class
    /// @return this system's flags; without what it lacks
    public static int toSystem(int flags) {
        return toSystem(RDHUP_HERE, flags);
    }

    static int toSystem(int rdhup, int flags) {
        return (flags & POLLRDHUP) == 0 ? flags : (flags & ~POLLRDHUP) | rdhup;
    }

    /// What the `poll` of this system has answered.
    ///
    /// @param revents this system's flags
    /// @return flags of this class
    public static int fromSystem(int revents) {
        return fromSystem(RDHUP_HERE, revents);
    }

    static int fromSystem(int rdhup, int revents) {
        return (revents & rdhup) == 0 ? revents & ~POLLRDHUP : (revents & ~rdhup) | POLLRDHUP;
    }

    /// Names flags.
    ///
    /// @param prefix `POLL` or `EPOLL`
    /// @param flags flags of this class, or other ones of Linux
    /// @return their names joined by `|`, and what has no name as a number; `0` for none
    public static String toString(String prefix, int flags) {
        return toString(OF_LINUX, prefix, flags);
    }

    /// Names flags as this system's `poll` has them.
    ///
    /// @param flags this system's flags
    /// @return their names joined by `|`, and what has no name as a number; `0` for none
    public static String nameOfSystem(int flags) {
        return toString(HERE, "POLL", flags);
    }

    /// Names flags of any system.
    static String nameOfSystem(Os os, int flags) {
        return toString(names(os), "POLL", flags);
    }

    private static String toString(Map<Integer, String> names, String prefix, int flags) {
        StringBuilder text = new StringBuilder();
        int left = flags;
        for (Map.Entry<Integer, String> name : names.entrySet()) {
            if ((flags & name.getKey()) != 0) {
                text.append('|').append(prefix).append(name.getValue());
                left &= ~name.getKey();
            }
        }
        if (left != 0) {
            text.append("|0x").append(Integer.toHexString(left));
        }
        return text.isEmpty() ? "0" : text.substring(1);
    }

    /// By number. Where two names have the same one, as OUT and WRNORM on the BSDs, it is the first.
    private static Map<Integer, String> names(Os os) {
        Map<Integer, String> names = new LinkedHashMap<>();
        for (String name : NAMES) {
            int number = Platform.isUnix(os) ? Constants.of(os, "POLL" + name) : Constants.NONE;
            if (number != Constants.NONE) {
                names.putIfAbsent(number, name);
            }
        }
        return names;
    }
}
