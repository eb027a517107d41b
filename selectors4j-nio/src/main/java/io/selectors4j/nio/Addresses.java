package io.selectors4j.nio;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Checks the addresses that programs pass to channels, with the exceptions that `java.nio.channels` names.
final class Addresses {

    /// The address of a Unix socket without a name.
    static final UnixDomainSocketAddress UNNAMED = UnixDomainSocketAddress.of("");

    private Addresses() {}

    /// Returns an address that a socket of a family can have.
    ///
    /// @throws NullPointerException if the address is null
    /// @throws UnresolvedAddressException if the address is unresolved
    /// @throws UnsupportedAddressTypeException if the address is not of the family
    static SocketAddress require(@Nullable SocketAddress address, ProtocolFamily family) {
        Objects.requireNonNull(address, "address");
        if (family == StandardProtocolFamily.UNIX) {
            if (!(address instanceof UnixDomainSocketAddress)) {
                throw new UnsupportedAddressTypeException();
            }
            return address;
        }
        if (!(address instanceof InetSocketAddress inet)) {
            throw new UnsupportedAddressTypeException();
        }
        if (inet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        if (family == StandardProtocolFamily.INET && !(inet.getAddress() instanceof Inet4Address)) {
            throw new UnsupportedAddressTypeException();
        }
        return address;
    }

    /// Returns the address to bind to.
    ///
    /// @param address the address; null for any address and port of an internet socket, or no name of a Unix socket
    static SocketAddress forBind(@Nullable SocketAddress address, ProtocolFamily family) {
        if (address != null) {
            return require(address, family);
        }
        return family == StandardProtocolFamily.UNIX ? UNNAMED : anyAddress(family);
    }

    /// Returns any address and port of a family.
    static InetSocketAddress anyAddress(ProtocolFamily family) {
        try {
            int length = family == StandardProtocolFamily.INET ? 4 : 16;
            return new InetSocketAddress(InetAddress.getByAddress(new byte[length]), 0);
        } catch (IOException e) {
            throw new AssertionError("the length of the address is right", e);
        }
    }

    /// Returns the address to connect to. The wildcard address means the loopback address of its family.
    static SocketAddress forConnect(@Nullable SocketAddress address, ProtocolFamily family) {
        SocketAddress checked = require(address, family);
        if (!(checked instanceof InetSocketAddress inet && inet.getAddress().isAnyLocalAddress())) {
            return checked;
        }
        String loopback = inet.getAddress() instanceof Inet4Address ? "127.0.0.1" : "::1";
        return new InetSocketAddress(InetAddress.ofLiteral(loopback), inet.getPort());
    }

    /// Returns an address with the scope that the kernel requires of a link-local IPv6 address. If a network interface
    /// of this machine has the address, the scope is the one of the interface.
    ///
    /// @throws SocketException if several network interfaces have the address
    static SocketAddress scoped(SocketAddress address) throws SocketException {
        if (!(address instanceof InetSocketAddress inet
                && inet.getAddress() instanceof Inet6Address inet6
                && inet6.isLinkLocalAddress()
                && inet6.getScopeId() == 0)) {
            return address;
        }
        List<InetAddress> found = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(other -> other.equals(inet6) && ((Inet6Address) other).getScopeId() != 0)
                .toList();
        if (found.size() > 1) {
            throw new SocketException("Duplicate link local addresses: must specify scope-id");
        }
        return found.isEmpty() ? address : new InetSocketAddress(found.getFirst(), inet.getPort());
    }
}
