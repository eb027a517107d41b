package io.selectors4j.nio;

import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;

/// The socket options of the channels of one kind. The system has those options that a new socket can tell.
final class Options {

    private static final List<SocketOption<?>> TCP = List.of(
            ExtendedSocketOptions.TCP_KEEPIDLE,
            ExtendedSocketOptions.TCP_KEEPINTERVAL,
            ExtendedSocketOptions.TCP_KEEPCOUNT,
            ExtendedSocketOptions.TCP_QUICKACK,
            ExtendedSocketOptions.SO_INCOMING_NAPI_ID);

    /// Options of sockets that connect.
    static final Options STREAM = new Options(
            Families.DEFAULT,
            SocketFd.Type.STREAM,
            concat(
                    TCP,
                    StandardSocketOptions.SO_SNDBUF,
                    StandardSocketOptions.SO_RCVBUF,
                    StandardSocketOptions.SO_KEEPALIVE,
                    StandardSocketOptions.SO_REUSEADDR,
                    StandardSocketOptions.SO_REUSEPORT,
                    StandardSocketOptions.SO_LINGER,
                    StandardSocketOptions.TCP_NODELAY,
                    StandardSocketOptions.IP_TOS,
                    SocketFd.SO_OOBINLINE));

    /// Options of sockets that listen.
    static final Options SERVER = new Options(
            Families.DEFAULT,
            SocketFd.Type.STREAM,
            concat(
                    TCP,
                    StandardSocketOptions.SO_RCVBUF,
                    StandardSocketOptions.SO_REUSEADDR,
                    StandardSocketOptions.SO_REUSEPORT));

    /// Options of Unix sockets that connect.
    static final Options UNIX = new Options(
            StandardProtocolFamily.UNIX,
            SocketFd.Type.STREAM,
            List.of(
                    StandardSocketOptions.SO_SNDBUF,
                    StandardSocketOptions.SO_RCVBUF,
                    StandardSocketOptions.SO_LINGER,
                    ExtendedSocketOptions.SO_PEERCRED));

    /// Options of Unix sockets that listen.
    static final Options UNIX_SERVER =
            new Options(StandardProtocolFamily.UNIX, SocketFd.Type.STREAM, List.of(StandardSocketOptions.SO_RCVBUF));

    /// Options of datagram sockets.
    static final Options DATAGRAM = new Options(
            Families.DEFAULT,
            SocketFd.Type.DATAGRAM,
            List.of(
                    StandardSocketOptions.SO_SNDBUF,
                    StandardSocketOptions.SO_RCVBUF,
                    StandardSocketOptions.SO_REUSEADDR,
                    StandardSocketOptions.SO_REUSEPORT,
                    StandardSocketOptions.SO_BROADCAST,
                    StandardSocketOptions.IP_TOS,
                    StandardSocketOptions.IP_MULTICAST_IF,
                    StandardSocketOptions.IP_MULTICAST_TTL,
                    StandardSocketOptions.IP_MULTICAST_LOOP,
                    ExtendedSocketOptions.SO_INCOMING_NAPI_ID,
                    ExtendedSocketOptions.IP_DONTFRAGMENT));

    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

    /// The JDK raises a smaller SO_RCVBUF to this size on Linux.
    private static final int LINUX_MIN_RCVBUF = 1024;

    private static final int MAX_BYTE = 255;
    private static final int MAX_LINGER_SECONDS = 65_535;

    private final Set<SocketOption<?>> supported;

    private Options(StandardProtocolFamily family, SocketFd.Type type, List<SocketOption<?>> candidates) {
        supported = Collections.unmodifiableSet(supported(family, type, candidates));
    }

    private static List<SocketOption<?>> concat(List<SocketOption<?>> some, SocketOption<?>... more) {
        return Stream.concat(Stream.of(more), some.stream()).toList();
    }

