package io.selectors4j.nio;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.selectors4j.NativeIOException;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.MembershipKey;
import java.nio.channels.MulticastChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The multicast groups that a channel has joined.
final class Memberships {

    /// The scope of a group that routers forward within a site (RFC 4291).
    private static final int SITE_LOCAL = 5;

    private final MulticastChannel channel;
    private final SocketFd fd;
    private final StandardProtocolFamily family;

    @GuardedBy("this")
    private final List<Membership> joined = new ArrayList<>();

    @GuardedBy("this")
    private boolean closed;

    Memberships(MulticastChannel channel, SocketFd fd, StandardProtocolFamily family) {
        this.channel = channel;
        this.fd = fd;
        this.family = family;
    }

    /// Joins a group, unless the channel is a member already.
    ///
    /// @param source the only sender whose datagrams are received; null for all senders
    /// @return the key of the membership; the present one if there is one
    /// @throws IllegalArgumentException if the addresses do not fit the socket or each other
    /// @throws IllegalStateException if the channel is a member for all senders and `source` is one sender, or the
    ///     other way round
    MembershipKey join(InetAddress group, NetworkInterface networkInterface, @Nullable InetAddress source)
            throws IOException {
        if (!group.isMulticastAddress()) {
            throw new IllegalArgumentException("Group not a multicast address");
        }
        if (family == StandardProtocolFamily.INET && !(group instanceof Inet4Address)) {
            throw new IllegalArgumentException("Only IPv6 sockets can join IPv6 multicast group");
        }
        if (source != null) {
            requireSource(source, group);
        }
        synchronized (this) {
            if (closed) {
                throw new ClosedChannelException();
            }
            Membership present = find(group, networkInterface, source);
            if (present != null) {
                return present;
            }
            requireUsable(networkInterface, group);
            NetworkInterface used = networkInterface.getIndex() == 0 ? interfaceOfRoute(group) : networkInterface;
            try {
                if (source == null) {
                    fd.joinGroup(group, used);
                } else {
                    fd.joinGroup(group, used, source);
                }
            } catch (IOException e) {
                throw unsupportedOrSocket(e);
            }
            Membership membership = new Membership(this, channel, group, networkInterface, used, source);
            joined.add(membership);
            return membership;
        }
    }

    private static void requireSource(InetAddress source, InetAddress group) {
        if (source.isAnyLocalAddress()) {
            throw new IllegalArgumentException("Source address is a wildcard address");
        }
        if (source.isMulticastAddress()) {
            throw new IllegalArgumentException("Source address is multicast address");
        }
        if (source.getClass() != group.getClass()) {
            throw new IllegalArgumentException("Source address is different type to group");
        }
    }

    private static void requireUsable(NetworkInterface networkInterface, InetAddress group) throws IOException {
        if (group instanceof Inet4Address) {
            if (networkInterface.inetAddresses().noneMatch(Inet4Address.class::isInstance)) {
                throw new IOException("Network interface not configured for IPv4");
            }
        } else if (networkInterface.getIndex() == -1) {
            throw new IOException("Network interface cannot be identified");
        }
    }

    /// Returns the interface of the route to a group, which the kernel joins if it is given the index 0.
    private static NetworkInterface interfaceOfRoute(InetAddress group) throws IOException {
        StandardProtocolFamily family =
                group instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        try (SocketFd probe = SocketFd.open(family, SocketFd.Type.DATAGRAM)) {
            probe.connect(new InetSocketAddress(routed(group), 1)); // sends nothing
            InetAddress local = ((InetSocketAddress) probe.localAddress()).getAddress();
            // Linux uses no address of the loopback interface for other destinations.
            NetworkInterface found = NetworkInterface.getByInetAddress(
                    local.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : local);
            if (found != null) {
                return found;
            }
        } catch (NativeIOException e) {
            throw (IOException) new SocketException("No such device").initCause(e); // ENODEV, as the kernel says
        }
        throw new SocketException("No such device");
    }

    /// Returns a group with the same route that a socket can connect to without an interface: one that is not limited
    /// to an interface or a link.
    private static InetAddress routed(InetAddress group) throws IOException {
        if (!(group instanceof Inet6Address) || !(group.isMCLinkLocal() || group.isMCNodeLocal())) {
            return group;
        }
        byte[] address = group.getAddress();
        address[1] = (byte) ((address[1] & 0xF0) | SITE_LOCAL);
        return InetAddress.getByAddress(address);
    }

    private static IOException unsupportedOrSocket(IOException failure) {
        if (failure instanceof NativeIOException e
                && (e.errnoName().equals("ENOPROTOOPT") || e.errnoName().equals("EOPNOTSUPP"))) {
            throw new UnsupportedOperationException(e);
        }
        return Failures.ofSocket(failure);
    }

    /// Returns the membership for all senders of a group; null if there is none.
    ///
    /// @throws IllegalStateException if the channel is a member for one sender
    synchronized @Nullable Membership find(InetAddress group, NetworkInterface networkInterface) {
        return find(group, networkInterface, null);
    }

    @GuardedBy("this")
    private @Nullable Membership find(
            InetAddress group, NetworkInterface networkInterface, @Nullable InetAddress source) {
        for (Membership membership : joined) {
            if (!membership.group().equals(group)
                    || !membership.networkInterface().equals(networkInterface)) {
                continue;
            }
            InetAddress other = membership.sourceAddress();
            // The texts are those of the JDK, although each describes the other case.
            if (source == null && other != null) {
                throw new IllegalStateException("Already a member to receive all packets");
            }
            if (source != null && other == null) {
                throw new IllegalStateException("Already have source-specific membership");
            }
            if (source == null || source.equals(other)) {
                return membership;
            }
        }
        return null;
    }

    /// Leaves a group.
    synchronized void drop(Membership membership) {
        if (!membership.isValid()) {
            return;
        }
        InetAddress source = membership.sourceAddress();
        try {
            if (source == null) {
                fd.leaveGroup(membership.group(), membership.usedInterface());
            } else {
                fd.leaveGroup(membership.group(), membership.usedInterface(), source);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(Failures.ofSocket(e));
        }
        membership.invalidate();
        joined.remove(membership);
    }

    /// Blocks the datagrams of one sender.
    synchronized void block(Membership membership, InetAddress source) throws IOException {
        if (membership.blocked.contains(source)) {
            return;
        }
        requireValid(membership);
        requireSource(source, membership.group());
        try {
            fd.blockSource(membership.group(), membership.usedInterface(), source);
        } catch (IOException e) {
            throw unsupportedOrSocket(e);
        }
        membership.blocked.add(source);
    }

    /// Receives the datagrams of a blocked sender again.
    synchronized void unblock(Membership membership, InetAddress source) {
        if (!membership.blocked.contains(source)) {
            throw new IllegalStateException("not blocked");
        }
        requireValid(membership);
        try {
            fd.unblockSource(membership.group(), membership.usedInterface(), source);
        } catch (IOException e) {
            throw new UncheckedIOException(Failures.ofSocket(e));
        }
        membership.blocked.remove(source);
    }

    private static void requireValid(Membership membership) {
        if (!membership.isValid()) {
            throw new IllegalStateException("key is no longer valid");
        }
    }

    /// Makes all keys invalid. The kernel leaves the groups when the descriptor is closed.
    synchronized void close() {
        closed = true;
        joined.forEach(Membership::invalidate);
        joined.clear();
    }
}
