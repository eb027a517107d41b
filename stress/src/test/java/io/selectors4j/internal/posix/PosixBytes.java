package io.selectors4j.internal.posix;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;

/// What makes something of the kernel's bytes in this package, for tests in another one.
public final class PosixBytes {

    private PosixBytes() {}

    /// An address that a system's kernel has filled in.
    ///
    /// @param length what it says how long it is
    public static SockAddr filled(SockAddrLayout layout, byte[] bytes, int length) {
        SockAddr sockaddr = new SockAddr(layout);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, sockaddr.segment(), 0, bytes.length);
        sockaddr.length().set(0, length);
        return sockaddr;
    }

    /// An address as a system takes it.
    public static SockAddr encode(SockAddrLayout layout, SocketAddress address, boolean v6) throws IOException {
        return new SockAddr(layout, address, v6);
    }

    /// The same of its bytes.
    public static SockAddr encode(SockAddrLayout layout, int family, byte[] data) {
        return new SockAddr(layout, family, data);
    }

    /// The memory where the kernel answers.
    public static MemorySegment answer(FdSets sets, int set) {
        return sets.segment(set);
    }
}
