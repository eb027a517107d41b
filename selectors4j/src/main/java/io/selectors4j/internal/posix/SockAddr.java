package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.file.InvalidPathException;

/// A socket address in native memory, and the length that goes with it.
///
/// ```c
/// struct sockaddr_in  { sa_family_t sin_family;      // 0   struct sockaddr_in6 { sa_family_t sin6_family;   // 0
///                       in_port_t   sin_port;        // 2                         in_port_t   sin6_port;     // 2
///                       struct in_addr sin_addr;     // 4                         uint32_t    sin6_flowinfo; // 4
///                       char sin_zero[8]; };         // 8                         struct in6_addr sin6_addr; // 8
///                                                    // 16                        uint32_t    sin6_scope_id; // 24
/// struct sockaddr_un  { sa_family_t sun_family;      // 0                       };                           // 28
///                       char sun_path[108]; };       // 2  (110)
/// ```
///
/// These are the layouts of Linux, where `sa_family_t` has two bytes and no length stands before it.
public final class SockAddr implements Memory {

    /// Size of `struct sockaddr_in`.
    public static final int SOCKADDR_IN = 16;

    /// Size of `struct sockaddr_in6`.
    public static final int SOCKADDR_IN6 = 28;

    /// Size of `struct sockaddr_un`.
    public static final int SOCKADDR_UN = 110;

    // Linux: bits/socket.h
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private static final int CAPACITY = 128; // sizeof(struct sockaddr_storage)
    private static final long PORT = 2;
    private static final long IN_ADDR = 4;
    private static final long IN6_ADDR = 8;
    private static final long IN6_SCOPE_ID = 24;
    private static final long UN_PATH = 2;
    private static final ValueLayout.OfShort FAMILY = ValueLayout.JAVA_SHORT;
    private static final ValueLayout.OfShort NETWORK_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment segment = Arena.ofAuto().allocate(CAPACITY, Long.BYTES);
    private final Ints length;

    /// Allocates an empty address for the kernel to fill in.
    public SockAddr() {
        length = new Ints(CAPACITY);
    }

    /// Encodes an address.
    ///
    /// @param address an [InetSocketAddress] or a [UnixDomainSocketAddress]
    /// @param v6 whether the socket is an IPv6 one, which takes an IPv4 address in its mapped form
    /// @throws UnknownHostException if the address carries a host name that was not resolved
    /// @throws IllegalArgumentException if the address is of another kind, is an IPv6 one for an IPv4 socket, or is a
    ///     path too long
    public SockAddr(SocketAddress address, boolean v6) throws UnknownHostException {
        length = new Ints(
                switch (address) {
                    case InetSocketAddress inet -> encode(inet, v6);
                    case UnixDomainSocketAddress unix -> encode(unix);
                    default ->
                        throw new IllegalArgumentException(
                                "neither an InetSocketAddress nor a" + " UnixDomainSocketAddress: "
                                        + address.getClass().getName() + " " + address);
                });
    }

    /// The length in bytes.
    ///
    /// @return the `socklen_t` to pass
    public int size() {
        return length.get(0);
    }

    /// Where the kernel writes the length back.
    ///
    /// @return a `socklen_t`
    public Ints length() {
        return length;
    }

    /// Decodes the address.
    ///
    /// @return the address; an unnamed Unix socket has the empty path
    public SocketAddress decode() {
        int family = size() < FAMILY.byteSize() ? AF_UNIX : segment.get(FAMILY, 0);
        return switch (family) {
            case AF_INET -> inet(IN_ADDR, 4, 0);
            case AF_INET6 -> inet(IN6_ADDR, 16, segment.get(ValueLayout.JAVA_INT, IN6_SCOPE_ID));
            case AF_UNIX -> unix();
            default -> throw new IllegalStateException("an address of family " + family);
        };
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    private int encode(InetSocketAddress address, boolean v6) throws UnknownHostException {
        InetAddress host = address.getAddress();
        if (host == null) {
            throw new UnknownHostException("the host name does not resolve: " + address.getHostString());
        }
        byte[] bytes = host.getAddress();
        segment.set(NETWORK_SHORT, PORT, (short) address.getPort());
        if (v6) {
            segment.set(FAMILY, 0, (short) AF_INET6);
            if (host instanceof Inet6Address inet6) {
                put(bytes, IN6_ADDR);
                segment.set(ValueLayout.JAVA_INT, IN6_SCOPE_ID, inet6.getScopeId());
            } else if (!host.isAnyLocalAddress()) { // the IPv4 wildcard is the IPv6 one, which is all zeros
                segment.set(FAMILY, IN6_ADDR + 10, (short) 0xFFFF);
                put(bytes, IN6_ADDR + 12);
            }
            return SOCKADDR_IN6;
        }
        if (host instanceof Inet6Address) {
            throw new IllegalArgumentException("an IPv6 address for an IPv4 socket: " + address);
        }
        segment.set(FAMILY, 0, (short) AF_INET);
        put(bytes, IN_ADDR);
        return SOCKADDR_IN;
    }

    private int encode(UnixDomainSocketAddress address) {
        byte[] path = CString.encode(address.getPath().toString());
        if (UN_PATH + path.length >= SOCKADDR_UN) { // the kernel wants a zero byte after it
            throw new IllegalArgumentException("the path of a Unix socket has at most " + (SOCKADDR_UN - UN_PATH - 1)
                    + " bytes, this one has " + path.length + ": " + address);
        }
        segment.set(FAMILY, 0, (short) AF_UNIX);
        put(path, UN_PATH);
        return (int) UN_PATH + (path.length == 0 ? 0 : path.length + 1);
    }

    private void put(byte[] bytes, long offset) {
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, offset, bytes.length);
    }

    private InetSocketAddress inet(long offset, int bytes, int scope) {
        byte[] address = segment.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE);
        int port = Short.toUnsignedInt(segment.get(NETWORK_SHORT, PORT));
        try {
            // A scope only where there is one: getByAddress would keep a zero as a scope of its own.
            InetAddress host =
                    scope == 0 ? InetAddress.getByAddress(address) : Inet6Address.getByAddress(null, address, scope);
            return new InetSocketAddress(host, port);
        } catch (UnknownHostException e) {
            throw new AssertionError("only a wrong length of the address causes this", e);
        }
    }

    private UnixDomainSocketAddress unix() {
        int bytes = Math.min(size(), CAPACITY) - (int) UN_PATH;
        int end = 0;
        // A path ends at its zero byte. An abstract name begins with one and has no Path: it counts as unnamed.
        while (end < bytes && segment.get(ValueLayout.JAVA_BYTE, UN_PATH + end) != 0) {
            end++;
        }
        byte[] path = segment.asSlice(UN_PATH, Math.max(end, 0)).toArray(ValueLayout.JAVA_BYTE);
        try {
            return UnixDomainSocketAddress.of(CString.decode(path));
        } catch (InvalidPathException e) {
            return UnixDomainSocketAddress.of(""); // bytes that are no characters here: a peer may choose any
        }
    }
}
