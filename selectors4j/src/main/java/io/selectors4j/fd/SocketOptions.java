package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PosixSockets;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Map;
import java.util.Objects;

/// Sets and gets socket options. Maps Java's names to the kernel's numbers.
final class SocketOptions {

    static final SocketOption<Boolean> SO_OOBINLINE =
            new Option("SO_OOBINLINE", Constants.SOL_SOCKET, Constants.SO_OOBINLINE);
    static final SocketOption<Boolean> IPV6_V6ONLY =
            new Option("IPV6_V6ONLY", Constants.IPPROTO_IPV6, Constants.IPV6_V6ONLY);

    /// The option whose unit is seconds: SO_LINGER, or SO_LINGER_SEC on macOS, where the unit of SO_LINGER is clock
    /// ticks.
    private static final int LINGER =
            Constants.SO_LINGER_SEC == Constants.NONE ? Constants.SO_LINGER : Constants.SO_LINGER_SEC;

    private static final Map<SocketOption<?>, Option> OPTIONS = Map.ofEntries(
            entry(StandardSocketOptions.SO_REUSEADDR, Constants.SOL_SOCKET, Constants.SO_REUSEADDR),
            entry(StandardSocketOptions.SO_REUSEPORT, Constants.SOL_SOCKET, Constants.SO_REUSEPORT),
            entry(StandardSocketOptions.SO_BROADCAST, Constants.SOL_SOCKET, Constants.SO_BROADCAST),
            entry(StandardSocketOptions.SO_KEEPALIVE, Constants.SOL_SOCKET, Constants.SO_KEEPALIVE),
            entry(StandardSocketOptions.SO_SNDBUF, Constants.SOL_SOCKET, Constants.SO_SNDBUF),
            entry(StandardSocketOptions.SO_RCVBUF, Constants.SOL_SOCKET, Constants.SO_RCVBUF),
            entry(StandardSocketOptions.SO_LINGER, Constants.SOL_SOCKET, LINGER),
            entry(SO_OOBINLINE, Constants.SOL_SOCKET, Constants.SO_OOBINLINE),
            entry(StandardSocketOptions.TCP_NODELAY, Constants.IPPROTO_TCP, Constants.TCP_NODELAY),
            entry(StandardSocketOptions.IP_TOS, Constants.IPPROTO_IP, Constants.IP_TOS),
            entry(IPV6_V6ONLY, Constants.IPPROTO_IPV6, Constants.IPV6_V6ONLY));

    /// Java's IP_TOS on an IPv6 socket.
    private static final Option IPV6_TCLASS = new Option("IP_TOS", Constants.IPPROTO_IPV6, Constants.IPV6_TCLASS);

    private SocketOptions() {}

    /// The kernel's number of an option. Two of them are options of this library.
    private record Option(String name, int level, int number) implements SocketOption<Boolean> {
        @Override
        public Class<Boolean> type() {
            return Boolean.class;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Map.Entry<SocketOption<?>, Option> entry(SocketOption<?> option, int level, int number) {
        return Map.entry(option, new Option(option.name(), level, number));
    }

    static <T> void set(int fd, boolean v6, SocketOption<T> option, T value) throws IOException {
        Option optname = find(option, v6);
        Objects.requireNonNull(value, "value");
        int optval = value instanceof Boolean flag ? (flag ? 1 : 0) : (Integer) value;
        // struct linger { int l_onoff; int l_linger; };
        Ints bytes = isLinger(option) ? new Ints(optval < 0 ? 0 : 1, Math.max(optval, 0)) : new Ints(optval);
        int size = isLinger(option) ? 2 * Integer.BYTES : Integer.BYTES;
        int result = PosixSockets.setsockopt(ErrnoCapture.current(), fd, optname.level, optname.number, bytes, size);
        if (result < 0) {
            throw new NativeIOException("setsockopt(fd=" + fd + ", " + option + ", " + value + ")", -result);
        }
    }

    /// Sets an `int` option.
    static void set(int fd, int level, int number, int value) throws IOException {
        int result = PosixSockets.setsockopt(ErrnoCapture.current(), fd, level, number, new Ints(value), Integer.BYTES);
        if (result < 0) {
            throw new NativeIOException(
                    "setsockopt(fd=" + fd + ", " + level + ", " + number + ", " + value + ")", -result);
        }
    }

    static <T> T get(int fd, boolean v6, SocketOption<T> option) throws IOException {
        Option optname = find(option, v6);
        int value;
        if (isLinger(option)) {
            Ints linger = new Ints(0, 0);
            get(fd, optname.level, optname.number, option.name(), linger, 2 * Integer.BYTES);
            value = linger.get(0) == 0 ? -1 : linger.get(1);
        } else {
            value = get(fd, optname.level, optname.number, option.name());
        }
        return option.type().cast(option.type() == Boolean.class ? (Object) (value != 0) : (Object) value);
    }

    /// Returns the value of an `int` option.
    static int get(int fd, int level, int number, String name) throws IOException {
        Ints value = new Ints(0);
        get(fd, level, number, name, value, Integer.BYTES);
        return value.get(0);
    }

    private static void get(int fd, int level, int number, String name, Ints value, int size) throws IOException {
        int result = PosixSockets.getsockopt(ErrnoCapture.current(), fd, level, number, value, new Ints(size));
        if (result < 0) {
            throw new NativeIOException("getsockopt(fd=" + fd + ", " + name + ")", -result);
        }
    }

    private static Option find(SocketOption<?> option, boolean v6) {
        Option found = OPTIONS.get(Objects.requireNonNull(option, "option"));
        if (found == null) {
            throw new IllegalArgumentException("unsupported socket option " + option);
        }
        return v6 && option.equals(StandardSocketOptions.IP_TOS) ? IPV6_TCLASS : found;
    }

    private static boolean isLinger(SocketOption<?> option) {
        return option.equals(StandardSocketOptions.SO_LINGER);
    }
}
