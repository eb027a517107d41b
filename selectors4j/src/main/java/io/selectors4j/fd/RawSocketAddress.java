package io.selectors4j.fd;

import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.SockAddr;
import io.selectors4j.internal.posix.SockAddrLayout;
import java.io.Serial;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/// The address of a socket as its bytes: any `struct sockaddr`, also of families that Java has no class for. A [SocketFd]
/// takes one wherever it takes an address, if it is of the socket's own family, and answers with one where no class of
/// `java.net` can hold the address.
///
/// Numbers within the bytes are in the byte order that the struct wants: mostly that of the processor, but network byte order
/// for IP addresses and ports.
///
/// Source: socket(7), netlink(7), vsock(7), unix(7), packet(7).
public final class RawSocketAddress extends SocketAddress {

    /// Any CID, to bind to.
    public static final int VMADDR_CID_ANY = -1;

    /// The CID of this machine itself, where the kernel has the module vsock_loopback.
    public static final int VMADDR_CID_LOCAL = 1;

    /// The CID of the host of a virtual machine.
    public static final int VMADDR_CID_HOST = 2;

    /// Any free port, to bind to.
    public static final int VMADDR_PORT_ANY = -1;

    @Serial
    private static final long serialVersionUID = 1;

    private static final int MOST_FAMILIES = SockAddrLayout.CURRENT.maxFamily();
    private static final int MOST_DATA = SockAddr.SOCKADDR_STORAGE - SockAddrLayout.HEAD;
    private static final int LONGEST_NAME = SockAddrLayout.CURRENT.unixPath() - 1;

    // struct sockaddr_nl of linux/netlink.h, less the family: nl_pad 0, nl_pid 2, nl_groups 6
    private static final int NETLINK_SIZE = 10;
    private static final int NL_PID = 2;
    private static final int NL_GROUPS = 6;

    // struct sockaddr_vm of linux/vm_sockets.h, less the family: svm_reserved1 0, svm_port 2, svm_cid 6, svm_flags 10,
    // svm_zero 11
    private static final int VSOCK_SIZE = 14;
    private static final int SVM_PORT = 2;
    private static final int SVM_CID = 6;

    /// The family's number.
    private final int family;

    /// What follows the family.
    private final byte[] data;

    private RawSocketAddress(int family, byte[] data) {
        this.family = family;
        this.data = data;
    }

    /// Makes an address of its bytes.
    ///
    /// @param family the family, such as [SocketFd#AF_PACKET]: 0 to 65535; on macOS and the BSDs, to 255
    /// @param data what follows the two bytes of the family (there, of the length and the family), at most 126 bytes
    /// @return the address
    /// @throws IllegalArgumentException if the family or the length is another one
    public static RawSocketAddress of(int family, byte[] data) {
        if (family < 0 || family > MOST_FAMILIES) {
            throw new IllegalArgumentException("a family is a number of 0 to " + MOST_FAMILIES + ", not " + family);
        }
        if (data.length > MOST_DATA) {
            throw new IllegalArgumentException(
                    "an address has at most " + MOST_DATA + " bytes after the family, this one has " + data.length);
        }
        return new RawSocketAddress(family, data.clone());
    }

    /// The address of a netlink socket: `struct sockaddr_nl`.
    ///
    /// @param pid the port: 0 for the kernel, and to have the kernel choose when binding
    /// @param groups the multicast groups 1 to 32, a bit each; the option NETLINK_ADD_MEMBERSHIP reaches the others
    /// @return the address
    /// @throws UnsupportedOperationException if this is not Linux
    public static RawSocketAddress netlink(int pid, int groups) {
        LinuxOnly.require("netlink");
        byte[] data = new byte[NETLINK_SIZE];
        inNativeOrder(data).putInt(NL_PID, pid).putInt(NL_GROUPS, groups);
        return new RawSocketAddress(LinuxConstants.AF_NETLINK, data);
    }

    /// The address of a socket between a virtual machine and its host: `struct sockaddr_vm`.
    ///
    /// @param cid which machine, unsigned: [#VMADDR_CID_ANY], [#VMADDR_CID_LOCAL], [#VMADDR_CID_HOST] or another one
    /// @param port the port, unsigned; [#VMADDR_PORT_ANY] for any free port
    /// @return the address
    /// @throws UnsupportedOperationException if this is not Linux
    public static RawSocketAddress vsock(int cid, int port) {
        LinuxOnly.require("the struct sockaddr_vm that this library knows");
        byte[] data = new byte[VSOCK_SIZE];
        inNativeOrder(data).putInt(SVM_PORT, port).putInt(SVM_CID, cid);
        return new RawSocketAddress(LinuxConstants.AF_VSOCK, data);
    }

