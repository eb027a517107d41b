package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Arch;
import io.selectors4j.internal.ffi.Platform.Os;
import java.util.LinkedHashMap;
import java.util.Map;

/// C constants that systems have under the same name: a row for each constant, a column for each system. Their
/// values are the same on every architecture of [io.selectors4j.internal.ffi.Platform.Arch], but for those of
/// [#OF_POWERPC]. Constants of one system only are in the package of that system.
///
/// Each field holds the value on this system. A system without a column, where no call is made, has the values of
/// Linux.
///
/// The comments name the headers of the BSDs and macOS, and after the semicolon those of Linux. Windows has its socket
/// constants in winsock2.h, ws2def.h, ws2ipdef.h and ws2tcpip.h, and does not open files with these.
public final class Constants {

    /// The value of a constant that a system lacks.
    public static final int NONE = -1;

    private static final Os[] COLUMNS = {Os.LINUX, Os.MACOS, Os.FREEBSD, Os.OPENBSD, Os.NETBSD, Os.DRAGONFLY, Os.WINDOWS
    };

    private static final Map<String, int[]> ROWS = new LinkedHashMap<>();

    /// What differs in Linux on 64-bit PowerPC (arch/powerpc/include/uapi/asm: ioctls.h, socket.h).
    private static final Map<String, Integer> OF_POWERPC =
            Map.of("FIONREAD", 0x4004667F, "SO_PEERCRED", 21, "SO_RCVLOWAT", 16, "SO_RCVTIMEO", 18, "SO_SNDTIMEO", 19);

    // Each row: Linux, macOS, FreeBSD, OpenBSD, NetBSD, DragonFly, Windows

    // sys/fcntl.h; asm-generic/fcntl.h, linux/fcntl.h
    public static final int O_RDONLY = row("O_RDONLY", 0, 0, 0, 0, 0, 0, NONE);
    public static final int O_WRONLY = row("O_WRONLY", 1, 1, 1, 1, 1, 1, NONE);
    public static final int O_RDWR = row("O_RDWR", 2, 2, 2, 2, 2, 2, NONE);
    public static final int O_ACCMODE = row("O_ACCMODE", 3, 3, 3, 3, 3, 3, NONE);
    public static final int O_NONBLOCK = row("O_NONBLOCK", 04000, 0x4, 0x4, 0x4, 0x4, 0x4, NONE);
    public static final int O_APPEND = row("O_APPEND", 02000, 0x8, 0x8, 0x8, 0x8, 0x8, NONE);
    public static final int O_CREAT = row("O_CREAT", 0100, 0x200, 0x200, 0x200, 0x200, 0x200, NONE);
    public static final int O_TRUNC = row("O_TRUNC", 01000, 0x400, 0x400, 0x400, 0x400, 0x400, NONE);
    public static final int O_EXCL = row("O_EXCL", 0200, 0x800, 0x800, 0x800, 0x800, 0x800, NONE);
    public static final int O_NOCTTY = row("O_NOCTTY", 0400, 0x20000, 0x8000, 0x8000, 0x8000, 0x8000, NONE);
    public static final int O_CLOEXEC =
            row("O_CLOEXEC", 02000000, 0x1000000, 0x100000, 0x10000, 0x400000, 0x20000, NONE);
    public static final int F_GETFD = row("F_GETFD", 1, 1, 1, 1, 1, 1, NONE);
    public static final int F_SETFD = row("F_SETFD", 2, 2, 2, 2, 2, 2, NONE);
    public static final int F_GETFL = row("F_GETFL", 3, 3, 3, 3, 3, 3, NONE);
    public static final int F_SETFL = row("F_SETFL", 4, 4, 4, 4, 4, 4, NONE);
    public static final int F_DUPFD_CLOEXEC = row("F_DUPFD_CLOEXEC", 1030, 67, 17, 10, 12, 17, NONE);
    public static final int FD_CLOEXEC = row("FD_CLOEXEC", 1, 1, 1, 1, 1, 1, NONE);

