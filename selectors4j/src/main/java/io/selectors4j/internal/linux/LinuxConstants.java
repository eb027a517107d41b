package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Platform;

/// Constants that only Linux has, each with its header. They are the same on every architecture of
/// [io.selectors4j.internal.ffi.Platform.Arch], except those that are methods. Constants that other Unixes have too are
/// in
/// [io.selectors4j.internal.posix.Constants].
public final class LinuxConstants {

    // bits/socket.h (glibc), linux/socket.h
    public static final int AF_NETLINK = 16;
    public static final int AF_PACKET = 17;
    public static final int AF_VSOCK = 40;

    // asm-generic/socket.h
    public static final int SO_PRIORITY = 12;
    public static final int SO_BINDTODEVICE = 25;
    public static final int SO_GET_FILTER = 26;
    public static final int SO_TIMESTAMPNS = 35;
    public static final int SO_MARK = 36;
    public static final int SO_PROTOCOL = 38;
    public static final int SO_DOMAIN = 39;
    public static final int SO_BUSY_POLL = 46;
    public static final int SO_INCOMING_CPU = 49;
    public static final int SO_INCOMING_NAPI_ID = 56;

    public static final int SCM_TIMESTAMPNS = 35;

    // bits/socket.h (glibc), linux/socket.h
    public static final int SCM_CREDENTIALS = 2;
    public static final int MSG_ERRQUEUE = 0x2000;
    public static final int MSG_WAITFORONE = 0x10000;

    // linux/tcp.h
    public static final int TCP_CORK = 3;
    public static final int TCP_SYNCNT = 7;
    public static final int TCP_LINGER2 = 8;
    public static final int TCP_DEFER_ACCEPT = 9;
    public static final int TCP_INFO = 11;
    public static final int TCP_QUICKACK = 12;
    public static final int TCP_CONGESTION = 13;
    public static final int TCP_USER_TIMEOUT = 18;
    public static final int TCP_FASTOPEN = 23;
    public static final int TCP_NOTSENT_LOWAT = 25;
    public static final int TCP_FASTOPEN_CONNECT = 30;

    // netinet/in.h, linux/udp.h
    public static final int IPPROTO_UDP = 17;
    public static final int UDP_SEGMENT = 103;
    public static final int UDP_GRO = 104;

    // linux/in.h, linux/in6.h
    public static final int IP_PKTINFO = 8;
    public static final int IP_MTU_DISCOVER = 10;
    public static final int IP_RECVERR = 11;
    public static final int IP_RECVTTL = 12;
    public static final int IP_RECVTOS = 13;
    public static final int IP_FREEBIND = 15;
    public static final int IP_TRANSPARENT = 19;
    public static final int IP_BIND_ADDRESS_NO_PORT = 24;
    public static final int IP_MULTICAST_ALL = 49;
    public static final int IPV6_RECVERR = 25;
    public static final int IPV6_MULTICAST_ALL = 29;
    public static final int IPV6_RECVPKTINFO = 49;
    public static final int IPV6_PKTINFO = 50;
    public static final int IPV6_RECVHOPLIMIT = 51;
    public static final int IPV6_HOPLIMIT = 52;
    public static final int IPV6_RECVTCLASS = 66;
    public static final int IPV6_TRANSPARENT = 75;
    public static final int IPV6_FREEBIND = 78;
    public static final int IPV6_MTU_DISCOVER = 23;
    public static final int IP_PMTUDISC_DONT = 0;
    public static final int IP_PMTUDISC_DO = 2;

    // linux/errqueue.h
    public static final int SO_EE_ORIGIN_LOCAL = 1;
    public static final int SO_EE_ORIGIN_ICMP = 2;
    public static final int SO_EE_ORIGIN_ICMP6 = 3;
    public static final int SO_EE_ORIGIN_TIMESTAMPING = 4;
    public static final int SO_EE_ORIGIN_ZEROCOPY = 5;

    // linux/if_tun.h
    public static final int IFF_TUN = 0x0001;
    public static final int IFF_TAP = 0x0002;
    public static final int IFF_NO_PI = 0x1000;

    // linux/eventfd.h
    public static final int EFD_SEMAPHORE = 1;
    public static final int EFD_NONBLOCK = 04000;
    public static final int EFD_CLOEXEC = 02000000;

    // linux/eventpoll.h
    public static final int EPOLL_CTL_ADD = 1;
    public static final int EPOLL_CTL_DEL = 2;
    public static final int EPOLL_CTL_MOD = 3;
    public static final int EPOLL_CLOEXEC = 02000000;

    private LinuxConstants() {}

    /// Returns the number of TUNSETIFF: `_IOW('T', 202, int)`, which differs on powerpc.
    public static long tunsetiff(Platform.Arch arch) {
        return arch == Platform.Arch.PPC64LE ? 0x8004_54CAL : 0x4004_54CAL;
    }

    /// Returns the number of SO_PASSCRED, which powerpc has in its own asm/socket.h.
    public static int soPasscred(Platform.Arch arch) {
        return arch == Platform.Arch.PPC64LE ? 20 : 16;
    }
}
