package io.selectors4j.fd;

import io.selectors4j.fd.ControlMessage.Credentials;
import io.selectors4j.fd.ControlMessage.Descriptors;
import io.selectors4j.fd.ControlMessage.ExtendedError;
import io.selectors4j.fd.ControlMessage.PacketInfo;
import io.selectors4j.fd.ControlMessage.Raw;
import io.selectors4j.fd.ControlMessage.SegmentSize;
import io.selectors4j.fd.ControlMessage.TimeToLive;
import io.selectors4j.fd.ControlMessage.Timestamp;
import io.selectors4j.fd.ControlMessage.TypeOfService;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.linux.ControlStructs;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.linux.Ucred;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.ControlBuffer;
import io.selectors4j.internal.posix.SockAddr;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Converts control messages to and from their bytes.
final class ControlData {

    private static final boolean LINUX = Platform.CURRENT.os() == Os.LINUX;
    private static final int INET4 = 4;
    private static final int INET6 = 16;
    private static final int TIMESPEC = 2 * Long.BYTES;

    private ControlData() {}

    /// Encodes control messages into the current thread's own memory.
    ///
    /// @param v6 whether the message is sent over IPv6
    /// @param acquired the list to which the passed descriptors are added, each acquired once; also if this method
    ///     fails
    static ControlBuffer encode(List<ControlMessage> messages, boolean v6, List<Fd> acquired) throws IOException {
        int space = 0;
        for (int i = 0; i < messages.size(); i++) {
            space += ControlBuffer.space(length(messages.get(i), v6));
        }
        ControlBuffer buffer = ControlBuffer.current(space);
        for (int i = 0; i < messages.size(); i++) {
            append(buffer, messages.get(i), v6, acquired);
        }
        return buffer;
    }

