package io.selectors4j.fd;

import static io.selectors4j.fd.SocketOptionTable.IP;
import static io.selectors4j.fd.SocketOptionTable.IPV6;
import static io.selectors4j.fd.SocketOptionTable.MAX_BYTE;
import static io.selectors4j.fd.SocketOptionTable.SOCKET;
import static io.selectors4j.fd.SocketOptionTable.TCP;
import static io.selectors4j.fd.SocketOptionTable.ofLinux;

import io.selectors4j.fd.SocketOptionTable.Level;
import io.selectors4j.fd.SocketOptionTable.Option;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.posix.Constants;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The kernel's numbers of the options of [NativeSocketOptions].
final class NativeOptionTable {

    /// The size of a name with its zero byte: IFNAMSIZ, TCP_CA_NAME_MAX.
    private static final int NAME_SIZE = 16;

    private static final int MAX_SEGMENT = 32_767;
    private static final int MAX_SYN = 127;
    private static final int MAX_SHORT = 65_535;

    private static final Level UDP = new Level(LinuxConstants.IPPROTO_UDP);

    static final Option<Duration> SO_RCVTIMEO = new Option<>(
            "SO_RCVTIMEO",
            Duration.class,
            SOCKET.ofTime(Constants.SO_RCVTIMEO),
            SOCKET.ofTime(Constants.SO_RCVTIMEO),
            0,
            Integer.MAX_VALUE);
    static final Option<Duration> SO_SNDTIMEO = new Option<>(
            "SO_SNDTIMEO",
            Duration.class,
            SOCKET.ofTime(Constants.SO_SNDTIMEO),
            SOCKET.ofTime(Constants.SO_SNDTIMEO),
            0,
            Integer.MAX_VALUE);
    static final Option<Integer> SO_RCVLOWAT = new Option<>(
            "SO_RCVLOWAT",
            Integer.class,
            SOCKET.of(Constants.SO_RCVLOWAT),
            SOCKET.of(Constants.SO_RCVLOWAT),
            1,
            Integer.MAX_VALUE);
    static final Option<Boolean> SO_ACCEPTCONN = new Option<>(
            "SO_ACCEPTCONN",
            Boolean.class,
            SOCKET.of(Constants.SO_ACCEPTCONN),
            SOCKET.of(Constants.SO_ACCEPTCONN),
            0,
            Option.READ_ONLY);
    static final Option<Integer> SO_PROTOCOL = new Option<>(
            "SO_PROTOCOL",
            Integer.class,
            SOCKET.of(ofLinux(LinuxConstants.SO_PROTOCOL)),
            SOCKET.of(ofLinux(LinuxConstants.SO_PROTOCOL)),
            0,
            Option.READ_ONLY);
    static final Option<Integer> SO_PRIORITY = new Option<>(
            "SO_PRIORITY",
            Integer.class,
            SOCKET.of(ofLinux(LinuxConstants.SO_PRIORITY)),
            SOCKET.of(ofLinux(LinuxConstants.SO_PRIORITY)),
            0,
            Integer.MAX_VALUE);
    static final Option<Integer> SO_MARK = new Option<>(
            "SO_MARK",
            Integer.class,
            SOCKET.of(ofLinux(LinuxConstants.SO_MARK)),
            SOCKET.of(ofLinux(LinuxConstants.SO_MARK)),
            Integer.MIN_VALUE,
            Integer.MAX_VALUE);
    static final Option<String> SO_BINDTODEVICE = new Option<>(
            "SO_BINDTODEVICE",
            String.class,
            SOCKET.of(ofLinux(LinuxConstants.SO_BINDTODEVICE), NAME_SIZE),
            SOCKET.of(ofLinux(LinuxConstants.SO_BINDTODEVICE), NAME_SIZE),
            0,
            Integer.MAX_VALUE);
    static final Option<Boolean> SO_PASSCRED = new Option<>(
            "SO_PASSCRED",
            Boolean.class,
            SOCKET.of(ofLinux(LinuxConstants.soPasscred(Platform.CURRENT.arch()))),
            SOCKET.of(ofLinux(LinuxConstants.soPasscred(Platform.CURRENT.arch()))),
            0,
            1);
    static final Option<Boolean> SO_TIMESTAMPNS = new Option<>(
            "SO_TIMESTAMPNS",
            Boolean.class,
            SOCKET.of(ofLinux(LinuxConstants.SO_TIMESTAMPNS)),
            SOCKET.of(ofLinux(LinuxConstants.SO_TIMESTAMPNS)),
            0,
            1);
    static final Option<Integer> SO_BUSY_POLL = new Option<>(
            "SO_BUSY_POLL",
            Integer.class,
            SOCKET.of(ofLinux(LinuxConstants.SO_BUSY_POLL)),
            SOCKET.of(ofLinux(LinuxConstants.SO_BUSY_POLL)),
            0,
            Integer.MAX_VALUE);
    static final Option<Integer> SO_INCOMING_CPU = new Option<>(
            "SO_INCOMING_CPU",
            Integer.class,
            SOCKET.of(ofLinux(LinuxConstants.SO_INCOMING_CPU)),
            SOCKET.of(ofLinux(LinuxConstants.SO_INCOMING_CPU)),
            -1,
            Integer.MAX_VALUE);
    static final Option<Integer> TCP_MAXSEG = new Option<>(
            "TCP_MAXSEG", Integer.class, TCP.of(Constants.TCP_MAXSEG), TCP.of(Constants.TCP_MAXSEG), 1, MAX_SEGMENT);
    static final Option<Boolean> TCP_CORK = new Option<>(
            "TCP_CORK",
            Boolean.class,
            TCP.of(ofLinux(LinuxConstants.TCP_CORK)),
            TCP.of(ofLinux(LinuxConstants.TCP_CORK)),
            0,
            1);
    static final Option<Integer> TCP_SYNCNT = new Option<>(
            "TCP_SYNCNT",
            Integer.class,
            TCP.of(ofLinux(LinuxConstants.TCP_SYNCNT)),
            TCP.of(ofLinux(LinuxConstants.TCP_SYNCNT)),
            1,
            MAX_SYN);
    static final Option<Integer> TCP_LINGER2 = new Option<>(
            "TCP_LINGER2",
            Integer.class,
            TCP.of(ofLinux(LinuxConstants.TCP_LINGER2)),
            TCP.of(ofLinux(LinuxConstants.TCP_LINGER2)),
            -1,
            Integer.MAX_VALUE);
    static final Option<Integer> TCP_DEFER_ACCEPT = new Option<>(
            "TCP_DEFER_ACCEPT",
            Integer.class,
            TCP.of(ofLinux(LinuxConstants.TCP_DEFER_ACCEPT)),
            TCP.of(ofLinux(LinuxConstants.TCP_DEFER_ACCEPT)),
            0,
            Integer.MAX_VALUE);
    static final Option<String> TCP_CONGESTION = new Option<>(
            "TCP_CONGESTION",
            String.class,
            TCP.of(ofLinux(LinuxConstants.TCP_CONGESTION), NAME_SIZE),
            TCP.of(ofLinux(LinuxConstants.TCP_CONGESTION), NAME_SIZE),
            0,
            Integer.MAX_VALUE);
    static final Option<Duration> TCP_USER_TIMEOUT = new Option<>(
            "TCP_USER_TIMEOUT",
            Duration.class,
            TCP.of(ofLinux(LinuxConstants.TCP_USER_TIMEOUT)),
            TCP.of(ofLinux(LinuxConstants.TCP_USER_TIMEOUT)),
            0,
            Integer.MAX_VALUE);
    static final Option<Integer> TCP_FASTOPEN = new Option<>(
            "TCP_FASTOPEN",
            Integer.class,
            TCP.of(ofLinux(LinuxConstants.TCP_FASTOPEN)),
            TCP.of(ofLinux(LinuxConstants.TCP_FASTOPEN)),
            0,
            Integer.MAX_VALUE);
    static final Option<Boolean> TCP_FASTOPEN_CONNECT = new Option<>(
            "TCP_FASTOPEN_CONNECT",
            Boolean.class,
            TCP.of(ofLinux(LinuxConstants.TCP_FASTOPEN_CONNECT)),
            TCP.of(ofLinux(LinuxConstants.TCP_FASTOPEN_CONNECT)),
            0,
            1);
    static final Option<Integer> TCP_NOTSENT_LOWAT = new Option<>(
            "TCP_NOTSENT_LOWAT",
            Integer.class,
            TCP.of(ofLinux(LinuxConstants.TCP_NOTSENT_LOWAT)),
            TCP.of(ofLinux(LinuxConstants.TCP_NOTSENT_LOWAT)),
            0,
            Integer.MAX_VALUE);
    static final Option<Integer> IP_TTL = new Option<>(
            "IP_TTL", Integer.class, IP.of(Constants.IP_TTL), IPV6.of(Constants.IPV6_UNICAST_HOPS), 1, MAX_BYTE);
    static final Option<Boolean> IP_RECVTTL = new Option<>(
            "IP_RECVTTL",
            Boolean.class,
            IP.of(ofLinux(LinuxConstants.IP_RECVTTL)),
            IPV6.of(ofLinux(LinuxConstants.IPV6_RECVHOPLIMIT)),
            0,
            1);
    static final Option<Boolean> IP_RECVTOS = new Option<>(
            "IP_RECVTOS",
            Boolean.class,
            IP.of(ofLinux(LinuxConstants.IP_RECVTOS)),
            IPV6.of(ofLinux(LinuxConstants.IPV6_RECVTCLASS)),
            0,
            1);
    static final Option<Boolean> IP_PKTINFO = new Option<>(
            "IP_PKTINFO",
            Boolean.class,
            IP.of(ofLinux(LinuxConstants.IP_PKTINFO)),
            IPV6.of(ofLinux(LinuxConstants.IPV6_RECVPKTINFO)),
            0,
            1);
    static final Option<Boolean> IP_RECVERR = new Option<>(
            "IP_RECVERR",
            Boolean.class,
            IP.of(ofLinux(LinuxConstants.IP_RECVERR)),
            IPV6.of(ofLinux(LinuxConstants.IPV6_RECVERR)),
            0,
            1);
    static final Option<Boolean> IP_FREEBIND = new Option<>(
            "IP_FREEBIND",
            Boolean.class,
            IP.of(ofLinux(LinuxConstants.IP_FREEBIND)),
            IPV6.of(ofLinux(LinuxConstants.IPV6_FREEBIND)),
            0,
            1);
    static final Option<Boolean> IP_TRANSPARENT = new Option<>(
            "IP_TRANSPARENT",
            Boolean.class,
            IP.of(ofLinux(LinuxConstants.IP_TRANSPARENT)),
            IPV6.of(ofLinux(LinuxConstants.IPV6_TRANSPARENT)),
            0,
            1);
    static final Option<Boolean> IP_BIND_ADDRESS_NO_PORT = new Option<>(
            "IP_BIND_ADDRESS_NO_PORT",
            Boolean.class,
            IP.of(ofLinux(LinuxConstants.IP_BIND_ADDRESS_NO_PORT)),
            IP.of(ofLinux(LinuxConstants.IP_BIND_ADDRESS_NO_PORT)),
            0,
            1);
    static final Option<Boolean> IP_MULTICAST_ALL = new Option<>(
            "IP_MULTICAST_ALL",
            Boolean.class,
            IP.of(ofLinux(LinuxConstants.IP_MULTICAST_ALL)),
            IPV6.of(ofLinux(LinuxConstants.IPV6_MULTICAST_ALL)),
            0,
            1);
    static final Option<Integer> UDP_SEGMENT = new Option<>(
            "UDP_SEGMENT",
            Integer.class,
            UDP.of(ofLinux(LinuxConstants.UDP_SEGMENT)),
            UDP.of(ofLinux(LinuxConstants.UDP_SEGMENT)),
            0,
            MAX_SHORT);
    static final Option<Boolean> UDP_GRO = new Option<>(
            "UDP_GRO",
            Boolean.class,
            UDP.of(ofLinux(LinuxConstants.UDP_GRO)),
            UDP.of(ofLinux(LinuxConstants.UDP_GRO)),
            0,
            1);