    // sys/unistd.h; linux/fs.h
    public static final int SEEK_SET = row("SEEK_SET", 0, 0, 0, 0, 0, 0, NONE);
    public static final int SEEK_CUR = row("SEEK_CUR", 1, 1, 1, 1, 1, 1, NONE);
    public static final int SEEK_END = row("SEEK_END", 2, 2, 2, 2, 2, 2, NONE);

    // sys/filio.h; asm-generic/ioctls.h
    public static final int FIONREAD =
            row("FIONREAD", 0x541B, 0x4004667F, 0x4004667F, 0x4004667F, 0x4004667F, 0x4004667F, 0x4004667F);

    // sys/syslimits.h, sys/uio.h; linux/uio.h (UIO_MAXIOV)
    public static final int IOV_MAX = row("IOV_MAX", 1024, 1024, 1024, 1024, 1024, 1024, 1024);

    // sys/poll.h; asm-generic/poll.h
    public static final int POLLIN = row("POLLIN", 0x1, 0x1, 0x1, 0x1, 0x1, 0x1, 0x300);
    public static final int POLLPRI = row("POLLPRI", 0x2, 0x2, 0x2, 0x2, 0x2, 0x2, 0x400);
    public static final int POLLOUT = row("POLLOUT", 0x4, 0x4, 0x4, 0x4, 0x4, 0x4, 0x10);
    public static final int POLLERR = row("POLLERR", 0x8, 0x8, 0x8, 0x8, 0x8, 0x8, 0x1);
    public static final int POLLHUP = row("POLLHUP", 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x2);
    public static final int POLLNVAL = row("POLLNVAL", 0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x4);
    public static final int POLLRDNORM = row("POLLRDNORM", 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x100);
    public static final int POLLRDBAND = row("POLLRDBAND", 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x200);
    public static final int POLLWRNORM = row("POLLWRNORM", 0x100, 0x4, 0x4, 0x4, 0x4, 0x4, 0x10);
    public static final int POLLWRBAND = row("POLLWRBAND", 0x200, 0x100, 0x100, 0x100, 0x100, 0x100, 0x20);
    public static final int POLLMSG = row("POLLMSG", 0x400, NONE, NONE, NONE, NONE, NONE, NONE);
    public static final int POLLRDHUP =
            row("POLLRDHUP", 0x2000, NONE, 0x4000, NONE, NONE, NONE, NONE); // FreeBSD 13 and later

