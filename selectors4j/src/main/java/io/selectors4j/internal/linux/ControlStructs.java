package io.selectors4j.internal.linux;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// The structs in the data of control messages, and the offsets of their fields.
///
/// ```c
/// struct sock_extended_err { __u32 ee_errno;  // 0       struct in_pktinfo { int            ipi_ifindex;   // 0
///                            __u8  ee_origin; // 4                           struct in_addr ipi_spec_dst;  // 4
///                            __u8  ee_type;   // 5                           struct in_addr ipi_addr; };   // 8 (12)
///                            __u8  ee_code;   // 6
///                            __u8  ee_pad;    // 7       struct in6_pktinfo { struct in6_addr ipi6_addr;   // 0
///                            __u32 ee_info;   // 8                       unsigned int    ipi6_ifindex; };  // 16 (20)
///                            __u32 ee_data; };// 12 (16)
/// ```
public final class ControlStructs {

    /// `struct sock_extended_err` (linux/errqueue.h).
    public static final StructLayout SOCK_EXTENDED_ERR = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("ee_errno"),
            ValueLayout.JAVA_BYTE.withName("ee_origin"),
            ValueLayout.JAVA_BYTE.withName("ee_type"),
            ValueLayout.JAVA_BYTE.withName("ee_code"),
            ValueLayout.JAVA_BYTE.withName("ee_pad"),
            ValueLayout.JAVA_INT.withName("ee_info"),
            ValueLayout.JAVA_INT.withName("ee_data"));

    /// `struct in_pktinfo` (linux/in.h).
    public static final StructLayout IN_PKTINFO = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("ipi_ifindex"),
            ValueLayout.JAVA_INT.withName("ipi_spec_dst"),
            ValueLayout.JAVA_INT.withName("ipi_addr"));

    /// `struct in6_pktinfo` (linux/ipv6.h).
    public static final StructLayout IN6_PKTINFO = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(4, ValueLayout.JAVA_INT).withName("ipi6_addr"),
            ValueLayout.JAVA_INT.withName("ipi6_ifindex"));

    public static final int EE_SIZE = 16;
    public static final int EE_ORIGIN = 4;
    public static final int EE_TYPE = 5;
    public static final int EE_CODE = 6;
    public static final int EE_INFO = 8;
    public static final int EE_DATA = 12;
    public static final int IPI_SIZE = 12;
    public static final int IPI_SPEC_DST = 4;
    public static final int IPI_ADDR = 8;
    public static final int IPI6_SIZE = 20;
    public static final int IPI6_IFINDEX = 16;

    private ControlStructs() {}
}
