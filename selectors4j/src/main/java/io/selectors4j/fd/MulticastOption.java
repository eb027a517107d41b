package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.GroupReq;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.posix.SockAddr;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import org.jspecify.annotations.Nullable;

/// The changes of a membership in a multicast group (RFC 3678). The level of the option follows the family of the
/// group, also on an IPv6 socket with an IPv4 group.
enum MulticastOption {
    JOIN("MCAST_JOIN_GROUP", Constants.MCAST_JOIN_GROUP),
    LEAVE("MCAST_LEAVE_GROUP", Constants.MCAST_LEAVE_GROUP),
    JOIN_SOURCE("MCAST_JOIN_SOURCE_GROUP", Constants.MCAST_JOIN_SOURCE_GROUP),
    LEAVE_SOURCE("MCAST_LEAVE_SOURCE_GROUP", Constants.MCAST_LEAVE_SOURCE_GROUP),
    BLOCK("MCAST_BLOCK_SOURCE", Constants.MCAST_BLOCK_SOURCE),
    UNBLOCK("MCAST_UNBLOCK_SOURCE", Constants.MCAST_UNBLOCK_SOURCE);

    private final String optname;
    private final int number;

    MulticastOption(String optname, int number) {
        this.optname = optname;
        this.number = number;
    }

    /// Makes the change.
    ///
    /// @param source the sender; null for all senders
    void apply(SocketFd socket, InetAddress group, NetworkInterface networkInterface, @Nullable InetAddress source)
            throws IOException {
        requireFamily(socket, group);
        if (source != null) {
            requireSource(group, source);
        }
        int index = MulticastInterface.index(networkInterface);
        if (number == Constants.NONE) {
            throw new UnsupportedOperationException(Platform.CURRENT.os() + " has no socket option " + optname);
        }
        GroupReq request = new GroupReq(index, encode(group), source == null ? null : encode(source));
        int level = group instanceof Inet6Address ? Constants.IPPROTO_IPV6 : Constants.IPPROTO_IP;
        int result = socket.use(
                fd -> PosixSockets.setsockopt(ErrnoCapture.current(), fd, level, number, request, request.size()));
        if (result < 0) {
            throw new NativeIOException(
                    "setsockopt(" + optname + ", " + group.getHostAddress() + ", " + networkInterface.getName()
                            + (source == null ? "" : ", " + source.getHostAddress()) + ")",
                    -result);
        }
    }

    private static void requireFamily(SocketFd socket, InetAddress group) {
        if (!group.isMulticastAddress()) {
            throw new IllegalArgumentException("not a multicast address: " + group);
        }
        int domain = socket.domain();
        if (!SocketDomains.isIp(domain)) {
            throw new IllegalArgumentException(
                    "the multicast group " + group + " for a socket of the family " + SocketDomains.name(domain));
        }
        if (domain == Constants.AF_INET && group instanceof Inet6Address) {
            throw new IllegalArgumentException("an IPv6 group for an IPv4 socket: " + group);
        }
    }

    private static void requireSource(InetAddress group, InetAddress source) {
        if (group instanceof Inet6Address != source instanceof Inet6Address) {
            throw new IllegalArgumentException(
                    "the group " + group + " and the source " + source + " are of different families");
        }
        if (source.isMulticastAddress() || source.isAnyLocalAddress()) {
            throw new IllegalArgumentException("not the address of a sender: " + source);
        }
    }

    private static SockAddr encode(InetAddress address) throws IOException {
        return new SockAddr(new InetSocketAddress(address, 0), address instanceof Inet6Address);
    }
}