    // sys/socket.h; bits/socket.h (glibc), linux/socket.h, linux/net.h
    public static final int AF_UNSPEC = row("AF_UNSPEC", 0, 0, 0, 0, 0, 0, 0);
    public static final int AF_UNIX = row("AF_UNIX", 1, 1, 1, 1, 1, 1, 1);
    public static final int AF_INET = row("AF_INET", 2, 2, 2, 2, 2, 2, 2);
    public static final int AF_INET6 = row("AF_INET6", 10, 30, 28, 24, 24, 28, 23);
    public static final int SOCK_STREAM = row("SOCK_STREAM", 1, 1, 1, 1, 1, 1, 1);
    public static final int SOCK_DGRAM = row("SOCK_DGRAM", 2, 2, 2, 2, 2, 2, 2);
    public static final int SOCK_RAW = row("SOCK_RAW", 3, 3, 3, 3, 3, 3, 3);
    public static final int SOCK_RDM = row("SOCK_RDM", 4, 4, 4, 4, 4, 4, 4);
    public static final int SOCK_SEQPACKET = row("SOCK_SEQPACKET", 5, 5, 5, 5, 5, 5, 5);
    public static final int SOCK_NONBLOCK =
            row("SOCK_NONBLOCK", 04000, NONE, 0x20000000, 0x4000, 0x20000000, 0x20000000, NONE);
    public static final int SOCK_CLOEXEC =
            row("SOCK_CLOEXEC", 02000000, NONE, 0x10000000, 0x8000, 0x10000000, 0x10000000, NONE);
    public static final int MSG_OOB = row("MSG_OOB", 0x1, 0x1, 0x1, 0x1, 0x1, 0x1, 0x1);
    public static final int MSG_PEEK = row("MSG_PEEK", 0x2, 0x2, 0x2, 0x2, 0x2, 0x2, 0x2);
    public static final int MSG_TRUNC = row("MSG_TRUNC", 0x20, 0x10, 0x10, 0x10, 0x10, 0x10, 0x100);
    public static final int MSG_DONTWAIT = row("MSG_DONTWAIT", 0x40, 0x80, 0x80, 0x80, 0x80, 0x80, NONE);
    public static final int MSG_WAITALL = row("MSG_WAITALL", 0x100, 0x40, 0x40, 0x40, 0x40, 0x40, 0x8);
    // macOS: newer headers define it (0x80000), older kernels ignore it
    public static final int MSG_NOSIGNAL = row("MSG_NOSIGNAL", 0x4000, NONE, 0x20000, 0x400, 0x400, 0x400, NONE);
    public static final int MSG_CTRUNC = row("MSG_CTRUNC", 0x8, 0x20, 0x20, 0x20, 0x20, 0x20, 0x200);
    public static final int MSG_CMSG_CLOEXEC =
            row("MSG_CMSG_CLOEXEC", 0x40000000, NONE, 0x40000, 0x800, 0x800, 0x1000, NONE);
    public static final int SCM_RIGHTS = row("SCM_RIGHTS", 1, 1, 1, 1, 1, 1, NONE);
    public static final int SHUT_RD = row("SHUT_RD", 0, 0, 0, 0, 0, 0, 0);
    public static final int SHUT_WR = row("SHUT_WR", 1, 1, 1, 1, 1, 1, 1);
    public static final int SHUT_RDWR = row("SHUT_RDWR", 2, 2, 2, 2, 2, 2, 2);

    // sys/socket.h; asm-generic/socket.h
    public static final int SOL_SOCKET = row("SOL_SOCKET", 1, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF);
    public static final int SO_REUSEADDR = row("SO_REUSEADDR", 2, 0x4, 0x4, 0x4, 0x4, 0x4, 0x4);
    public static final int SO_KEEPALIVE = row("SO_KEEPALIVE", 9, 0x8, 0x8, 0x8, 0x8, 0x8, 0x8);
    public static final int SO_BROADCAST = row("SO_BROADCAST", 6, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20);
    public static final int SO_LINGER = row("SO_LINGER", 13, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80);
    // macOS: in seconds; its SO_LINGER is in clock ticks
    public static final int SO_LINGER_SEC = row("SO_LINGER_SEC", NONE, 0x1080, NONE, NONE, NONE, NONE, NONE);
    public static final int SO_OOBINLINE = row("SO_OOBINLINE", 10, 0x100, 0x100, 0x100, 0x100, 0x100, 0x100);
    public static final int SO_REUSEPORT = row("SO_REUSEPORT", 15, 0x200, 0x200, 0x200, 0x200, 0x200, NONE);
    public static final int SO_NOSIGPIPE = row("SO_NOSIGPIPE", NONE, 0x1022, 0x800, NONE, 0x800, 0x800, NONE);
    public static final int SO_SNDBUF = row("SO_SNDBUF", 7, 0x1001, 0x1001, 0x1001, 0x1001, 0x1001, 0x1001);
    public static final int SO_RCVBUF = row("SO_RCVBUF", 8, 0x1002, 0x1002, 0x1002, 0x1002, 0x1002, 0x1002);
    public static final int SO_ERROR = row("SO_ERROR", 4, 0x1007, 0x1007, 0x1007, 0x1007, 0x1007, 0x1007);
    public static final int SO_PEERCRED = row("SO_PEERCRED", 17, NONE, NONE, 0x1022, NONE, NONE, NONE);
    public static final int SO_TYPE = row("SO_TYPE", 3, 0x1008, 0x1008, 0x1008, 0x1008, 0x1008, 0x1008);
    public static final int SO_ACCEPTCONN = row("SO_ACCEPTCONN", 30, 0x2, 0x2, 0x2, 0x2, 0x2, 0x2);
    public static final int SO_RCVLOWAT = row("SO_RCVLOWAT", 18, 0x1004, 0x1004, 0x1004, 0x1004, 0x1004, 0x1004);
    // NetBSD: the numbers since time_t has 64 bits
    public static final int SO_SNDTIMEO = row("SO_SNDTIMEO", 21, 0x1005, 0x1005, 0x1005, 0x100B, 0x1005, 0x1005);
    public static final int SO_RCVTIMEO = row("SO_RCVTIMEO", 20, 0x1006, 0x1006, 0x1006, 0x100C, 0x1006, 0x1006);

