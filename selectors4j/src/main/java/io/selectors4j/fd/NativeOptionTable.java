package io.selectors4j.fd;

import static io.selectors4j.fd.SocketOptionTable.IP;
import static io.selectors4j.fd.SocketOptionTable.IPV6;
import static io.selectors4j.fd.SocketOptionTable.MAX_BYTE;
import static io.selectors4j.fd.SocketOptionTable.SOCKET;
import static io.selectors4j.fd.SocketOptionTable.TCP;
import static io.selectors4j.fd.SocketOptionTable.flag;
import static io.selectors4j.fd.SocketOptionTable.number;
import static io.selectors4j.fd.SocketOptionTable.ofLinux;

import io.selectors4j.fd.SocketOptionTable.Level;
import io.selectors4j.fd.SocketOptionTable.Option;
import io.selectors4j.fd.SocketOptionTable.Optname;
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

    static final Option<Duration> SO_RCVTIMEO =
            encoded("SO_RCVTIMEO", Duration.class, SOCKET.ofTime(Constants.SO_RCVTIMEO));
    static final Option<Duration> SO_SNDTIMEO =
            encoded("SO_SNDTIMEO", Duration.class, SOCKET.ofTime(Constants.SO_SNDTIMEO));
    static final Option<Integer> SO_RCVLOWAT =
            number("SO_RCVLOWAT", SOCKET.of(Constants.SO_RCVLOWAT), 1, Integer.MAX_VALUE);
    static final Option<Boolean> SO_ACCEPTCONN = new Option<>(
            "SO_ACCEPTCONN",
            Boolean.class,
            SOCKET.of(Constants.SO_ACCEPTCONN),
            SOCKET.of(Constants.SO_ACCEPTCONN),
            0,
            Option.READ_ONLY);
    static final Option<Integer> SO_PROTOCOL =
            number("SO_PROTOCOL", SOCKET.of(ofLinux(LinuxConstants.SO_PROTOCOL)), 0, Option.READ_ONLY);
    static final Option<Integer> SO_PRIORITY =
            number("SO_PRIORITY", SOCKET.of(ofLinux(LinuxConstants.SO_PRIORITY)), 0, Integer.MAX_VALUE);
    static final Option<Integer> SO_MARK =
            number("SO_MARK", SOCKET.of(ofLinux(LinuxConstants.SO_MARK)), Integer.MIN_VALUE, Integer.MAX_VALUE);
    static final Option<String> SO_BINDTODEVICE =
            encoded("SO_BINDTODEVICE", String.class, SOCKET.of(ofLinux(LinuxConstants.SO_BINDTODEVICE), NAME_SIZE));
    static final Option<Boolean> SO_PASSCRED =
            flag("SO_PASSCRED", SOCKET.of(ofLinux(LinuxConstants.soPasscred(Platform.CURRENT.arch()))));
    static final Option<Boolean> SO_TIMESTAMPNS =
            flag("SO_TIMESTAMPNS", SOCKET.of(ofLinux(LinuxConstants.SO_TIMESTAMPNS)));
    static final Option<Integer> SO_BUSY_POLL =
            number("SO_BUSY_POLL", SOCKET.of(ofLinux(LinuxConstants.SO_BUSY_POLL)), 0, Integer.MAX_VALUE);
    static final Option<Integer> SO_INCOMING_CPU =
            number("SO_INCOMING_CPU", SOCKET.of(ofLinux(LinuxConstants.SO_INCOMING_CPU)), -1, Integer.MAX_VALUE);
    static final Option<Integer> TCP_MAXSEG = number("TCP_MAXSEG", TCP.of(Constants.TCP_MAXSEG), 1, MAX_SEGMENT);
    static final Option<Boolean> TCP_CORK = flag("TCP_CORK", TCP.of(ofLinux(LinuxConstants.TCP_CORK)));
    static final Option<Integer> TCP_SYNCNT =
            number("TCP_SYNCNT", TCP.of(ofLinux(LinuxConstants.TCP_SYNCNT)), 1, MAX_SYN);
    static final Option<Integer> TCP_LINGER2 =
            number("TCP_LINGER2", TCP.of(ofLinux(LinuxConstants.TCP_LINGER2)), -1, Integer.MAX_VALUE);
    static final Option<Integer> TCP_DEFER_ACCEPT =
            number("TCP_DEFER_ACCEPT", TCP.of(ofLinux(LinuxConstants.TCP_DEFER_ACCEPT)), 0, Integer.MAX_VALUE);
    static final Option<String> TCP_CONGESTION =
            encoded("TCP_CONGESTION", String.class, TCP.of(ofLinux(LinuxConstants.TCP_CONGESTION), NAME_SIZE));
    static final Option<Duration> TCP_USER_TIMEOUT =
            encoded("TCP_USER_TIMEOUT", Duration.class, TCP.of(ofLinux(LinuxConstants.TCP_USER_TIMEOUT)));
    static final Option<Integer> TCP_FASTOPEN =
            number("TCP_FASTOPEN", TCP.of(ofLinux(LinuxConstants.TCP_FASTOPEN)), 0, Integer.MAX_VALUE);
    static final Option<Boolean> TCP_FASTOPEN_CONNECT =
            flag("TCP_FASTOPEN_CONNECT", TCP.of(ofLinux(LinuxConstants.TCP_FASTOPEN_CONNECT)));
    static final Option<Integer> TCP_NOTSENT_LOWAT =
            number("TCP_NOTSENT_LOWAT", TCP.of(ofLinux(LinuxConstants.TCP_NOTSENT_LOWAT)), 0, Integer.MAX_VALUE);
    static final Option<Integer> IP_TTL = new Option<>(
            "IP_TTL", Integer.class, IP.of(Constants.IP_TTL), IPV6.of(Constants.IPV6_UNICAST_HOPS), 1, MAX_BYTE);
    static final Option<Boolean> IP_RECVTTL = flagOfIp(
            "IP_RECVTTL",
            IP.of(ofLinux(LinuxConstants.IP_RECVTTL)),
            IPV6.of(ofLinux(LinuxConstants.IPV6_RECVHOPLIMIT)));
    static final Option<Boolean> IP_RECVTOS = flagOfIp(
            "IP_RECVTOS", IP.of(ofLinux(LinuxConstants.IP_RECVTOS)), IPV6.of(ofLinux(LinuxConstants.IPV6_RECVTCLASS)));
    static final Option<Boolean> IP_PKTINFO = flagOfIp(
            "IP_PKTINFO", IP.of(ofLinux(LinuxConstants.IP_PKTINFO)), IPV6.of(ofLinux(LinuxConstants.IPV6_RECVPKTINFO)));
    static final Option<Boolean> IP_RECVERR = flagOfIp(
            "IP_RECVERR", IP.of(ofLinux(LinuxConstants.IP_RECVERR)), IPV6.of(ofLinux(LinuxConstants.IPV6_RECVERR)));
    static final Option<Boolean> IP_FREEBIND = flagOfIp(
            "IP_FREEBIND", IP.of(ofLinux(LinuxConstants.IP_FREEBIND)), IPV6.of(ofLinux(LinuxConstants.IPV6_FREEBIND)));
    static final Option<Boolean> IP_TRANSPARENT = flagOfIp(
            "IP_TRANSPARENT",
            IP.of(ofLinux(LinuxConstants.IP_TRANSPARENT)),
            IPV6.of(ofLinux(LinuxConstants.IPV6_TRANSPARENT)));
    static final Option<Boolean> IP_BIND_ADDRESS_NO_PORT =
            flag("IP_BIND_ADDRESS_NO_PORT", IP.of(ofLinux(LinuxConstants.IP_BIND_ADDRESS_NO_PORT)));
    static final Option<Boolean> IP_MULTICAST_ALL = flagOfIp(
            "IP_MULTICAST_ALL",
            IP.of(ofLinux(LinuxConstants.IP_MULTICAST_ALL)),
            IPV6.of(ofLinux(LinuxConstants.IPV6_MULTICAST_ALL)));
    static final Option<Integer> UDP_SEGMENT =
            number("UDP_SEGMENT", UDP.of(ofLinux(LinuxConstants.UDP_SEGMENT)), 0, MAX_SHORT);
    static final Option<Boolean> UDP_GRO = flag("UDP_GRO", UDP.of(ofLinux(LinuxConstants.UDP_GRO)));

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

    private static Option<Boolean> flagOfIp(String name, Optname optname, Optname optname6) {
        return new Option<>(name, Boolean.class, optname, optname6, 0, 1);
    }

    /// Returns an option whose values are a [Duration] or a [String].
    private static <T> Option<T> encoded(String name, Class<T> type, Optname optname) {
        return new Option<>(name, type, optname, optname, 0, Integer.MAX_VALUE);
    }
}
