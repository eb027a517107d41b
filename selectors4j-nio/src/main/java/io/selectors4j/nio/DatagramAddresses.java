package io.selectors4j.nio;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The addresses of datagrams, as the kernel needs them.
final class DatagramAddresses {

    private static final byte[] IPV4_LOOPBACK = {127, 0, 0, 1};

    private DatagramAddresses() {}

    /// Returns an address that a socket of a family can have. An IPv6 socket takes IPv4 addresses too.
    ///
    /// @throws java.nio.channels.UnresolvedAddressException if the address is unresolved
    /// @throws java.nio.channels.UnsupportedAddressTypeException if the address is not of the family
    static InetSocketAddress require(@Nullable SocketAddress address, StandardProtocolFamily family) {
        return (InetSocketAddress) Addresses.require(address, family);
    }

    /// Returns the address to send to. For the IPv4 wildcard it is the IPv4 loopback address: an IPv6 socket would take
    /// the wildcard for the one of IPv6 and send to `::1`.
    static InetSocketAddress forSend(InetSocketAddress address) throws IOException {
        return address.getAddress() instanceof Inet4Address inet4 && inet4.isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getByAddress(IPV4_LOOPBACK), address.getPort())
                : scoped(address);
    }

    /// Returns an address with the scope that the kernel requires of a link-local IPv6 address. If a network interface
    /// of this machine has the address, the scope is the one of the interface.
    ///
    /// @throws SocketException if several network interfaces have the address
    static InetSocketAddress scoped(InetSocketAddress address) throws SocketException {
        if (!(address.getAddress() instanceof Inet6Address inet6)
                || !inet6.isLinkLocalAddress()
                || inet6.getScopeId() != 0) {
            return address;
        }
        List<InetAddress> found = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(other -> other.equals(inet6) && ((Inet6Address) other).getScopeId() != 0)
                .toList();
        if (found.size() > 1) {
            throw new SocketException("Duplicate link local addresses: must specify scope-id");
        }
        return found.isEmpty() ? address : new InetSocketAddress(found.getFirst(), address.getPort());
    }
}