    // netinet/in.h, netinet/tcp.h, netinet6/in6.h; linux/in.h, linux/in6.h, linux/tcp.h
    public static final int IPPROTO_IP = row("IPPROTO_IP", 0, 0, 0, 0, 0, 0, 0);
    public static final int IPPROTO_TCP = row("IPPROTO_TCP", 6, 6, 6, 6, 6, 6, 6);
    public static final int IPPROTO_IPV6 = row("IPPROTO_IPV6", 41, 41, 41, 41, 41, 41, 41);
    public static final int TCP_NODELAY = row("TCP_NODELAY", 1, 1, 1, 1, 1, 1, 1);
    public static final int TCP_MAXSEG = row("TCP_MAXSEG", 2, 2, 2, 2, 2, 2, 4);
    // macOS: TCP_KEEPALIVE has the meaning of TCP_KEEPIDLE, as on Windows
    public static final int TCP_KEEPIDLE = row("TCP_KEEPIDLE", 4, NONE, 0x100, NONE, 3, 0x100, 3);
    public static final int TCP_KEEPALIVE = row("TCP_KEEPALIVE", NONE, 0x10, NONE, NONE, NONE, NONE, 3);
    public static final int TCP_KEEPINTVL = row("TCP_KEEPINTVL", 5, 0x101, 0x200, NONE, 5, 0x200, 17);
    public static final int TCP_KEEPCNT = row("TCP_KEEPCNT", 6, 0x102, 0x400, NONE, 6, 0x400, 16);
    public static final int IP_TTL = row("IP_TTL", 2, 4, 4, 4, 4, 4, 4);
    public static final int IP_TOS = row("IP_TOS", 1, 3, 3, 3, 3, 3, 3);
    public static final int IP_MULTICAST_IF = row("IP_MULTICAST_IF", 32, 9, 9, 9, 9, 9, 9);
    public static final int IP_MULTICAST_TTL = row("IP_MULTICAST_TTL", 33, 10, 10, 10, 10, 10, 10);
    public static final int IP_MULTICAST_LOOP = row("IP_MULTICAST_LOOP", 34, 11, 11, 11, 11, 11, 11);
    public static final int IP_DONTFRAG = row("IP_DONTFRAG", NONE, 28, 67, NONE, NONE, NONE, 14);
    public static final int MCAST_JOIN_GROUP = row("MCAST_JOIN_GROUP", 42, 80, 80, NONE, NONE, NONE, 41);
    public static final int MCAST_LEAVE_GROUP = row("MCAST_LEAVE_GROUP", 45, 81, 81, NONE, NONE, NONE, 42);
    public static final int MCAST_JOIN_SOURCE_GROUP = row("MCAST_JOIN_SOURCE_GROUP", 46, 82, 82, NONE, NONE, NONE, 45);
    public static final int MCAST_LEAVE_SOURCE_GROUP =
            row("MCAST_LEAVE_SOURCE_GROUP", 47, 83, 83, NONE, NONE, NONE, 46);
    public static final int MCAST_BLOCK_SOURCE = row("MCAST_BLOCK_SOURCE", 43, 84, 84, NONE, NONE, NONE, 43);
    public static final int MCAST_UNBLOCK_SOURCE = row("MCAST_UNBLOCK_SOURCE", 44, 85, 85, NONE, NONE, NONE, 44);
    public static final int IPV6_V6ONLY = row("IPV6_V6ONLY", 26, 27, 27, 27, 27, 27, 27);
    public static final int IPV6_TCLASS = row("IPV6_TCLASS", 67, 36, 61, 61, 61, 61, 39);
    public static final int IPV6_UNICAST_HOPS = row("IPV6_UNICAST_HOPS", 16, 4, 4, 4, 4, 4, 4);
    public static final int IPV6_MULTICAST_IF = row("IPV6_MULTICAST_IF", 17, 9, 9, 9, 9, 9, 9);
    public static final int IPV6_MULTICAST_HOPS = row("IPV6_MULTICAST_HOPS", 18, 10, 10, 10, 10, 10, 10);
    public static final int IPV6_MULTICAST_LOOP = row("IPV6_MULTICAST_LOOP", 19, 11, 11, 11, 11, 11, 11);
    public static final int IPV6_DONTFRAG = row("IPV6_DONTFRAG", 62, 62, 62, 62, 62, 62, 14);

