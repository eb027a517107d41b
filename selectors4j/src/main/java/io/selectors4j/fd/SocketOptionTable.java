package io.selectors4j.fd;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.posix.Constants;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.util.Map;
import java.util.Objects;

/// Maps Java's socket options to the kernel's numbers, by name and type. So the options of the module `jdk.net` are
/// found without this module.
final class SocketOptionTable {

    private static final boolean LINUX = Platform.CURRENT.os() == Os.LINUX;
    static final int MAX_BYTE = 255;

    static final Level SOCKET = new Level(Constants.SOL_SOCKET);
    static final Level TCP = new Level(Constants.IPPROTO_TCP);
    static final Level IP = new Level(Constants.IPPROTO_IP);
    static final Level IPV6 = new Level(Constants.IPPROTO_IPV6);

    static final Option<Boolean> SO_OOBINLINE = flag("SO_OOBINLINE", SOCKET.of(Constants.SO_OOBINLINE));
    static final Option<Boolean> IPV6_V6ONLY = flag("IPV6_V6ONLY", IPV6.of(Constants.IPV6_V6ONLY));
    static final Option<Integer> TCP_KEEPIDLE = number("TCP_KEEPIDLE", TCP.of(keepIdle()), 1, Integer.MAX_VALUE);
    static final Option<Integer> TCP_KEEPINTERVAL =
            number("TCP_KEEPINTERVAL", TCP.of(Constants.TCP_KEEPINTVL), 1, Integer.MAX_VALUE);
    static final Option<Integer> TCP_KEEPCOUNT =
            number("TCP_KEEPCOUNT", TCP.of(Constants.TCP_KEEPCNT), 1, Integer.MAX_VALUE);
    static final Option<Boolean> TCP_QUICKACK = flag("TCP_QUICKACK", TCP.of(ofLinux(LinuxConstants.TCP_QUICKACK)));
    static final Option<Integer> SO_INCOMING_NAPI_ID =
            number("SO_INCOMING_NAPI_ID", SOCKET.of(ofLinux(LinuxConstants.SO_INCOMING_NAPI_ID)), 1, Option.READ_ONLY);
    static final Option<Boolean> IP_DONTFRAGMENT = new Option<>(
            "IP_DONTFRAGMENT",
            Boolean.class,
            IP.of(LINUX ? LinuxConstants.IP_MTU_DISCOVER : Constants.IP_DONTFRAG),
            IPV6.of(dontFragment6()),
            LINUX ? LinuxConstants.IP_PMTUDISC_DONT : 0,
            LINUX ? LinuxConstants.IP_PMTUDISC_DO : 1);

    static final Option<NetworkInterface> IP_MULTICAST_IF = new Option<>(
            "IP_MULTICAST_IF",
            NetworkInterface.class,
            IP.of(Constants.IP_MULTICAST_IF),
            IPV6.of(Constants.IPV6_MULTICAST_IF),
            0,
            0);

    /// The unit is seconds. On macOS, the unit of SO_LINGER is clock ticks.
    static final Option<Integer> SO_LINGER = number(
            "SO_LINGER",
            SOCKET.of(Constants.SO_LINGER_SEC == Constants.NONE ? Constants.SO_LINGER : Constants.SO_LINGER_SEC),
            Integer.MIN_VALUE,
            Integer.MAX_VALUE);

    private static final Map<String, Option<?>> BY_NAME = Map.ofEntries(
            entry(flag("SO_REUSEADDR", SOCKET.of(Constants.SO_REUSEADDR))),
            entry(flag("SO_REUSEPORT", SOCKET.of(Constants.SO_REUSEPORT))),
            entry(flag("SO_BROADCAST", SOCKET.of(Constants.SO_BROADCAST))),
            entry(flag("SO_KEEPALIVE", SOCKET.of(Constants.SO_KEEPALIVE))),
            entry(number("SO_SNDBUF", SOCKET.of(Constants.SO_SNDBUF), 0, Integer.MAX_VALUE)),
            entry(number("SO_RCVBUF", SOCKET.of(Constants.SO_RCVBUF), 0, Integer.MAX_VALUE)),
            entry(SO_LINGER),
            entry(SO_OOBINLINE),
            entry(SO_INCOMING_NAPI_ID),
            entry(flag("TCP_NODELAY", TCP.of(Constants.TCP_NODELAY))),
            entry(TCP_KEEPIDLE),
            entry(TCP_KEEPINTERVAL),
            entry(TCP_KEEPCOUNT),
            entry(TCP_QUICKACK),
            entry(new Option<>(
                    "IP_TOS", Integer.class, IP.of(Constants.IP_TOS), IPV6.of(Constants.IPV6_TCLASS), 0, MAX_BYTE)),
            entry(IP_MULTICAST_IF),
            entry(new Option<>(
                    "IP_MULTICAST_TTL",
                    Integer.class,
                    IP.ofByte(Constants.IP_MULTICAST_TTL),
                    IPV6.of(Constants.IPV6_MULTICAST_HOPS),
                    0,
                    MAX_BYTE)),
            entry(new Option<>(
                    "IP_MULTICAST_LOOP",
                    Boolean.class,
                    IP.ofByte(Constants.IP_MULTICAST_LOOP),
                    IPV6.of(Constants.IPV6_MULTICAST_LOOP),
                    0,
                    1)),
            entry(IP_DONTFRAGMENT),
            entry(IPV6_V6ONLY));