    static final Map<String, Option<?>> BY_NAME = Stream.<Option<?>>of(
                    SO_RCVTIMEO,
                    SO_SNDTIMEO,
                    SO_RCVLOWAT,
                    SO_ACCEPTCONN,
                    SO_PROTOCOL,
                    SO_PRIORITY,
                    SO_MARK,
                    SO_BINDTODEVICE,
                    SO_PASSCRED,
                    SO_TIMESTAMPNS,
                    SO_BUSY_POLL,
                    SO_INCOMING_CPU,
                    TCP_MAXSEG,
                    TCP_CORK,
                    TCP_SYNCNT,
                    TCP_LINGER2,
                    TCP_DEFER_ACCEPT,
                    TCP_CONGESTION,
                    TCP_USER_TIMEOUT,
                    TCP_FASTOPEN,
                    TCP_FASTOPEN_CONNECT,
                    TCP_NOTSENT_LOWAT,
                    IP_TTL,
                    IP_RECVTTL,
                    IP_RECVTOS,
                    IP_PKTINFO,
                    IP_RECVERR,
                    IP_FREEBIND,
                    IP_TRANSPARENT,
                    IP_BIND_ADDRESS_NO_PORT,
                    IP_MULTICAST_ALL,
                    UDP_SEGMENT,
                    UDP_GRO)
            .collect(Collectors.toUnmodifiableMap(Option::name, Function.identity()));

    private NativeOptionTable() {}
}
