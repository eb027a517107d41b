package io.selectors4j.nio;

import io.selectors4j.fd.SocketFd;
import java.io.IOException;
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
import jdk.net.UnixDomainPrincipal;

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
    static final Options UNIX_SERVER = new Options(
            StandardProtocolFamily.UNIX, SocketFd.Type.STREAM, List.of(StandardSocketOptions.SO_RCVBUF));

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
            read(probe, option);
            return true;
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            return false;
        }
    }

    Set<SocketOption<?>> supported() {
        return supported;
    }

    private void require(SocketOption<?> option) {
        if (!supported.contains(Objects.requireNonNull(option, "option"))) {
            throw new UnsupportedOperationException("'" + option + "' not supported");
        }
    }

    <T> void set(SocketFd fd, SocketOption<T> option, T value) throws IOException {
        require(option);
        Objects.requireNonNull(value, "value");
        if (!option.type().isInstance(value)) {
            throw new IllegalArgumentException(
                    "the value of " + option + " is not a " + option.type().getName() + ": " + value);
        }
        if (option == ExtendedSocketOptions.SO_PEERCRED || option == ExtendedSocketOptions.SO_INCOMING_NAPI_ID) {
            throw new UnsupportedOperationException("'" + option + "' cannot be set");
        }
        try {
            fd.setOption(option, value);
        } catch (IOException e) {
            throw Failures.ofSocket(e);
        }
    }

    <T> T get(SocketFd fd, SocketOption<T> option) throws IOException {
        require(option);
        try {
            return read(fd, option);
        } catch (IOException e) {
            throw Failures.ofSocket(e);
        }
    }

    private static <T> T read(SocketFd fd, SocketOption<T> option) throws IOException {
        if (option == ExtendedSocketOptions.SO_PEERCRED) {
            return option.type().cast(peerCredentials(fd));
        }
        return fd.getOption(option);
    }

    private static UnixDomainPrincipal peerCredentials(SocketFd fd) throws IOException {
        throw new UnsupportedOperationException("not merged yet: " + fd);
    }
}
