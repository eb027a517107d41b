package io.selectors4j.fd;

import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;

/// Socket options that [StandardSocketOptions] does not have, for [SocketFd#setOption(SocketOption, Object)] and
/// [SocketFd#getOption(SocketOption)]. [SocketFd] has those of `jdk.net.ExtendedSocketOptions`.
///
/// A value that is out of range is refused with an [IllegalArgumentException], and so is an option that the system
/// lacks. On an IPv6 socket, Linux has separate values for IPv4 and IPv6 of the options IP_*: both are set, and the one
/// for IPv6 is returned.
///
/// Source: socket(7), ip(7), ipv6(7), tcp(7), udp(7).
public final class NativeSocketOptions {

    /// The longest wait of a receiving call on a blocking socket, and of `accept`; zero, the default, for no limit. The
    /// call then returns 0 or null, as on a non-blocking socket. Rounded up to microseconds, on Windows to
    /// milliseconds, and by the kernel up to its clock tick, which [SocketFd#getOption(SocketOption)] returns. Not
    /// negative.
    public static final SocketOption<Duration> SO_RCVTIMEO = NativeOptionTable.SO_RCVTIMEO;

    /// The longest wait of a sending call on a blocking socket, and of `connect` on Linux; zero, the default, for no
    /// limit. The call then returns 0 or what it has sent. Rounded as [#SO_RCVTIMEO] is. Not negative.
    public static final SocketOption<Duration> SO_SNDTIMEO = NativeOptionTable.SO_SNDTIMEO;

    /// The number of bytes that make a stream socket readable, at least 1, the default. Fewer bytes do not end a wait.
    public static final SocketOption<Integer> SO_RCVLOWAT = NativeOptionTable.SO_RCVLOWAT;

    /// Whether the socket listens. It cannot be set.
    public static final SocketOption<Boolean> SO_ACCEPTCONN = NativeOptionTable.SO_ACCEPTCONN;

    /// The number of the protocol, such as 6 for TCP. It cannot be set. Linux only.
    public static final SocketOption<Integer> SO_PROTOCOL = NativeOptionTable.SO_PROTOCOL;

    /// The priority of sent packets, which selects a queue: 0 to 6; more needs the capability CAP_NET_ADMIN. Linux
    /// only.
    public static final SocketOption<Integer> SO_PRIORITY = NativeOptionTable.SO_PRIORITY;

    /// The mark of sent packets, any 32 bits, for routing and packet filters. It needs CAP_NET_ADMIN or CAP_NET_RAW.
    /// Linux only.
    public static final SocketOption<Integer> SO_MARK = NativeOptionTable.SO_MARK;

    /// The name of the only network interface that the socket uses, at most 15 bytes; empty for any interface. Linux
    /// only.
    public static final SocketOption<String> SO_BINDTODEVICE = NativeOptionTable.SO_BINDTODEVICE;

    /// Whether received messages of a Unix socket carry the credentials of their sender, as control data. Linux only.
    public static final SocketOption<Boolean> SO_PASSCRED = NativeOptionTable.SO_PASSCRED;

    /// Whether received messages carry the time of their arrival, as control data. Linux only.
    public static final SocketOption<Boolean> SO_TIMESTAMPNS = NativeOptionTable.SO_TIMESTAMPNS;

    /// The microseconds that a receiving call polls the network device before it waits. More than before needs the
    /// capability CAP_NET_ADMIN. Linux only.
    public static final SocketOption<Integer> SO_BUSY_POLL = NativeOptionTable.SO_BUSY_POLL;

    /// The processor that handled the last packet of the connection; for sockets with SO_REUSEPORT, the processor whose
    /// connections the socket takes. -1 for none. Linux only.
    public static final SocketOption<Integer> SO_INCOMING_CPU = NativeOptionTable.SO_INCOMING_CPU;

    /// The largest segment of the connection in bytes, 1 to 32,767, set before it is connected. Linux refuses less than
    /// 88 with EINVAL. The kernel may lower it.
    public static final SocketOption<Integer> TCP_MAXSEG = NativeOptionTable.TCP_MAXSEG;

    /// Whether the socket sends full segments only, for at most 200 milliseconds. Linux only.
    public static final SocketOption<Boolean> TCP_CORK = NativeOptionTable.TCP_CORK;

    /// The number of repeated connection requests before `connect` fails with ETIMEDOUT, 1 to 127. Linux only.
    public static final SocketOption<Integer> TCP_SYNCNT = NativeOptionTable.TCP_SYNCNT;

