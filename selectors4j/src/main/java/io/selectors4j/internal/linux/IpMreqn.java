package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// The interface of IP_MULTICAST_IF.
///
/// ```c
/// struct ip_mreqn { struct in_addr imr_multiaddr; // 0
///                   struct in_addr imr_address;   // 4
///                   int            imr_ifindex; };// 8 (12)
/// ```
public final class IpMreqn implements Memory {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("imr_multiaddr"),
            ValueLayout.JAVA_INT.withName("imr_address"),
            ValueLayout.JAVA_INT.withName("imr_ifindex"));

    /// The size in bytes.
    public static final int SIZE = (int) LAYOUT.byteSize();

    private static final long ADDRESS = 4;
    private static final long IFINDEX = 8;

    private final MemorySegment segment = NativeMemory.allocate(LAYOUT);

    /// Creates the struct.
    ///
    /// @param address the four bytes of an address of the interface, zeros for none
    /// @param ifindex the index of the interface
    public IpMreqn(byte[] address, int ifindex) {
        MemorySegment.copy(address, 0, segment, ValueLayout.JAVA_BYTE, ADDRESS, address.length);
        segment.set(ValueLayout.JAVA_INT, IFINDEX, ifindex);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
