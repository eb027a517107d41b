package io.selectors4j.fd;

import io.selectors4j.fd.SocketOptionTable.Optname;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.linux.IpMreqn;
import io.selectors4j.internal.posix.Ints;
import io.selectors4j.internal.posix.PosixSockets;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// The value of IP_MULTICAST_IF. For IPv6 it is the index of the interface. For IPv4 it is an address of the interface;
/// Linux also takes an index.
final class MulticastInterface {

    private MulticastInterface() {}

    /// Returns the index of an interface.
    ///
    /// @throws IllegalArgumentException if it has none
    static int index(NetworkInterface networkInterface) {
        int index = networkInterface.getIndex();
        if (index <= 0) {
            throw new IllegalArgumentException("a network interface without index: " + networkInterface);
        }
        return index;
    }

    /// Sets the option for IPv4: a `struct ip_mreqn` on Linux, else a `struct in_addr`. Returns 0 or `-errno`.
    ///
    /// @throws IllegalArgumentException if the system needs an IPv4 address and the interface has none
    static int set(int fd, Optname optname, NetworkInterface networkInterface) {
        ErrnoCapture state = ErrnoCapture.current();
        byte[] address = networkInterface
                .inetAddresses()
                .filter(Inet4Address.class::isInstance)
                .map(InetAddress::getAddress)
                .findFirst()
                .orElse(new byte[Integer.BYTES]);
        if (Platform.CURRENT.os() == Os.LINUX) {
            IpMreqn request = new IpMreqn(address, index(networkInterface));
            return PosixSockets.setsockopt(state, fd, optname.level(), optname.number(), request, IpMreqn.SIZE);
        }
        int number = ByteBuffer.wrap(address).order(ByteOrder.nativeOrder()).getInt();
        if (number == 0) {
            throw new IllegalArgumentException("IP_MULTICAST_IF: no IPv4 address has " + networkInterface);
        }
        return PosixSockets.setsockopt(state, fd, optname.level(), optname.number(), new Ints(number), Integer.BYTES);
    }

    /// Returns the interface with an address, a `struct in_addr`; null for no address.
    static @Nullable NetworkInterface decode(Ints address) throws IOException {
        byte[] bytes = new byte[Integer.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(address.get(0));
        return address.get(0) == 0 ? null : NetworkInterface.getByInetAddress(InetAddress.getByAddress(bytes));
    }

    /// Returns the interface with an index; null for 0.
    static @Nullable NetworkInterface ofIndex(int index) throws IOException {
        return index == 0 ? null : NetworkInterface.getByIndex(index);
    }

    /// Returns the value of an option for a message.
    static String describe(Object value) {
        return value instanceof NetworkInterface networkInterface ? networkInterface.getName() : value.toString();
    }
}
