package io.selectors4j.fd;

import io.selectors4j.internal.linux.LinuxNumbers;
import io.selectors4j.internal.posix.SockAddr;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;

/// The families of sockets and addresses, in Java's terms and in the kernel's.
final class SocketFamilies {

    private SocketFamilies() {}

    /// The family that an address belongs to.
    static ProtocolFamily of(SocketAddress address) {
        return switch (address) {
            case UnixDomainSocketAddress unix -> StandardProtocolFamily.UNIX;
            case InetSocketAddress inet when inet.getAddress() instanceof Inet6Address -> StandardProtocolFamily.INET6;
            default -> StandardProtocolFamily.INET;
        };
    }

    /// The kernel's number of a family.
    static int domain(ProtocolFamily family) {
        return switch (family) {
            case StandardProtocolFamily.INET -> LinuxNumbers.AF_INET;
            case StandardProtocolFamily.INET6 -> LinuxNumbers.AF_INET6;
            case StandardProtocolFamily.UNIX -> LinuxNumbers.AF_UNIX;
            default -> throw new IllegalArgumentException("unsupported protocol family " + family.name());
        };
    }

    /// An address as a socket of a domain takes it.
    static SockAddr encode(SocketAddress address, int domain) throws UnknownHostException {
        if ((domain == LinuxNumbers.AF_UNIX) != (address instanceof UnixDomainSocketAddress)) {
            throw new IllegalArgumentException("an address of another family than the socket: " + address);
        }
        return new SockAddr(address, domain == LinuxNumbers.AF_INET6);
    }
}
