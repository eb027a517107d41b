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

    static final SocketOption<Boolean> SO_OOBINLINE = new Flag("SO_OOBINLINE");
    static final SocketOption<Boolean> IPV6_V6ONLY = new Flag("IPV6_V6ONLY");

    /// The option whose unit is seconds: SO_LINGER, or SO_LINGER_SEC on macOS, where the unit of SO_LINGER is clock
    /// ticks.
    private static final int LINGER =
            Constants.SO_LINGER_SEC == Constants.NONE ? Constants.SO_LINGER : Constants.SO_LINGER_SEC;

    private static final Map<SocketOption<?>, OptionNumber> NUMBERS = Map.ofEntries(
            Map.entry(StandardSocketOptions.SO_REUSEADDR, socket(Constants.SO_REUSEADDR)),
            Map.entry(StandardSocketOptions.SO_REUSEPORT, socket(Constants.SO_REUSEPORT)),
            Map.entry(StandardSocketOptions.SO_BROADCAST, socket(Constants.SO_BROADCAST)),
            Map.entry(StandardSocketOptions.SO_KEEPALIVE, socket(Constants.SO_KEEPALIVE)),
            Map.entry(StandardSocketOptions.SO_SNDBUF, socket(Constants.SO_SNDBUF)),
            Map.entry(StandardSocketOptions.SO_RCVBUF, socket(Constants.SO_RCVBUF)),
            Map.entry(StandardSocketOptions.SO_LINGER, socket(LINGER)),
            Map.entry(SO_OOBINLINE, socket(Constants.SO_OOBINLINE)),
            Map.entry(
                    StandardSocketOptions.TCP_NODELAY, new OptionNumber(Constants.IPPROTO_TCP, Constants.TCP_NODELAY)),
            Map.entry(StandardSocketOptions.IP_TOS, new OptionNumber(Constants.IPPROTO_IP, Constants.IP_TOS)),
            Map.entry(IPV6_V6ONLY, new OptionNumber(Constants.IPPROTO_IPV6, Constants.IPV6_V6ONLY)));

    /// Java's IP_TOS on an IPv6 socket.
    private static final OptionNumber IPV6_TCLASS = new OptionNumber(Constants.IPPROTO_IPV6, Constants.IPV6_TCLASS);

    private SocketOptions() {}

    private record Flag(String name) implements SocketOption<Boolean> {
        @Override
        public Class<Boolean> type() {
            return Boolean.class;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private record OptionNumber(int level, int number) {}

    private static OptionNumber socket(int number) {
        return new OptionNumber(Constants.SOL_SOCKET, number);
    }

    static <T> void set(int fd, boolean v6, SocketOption<T> option, T value) throws IOException {
        OptionNumber optname = number(option, v6);
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
        OptionNumber optname = number(option, v6);
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

    private static OptionNumber number(SocketOption<?> option, boolean v6) {
        OptionNumber number = NUMBERS.get(Objects.requireNonNull(option, "option"));
        if (number == null) {
            throw new IllegalArgumentException("unsupported socket option " + option);
        }
        return v6 && option.equals(StandardSocketOptions.IP_TOS) ? IPV6_TCLASS : number;
    }

    private static boolean isLinger(SocketOption<?> option) {
        return option.equals(StandardSocketOptions.SO_LINGER);
    }
}