    /// Returns whether a message passes descriptors.
    static boolean passDescriptors(List<ControlMessage> messages) {
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i) instanceof Descriptors) {
                return true;
            }
        }
        return false;
    }

    private static int length(ControlMessage message, boolean v6) {
        return switch (message) {
            case Descriptors descriptors -> Integer.BYTES * descriptors.fds().size();
            case Credentials _ -> Ucred.SIZE;
            case PacketInfo _ -> v6 ? ControlStructs.IPI6_SIZE : ControlStructs.IPI_SIZE;
            case TimeToLive _, TypeOfService _ -> Integer.BYTES;
            case SegmentSize _ -> Short.BYTES;
            case Raw raw -> raw.data().length;
            case Timestamp _, ExtendedError _ ->
                throw new IllegalArgumentException(
                        "the kernel adds it to received messages, it cannot be sent: " + message);
        };
    }

    private static void append(ControlBuffer buffer, ControlMessage message, boolean v6, List<Fd> acquired)
            throws IOException {
        if (!LINUX && !(message instanceof Descriptors || message instanceof Raw)) {
            LinuxOnly.require("the control message " + message, "ControlMessage.Raw is sent on every Unix");
        }
        int length = length(message, v6);
        int level = v6 ? Constants.IPPROTO_IPV6 : Constants.IPPROTO_IP;
        switch (message) {
            case Descriptors descriptors -> {
                int data = buffer.append(Constants.SOL_SOCKET, Constants.SCM_RIGHTS, length);
                for (Fd fd : descriptors.fds()) {
                    fd.requireUnbatched("duplicate in another process");
                    int number = fd.acquire();
                    acquired.add(fd);
                    buffer.putInt(data, number);
                    data += Integer.BYTES;
                }
            }
            case Credentials credentials -> {
                int data = buffer.append(Constants.SOL_SOCKET, LinuxConstants.SCM_CREDENTIALS, length);
                buffer.putInt(
                        data + Integer.BYTES * Ucred.PID, credentials.sender().pid());
                buffer.putInt(
                        data + Integer.BYTES * Ucred.UID, credentials.sender().uid());
                buffer.putInt(
                        data + Integer.BYTES * Ucred.GID, credentials.sender().gid());
            }
            case PacketInfo info -> append(buffer, info, v6);
            case TimeToLive ttl -> {
                int type = v6 ? LinuxConstants.IPV6_HOPLIMIT : Constants.IP_TTL;
                buffer.putInt(buffer.append(level, type, length), ttl.value());
            }
            case TypeOfService tos -> {
                int type = v6 ? Constants.IPV6_TCLASS : Constants.IP_TOS;
                buffer.putInt(buffer.append(level, type, length), tos.value());
            }
            case SegmentSize size ->
                buffer.putShort(
                        buffer.append(LinuxConstants.IPPROTO_UDP, LinuxConstants.UDP_SEGMENT, length), size.bytes());
            case Raw raw -> buffer.putBytes(buffer.append(raw.level(), raw.type(), length), raw.data());
            case Timestamp _, ExtendedError _ -> throw new AssertionError(message);
        }
    }

    private static void append(ControlBuffer buffer, PacketInfo info, boolean v6) {
        byte[] local = info.local().getAddress();
        if (v6) {
            if (!(info.local() instanceof Inet6Address)) {
                throw new IllegalArgumentException("an IPv4 address for a message over IPv6: " + info);
            }
            int data = buffer.append(Constants.IPPROTO_IPV6, LinuxConstants.IPV6_PKTINFO, ControlStructs.IPI6_SIZE);
            buffer.putBytes(data, local);
            buffer.putInt(data + ControlStructs.IPI6_IFINDEX, info.interfaceIndex());
        } else {
            if (!(info.local() instanceof Inet4Address)) {
                throw new IllegalArgumentException("an IPv6 address for a message over IPv4: " + info);
            }
            int data = buffer.append(Constants.IPPROTO_IP, LinuxConstants.IP_PKTINFO, ControlStructs.IPI_SIZE);
            buffer.putInt(data, info.interfaceIndex());
            buffer.putBytes(data + ControlStructs.IPI_SPEC_DST, local);
        }
    }

    /// Decodes all control messages but the descriptors.
    static List<ControlMessage> decode(ControlBuffer buffer) {
        List<ControlMessage> messages = new ArrayList<>();
        for (int at = buffer.next(ControlBuffer.NONE); at != ControlBuffer.NONE; at = buffer.next(at)) {
            if (!hasDescriptors(buffer, at)) {
                ControlMessage known = LINUX ? decode(buffer, at) : null;
                messages.add(
                        known != null
                                ? known
                                : Raw.of(
                                        buffer.level(at),
                                        buffer.type(at),
                                        buffer.getBytes(buffer.data(at), buffer.dataLength(at))));
            }
        }
        return List.copyOf(messages);
    }

    /// Returns whether the control message at an offset passes descriptors.
    static boolean hasDescriptors(ControlBuffer buffer, int at) {
        return buffer.level(at) == Constants.SOL_SOCKET && buffer.type(at) == Constants.SCM_RIGHTS;
    }

    /// Decodes a control message of Linux. Returns null if the kind is not known, or if the kernel has cut the data.
    private static @Nullable ControlMessage decode(ControlBuffer buffer, int at) {
        int level = buffer.level(at);
        if (level == Constants.SOL_SOCKET) {
            return decodeSocket(buffer, at);
        }
        if (level == Constants.IPPROTO_IP) {
            return decodeIp(buffer, at);
        }
        if (level == Constants.IPPROTO_IPV6) {
            return decodeIpv6(buffer, at);
        }
        boolean gro = level == LinuxConstants.IPPROTO_UDP && buffer.type(at) == LinuxConstants.UDP_GRO;
        return gro && buffer.dataLength(at) >= Integer.BYTES ? new SegmentSize(buffer.getInt(buffer.data(at))) : null;
    }

    private static @Nullable ControlMessage decodeSocket(ControlBuffer buffer, int at) {
        int data = buffer.data(at);
        int length = buffer.dataLength(at);
        if (buffer.type(at) == LinuxConstants.SCM_CREDENTIALS && length >= Ucred.SIZE) {
            return new Credentials(new PeerCredentials(
                    buffer.getInt(data + Integer.BYTES * Ucred.PID),
                    buffer.getInt(data + Integer.BYTES * Ucred.UID),
                    buffer.getInt(data + Integer.BYTES * Ucred.GID)));
        }
        if (buffer.type(at) == LinuxConstants.SCM_TIMESTAMPNS && length >= TIMESPEC) {
            return new Timestamp(Instant.ofEpochSecond(buffer.getLong(data), buffer.getLong(data + Long.BYTES)));
        }
        return null;
    }

    private static @Nullable ControlMessage decodeIp(ControlBuffer buffer, int at) {
        int data = buffer.data(at);
        int length = buffer.dataLength(at);
        int type = buffer.type(at);
        if (type == LinuxConstants.IP_PKTINFO && length >= ControlStructs.IPI_SIZE) {
            return new PacketInfo(
                    address(buffer, data + ControlStructs.IPI_SPEC_DST, INET4, 0),
                    buffer.getInt(data),
                    address(buffer, data + ControlStructs.IPI_ADDR, INET4, 0));
        }
        if (type == Constants.IP_TTL && length >= Integer.BYTES) {
            return new TimeToLive(buffer.getInt(data));
        }
        if (type == Constants.IP_TOS && length >= 1) {
            return new TypeOfService(buffer.getByte(data));
        }
        return type == LinuxConstants.IP_RECVERR && length >= ControlStructs.EE_SIZE ? error(buffer, at) : null;
    }

    private static @Nullable ControlMessage decodeIpv6(ControlBuffer buffer, int at) {
        int data = buffer.data(at);
        int length = buffer.dataLength(at);
        int type = buffer.type(at);
        if (type == LinuxConstants.IPV6_PKTINFO && length >= ControlStructs.IPI6_SIZE) {
            int index = buffer.getInt(data + ControlStructs.IPI6_IFINDEX);
            InetAddress destination = address(buffer, data, INET6, index);
            return new PacketInfo(destination, index, destination);
        }
        if (type == LinuxConstants.IPV6_HOPLIMIT && length >= Integer.BYTES) {
            return new TimeToLive(buffer.getInt(data));
        }
        if (type == Constants.IPV6_TCLASS && length >= Integer.BYTES) {
            return new TypeOfService(buffer.getInt(data));
        }
        return type == LinuxConstants.IPV6_RECVERR && length >= ControlStructs.EE_SIZE ? error(buffer, at) : null;
    }

    private static ExtendedError error(ControlBuffer buffer, int at) {
        int data = buffer.data(at);
        return new ExtendedError(
                buffer.getInt(data),
                buffer.getByte(data + ControlStructs.EE_ORIGIN),
                buffer.getByte(data + ControlStructs.EE_TYPE),
                buffer.getByte(data + ControlStructs.EE_CODE),
                buffer.getInt(data + ControlStructs.EE_INFO),
                buffer.getInt(data + ControlStructs.EE_DATA),
                offender(buffer, data + ControlStructs.EE_SIZE, buffer.dataLength(at) - ControlStructs.EE_SIZE));
    }

    /// Returns the host of the `struct sockaddr` at an offset, null for AF_UNSPEC.
    private static @Nullable InetAddress offender(ControlBuffer buffer, int sockaddr, int length) {
        int data = Math.min(length, SockAddr.SOCKADDR_STORAGE) - Short.BYTES;
        if (data < 0) {
            return null;
        }
        SockAddr name = new SockAddr(buffer.getShort(sockaddr), buffer.getBytes(sockaddr + Short.BYTES, data));
        return name.decode() instanceof InetSocketAddress address ? address.getAddress() : null;
    }

    /// @param scope the index of the interface of a link-local IPv6 address
    private static InetAddress address(ControlBuffer buffer, int offset, int length, int scope) {
        byte[] bytes = buffer.getBytes(offset, length);
        try {
            InetAddress address = InetAddress.getByAddress(bytes);
            return scope > 0 && address.isLinkLocalAddress() ? Inet6Address.getByAddress(null, bytes, scope) : address;
        } catch (UnknownHostException e) {
            throw new AssertionError("the length of the address is right", e);
        }
    }
}
