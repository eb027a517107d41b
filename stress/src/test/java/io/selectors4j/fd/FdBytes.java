package io.selectors4j.fd;

import io.selectors4j.internal.posix.SockAddr;
import java.net.SocketAddress;

/// Gives fuzz tests access to the decoder of socket addresses, which is package-private.
public final class FdBytes {

    private FdBytes() {}

    /// Decodes the address in a struct that came from a socket.
    public static SocketAddress address(SockAddr sockaddr, int domain) {
        return SocketDomains.decode(sockaddr, domain);
    }
}
