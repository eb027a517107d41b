package io.selectors4j.internal.posix;

import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
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
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A socket address in native memory, with its length.
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
/// Other structs are passed as bytes. These are the layouts of Linux, where `sa_family_t` has two bytes;
/// [SockAddrLayout] has the differences of other systems.
public final class SockAddr implements Memory {

    /// Size of `struct sockaddr_in`.
    public static final int SOCKADDR_IN = 16;

    /// Size of `struct sockaddr_in6`.
    public static final int SOCKADDR_IN6 = 28;

    /// Size of `struct sockaddr_storage`, which holds any address. OpenBSD's has 256 bytes, more than any known address
    /// needs.
    public static final int SOCKADDR_STORAGE = 128;

    // bits/socket.h, sys/socket.h: the same everywhere
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;

    private static final long PORT = 2;
    private static final long IN_ADDR = 4;
    private static final long IN_ZERO = 8;
    private static final long IN6_FLOWINFO = 4;
    private static final long IN6_ADDR = 8;
    /// The last four bytes of an IPv4-mapped address: the IPv4 address.
    private static final long IN6_MAPPED = IN6_ADDR + 12;

    private static final long IN6_SCOPE_ID = 24;
    private static final int HEAD = SockAddrLayout.HEAD;
    private static final long FAMILY_AFTER_LENGTH = 1;
    private static final ValueLayout.OfShort NETWORK_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private static final ThreadLocal<SockAddr> OF_THREAD = new ThreadLocal<>() {
        @Override
        protected SockAddr initialValue() {
            return new SockAddr();
        }
    };

    private final MemorySegment segment = NativeMemory.allocate(SOCKADDR_STORAGE, Long.BYTES);
    private final SockAddrLayout layout;
    private final Ints length;

    /// The last IPv4 host of [#decodeSender], and its bytes.
    private @Nullable InetAddress lastSender;

    private int lastSenderBytes;

    /// Allocates an empty address that the kernel fills in.
    public SockAddr() {
        this(SockAddrLayout.CURRENT);
    }

    /// Allocates an empty address in the layout of any system.
    SockAddr(SockAddrLayout layout) {
        this.layout = layout;
        length = new Ints(SOCKADDR_STORAGE);
    }

    /// Encodes an address.
    ///
    /// @param address an [InetSocketAddress] or a [UnixDomainSocketAddress]
    /// @param v6 whether the socket is an IPv6 one, for which an IPv4 address is mapped
    /// @throws UnknownHostException if the address is unresolved
    /// @throws IllegalArgumentException if the address is of another class, is an IPv6 address for an IPv4 socket, or
    ///     is a path that is too long
    public SockAddr(SocketAddress address, boolean v6) throws UnknownHostException {
        this(SockAddrLayout.CURRENT, address, v6);
    }

    /// Encodes an address in the layout of any system.
    SockAddr(SockAddrLayout layout, SocketAddress address, boolean v6) throws UnknownHostException {
        this.layout = layout;
        length = new Ints(encode(address, v6));
    }

    /// Creates an address from bytes.
    ///
    /// @param family the family, 0 to 65535; up to 255 on a system whose structs begin with a length
    /// @param data the bytes after the family, at most 126
    public SockAddr(int family, byte[] data) {
        this(SockAddrLayout.CURRENT, family, data);
    }

    /// Creates an address from bytes in the layout of any system.
    SockAddr(SockAddrLayout layout, int family, byte[] data) {
        this.layout = layout;
        length = new Ints(head(family, HEAD + data.length));
        put(data, HEAD);
    }

    /// Returns the current thread's own address, empty, that the kernel fills in. It is valid until the thread calls
    /// this method or [#current(SocketAddress, boolean)]: an allocation for each call would cost more than the call.
    public static SockAddr current() {
        SockAddr address = OF_THREAD.get();
        address.segment.set(ValueLayout.JAVA_SHORT, 0, (short) 0);
        address.length.set(0, SOCKADDR_STORAGE);
        return address;
    }

