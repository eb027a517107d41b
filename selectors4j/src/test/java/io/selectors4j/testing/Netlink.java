package io.selectors4j.testing;

import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/// Requests for the list of network interfaces. The kernel replies at once, and no privilege is needed.
public final class Netlink {

    // linux/netlink.h, linux/rtnetlink.h
    public static final int NETLINK_ROUTE = 0;
    public static final int NETLINK_USERSOCK = 2;
    public static final int SOL_NETLINK = 270;
    public static final int NETLINK_ADD_MEMBERSHIP = 1;
    public static final int NETLINK_DROP_MEMBERSHIP = 2;
    public static final int RTNLGRP_LINK = 1;
    public static final int NLMSG_DONE = 3;
    public static final int RTM_NEWLINK = 16;
    private static final int RTM_GETLINK = 18;
    private static final int NLM_F_REQUEST = 0x1;
    private static final int NLM_F_DUMP = 0x300;

    /// The index of the interface lo.
    public static final int LOOPBACK = 1;

    public static final int NETLINK_KOBJECT_UEVENT = 15;

    /// Writing the name of an action to this file makes the kernel send the event.
    public static final Path LOOPBACK_UEVENT = Path.of("/sys/class/net/lo/uevent");

    private Netlink() {}

    /// Opens a socket for requests.
    public static SocketFd open() throws IOException {
        return SocketFd.open(SocketFd.AF_NETLINK, SocketFd.Type.RAW, NETLINK_ROUTE);
    }

    /// Returns a request for the interface lo. The reply is one message.
    public static ByteBuffer loopback(int sequence) {
        return request(NLM_F_REQUEST, sequence, LOOPBACK);
    }

    /// Returns a request for all interfaces. The reply is several messages; the last one has the type NLMSG_DONE.
    public static ByteBuffer allInterfaces(int sequence) {
        return request(NLM_F_REQUEST | NLM_F_DUMP, sequence, 0);
    }

    private static ByteBuffer request(int flags, int sequence, int index) {
        // struct nlmsghdr { u32 nlmsg_len; u16 nlmsg_type; u16 nlmsg_flags; u32 nlmsg_seq; u32 nlmsg_pid; }
        // struct ifinfomsg { u8 ifi_family; u8 pad; u16 ifi_type; s32 ifi_index; u32 ifi_flags; u32 ifi_change; }
        return buffer(32)
                .putInt(0, 32)
                .putShort(4, (short) RTM_GETLINK)
                .putShort(6, (short) flags)
                .putInt(8, sequence)
                .putInt(20, index);
    }

    /// Returns a buffer for messages.
    public static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }
}
