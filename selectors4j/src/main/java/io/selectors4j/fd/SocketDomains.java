package io.selectors4j.fd;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.posix.SockAddr;
import io.selectors4j.internal.posix.SockAddrLayout;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/// Maps address families and addresses between Java's classes and the kernel's numbers.
final class SocketDomains {

    private SocketDomains() {}

    /// Returns the number of a family.
    static int number(ProtocolFamily family) {
        return switch (family) {
            case StandardProtocolFamily.INET -> Constants.AF_INET;
            case StandardProtocolFamily.INET6 -> Constants.AF_INET6;
            case StandardProtocolFamily.UNIX -> Constants.AF_UNIX;
            default -> throw new IllegalArgumentException("unsupported protocol family " + family.name());
        };
    }

    /// Returns the name of a family, for messages.
    static String name(int domain) {
        if (domain == Constants.AF_UNIX) {
            return "UNIX";
        }
        if (domain == Constants.AF_INET) {
            return "INET";
        }
        return domain == Constants.AF_INET6 ? "INET6" : "" + domain;
    }

    static boolean isIp(int domain) {
        return domain == Constants.AF_INET || domain == Constants.AF_INET6;
    }

    /// Returns the family of the socket that an address needs.
    static int of(SocketAddress address) {
        return switch (address) {
            case RawSocketAddress raw -> raw.family();
            case UnixDomainSocketAddress unix -> Constants.AF_UNIX;
            case InetSocketAddress inet when inet.getAddress() instanceof Inet6Address -> Constants.AF_INET6;
            default -> Constants.AF_INET;
        };
    }

    /// Dissolves the association of a datagram socket. Returns 0 or `-errno`.
    ///
    /// @throws UnsupportedOperationException if it is a socket for connections, whose connection would be aborted
    static int dissolve(int fd, int domain, SocketFd.Type type) {
        if (type.zeroIsEnd) {
            throw new UnsupportedOperationException(
                    "disconnect is for datagrams, and this is a socket of type " + type);
        }
        // Some systems check the length.
        int size = domain == Constants.AF_INET6 ? SockAddr.SOCKADDR_IN6 : SockAddr.SOCKADDR_IN;
        SockAddr unspecified = new SockAddr(Constants.AF_UNSPEC, new byte[size - SockAddrLayout.HEAD]);
        int result = PosixSockets.connect(ErrnoCapture.current(), fd, unspecified, unspecified.size());
        return isDissolved(Platform.CURRENT, result) ? 0 : result;
    }

    /// Returns whether a result of connect(2) with AF_UNSPEC means success. Systems other than Linux dissolve the
    /// association and then refuse the address.
    static boolean isDissolved(Platform platform, int result) {
        return result >= 0 || (platform.os() != Os.LINUX && result == -Errno.number(platform, "EAFNOSUPPORT"));
    }

    /// Encodes an address for a socket.
    ///
    /// @return the address, for one call: it may be that of [SockAddr#current(SocketAddress, boolean)]
    static SockAddr encode(SocketAddress address, int domain) throws UnknownHostException {
        boolean fits = switch (address) {
            case RawSocketAddress raw -> raw.family() == domain;
            case UnixDomainSocketAddress unix -> domain == Constants.AF_UNIX;
            default -> isIp(domain);
        };
        if (!fits) {
            throw new IllegalArgumentException("the address is not of the family of the socket: " + address);
        }
        return address instanceof RawSocketAddress raw
                ? raw.encode()
                : SockAddr.current(address, domain == Constants.AF_INET6);
    }

    /// Decodes the address of a socket or of its peer. If the kernel returned no address, returns the empty path for a
    /// Unix socket, and a [RawSocketAddress] without data for another family.
    static SocketAddress decode(SockAddr sockaddr, int domain) {
        return orRaw(sockaddr.decode(), sockaddr, domain);
    }

    /// Decodes the address of the sender of a message, as [#decode] does.
    static SocketAddress decodeSender(SockAddr sockaddr, int domain) {
        return orRaw(sockaddr.decodeSender(), sockaddr, domain);
    }

    private static SocketAddress orRaw(@Nullable SocketAddress known, SockAddr sockaddr, int domain) {
        int family = sockaddr.family() == 0 ? domain : sockaddr.family();
        if (family == Constants.AF_UNIX && sockaddr.data().length == 0) {
            return UnixDomainSocketAddress.of("");
        }
        return known != null ? known : RawSocketAddress.of(family, sockaddr.data());
    }
}