    /// Encodes an address, as the constructor does, into the current thread's own address. It is valid as long as that
    /// of
    /// [#current()].
    ///
    /// @throws UnknownHostException as the constructor
    /// @throws IllegalArgumentException as the constructor
    public static SockAddr current(SocketAddress address, boolean v6) throws UnknownHostException {
        SockAddr encoded = OF_THREAD.get();
        encoded.length.set(0, encoded.encode(address, v6));
        return encoded;
    }

    /// Copies another address.
    public void set(SockAddr other) {
        MemorySegment.copy(other.segment, 0, segment, 0, SOCKADDR_STORAGE);
        length.set(0, other.size());
    }

    /// Writes the bytes before the address itself. Returns the given length.
    private int head(int family, int size) {
        if (layout.hasLength()) {
            segment.set(ValueLayout.JAVA_BYTE, 0, (byte) size);
            segment.set(ValueLayout.JAVA_BYTE, FAMILY_AFTER_LENGTH, (byte) family);
        } else {
            segment.set(ValueLayout.JAVA_SHORT, 0, (short) family);
        }
        return size;
    }

    /// Returns the length in bytes: the `socklen_t` to pass.
    public int size() {
        return length.get(0);
    }

    /// Returns the `socklen_t` that the kernel writes back.
    public Ints length() {
        return length;
    }

    /// Returns the family, or 0 if the kernel has not written one.
    public int family() {
        if (size() < HEAD) {
            return 0;
        }
        return layout.hasLength()
                ? Byte.toUnsignedInt(segment.get(ValueLayout.JAVA_BYTE, FAMILY_AFTER_LENGTH))
                : Short.toUnsignedInt(segment.get(ValueLayout.JAVA_SHORT, 0));
    }

