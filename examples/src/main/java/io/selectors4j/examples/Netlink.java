package io.selectors4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The messages of rtnetlink(7) that request the name of a network interface.
final class Netlink {

    // linux/netlink.h, linux/rtnetlink.h, linux/if_link.h
    static final int ROUTE = 0;
    private static final int NLMSG_ERROR = 2;
    private static final int NLM_F_REQUEST = 1;
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_GETLINK = 18;
    private static final int IFLA_IFNAME = 3;

    // struct nlmsghdr { u32 nlmsg_len; u16 nlmsg_type, nlmsg_flags; u32 nlmsg_seq, nlmsg_pid; }
    private static final int TYPE = 4;
    private static final int FLAGS = 6;
    private static final int HEADER = 16;

    // struct ifinfomsg { u8 ifi_family, pad; u16 ifi_type; s32 ifi_index; u32 ifi_flags, ifi_change; }
    private static final int INDEX = HEADER + 4;
    private static final int ATTRIBUTES = HEADER + 16;

    // struct rtattr { u16 rta_len, rta_type; }
    private static final int ATTRIBUTE_HEADER = 4;

    private static final int LOOPBACK = 1; // in every network namespace
    private static final int MAX_LENGTH = 32768;

    private Netlink() {}

    /// Returns a buffer for a reply.
    static ByteBuffer buffer() {
        return ByteBuffer.allocate(MAX_LENGTH).order(ByteOrder.nativeOrder());
    }

    static ByteBuffer loopbackRequest() {
        return buffer().limit(ATTRIBUTES)
                .putInt(0, ATTRIBUTES)
                .putShort(TYPE, (short) RTM_GETLINK)
                .putShort(FLAGS, (short) NLM_F_REQUEST)
                .putInt(INDEX, LOOPBACK);
    }

    static String toString(ByteBuffer message) {
        short type = message.getShort(TYPE);
        return switch (type) {
            case RTM_NEWLINK -> "RTM_NEWLINK " + name(message);
            case NLMSG_ERROR -> "NLMSG_ERROR " + message.getInt(HEADER);
            default -> "message of type " + type;
        };
    }

    private static String name(ByteBuffer message) {
        int next;
        for (int at = ATTRIBUTES; at + ATTRIBUTE_HEADER <= message.limit(); at = next) {
            int length = Short.toUnsignedInt(message.getShort(at));
            if (message.getShort(at + 2) == IFLA_IFNAME) {
                int nameLength = length - ATTRIBUTE_HEADER - 1; // without the terminating zero
                return UTF_8.decode(message.slice(at + ATTRIBUTE_HEADER, nameLength))
                        .toString();
            }
            next = at + Math.max(length + 3 & ~3, ATTRIBUTE_HEADER);
        }
        return "(no name)";
    }
}