    /// The address of a Unix socket in the abstract namespace: no file stands for it, and it is free again when the last
    /// descriptor of the socket is closed.
    ///
    /// @param name the name, any bytes, at most 107; the zero byte that stands before it is added
    /// @return the address
    /// @throws IllegalArgumentException if the name is longer
    /// @throws UnsupportedOperationException if this is not Linux
    public static RawSocketAddress unixAbstract(byte[] name) {
        LinuxOnly.require("the abstract namespace of Unix sockets");
        if (name.length > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "an abstract name has at most " + LONGEST_NAME + " bytes, this one has " + name.length);
        }
        byte[] data = new byte[1 + name.length];
        System.arraycopy(name, 0, data, 1, name.length);
        return new RawSocketAddress(Constants.AF_UNIX, data);
    }

    private static ByteBuffer inNativeOrder(byte[] data) {
        return ByteBuffer.wrap(data).order(ByteOrder.nativeOrder());
    }

    /// The family.
    ///
    /// @return its number
    public int family() {
        return family;
    }

    /// What follows the family.
    ///
    /// @return a copy of the bytes
    public byte[] data() {
        return data.clone();
    }

    SockAddr encode() {
        return new SockAddr(family, data);
    }

    /// The port of an address of [SocketFd#AF_NETLINK].
    ///
    /// @return the port, unsigned
    /// @throws IllegalStateException if this is no such address
    public int netlinkPid() {
        return number(isNetlink(), "AF_NETLINK", NL_PID);
    }

    /// The multicast groups of an address of [SocketFd#AF_NETLINK].
    ///
    /// @return a bit each
    /// @throws IllegalStateException if this is no such address
    public int netlinkGroups() {
        return number(isNetlink(), "AF_NETLINK", NL_GROUPS);
    }

    /// The machine of an address of [SocketFd#AF_VSOCK].
    ///
    /// @return its CID, unsigned
    /// @throws IllegalStateException if this is no such address
    public int vsockCid() {
        return number(isVsock(), "AF_VSOCK", SVM_CID);
    }

    /// The port of an address of [SocketFd#AF_VSOCK].
    ///
    /// @return the port, unsigned
    /// @throws IllegalStateException if this is no such address
    public int vsockPort() {
        return number(isVsock(), "AF_VSOCK", SVM_PORT);
    }

    /// The abstract name of an address of [SocketFd#AF_UNIX].
    ///
    /// @return the name, without the zero byte before it
    /// @throws IllegalStateException if this is no such address
    public byte[] abstractName() {
        require(isAbstract(), "an abstract Unix socket");
        return Arrays.copyOfRange(data, 1, data.length);
    }

    private boolean isNetlink() {
        return family == LinuxConstants.AF_NETLINK && data.length >= NETLINK_SIZE;
    }

    private boolean isVsock() {
        return family == LinuxConstants.AF_VSOCK && data.length >= VSOCK_SIZE;
    }

    private boolean isAbstract() {
        return family == Constants.AF_UNIX && data.length > 0 && data[0] == 0;
    }

    private int number(boolean fits, String of, int offset) {
        require(fits, of);
        return inNativeOrder(data).getInt(offset);
    }

    private void require(boolean fits, String of) {
        if (!fits) {
            throw new IllegalStateException("not an address of " + of + ": " + this);
        }
    }

    /// Whether the other one has the same family and the same bytes.
    @Override
    public boolean equals(Object other) {
        return other instanceof RawSocketAddress that && family == that.family && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * family + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        if (isNetlink()) {
            return "netlink[pid=" + Integer.toUnsignedString(netlinkPid()) + ", groups=0x"
                    + Integer.toHexString(netlinkGroups()) + "]";
        }
        if (isVsock()) {
            return "vsock[cid=" + Integer.toUnsignedString(vsockCid()) + ", port="
                    + Integer.toUnsignedString(vsockPort()) + "]";
        }
        if (isAbstract()) {
            StringBuilder text = new StringBuilder("unix[@");
            for (byte b : abstractName()) {
                boolean printable = b >= ' ' && b < 0x7F && b != '\\';
                text.append(printable ? "" + (char) b : "\\x" + HexFormat.of().toHexDigits(b));
            }
            return text.append(']').toString();
        }
        return "family " + family + "[" + HexFormat.of().formatHex(data) + "]";
    }
}
