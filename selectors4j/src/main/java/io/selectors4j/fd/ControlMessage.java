package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.LinuxConstants;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A control message: data that accompany the bytes of a message, also called ancillary data. [SocketFd#sendMessage]
/// sends control messages, and [ReceivedMessage#control] returns those that were received.
///
/// The kernel adds most kinds to a received message only if a socket option asks for them. All systems but Windows pass
/// [Descriptors] and [Raw]. The other kinds are of Linux; elsewhere, what the kernel adds is [Raw].
///
/// Source: cmsg(3), unix(7), ip(7), ipv6(7), udp(7), socket(7).
public sealed interface ControlMessage {

    /// Descriptors to pass to the process at the other end of a Unix socket: SCM_RIGHTS. The receiver gets duplicates:
    /// [ReceivedMessage#takeDescriptors]. The sender may close its own after the call.
    ///
    /// @param fds the descriptors, at least one; Linux passes up to 253 in a message
    record Descriptors(List<Fd> fds) implements ControlMessage {

        /// Copies the list.
        ///
        /// @throws IllegalArgumentException if it is empty
        public Descriptors {
            fds = List.copyOf(fds);
            if (fds.isEmpty()) {
                throw new IllegalArgumentException("no descriptor to pass: " + fds);
            }
        }
    }

    /// The credentials of the sender of a message on a Unix socket: SCM_CREDENTIALS. The kernel checks them: a process
    /// without privileges can send its own only. It adds them to each message for a receiver that has set SO_PASSCRED.
    ///
    /// @param sender the credentials; the process ID in the receiver's PID namespace, 0 if it has none there
    record Credentials(PeerCredentials sender) implements ControlMessage {

        /// Checks that the credentials are not null.
        public Credentials {
            Objects.requireNonNull(sender, "sender");
        }
    }

    /// The time at which the kernel received the message: SCM_TIMESTAMPNS, for a receiver that has set SO_TIMESTAMPNS.
    /// It cannot be sent.
    ///
    /// @param time the time of the system's clock, in nanoseconds
    record Timestamp(Instant time) implements ControlMessage {

        /// Checks that the time is not null.
        public Timestamp {
            Objects.requireNonNull(time, "time");
        }
    }

    /// The destination of a received datagram, for a receiver that has set IP_PKTINFO or IPV6_RECVPKTINFO. A datagram
    /// that is sent with it has `local` as its source, and leaves through the interface. So a server on many addresses
    /// answers from the one that was asked, by sending the object that it received.
    ///
    /// @param local the local address: the destination of the datagram, or for a multicast or broadcast datagram over
    ///     IPv4 the address of the interface; to send, the wildcard address for any
    /// @param interfaceIndex the index of the network interface; 0 for any
    /// @param destination the destination address in the header of a received datagram, null to send
    record PacketInfo(
            InetAddress local, int interfaceIndex, @Nullable InetAddress destination) implements ControlMessage {

        /// Checks that the local address is not null.
        public PacketInfo {
            Objects.requireNonNull(local, "local");
        }
    }

    /// The TTL of IPv4 or the hop limit of IPv6: of a received datagram for a receiver that has set IP_RECVTTL or
    /// IPV6_RECVHOPLIMIT, or for the datagram to send.
    ///
    /// @param value 0 to 255; the kernel refuses to send 0
    record TimeToLive(int value) implements ControlMessage {

        /// Checks the range.
        ///
        /// @throws IllegalArgumentException if the value is below 0 or above 255
        public TimeToLive {
            requireByte("TTL", value);
        }
    }

    /// The type-of-service byte of IPv4 or the traffic class of IPv6: of a received datagram for a receiver that has
    /// set IP_RECVTOS or IPV6_RECVTCLASS, or for the datagram to send.
    ///
    /// @param value 0 to 255: six bits of DSCP and two of ECN
    record TypeOfService(int value) implements ControlMessage {

        /// Checks the range.
        ///
        /// @throws IllegalArgumentException if the value is below 0 or above 255
        public TypeOfService {
            requireByte("type of service", value);
        }
    }

    /// The length of the datagrams in one large buffer: UDP_SEGMENT to send them with one call, UDP_GRO of a receiver
    /// that has set this option. The last datagram may be shorter.
    ///
    /// @param bytes 1 to 65,535
    record SegmentSize(int bytes) implements ControlMessage {

        private static final int MAX = 0xFFFF;

        /// Checks the range.
        ///
        /// @throws IllegalArgumentException if the number is below 1 or above 65,535
        public SegmentSize {
            if (bytes < 1 || bytes > MAX) {
                throw new IllegalArgumentException("the segment size is 1 to " + MAX + ", not " + bytes);
            }
        }
    }

    /// An entry of the error queue of a socket that has set IP_RECVERR or IPV6_RECVERR: `struct sock_extended_err`.
    /// Read with [SocketFd#MSG_ERRQUEUE]; [ReceivedMessage#sender] is then the destination of the datagram that failed,
    /// and the buffers get its bytes. It cannot be sent.
    ///
    /// @param errno the number of the error, such as that of EHOSTUNREACH; 0 for a report without error
    /// @param origin where the error comes from: a constant of this class
    /// @param type the type of the ICMP message
    /// @param code the code of the ICMP message
    /// @param info more information: the MTU for EMSGSIZE
    /// @param data more information, which depends on the origin
    /// @param offender the address of the router or host that reported the error; null if it is unknown or this one
    record ExtendedError(
            int errno,
            int origin,
            int type,
            int code,
            int info,
            int data,
            @Nullable InetAddress offender) implements ControlMessage {

        /// The error was found on this host.
        public static final int SO_EE_ORIGIN_LOCAL = LinuxConstants.SO_EE_ORIGIN_LOCAL;

        /// The error was reported by an ICMP message.
        public static final int SO_EE_ORIGIN_ICMP = LinuxConstants.SO_EE_ORIGIN_ICMP;

        /// The error was reported by an ICMPv6 message.
        public static final int SO_EE_ORIGIN_ICMP6 = LinuxConstants.SO_EE_ORIGIN_ICMP6;

        /// The entry is a timestamp of a datagram that was sent: SO_TIMESTAMPING.
        public static final int SO_EE_ORIGIN_TIMESTAMPING = LinuxConstants.SO_EE_ORIGIN_TIMESTAMPING;

        /// The entry is the completion of a send with MSG_ZEROCOPY.
        public static final int SO_EE_ORIGIN_ZEROCOPY = LinuxConstants.SO_EE_ORIGIN_ZEROCOPY;

        /// Returns the symbolic name of the error, as [NativeIOException#errnoName] does.
        ///
        /// @return the name, such as `EHOSTUNREACH`
        public String errnoName() {
            return Errno.name(errno);
        }
    }

    /// A control message of any kind: one that this library does not know, or to send as it is.
    final class Raw implements ControlMessage {

        private final int level;
        private final int type;
        private final byte[] data;

        private Raw(int level, int type, byte[] data) {
            this.level = level;
            this.type = type;
            this.data = data;
        }

        /// Creates a control message.
        ///
        /// @param level the level: `cmsg_level`
        /// @param type the type within the level: `cmsg_type`
        /// @param data the data, which are copied
        /// @return the control message
        public static Raw of(int level, int type, byte[] data) {
            return new Raw(level, type, data.clone());
        }

        /// Returns the level.
        ///
        /// @return `cmsg_level`
        public int level() {
            return level;
        }

        /// Returns the type within the level.
        ///
        /// @return `cmsg_type`
        public int type() {
            return type;
        }

        /// Returns the data.
        ///
        /// @return a copy
        public byte[] data() {
            return data.clone();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Raw raw && level == raw.level && type == raw.type && Arrays.equals(data, raw.data);
        }

        @Override
        public int hashCode() {
            return Objects.hash(level, type, Arrays.hashCode(data));
        }

        @Override
        public String toString() {
            return "Raw[level=" + level + ", type=" + type + ", data=" + data.length + " bytes]";
        }
    }

    private static void requireByte(String name, int value) {
        if (value < 0 || value > 255) {
            throw new IllegalArgumentException("the " + name + " is 0 to 255, not " + value);
        }
    }
}
