package io.selectors4j.internal.posix;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;

/// Gives tests in other packages access to package-private members of this package.
public final class PosixBytes {

    private PosixBytes() {}

    /// Returns an address as a kernel fills it.
    ///
    /// @param length the length that the kernel returns
    public static SockAddr filled(SockAddrLayout layout, byte[] bytes, int length) {
        SockAddr sockaddr = new SockAddr(layout);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, sockaddr.segment(), 0, bytes.length);
        sockaddr.length().set(0, length);
        return sockaddr;
    }

    /// Encodes an address for a system.
    public static SockAddr encode(SockAddrLayout layout, SocketAddress address, boolean v6) throws IOException {
        return new SockAddr(layout, address, v6);
    }

    /// Encodes an address from its bytes.
    public static SockAddr encode(SockAddrLayout layout, int family, byte[] data) {
        return new SockAddr(layout, family, data);
    }

    /// Returns the memory of the kernel's result.
    public static MemorySegment returned(FdSets sets, int set) {
        return sets.segment(set);
    }
}
