package io.selectors4j.nio;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.MembershipKey;
import org.jspecify.annotations.Nullable;

/// The multicast groups and the multicast interface of a [DatagramSocketAdaptor].
final class SocketGroups {

    private static volatile @Nullable NetworkInterface anyInterface;

    private final FdDatagramChannel channel;

    /// The interface of [#lastAddress].
    @GuardedBy("this")
    private @Nullable NetworkInterface lastInterface;

    /// The address that the program gave for the interface, or its first one.
    @GuardedBy("this")
    private @Nullable InetAddress lastAddress;

    SocketGroups(FdDatagramChannel channel) {
        this.channel = channel;
    }

    void join(SocketAddress group, @Nullable NetworkInterface networkInterface) throws IOException {
        InetAddress address = requireGroup(group);
        NetworkInterface used = networkInterface == null ? interfaceOrAny() : networkInterface;
        requireOpen();
        synchronized (channel.memberships()) {
            if (channel.memberships().find(address, used) != null) {
                throw new SocketException("Already a member of group");
            }
            channel.join(address, used);
        }
    }

    void leave(SocketAddress group, @Nullable NetworkInterface networkInterface) throws IOException {
        InetAddress address = requireGroup(group);
        NetworkInterface used = networkInterface == null ? interfaceOrAny() : networkInterface;
        requireOpen();
        synchronized (channel.memberships()) {
            MembershipKey membership = channel.memberships().find(address, used);
            if (membership == null) {
                throw new SocketException("Not a member of group");
            }
            membership.drop();
        }
    }

    private void requireOpen() throws SocketException {
        if (!channel.isOpen()) {
            throw new SocketException("Socket is closed");
        }
    }

    private static InetAddress requireGroup(SocketAddress group) throws SocketException {
        if (!(group instanceof InetSocketAddress internet)) {
            throw new IllegalArgumentException("Unsupported address type");
        }
        InetAddress address = internet.getAddress();
        if (address == null) {
            throw new IllegalArgumentException("Unresolved address");
        }
        if (!address.isMulticastAddress()) {
            throw new SocketException("Not a multicast address");
        }
        return address;
    }

    @SuppressWarnings("NullAway") // the channel refuses null
    void setInterface(@Nullable NetworkInterface networkInterface) throws SocketException {
        try {
            channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, networkInterface);
        } catch (IOException e) {
            throw AdaptorFailures.toSocketException(e);
        }
    }

    void setInterface(@Nullable InetAddress address) throws SocketException {
        if (address == null) {
            throw new SocketException("Invalid value 'null'");
        }
        NetworkInterface found = NetworkInterface.getByInetAddress(address);
        if (found == null) {
            throw new SocketException("No network interface found with address " + address.getHostAddress());
        }
        synchronized (this) {
            setInterface(found);
            lastInterface = found;
            lastAddress = address;
        }
    }

    /// Returns an address of the interface of IP_MULTICAST_IF, the wildcard if none is set.
    synchronized @Nullable InetAddress interfaceAddress() throws SocketException {
        NetworkInterface current = interfaceOrNull();
        if (current == null) {
            return new InetSocketAddress(0).getAddress();
        }
        if (!current.equals(lastInterface)) {
            lastInterface = current;
            lastAddress = current.inetAddresses().findFirst().orElse(null);
        }
        return lastAddress;
    }

    private @Nullable NetworkInterface interfaceOrNull() throws SocketException {
        try {
            return channel.getOption(StandardSocketOptions.IP_MULTICAST_IF);
        } catch (IOException e) {
            throw AdaptorFailures.toSocketException(e);
        }
    }

    /// Returns the interface of IP_MULTICAST_IF, or the one that lets the kernel choose.
    NetworkInterface interfaceOrAny() throws SocketException {
        NetworkInterface chosen = interfaceOrNull();
        return chosen == null ? anyInterface() : chosen;
    }

    /// Returns the interface that stands for the choice of the kernel: its index is 0 and its address the wildcard.
    /// Only `java.net` can create it, so a socket of the JDK is asked, once.
    ///
    /// The JDK's classes open a descriptor when they are initialized, and could never be used again if that failed. So
    /// the first datagram channel calls this method.
    static NetworkInterface anyInterface() throws SocketException {
        NetworkInterface known = anyInterface;
        if (known == null) {
            try (MulticastSocket unset = new MulticastSocket((SocketAddress) null)) {
                known = unset.getNetworkInterface();
                anyInterface = known;
            } catch (IOException e) {
                throw AdaptorFailures.toSocketException(e);
            }
        }
        return known;
    }
}
