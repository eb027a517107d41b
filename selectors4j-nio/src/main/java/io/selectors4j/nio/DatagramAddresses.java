package io.selectors4j.nio;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
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
                : (InetSocketAddress) Addresses.scoped(address);
    }
}