    private SocketOptionTable() {}

    /// A level of the kernel's options.
    record Level(int level) {
        Optname of(int number) {
            return of(number, Integer.BYTES);
        }

        Optname of(int number, int size) {
            return new Optname(level, number, size);
        }

        /// Returns an option that is a `struct timeval`, on Windows an `int` of milliseconds.
        Optname ofTime(int number) {
            return of(number, Platform.IS_WINDOWS ? Integer.BYTES : 2 * Long.BYTES);
        }

        /// Returns an option of one byte, of an `int` on Windows. Linux and FreeBSD accept an `int` too, OpenBSD does
        /// not.
        Optname ofByte(int number) {
            return new Optname(level, number, Platform.IS_WINDOWS ? Integer.BYTES : 1);
        }
    }

    /// The kernel's number of an option.
    ///
    /// @param size the size of the value in bytes: 1 or 4, 16 for a `struct timeval` and a name
    record Optname(int level, int number, int size) {}

    /// A socket option. Some of them are public constants of this library.
    ///
    /// @param optname the kernel's number on every socket, or the one for IPv4
    /// @param optname6 the kernel's number on IPv6 sockets; the same unless each version of IP has a number
    /// @param least the least value of a number; the value that means false
    /// @param most the largest value of a number; the value that means true
    record Option<T>(String name, Class<T> type, Optname optname, Optname optname6, int least, int most)
            implements SocketOption<T> {

        /// The largest value of an option that cannot be set.
        static final int READ_ONLY = 0;

        /// Whether each version of IP has a number.
        boolean isOfIpVersion() {
            return !optname.equals(optname6);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Map.Entry<String, Option<?>> entry(Option<?> option) {
        return Map.entry(option.name, option);
    }

    static Option<Boolean> flag(String name, Optname optname) {
        return new Option<>(name, Boolean.class, optname, optname, 0, 1);
    }

    static Option<Integer> number(String name, Optname optname, int least, int most) {
        return new Option<>(name, Integer.class, optname, optname, least, most);
    }

    static int ofLinux(int number) {
        return LINUX ? number : Constants.NONE;
    }

    /// macOS has the option under another name.
    private static int keepIdle() {
        return Constants.TCP_KEEPIDLE == Constants.NONE ? Constants.TCP_KEEPALIVE : Constants.TCP_KEEPIDLE;
    }

    /// Returns NONE on a system that has the option for IPv6 only.
    private static int dontFragment6() {
        if (LINUX) {
            return LinuxConstants.IPV6_MTU_DISCOVER;
        }
        return Constants.IP_DONTFRAG == Constants.NONE ? Constants.NONE : Constants.IPV6_DONTFRAG;
    }

    /// Returns the option with the same name and type.
    ///
    /// @throws IllegalArgumentException if there is none, or if this system lacks it
    @SuppressWarnings("unchecked") // the types are compared
    static <T> Option<T> find(SocketOption<T> option) {
        String name = Objects.requireNonNull(option, "option").name();
        Option<?> found = BY_NAME.get(name);
        if (found == null) {
            found = NativeOptionTable.BY_NAME.get(name);
        }
        if (found == null || !found.type.equals(option.type())) {
            throw new IllegalArgumentException("unsupported socket option " + option
                    + (name.equals("SO_PEERCRED") ? ": use SocketFd.peerCredentials()" : ""));
        }
        if (found.optname.number == Constants.NONE) {
            throw new IllegalArgumentException(Platform.CURRENT.os() + " has no socket option " + option);
        }
        return (Option<T>) found;
    }
}
