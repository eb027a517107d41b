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

/// A socket address as raw bytes: any `struct sockaddr`, for address families without a class in Java. Every method of
/// [SocketFd] with an address accepts one of the family of the socket. Methods that return an address return one if no
/// class of `java.net` can represent it.
///
/// The byte order of the numbers depends on the struct: usually native, network byte order for IP addresses and ports.
///
/// Source: socket(7), netlink(7), vsock(7), unix(7), packet(7).
public final class RawSocketAddress extends SocketAddress {

    /// Any CID, for binding.
    public static final int VMADDR_CID_ANY = -1;

    /// The CID of this machine itself, if the kernel has the module vsock_loopback.
    public static final int VMADDR_CID_LOCAL = 1;

    /// The CID of the host of a virtual machine.
    public static final int VMADDR_CID_HOST = 2;

    /// Any free port, for binding.
    public static final int VMADDR_PORT_ANY = -1;

    @Serial
    private static final long serialVersionUID = 1;

    private static final int MAX_FAMILY = SockAddrLayout.CURRENT.maxFamily();
    private static final int MAX_DATA = SockAddr.SOCKADDR_STORAGE - SockAddrLayout.HEAD;
    private static final int MAX_NAME = SockAddrLayout.CURRENT.unixPath() - 1;

    // struct sockaddr_nl of linux/netlink.h, after the family: nl_pad 0, nl_pid 2, nl_groups 6
    private static final int NETLINK_SIZE = 10;
    private static final int NL_PID = 2;
    private static final int NL_GROUPS = 6;

    // struct sockaddr_vm of linux/vm_sockets.h, after the family: svm_reserved1 0, svm_port 2, svm_cid 6, svm_flags 10,
    // svm_zero 11
    private static final int VSOCK_SIZE = 14;
    private static final int SVM_PORT = 2;
    private static final int SVM_CID = 6;

    /// The address family, AF_*.
    private final int family;

    /// The bytes after the family.
    private final byte[] data;

    private RawSocketAddress(int family, byte[] data) {
        this.family = family;
        this.data = data;
    }

    /// Creates an address from its bytes.
    ///
    /// @param family the address family, such as [SocketFd#AF_PACKET]: 0 to 65535; 0 to 255 on macOS and the BSDs
    /// @param data the bytes after the first two, which are the family, or on macOS and the BSDs the length and the
    ///     family; at most 126
    /// @return the address
    /// @throws IllegalArgumentException if the family or the length is out of range
    public static RawSocketAddress of(int family, byte[] data) {
        if (family < 0 || family > MAX_FAMILY) {
            throw new IllegalArgumentException(
                    "an address family is a number of 0 to " + MAX_FAMILY + ", not " + family);
        }
        if (data.length > MAX_DATA) {
            throw new IllegalArgumentException(
                    "an address has at most " + MAX_DATA + " bytes after the family, this one has " + data.length);
        }
        return new RawSocketAddress(family, data.clone());
    }

    /// Creates the address of a netlink socket: `struct sockaddr_nl`.
    ///
    /// @param pid the port: 0 for the kernel, and when binding for a port that the kernel chooses
    /// @param groups a bit mask of the multicast groups 1 to 32; the option NETLINK_ADD_MEMBERSHIP joins further groups
    /// @return the address
    /// @throws UnsupportedOperationException if this is not Linux
    public static RawSocketAddress netlink(int pid, int groups) {
        LinuxOnly.require("netlink");
        byte[] data = new byte[NETLINK_SIZE];
        inNativeOrder(data).putInt(NL_PID, pid).putInt(NL_GROUPS, groups);
        return new RawSocketAddress(LinuxConstants.AF_NETLINK, data);
    }

    /// Creates the address of a vsock, between a virtual machine and its host: `struct sockaddr_vm`.
    ///
    /// @param cid the number of the machine, unsigned, such as [#VMADDR_CID_ANY], [#VMADDR_CID_LOCAL] or
    ///     [#VMADDR_CID_HOST]
    /// @param port the port, unsigned; [#VMADDR_PORT_ANY] for any free port
    /// @return the address
    /// @throws UnsupportedOperationException if this is not Linux
    public static RawSocketAddress vsock(int cid, int port) {
        LinuxOnly.require("this layout of struct sockaddr_vm");
        byte[] data = new byte[VSOCK_SIZE];
        inNativeOrder(data).putInt(SVM_PORT, port).putInt(SVM_CID, cid);
        return new RawSocketAddress(LinuxConstants.AF_VSOCK, data);
    }

    /// Creates the address of a Unix socket in the abstract namespace. It has no path, and is free again when the last
    /// descriptor of the socket is closed.
    ///
    /// @param name the name, at most 107 bytes of any value; the leading zero byte is added
    /// @return the address
    /// @throws IllegalArgumentException if the name is longer
    /// @throws UnsupportedOperationException if this is not Linux
    public static RawSocketAddress unixAbstract(byte[] name) {
        LinuxOnly.require("the abstract namespace of Unix sockets", "a path is an address on all systems");
        if (name.length > MAX_NAME) {
            throw new IllegalArgumentException(
                    "an abstract name has at most " + MAX_NAME + " bytes, this one has " + name.length);
        }
        byte[] data = new byte[1 + name.length];
        System.arraycopy(name, 0, data, 1, name.length);
        return new RawSocketAddress(Constants.AF_UNIX, data);
    }

    private static ByteBuffer inNativeOrder(byte[] data) {
        return ByteBuffer.wrap(data).order(ByteOrder.nativeOrder());
    }

    /// Returns the number of the address family.
    ///
    /// @return the number
    public int family() {
        return family;
    }

    /// Returns the bytes after the family.
    ///
    /// @return a copy of the bytes
    public byte[] data() {
        return data.clone();
    }

    SockAddr encode() {
        return new SockAddr(family, data);
    }

    /// Returns the port of a netlink address.
    ///
    /// @return the port, unsigned
    /// @throws IllegalStateException if this is not a netlink address
    public int netlinkPid() {
        return number(isNetlink(), "AF_NETLINK", NL_PID);
    }

    /// Returns the multicast groups of a netlink address.
    ///
    /// @return a bit mask
    /// @throws IllegalStateException if this is not a netlink address
    public int netlinkGroups() {
        return number(isNetlink(), "AF_NETLINK", NL_GROUPS);
    }

    /// Returns the CID of a vsock address.
    ///
    /// @return the CID, unsigned
    /// @throws IllegalStateException if this is not a vsock address
    public int vsockCid() {
        return number(isVsock(), "AF_VSOCK", SVM_CID);
    }

    /// Returns the port of a vsock address.
    ///
    /// @return the port, unsigned
    /// @throws IllegalStateException if this is not a vsock address
    public int vsockPort() {
        return number(isVsock(), "AF_VSOCK", SVM_PORT);
    }

    /// Returns the name of an abstract Unix socket address.
    ///
    /// @return the name without the leading zero byte
    /// @throws IllegalStateException if this is not an abstract Unix socket address
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

    /// Whether the other object is an address of the same family with the same bytes.
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
