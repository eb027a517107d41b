package io.selectors4j.internal.ffi;

import io.selectors4j.internal.ffi.Platform.Os;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The numbers, names and meanings of errno, on this system and, for who names it, on another one. Not an enum: a kernel may
/// return a number that nobody here has heard of.
public final class Errno {

    private static final Os HERE = Platform.CURRENT.os();

    /// Second symbols, which count where a system has no number of its own for them.
    private static final Map<String, String> ALIASES =
            Map.of("ENOTSUP", "EOPNOTSUPP", "EWOULDBLOCK", "EAGAIN", "EDEADLOCK", "EDEADLK");

    public static final int EPERM = number("EPERM");
    public static final int ENOENT = number("ENOENT");
    public static final int ESRCH = number("ESRCH");
    public static final int EINTR = number("EINTR");
    public static final int EIO = number("EIO");
    public static final int EBADF = number("EBADF");
    public static final int ENOMEM = number("ENOMEM");
    public static final int EAGAIN = number("EAGAIN");
    public static final int EEXIST = number("EEXIST");
    public static final int ENODEV = number("ENODEV");
    public static final int EINVAL = number("EINVAL");
    public static final int ELOOP = number("ELOOP");
    public static final int ENOTSUP = number("ENOTSUP");
    public static final int EOPNOTSUPP = number("EOPNOTSUPP");
    public static final int EISCONN = number("EISCONN");
    public static final int EINPROGRESS = number("EINPROGRESS");
    public static final int EALREADY = number("EALREADY");
    public static final int ENOSYS = number("ENOSYS");
    public static final int ENOTCONN = number("ENOTCONN");

    private Errno() {}

    /// The symbol of a number on this system.
    ///
    /// @param number an errno, positive
    /// @return its symbol, such as `EBADF`, or `errno` where the number has none
    public static String name(int number) {
        return name(HERE, number);
    }

    /// The symbol of a number on any system.
    ///
    /// @param os the system
    /// @param number an errno, positive
    /// @return its symbol, such as `EBADF`, or `errno` where the number has none
    public static String name(Os os, int number) {
        String row = row(os, number);
        return row.isEmpty() ? "errno" : row.substring(0, row.indexOf(' '));
    }

    /// What a number means on this system, as strerror(3) says it.
    ///
    /// @param number an errno, positive
    /// @return its meaning
    public static String text(int number) {
        return text(HERE, number);
    }

    /// What a number means on any system.
    ///
    /// @param os the system
    /// @param number an errno, positive
    /// @return its meaning
    public static String text(Os os, int number) {
        String row = row(os, number);
        return row.isEmpty() ? "Unknown error" : row.substring(row.indexOf(' ') + 1);
    }

    /// The number of a symbol on this system.
    ///
    /// @param name a symbol, such as `EBADF`
    /// @return its number on this platform
    /// @throws IllegalArgumentException if there is no such symbol
    public static int number(String name) {
        return number(HERE, name);
    }

    /// The number of a symbol on any system.
    ///
    /// @param os the system
    /// @param name a symbol, such as `EBADF`
    /// @return its number there
    /// @throws IllegalArgumentException if there is no such symbol
    public static int number(Os os, String name) {
        int number = find(os, name);
        if (number < 0) {
            throw new IllegalArgumentException("no errno is called " + name);
        }
        return number;
    }

    /// The numbers of those symbols that a system has.
    ///
    /// @param os the system
    /// @param names symbols, such as `EBADF`
    /// @return the numbers
    public static Set<Integer> known(Os os, String... names) {
        return Arrays.stream(names)
                .map(name -> find(os, name))
                .filter(number -> number >= 0)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static int find(Os os, String name) {
        String[] rows = ErrnoTables.of(os);
        String start = name + " ";
        for (int number = 0; number < rows.length; number++) {
            if (rows[number].startsWith(start)) {
                return number;
            }
        }
        String alias = ALIASES.get(name);
        return alias == null ? -1 : find(os, alias);
    }

    private static String row(Os os, int number) {
        String[] rows = ErrnoTables.of(os);
        return number >= 0 && number < rows.length ? rows[number] : "";
    }
}