    // sys/signal.h; asm-generic/signal-defs.h
    public static final int SIG_BLOCK = row("SIG_BLOCK", 0, 1, 1, 1, 1, 1, NONE);
    public static final int SIG_SETMASK = row("SIG_SETMASK", 2, 3, 3, 3, 3, 3, NONE);

    private Constants() {}

    private static int row(
            String name, int linux, int macos, int freebsd, int openbsd, int netbsd, int dragonfly, int windows) {
        int[] row = {linux, macos, freebsd, openbsd, netbsd, dragonfly, windows};
        ROWS.put(name, row);
        return number(Platform.CURRENT, name, row[Math.max(0, column(Platform.CURRENT.os()))]);
    }

    private static int number(Platform platform, String name, int ofSystem) {
        return platform.os() == Os.LINUX && platform.arch() == Arch.PPC64LE
                ? OF_POWERPC.getOrDefault(name, ofSystem)
                : ofSystem;
    }

    private static int column(Os os) {
        for (int column = 0; column < COLUMNS.length; column++) {
            if (COLUMNS[column] == os) {
                return column;
            }
        }
        return -1;
    }

    /// Returns the value of a constant on any system, or [#NONE]. It is not one of [#OF_POWERPC].
    ///
    /// @throws IllegalArgumentException if there is no such constant, or no column for the system
    public static int of(Os os, String name) {
        int[] row = ROWS.get(name);
        int column = column(os);
        if (row == null || column < 0) {
            throw new IllegalArgumentException("no constant " + name + " of " + os);
        }
        return row[column];
    }

    /// Returns the value of a constant on any platform, or [#NONE].
    ///
    /// @throws IllegalArgumentException as for [#of(Os, String)]
    public static int of(Platform platform, String name) {
        return number(platform, name, of(platform.os(), name));
    }

    /// Returns all constants of a platform by name, in the order of this file, without those that the system lacks.
    ///
    /// @throws IllegalArgumentException if there is no column for the system
    public static Map<String, Integer> table(Platform platform) {
        Map<String, Integer> table = new LinkedHashMap<>();
        for (String name : ROWS.keySet()) {
            int number = of(platform, name);
            if (number != NONE) {
                table.put(name, number);
            }
        }
        return table;
    }

    /// Returns a flag to combine with others: the constant, or 0 if this system lacks it.
    public static int orZero(int number) {
        return number == NONE ? 0 : number;
    }
}