    /// Returns the bytes that follow the family, as many as the kernel has written.
    public byte[] data() {
        int end = Math.clamp(size(), HEAD, SOCKADDR_STORAGE);
        return segment.asSlice(HEAD, end - HEAD).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Decodes the address. An unnamed Unix socket has the empty path. Returns null if no class of `java.net` can hold
    /// the address: another family, an abstract Unix socket, or a path that is not valid in the encoding of the file
    /// system.
    public @Nullable SocketAddress decode() {
        int family = family();
        if (family == layout.inet6() && !isMapped()) {
            InetAddress host = host(IN6_ADDR, 16, segment.get(ValueLayout.JAVA_INT, IN6_SCOPE_ID));
            return new InetSocketAddress(host, port());
        }
        if (family == AF_INET || family == layout.inet6()) {
            return new InetSocketAddress(host(offsetOfIpv4(family), 4, 0), port());
        }
        return family == AF_UNIX ? unix() : null;
    }

    /// Decodes the address of the sender of a message. It has the same host object as the last one, if that was the
    /// same IPv4 host: most messages come from few hosts.
    public @Nullable SocketAddress decodeSender() {
        int family = family();
        if (family != AF_INET && (family != layout.inet6() || !isMapped())) {
            return decode();
        }
        long offset = offsetOfIpv4(family);
        int bytes = segment.get(ValueLayout.JAVA_INT, offset);
        InetAddress sender = lastSender;
        if (sender == null || bytes != lastSenderBytes) {
            sender = host(offset, 4, 0);
            lastSender = sender;
            lastSenderBytes = bytes;
        }
        return new InetSocketAddress(sender, port());
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    /// Writes an address. Returns its length.
    private int encode(SocketAddress address, boolean v6) throws UnknownHostException {
        return switch (address) {
            case InetSocketAddress inet -> encode(inet, v6);
            case UnixDomainSocketAddress unix -> encode(unix);
            default ->
                throw new IllegalArgumentException("neither an InetSocketAddress nor a UnixDomainSocketAddress: "
                        + address.getClass().getName() + " " + address);
        };
    }

    private int encode(InetSocketAddress address, boolean v6) throws UnknownHostException {
        InetAddress host = address.getAddress();
        if (host == null) {
            throw new UnknownHostException("unresolved address " + address.getHostString() + ":" + address.getPort());
        }
        byte[] bytes = host.getAddress();
        segment.set(NETWORK_SHORT, PORT, (short) address.getPort());
        if (v6) {
            segment.set(ValueLayout.JAVA_INT, IN6_FLOWINFO, 0);
            segment.set(ValueLayout.JAVA_LONG, IN6_ADDR, 0);
            segment.set(ValueLayout.JAVA_LONG, IN6_ADDR + Long.BYTES, 0);
            segment.set(ValueLayout.JAVA_INT, IN6_SCOPE_ID, 0);
            if (host instanceof Inet6Address inet6) {
                put(bytes, IN6_ADDR);
                segment.set(ValueLayout.JAVA_INT, IN6_SCOPE_ID, inet6.getScopeId());
            } else if (!host.isAnyLocalAddress()) { // the IPv4 wildcard becomes the IPv6 one, which is all zeros
                segment.set(ValueLayout.JAVA_SHORT, IN6_MAPPED - 2, (short) 0xFFFF);
                put(bytes, IN6_MAPPED);
            }
            return head(layout.inet6(), SOCKADDR_IN6);
        }
        if (host instanceof Inet6Address) {
            throw new IllegalArgumentException("an IPv6 address for an IPv4 socket: " + address);
        }
        put(bytes, IN_ADDR);
        segment.set(ValueLayout.JAVA_LONG, IN_ZERO, 0);
        return head(AF_INET, SOCKADDR_IN);
    }

    private int encode(UnixDomainSocketAddress address) {
        byte[] path = CString.encode(address.getPath().toString());
        if (path.length >= layout.unixPath()) { // the kernel requires a terminating zero byte
            throw new IllegalArgumentException("the path of a Unix socket has at most " + (layout.unixPath() - 1)
                    + " bytes, this one has " + path.length + ": " + address);
        }
        put(path, HEAD);
        segment.set(ValueLayout.JAVA_BYTE, HEAD + path.length, (byte) 0);
        return head(AF_UNIX, HEAD + (path.length == 0 ? 0 : path.length + 1));
    }

    private void put(byte[] bytes, long offset) {
        for (int i = 0; i < bytes.length; i++) {
            segment.set(ValueLayout.JAVA_BYTE, offset + i, bytes[i]);
        }
    }

    private long offsetOfIpv4(int family) {
        return family == AF_INET ? IN_ADDR : IN6_MAPPED;
    }

    /// Returns whether the IPv6 address is an IPv4 one, `::ffff:a.b.c.d`: the peer of a socket of both families.
    private boolean isMapped() {
        return segment.get(ValueLayout.JAVA_LONG, IN6_ADDR) == 0
                && segment.get(ValueLayout.JAVA_SHORT, IN6_MAPPED - 4) == 0
                && segment.get(ValueLayout.JAVA_SHORT, IN6_MAPPED - 2) == (short) 0xFFFF;
    }

    private int port() {
        return Short.toUnsignedInt(segment.get(NETWORK_SHORT, PORT));
    }

    private InetAddress host(long offset, int bytes, int scope) {
        byte[] address = new byte[bytes];
        for (int i = 0; i < bytes; i++) { // faster than a copy of so few bytes
            address[i] = segment.get(ValueLayout.JAVA_BYTE, offset + i);
        }
        try {
            // A scope of 0 is left out: getByAddress would store it as an explicit scope.
            return scope == 0 ? InetAddress.getByAddress(address) : Inet6Address.getByAddress(null, address, scope);
        } catch (UnknownHostException e) {
            throw new AssertionError("the length of the address is right", e);
        }
    }

    private @Nullable UnixDomainSocketAddress unix() {
        byte[] name = data();
        int end = 0;
        while (end < name.length
                && name[end] != 0) { // a path ends at its first zero byte, an abstract name begins with one
            end++;
        }
        if (end == 0 && name.length > 0 && !layout.hasLength()) {
            return null; // an abstract name; the BSDs have none and pad an unnamed address with zeros
        }
        byte[] path = Arrays.copyOf(name, end);
        String text = CString.decode(path);
        if (!Arrays.equals(CString.encode(text), path)) {
            return null; // a peer may bind to any bytes
        }
        try {
            return UnixDomainSocketAddress.of(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