    /// The seconds that a closed connection waits in the state FIN-WAIT-2; 0 for the default of the system, -1 for no
    /// wait. Linux only.
    public static final SocketOption<Integer> TCP_LINGER2 = NativeOptionTable.TCP_LINGER2;

    /// The seconds that a listening socket waits for the first data before it reports a connection; 0 for not at all.
    /// The kernel rounds up to a number of retransmissions, which [SocketFd#getOption(SocketOption)] returns in
    /// seconds. Linux only.
    public static final SocketOption<Integer> TCP_DEFER_ACCEPT = NativeOptionTable.TCP_DEFER_ACCEPT;

    /// The name of the algorithm of congestion control, such as `cubic`, at most 15 bytes. An unknown one fails with
    /// ENOENT. Linux only.
    public static final SocketOption<String> TCP_CONGESTION = NativeOptionTable.TCP_CONGESTION;

    /// The longest time that sent data stay unacknowledged before the connection ends with ETIMEDOUT; zero for the
    /// default of the system. Rounded up to milliseconds, of which an `int` must hold the number. Linux only.
    public static final SocketOption<Duration> TCP_USER_TIMEOUT = NativeOptionTable.TCP_USER_TIMEOUT;

    /// The number of connections that a listening socket accepts with data in their first packet; 0 for none. Linux
    /// only.
    public static final SocketOption<Integer> TCP_FASTOPEN = NativeOptionTable.TCP_FASTOPEN;

    /// Whether `connect` waits for the first write, to send its data with the connection request. Linux only.
    public static final SocketOption<Boolean> TCP_FASTOPEN_CONNECT = NativeOptionTable.TCP_FASTOPEN_CONNECT;

    /// The number of unsent bytes below which the socket is writable. [SocketFd#getOption(SocketOption)] returns -1 for
    /// no limit. Linux only.
    public static final SocketOption<Integer> TCP_NOTSENT_LOWAT = NativeOptionTable.TCP_NOTSENT_LOWAT;

    /// The number of routers that a sent packet may pass, 1 to 255: also IPV6_UNICAST_HOPS.
    public static final SocketOption<Integer> IP_TTL = NativeOptionTable.IP_TTL;

    /// Whether received datagrams carry their remaining number of routers, as control data: also IPV6_RECVHOPLIMIT.
    /// Linux only.
    public static final SocketOption<Boolean> IP_RECVTTL = NativeOptionTable.IP_RECVTTL;

    /// Whether received datagrams carry their type of service, as control data: also IPV6_RECVTCLASS. Linux only.
    public static final SocketOption<Boolean> IP_RECVTOS = NativeOptionTable.IP_RECVTOS;

    /// Whether received datagrams carry their network interface and destination, as control data: also
    /// IPV6_RECVPKTINFO. Linux only.
    public static final SocketOption<Boolean> IP_PKTINFO = NativeOptionTable.IP_PKTINFO;

    /// Whether the socket keeps errors of the network in its error queue: also IPV6_RECVERR. Linux only.
    public static final SocketOption<Boolean> IP_RECVERR = NativeOptionTable.IP_RECVERR;

    /// Whether the socket can be bound to an address that the system does not have yet: also IPV6_FREEBIND. Linux only.
    public static final SocketOption<Boolean> IP_FREEBIND = NativeOptionTable.IP_FREEBIND;

    /// Whether the socket can use addresses of other systems, for transparent proxies: also IPV6_TRANSPARENT. It needs
    /// CAP_NET_ADMIN or CAP_NET_RAW. Linux only.
    public static final SocketOption<Boolean> IP_TRANSPARENT = NativeOptionTable.IP_TRANSPARENT;

    /// Whether `bind` to port 0 leaves the choice of a port to `connect`. Linux only.
    public static final SocketOption<Boolean> IP_BIND_ADDRESS_NO_PORT = NativeOptionTable.IP_BIND_ADDRESS_NO_PORT;

    /// Whether a socket bound to the wildcard address gets datagrams of groups that other sockets have joined, the
    /// default: also IPV6_MULTICAST_ALL. Linux only.
    public static final SocketOption<Boolean> IP_MULTICAST_ALL = NativeOptionTable.IP_MULTICAST_ALL;

    /// The size in bytes of the datagrams into which the kernel divides each sent buffer, 0 to 65,535; 0 for no
    /// division. Linux only.
    public static final SocketOption<Integer> UDP_SEGMENT = NativeOptionTable.UDP_SEGMENT;

    /// Whether the kernel joins datagrams of one sender to one long message, whose control data has the size of each.
    /// Linux only.
    public static final SocketOption<Boolean> UDP_GRO = NativeOptionTable.UDP_GRO;

    private NativeSocketOptions() {}
}
