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

/// The families of sockets and addresses, between Java's names and the kernel's numbers.
final class SocketDomains {

    private SocketDomains() {}

    /// The kernel's number of a family.
    static int number(ProtocolFamily family) {
        return switch (family) {
            case StandardProtocolFamily.INET -> LinuxNumbers.AF_INET;
            case StandardProtocolFamily.INET6 -> LinuxNumbers.AF_INET6;
            case StandardProtocolFamily.UNIX -> LinuxNumbers.AF_UNIX;
            default -> throw new IllegalArgumentException("unsupported protocol family " + family.name());
        };
    }

    /// The name of a family, for messages.
    static String name(int domain) {
        return switch (domain) {
            case LinuxNumbers.AF_INET -> "INET";
            case LinuxNumbers.AF_INET6 -> "INET6";
            case LinuxNumbers.AF_UNIX -> "UNIX";
            default -> "" + domain;
        };
    }

    static boolean isIp(int domain) {
        return domain == LinuxNumbers.AF_INET || domain == LinuxNumbers.AF_INET6;
    }

    /// The family that an address needs.
    static int of(SocketAddress address) {
        return switch (address) {
            case RawSocketAddress raw -> raw.family();
            case UnixDomainSocketAddress unix -> LinuxNumbers.AF_UNIX;
            case InetSocketAddress inet when inet.getAddress() instanceof Inet6Address -> LinuxNumbers.AF_INET6;
            default -> LinuxNumbers.AF_INET;
        };
    }

    /// Encodes an address for a socket.
    static SockAddr encode(SocketAddress address, int domain) throws UnknownHostException {
        boolean fits = switch (address) {
            case RawSocketAddress raw -> raw.family() == domain;
            case UnixDomainSocketAddress unix -> domain == LinuxNumbers.AF_UNIX;
            default -> isIp(domain);
        };
        if (!fits) {
            throw new IllegalArgumentException("an address of another family than the socket: " + address);
        }
        return address instanceof RawSocketAddress raw
                ? raw.encode()
                : new SockAddr(address, domain == LinuxNumbers.AF_INET6);
    }

    /// Decodes the address of a socket or of its peer. Where the kernel has named none, it is the empty path for a Unix
    /// socket, and without data for another one.
    static SocketAddress decode(SockAddr sockaddr, int domain) {
        int family = sockaddr.family() == 0 ? domain : sockaddr.family();
        if (family == LinuxNumbers.AF_UNIX && sockaddr.data().length == 0) {
            return UnixDomainSocketAddress.of("");
        }
        SocketAddress known = sockaddr.decode();
        return known != null ? known : RawSocketAddress.of(family, sockaddr.data());
    }
}
