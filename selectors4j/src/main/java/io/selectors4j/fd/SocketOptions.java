package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.SocketOptionTable.Option;
import io.selectors4j.fd.SocketOptionTable.Optname;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.posix.Bytes;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PosixSockets;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Sets and gets socket options.
final class SocketOptions {

    private static final int MAX_LINGER = 0xFFFF;

    private SocketOptions() {}

    /// Sets an option. Linux has separate values for IPv4 and IPv6 on an IPv6 socket, which also sends to IPv4
    /// addresses: this method sets both.
    ///
    /// @param v6 whether the socket is an IPv6 one
    static <T> int set(int fd, boolean v6, SocketOption<T> option, T value) throws IOException {
        Option<T> found = SocketOptionTable.find(option);
        T checked = found.type().cast(Objects.requireNonNull(value, "value"));
        int optval = switch (checked) {
            case NetworkInterface networkInterface -> MulticastInterface.index(networkInterface);
            case Duration _, String _ -> 0;
            case Boolean flag -> requireWritable(found, flag) ? found.most() : found.least();
            default -> requireInRange(found, (Integer) checked);
        };
        Optname optname = v6 ? found.optname6() : found.optname();
        int result = set(fd, optname, found, checked, optval);
        if (result >= 0 && v6 && found.isOfIpVersion() && Platform.CURRENT.os() == Os.LINUX) {
            result = set(fd, found.optname(), found, checked, optval);
            if (result == -Errno.ENOPROTOOPT) {
                return 0; // a raw IPv6 socket has no IPv4
            }
        }
        if (result < 0) {
            throw new NativeIOException(
                    "setsockopt(fd=" + fd + ", " + found + ", " + MulticastInterface.describe(checked) + ")", -result);
        }
        return result;
    }

    private static <T> T requireWritable(Option<?> option, T value) {
        if (option.most() == Option.READ_ONLY) {
            throw new IllegalArgumentException(option + " is read-only; it cannot be set to " + value);
        }
        return value;
    }

    private static int requireInRange(Option<?> option, int value) {
        requireWritable(option, value);
        if (value < option.least() || value > option.most()) {
            throw new IllegalArgumentException(
                    option + " is " + option.least() + " to " + option.most() + ", not " + value);
        }
        return value;
    }

    /// Sets the kernel's option and returns 0 or `-errno`.
    private static int set(int fd, Optname optname, Option<?> option, Object value, int optval) {
        ErrnoCapture state = ErrnoCapture.current();
        if (value instanceof NetworkInterface networkInterface && optname.equals(option.optname())) {
            return MulticastInterface.set(fd, optname, networkInterface);
        }
        if (SocketOptionValues.isEncoded(option.type())) {
            Bytes encoded = SocketOptionValues.encode(option, value);
            return PosixSockets.setsockopt(state, fd, optname.level(), optname.number(), encoded, optname.size());
        }
        if (option.equals(SocketOptionTable.SO_LINGER)) {
            // struct linger { int l_onoff; int l_linger; };
            Ints linger = new Ints(optval < 0 ? 0 : 1, Math.max(optval, 0));
            if (Platform.IS_WINDOWS) { // u_short l_onoff, l_linger
                linger = new Ints(optval < 0 ? 0 : 1 | Math.min(optval, MAX_LINGER) << Short.SIZE);
                return PosixSockets.setsockopt(state, fd, optname.level(), optname.number(), linger, Integer.BYTES);
            }
            return PosixSockets.setsockopt(state, fd, optname.level(), optname.number(), linger, 2 * Integer.BYTES);
        }
        Ints bytes = optname.size() == 1 ? Ints.ofByte(optval) : Ints.current(optval);
        return PosixSockets.setsockopt(state, fd, optname.level(), optname.number(), bytes, optname.size());
    }

    /// Sets an `int` option.
    static int set(int fd, int level, int number, int value) throws IOException {
        int result =
                PosixSockets.setsockopt(ErrnoCapture.current(), fd, level, number, Ints.current(value), Integer.BYTES);
        if (result < 0) {
            throw new NativeIOException(
                    "setsockopt(fd=" + fd + ", " + level + ", " + number + ", " + value + ")", -result);
        }
        return result;
    }

    /// Returns the value of an option.
    ///
    /// @return the value; null for IP_MULTICAST_IF if no interface is set
    static <T> @Nullable T get(int fd, boolean v6, SocketOption<T> option) throws IOException {
        Option<T> found = SocketOptionTable.find(option);
        Optname optname = v6 ? found.optname6() : found.optname();
        if (SocketOptionValues.isEncoded(found.type())) {
            Bytes encoded = new Bytes(optname.size());
            int length = get(fd, optname.level(), optname.number(), found.name(), encoded, optname.size());
            return found.type().cast(SocketOptionValues.decode(found, optname, encoded, length));
        }
        Ints value = new Ints(0, 0);
        boolean twoInts = found.equals(SocketOptionTable.SO_LINGER) && !Platform.IS_WINDOWS;
        int size = twoInts ? 2 * Integer.BYTES : optname.size();
        get(fd, optname.level(), optname.number(), found.name(), value, size);
        int first = optname.size() == 1 ? value.getByte() : value.get(0);
        if (found.type() == NetworkInterface.class) {
            return found.type().cast(v6 ? MulticastInterface.ofIndex(first) : MulticastInterface.decode(value));
        }
        if (found.equals(SocketOptionTable.SO_LINGER)) {
            int seconds = Platform.IS_WINDOWS ? first >>> Short.SIZE : value.get(1);
            boolean on = Platform.IS_WINDOWS ? (first & MAX_LINGER) != 0 : first != 0;
            return found.type().cast(on ? seconds : -1);
        }
        if (found.type() == Integer.class) {
            return found.type().cast(first);
        }
        // The BSDs return any number except 0 for true.
        boolean flag = found.equals(SocketOptionTable.IP_DONTFRAGMENT) ? first == found.most() : first != 0;
        return found.type().cast(flag);
    }

    /// Returns the value of an `int` option.
    static int get(int fd, int level, int number, String name) throws IOException {
        if (SocketOptionBytes.unit(level, number) > 1) {
            throw new IllegalArgumentException("the socket option " + name + " is no int");
        }
        Ints value = new Ints(0);
        get(fd, level, number, name, value, Integer.BYTES);
        return value.get(0);
    }

    /// Fills an array with the value of an option, and returns the length that the kernel has returned.
    static int get(int fd, int level, int number, String name, Memory value, int size) throws IOException {
        Ints length = new Ints(size);
        int result = PosixSockets.getsockopt(ErrnoCapture.current(), fd, level, number, value, length);
        if (result < 0) {
            throw new NativeIOException("getsockopt(fd=" + fd + ", " + name + ")", -result);
        }
        return length.get(0);
    }
}