    private static Set<SocketOption<?>> supported(
            StandardProtocolFamily family, SocketFd.Type type, List<SocketOption<?>> candidates) {
        Set<SocketOption<?>> found = new LinkedHashSet<>();
        try (SocketFd probe = SocketFd.open(family, type)) {
            for (SocketOption<?> option : candidates) {
                if (isSupported(probe, option)) {
                    found.add(option);
                }
            }
        } catch (IOException e) {
            found.addAll(candidates); // no descriptor is left: each option is tried when it is used
        }
        return found;
    }

    private static boolean isSupported(SocketFd probe, SocketOption<?> option) {
        try {
            if (option.equals(ExtendedSocketOptions.SO_PEERCRED)) {
                probe.peerCredentials(); // of no peer, which has no principals
            } else {
                probe.getOption(option);
            }
            return true;
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            return false;
        }
    }

    Set<SocketOption<?>> supported() {
        return supported;
    }

    /// Throws an exception for an option that these channels do not have.
    void requireSupported(SocketOption<?> option) {
        if (!supported.contains(Objects.requireNonNull(option, "option"))) {
            throw new UnsupportedOperationException("'" + option + "' not supported");
        }
    }

    /// Throws an exception for an option that these channels do not have, or a value of another type.
    <T> void requireSupported(SocketOption<T> option, T value) {
        requireSupported(option);
        if (!option.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "'");
        }
    }

    /// Sets an option that [#requireSupported] accepts.
    <T> void set(SocketFd fd, SocketOption<T> option, T value) throws IOException {
        if (option.equals(ExtendedSocketOptions.SO_PEERCRED)) {
            throw new SocketException("SO_PEERCRED cannot be set "); // the JDK's text, with the space
        }
        if (option.equals(ExtendedSocketOptions.SO_INCOMING_NAPI_ID)) {
            throw new SocketException("Attempt to set read only option SO_INCOMING_NAPI_ID");
        }
        T checked = option.type().cast(inRange(option, value));
        try {
            fd.setOption(option, checked);
        } catch (IOException e) {
            throw Failures.ofSocket(e);
        } catch (IllegalArgumentException e) { // by the library: the JDK lets the kernel refuse the value
            throw new SocketException("Invalid argument", e);
        }
    }

    /// Returns the value that the JDK passes to the kernel.
    ///
    /// @throws IllegalArgumentException if the value is out of the range that the JDK allows
    private static Object inRange(SocketOption<?> option, Object value) {
        if (isBufferSize(option)) {
            require((int) value >= 0, "Invalid send/receive buffer size");
            boolean raised = LINUX && option.equals(StandardSocketOptions.SO_RCVBUF);
            return raised ? Math.max((int) value, LINUX_MIN_RCVBUF) : value;
        } else if (option.equals(StandardSocketOptions.IP_TOS)) {
            require((int) value >= 0 && (int) value <= MAX_BYTE, "Invalid IP_TOS value");
        } else if (option.equals(StandardSocketOptions.IP_MULTICAST_TTL)) {
            require((int) value >= 0 && (int) value <= MAX_BYTE, "Invalid TTL/hop value");
        } else if (option.equals(StandardSocketOptions.SO_LINGER)) {
            return Math.min((int) value, MAX_LINGER_SECONDS);
        }
        return value;
    }

    private static boolean isBufferSize(SocketOption<?> option) {
        return option.equals(StandardSocketOptions.SO_SNDBUF) || option.equals(StandardSocketOptions.SO_RCVBUF);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /// Returns the value of an option that [#requireSupported] accepts.
    <T> T get(SocketFd fd, SocketOption<T> option) throws IOException {
        try {
            T value = read(fd, option);
            // Linux returns twice the size that was set, and the JDK the size itself.
            return LINUX && isBufferSize(option) ? option.type().cast((int) value / 2) : value;
        } catch (IOException e) {
            throw Failures.ofSocket(e);
        }
    }

    private static <T> T read(SocketFd fd, SocketOption<T> option) throws IOException {
        if (option.equals(ExtendedSocketOptions.SO_PEERCRED)) {
            return option.type().cast(Principals.of(fd.peerCredentials()));
        }
        return fd.getOption(option);
    }
}
