package io.selectors4j.internal.ffi;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The numbers, symbols and messages of errno, on this platform and on any other one. Not an enum, since a kernel may
/// return a number that has no symbol here.
public final class Errno {

    /// Symbols that share a number with another symbol on platforms where they have no number of their own.
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
    public static final int EMSGSIZE = number("EMSGSIZE");
    public static final int EBUSY = number("EBUSY");
    public static final int ENOPROTOOPT = number("ENOPROTOOPT");
    public static final int EISCONN = number("EISCONN");
    public static final int EINPROGRESS = number("EINPROGRESS");
    public static final int EALREADY = number("EALREADY");
    public static final int ENOSYS = number("ENOSYS");
    public static final int ENOTCONN = number("ENOTCONN");

    private Errno() {}

    /// Returns the symbol of a number on this platform, such as `EBADF`, or `errno` if it has none.
    public static String name(int number) {
        return name(Platform.CURRENT, number);
    }

    /// Returns the symbol of a number on any platform, such as `EBADF`, or `errno` if it has none.
    public static String name(Platform platform, int number) {
        String row = row(platform, number);
        return row.isEmpty() ? "errno" : row.substring(0, row.indexOf(' '));
    }

    /// Returns the message of a number on this platform, as strerror(3) does.
    public static String text(int number) {
        return text(Platform.CURRENT, number);
    }

    /// Returns the message of a number on any platform.
    public static String text(Platform platform, int number) {
        String row = row(platform, number);
        return row.isEmpty() ? "Unknown error" : row.substring(row.indexOf(' ') + 1);
    }

    /// Returns the number of a symbol on this platform.
    ///
    /// @throws IllegalArgumentException if there is no such symbol
    public static int number(String name) {
        return number(Platform.CURRENT, name);
    }

    /// Returns the number of a symbol on any platform.
    ///
    /// @throws IllegalArgumentException if there is no such symbol
    public static int number(Platform platform, String name) {
        int number = find(platform, name);
        if (number < 0) {
            throw new IllegalArgumentException("no errno is called " + name);
        }
        return number;
    }

    /// Returns the numbers of the given symbols. Symbols that the platform lacks are left out.
    public static Set<Integer> known(Platform platform, String... names) {
        return Arrays.stream(names)
                .map(name -> find(platform, name))
                .filter(number -> number >= 0)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static int find(Platform platform, String name) {
        String[] rows = ErrnoTables.of(platform);
        String start = name + " ";
        for (int number = 0; number < rows.length; number++) {
            if (rows[number].startsWith(start)) {
                return number;
            }
        }
        String alias = platform.os() == Platform.Os.WINDOWS && name.startsWith("E") && !name.startsWith("ERROR_")
                ? WindowsErrors.meaning(name)
                : ALIASES.get(name);
        return alias == null ? -1 : find(platform, alias);
    }

    private static String row(Platform platform, int number) {
        String[] rows = ErrnoTables.of(platform);
        return number >= 0 && number < rows.length ? rows[number] : "";
    }
}
