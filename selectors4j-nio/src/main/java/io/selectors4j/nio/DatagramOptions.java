package io.selectors4j.nio;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.util.Objects;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/// Sets and gets the socket options of datagram channels, with the checks and conversions of the JDK.
final class DatagramOptions {

    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

    /// The JDK raises a smaller SO_RCVBUF to this size on Linux.
    private static final int LINUX_MIN_RCVBUF = 1024;

    private static final int MAX_BYTE = 255;

    // linux/in.h
    private static final int IPPROTO_IP = 0;
    private static final int IP_MULTICAST_ALL = 49;

    // linux/in6.h
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_MULTICAST_HOPS = 18;
    private static final int IPV6_MULTICAST_ALL = 29;

    private DatagramOptions() {}

    /// Sets the options that a new datagram socket of the JDK has on Linux: a socket receives the datagrams of the
    /// groups only that it has joined itself, and the hop limit of IPv6 multicast is 1, as for IPv4.
    static void configureNew(SocketFd fd, StandardProtocolFamily family) throws IOException {
        if (!LINUX) {
            return;
        }
        setIfKnown(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0);
        if (family == StandardProtocolFamily.INET6) {
            setIfKnown(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0); // since Linux 4.20
            setIfKnown(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 1);
        }
    }

    private static void setIfKnown(SocketFd fd, int level, int option, int value) throws IOException {
        try {
            fd.setOption(level, option, value);
        } catch (NativeIOException e) {
            if (!e.errnoName().equals("ENOPROTOOPT")) {
                throw e;
            }
        }
    }

    /// Sets an option.
    ///
    /// @throws UnsupportedOperationException if a datagram channel does not have the option
    /// @throws IllegalArgumentException if the value is not valid
    static <T> void set(SocketFd fd, SocketOption<T> option, T value) throws IOException {
        try {
            if (option.equals(StandardSocketOptions.SO_RCVBUF) && LINUX) {
                fd.setOption(StandardSocketOptions.SO_RCVBUF, Math.max((Integer) value, LINUX_MIN_RCVBUF));
                return;
            }
            if (option.equals(StandardSocketOptions.SO_REUSEADDR) && !LINUX) {
                // On macOS and the BSDs, SO_REUSEADDR alone does not let two sockets bind to one port of a group.
                fd.setOption(StandardSocketOptions.SO_REUSEPORT, (Boolean) value);
            }
            fd.setOption(option, value);
        } catch (IOException e) {
            throw converted(e);
        }
    }

    /// Returns the value of an option; null for an IP_MULTICAST_IF that is not set.
    static <T> @Nullable T get(SocketFd fd, SocketOption<T> option) throws IOException {
        try {
            T value = fd.getOption(option);
            // Linux doubles the size that was set.
            return LINUX && isBufferSize(option) ? option.type().cast((Integer) value / 2) : value;
        } catch (IOException e) {
            throw converted(e);
        }
    }

    /// Checks that datagram channels have an option.
    ///
    /// @throws UnsupportedOperationException if not
    static void requireSupported(SocketOption<?> option) {
        if (!Options.DATAGRAM.supported().contains(Objects.requireNonNull(option))) {
            throw new UnsupportedOperationException("'" + option + "' not supported");
        }
    }

    /// Checks that a value has the type of an option.
    static void requireType(SocketOption<?> option, @Nullable Object value) {
        if (!option.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "'");
        }
    }

    /// Checks that the value of an option is in its range.
    static void requireValid(SocketOption<?> option, Object value) throws IOException {
        if (isBufferSize(option) && (Integer) value < 0) {
            throw new IllegalArgumentException("Invalid send/receive buffer size");
        }
        if (option.equals(StandardSocketOptions.IP_TOS) && !isByte((Integer) value)) {
            throw new IllegalArgumentException("Invalid IP_TOS value");
        }
        if (option.equals(StandardSocketOptions.IP_MULTICAST_TTL) && !isByte((Integer) value)) {
            throw new IllegalArgumentException("Invalid TTL/hop value");
        }
        if (value instanceof NetworkInterface networkInterface && networkInterface.getIndex() == -1) {
            throw new IOException("Network interface cannot be identified");
        }
        if (option.equals(ExtendedSocketOptions.SO_INCOMING_NAPI_ID)) {
            throw new SocketException("Attempt to set read only option " + option);
        }
    }

    private static boolean isBufferSize(SocketOption<?> option) {
        return option.equals(StandardSocketOptions.SO_RCVBUF) || option.equals(StandardSocketOptions.SO_SNDBUF);
    }

    private static boolean isByte(int value) {
        return value >= 0 && value <= MAX_BYTE;
    }

    private static IOException converted(IOException failure) {
        return failure instanceof NativeIOException e
                ? (IOException) new SocketException(e.strerror()).initCause(e)
                : failure;
    }
}
