package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.posix.ByteIo;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.posix.SockAddr;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.DescriptorFactory;
import io.selectors4j.internal.sys.Fcntl;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.internal.sys.SingleFdPoll;
import io.selectors4j.internal.sys.SystemCall;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A socket of any address family and type: IPv4, IPv6 and Unix sockets with the address classes of `java.net`, other
/// families with [RawSocketAddress].
///
/// New sockets are blocking, as in C and Python. Accepted sockets take the blocking mode of the listening socket, see
/// [#accept].
///
/// Closing a blocking socket while another thread is blocked in a call on it shuts the connection down, so the call
/// returns. A blocked [#accept] returns too. Two calls stay blocked: a connect to a Unix socket whose backlog is full,
/// and any call on a socket without shutdown (netlink, packet, a listening vsock). On macOS, OpenBSD, NetBSD and
/// DragonFly BSD, calls on unconnected sockets stay blocked, including accept and receiving datagrams.
///
/// Calls on a non-blocking socket return at once, with these exceptions:
///
/// - On Linux, [#close] of a connected TCP or vsock socket with SO_LINGER above 0 blocks until the unsent data are
///   acknowledged or the linger time has passed. This affects the call that closes the last descriptor of the socket;
///   if another thread is in a call on this object, the end of that call. macOS and the BSDs do not wait here for a
///   non-blocking socket. SO_LINGER 0 discards the data and does not block.
/// - [#bind], [#connect] and [#sendTo] with the path of a Unix socket look the path up in the file system, which may be
///   a slow one.
/// - Sending a request to a netlink socket of the kernel returns when the kernel has processed the request.
///
/// [#createConnection] always waits, because the new socket is blocking. No call of this class resolves a host name.
///
/// ## Windows
/// Sockets of IPv4, IPv6 and, where Windows has them, Unix stream sockets. [#fileno] is the handle. [#pair] connects
/// two TCP sockets of the loopback address. [#createServer] sets SO_EXCLUSIVEADDRUSE instead of SO_REUSEADDR, with
/// which any process could take the port over. Windows does not tell the blocking mode: [#isBlocking] of an adopted or
/// borrowed socket is true until [#setBlocking] is called. A close while another thread is blocked in a call sets the
/// non-blocking mode, also of duplicates, and cancels the call. Errors have the names and numbers of Winsock.
///
/// Source: socket(2), bind(2), listen(2), accept(2), connect(2), send(2), recv(2), sendmsg(2), recvmsg(2), sendfile(2),
/// shutdown(2), socket(7), ip(7), ipv6(7), tcp(7), unix(7), netlink(7), packet(7), vsock(7), RFC 3678.
public final class SocketFd extends Fd implements ScatteringByteChannel, GatheringByteChannel {

    /// Unix sockets.
    public static final int AF_UNIX = Constants.AF_UNIX;

    /// IPv4.
    public static final int AF_INET = Constants.AF_INET;

    /// IPv6.
    public static final int AF_INET6 = Constants.AF_INET6;

    /// Netlink: messages between the kernel and processes about network interfaces, routes and devices. Linux only.
    public static final int AF_NETLINK = LinuxConstants.AF_NETLINK;

    /// Packets at the level of the network interface. Linux only.
    public static final int AF_PACKET = LinuxConstants.AF_PACKET;

    /// Connections between a virtual machine and its host. Linux only.
    public static final int AF_VSOCK = LinuxConstants.AF_VSOCK;

    /// Send or receive the one byte of out-of-band data of a TCP connection.
    public static final int MSG_OOB = Constants.MSG_OOB;

    /// Receive without removing the data from the queue.
    public static final int MSG_PEEK = Constants.MSG_PEEK;

    /// Return the full length of a message, even if it is longer than the buffer. Not for streams. Linux and newer
    /// FreeBSD; other Unixes return the number of bytes in the buffer, and Windows fails with WSAEOPNOTSUPP.
    public static final int MSG_TRUNC = Constants.MSG_TRUNC;

    /// Do not block in this call, even if the socket is blocking. Not on Windows, where a call with it is refused.
    public static final int MSG_DONTWAIT = Constants.MSG_DONTWAIT;

    /// Block until the buffer is full.
    public static final int MSG_WAITALL = Constants.MSG_WAITALL;

    /// Receive an entry of the error queue: [ControlMessage.ExtendedError]. A socket with an entry is ready with
    /// [io.selectors4j.Readiness#isError]. The call does not wait. Linux only; 0 elsewhere.
    public static final int MSG_ERRQUEUE = Messages.MSG_ERRQUEUE;

    /// Leaves out-of-band data in the normal stream.
    public static final SocketOption<Boolean> SO_OOBINLINE = SocketOptionTable.SO_OOBINLINE;

    /// Restricts an IPv6 socket to IPv6; otherwise it also takes IPv4. The default is off on Linux and macOS and on on
    /// the BSDs, some of which cannot switch it off.
    public static final SocketOption<Boolean> IPV6_V6ONLY = SocketOptionTable.IPV6_V6ONLY;

    /// The seconds without data after which SO_KEEPALIVE sends the first probe on a TCP connection, at least 1. Not on
    /// OpenBSD.
    public static final SocketOption<Integer> TCP_KEEPIDLE = SocketOptionTable.TCP_KEEPIDLE;

    /// The seconds between two probes of SO_KEEPALIVE, at least 1: TCP_KEEPINTVL in C. Not on OpenBSD.
    public static final SocketOption<Integer> TCP_KEEPINTERVAL = SocketOptionTable.TCP_KEEPINTERVAL;

    /// The number of probes of SO_KEEPALIVE without answer after which a TCP connection is reset, at least 1:
    /// TCP_KEEPCNT in C. Not on OpenBSD.
    public static final SocketOption<Integer> TCP_KEEPCOUNT = SocketOptionTable.TCP_KEEPCOUNT;

    /// Acknowledges TCP data at once. The kernel switches it off again by itself. Linux only.
    public static final SocketOption<Boolean> TCP_QUICKACK = SocketOptionTable.TCP_QUICKACK;

    /// The ID of the receive queue that delivered the last packet, 0 for none. It cannot be set. Linux only.
    public static final SocketOption<Integer> SO_INCOMING_NAPI_ID = SocketOptionTable.SO_INCOMING_NAPI_ID;

    /// Sends datagrams without fragmenting them: a datagram that is too long fails with EMSGSIZE. Linux
    /// (IP_MTU_DISCOVER), macOS and FreeBSD.
    public static final SocketOption<Boolean> IP_DONTFRAGMENT = SocketOptionTable.IP_DONTFRAGMENT;

    /// Systems without this flag have the socket option SO_NOSIGPIPE, which [DescriptorFactory] sets.
    private static final int MSG_NOSIGNAL = Constants.orZero(Constants.MSG_NOSIGNAL);

    // A field, so that it is initialized with this class: at the limit of open files, accept could not load another
    // class.
    private static final DescriptorFactory FACTORY = DescriptorFactory.current();

    private final int domain;
    private final Type type;

    /// The mode that was last set by this object or one of its duplicates, which share it.
    private final AtomicBoolean blockingMode;

    /// The address of the peer, set once the socket is connected.
    private volatile @Nullable SocketAddress peer;

    /// The address of a connect in progress.
    private volatile @Nullable SocketAddress pendingPeer;

    /// The type of a socket.
    public enum Type {
        /// A connected stream of bytes.
        STREAM(Constants.SOCK_STREAM, true),
        /// Messages, unreliable between hosts.
        DATAGRAM(Constants.SOCK_DGRAM, false),
        /// Messages on a reliable connection. Unix sockets support it.
        SEQPACKET(Constants.SOCK_SEQPACKET, true),
        /// Messages with the headers of the protocol.
        RAW(Constants.SOCK_RAW, false),
        /// Reliable messages without ordering.
        RDM(Constants.SOCK_RDM, false);

        final int number;

        /// Whether receiving 0 bytes means the end of the data.
        final boolean zeroIsEnd;

        Type(int number, boolean zeroIsEnd) {
            this.number = number;
            this.zeroIsEnd = zeroIsEnd;
        }
    }

    /// Two sockets connected to each other.
    ///
    /// @param first one socket
    /// @param second the other socket
    public record Pair(SocketFd first, SocketFd second) implements Closeable {

        /// Closes both sockets.
        @Override
        public void close() throws IOException {
            try (first;
                    second) {
                // closes both, also if closing one fails
            }
        }
    }

    SocketFd(int fd, boolean owned, int domain, Type type, boolean blocking) {
        this(fd, owned, domain, type, new AtomicBoolean(blocking));
    }

    private SocketFd(int fd, boolean owned, int domain, Type type, AtomicBoolean blockingMode) {
        super(fd, owned);
        this.domain = domain;
        this.type = type;
        this.blockingMode = blockingMode;
    }

    /// Creates a socket.
    ///
    /// @param family `INET`, `INET6` or `UNIX` of [StandardProtocolFamily]
    /// @param type the type
    /// @return a new socket
    /// @throws IllegalArgumentException if the family is another one
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files, EAFNOSUPPORT
    public static SocketFd open(ProtocolFamily family, Type type) throws IOException {
        return open(SocketDomains.number(family), type, 0);
    }

    /// Creates a socket of any address family.
    ///
    /// @param domain the number of the address family, such as [#AF_NETLINK]
    /// @param type the type
    /// @param protocol the number of the protocol within the family, usually 0; in network byte order for [#AF_PACKET]
    /// @return a new socket
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files, EAFNOSUPPORT,
    ///     EPROTONOSUPPORT, ESOCKTNOSUPPORT, EPERM for packet and raw IP sockets without the capability CAP_NET_RAW
    public static SocketFd open(int domain, Type type, int protocol) throws IOException {
        return SocketFactory.open(domain, type, protocol);
    }

    /// Creates two Unix sockets connected to each other: `socketpair()`. On Windows, creates two TCP sockets of the
    /// loopback address.
    ///
    /// @param type the type of both; on Windows, [Type#STREAM]
    /// @return the sockets
    /// @throws UnsupportedOperationException on Windows for other types
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files, ESOCKTNOSUPPORT for
    ///     [Type#RDM]
    public static Pair pair(Type type) throws IOException {
        return SocketFactory.pair(type);
    }

    /// Creates a stream socket that listens on an address, with the default backlog of [#listen()]. See
    /// [#createServer(SocketAddress, int)].
    ///
    /// @param address the address to listen on; port 0 for any free port
    /// @return a listening socket
    /// @throws IllegalArgumentException if the address is of an unknown class, or a path too long
    /// @throws UnknownHostException if the address is unresolved; the message names the host
    /// @throws NativeIOException if the system refuses: EADDRINUSE, EACCES, EADDRNOTAVAIL
    public static SocketFd createServer(SocketAddress address) throws IOException {
        return createServer(address, SocketFactory.DEFAULT_BACKLOG);
    }

    /// Creates a stream socket that listens on an address: Python's `socket.create_server`. SO_REUSEADDR is set for IP
    /// addresses, so an address can be bound again while old connections are in the state TIME_WAIT. The path of a Unix
    /// socket stays when the socket is closed; delete it before it can be bound again.
    ///
    /// @param address the address to listen on; port 0 for any free port
    /// @param backlog the maximum number of connections that wait to be accepted; the kernel lowers it to its limit
    /// @return a listening socket
    /// @throws IllegalArgumentException if the backlog is negative, or the address is of an unknown class, or a path
    ///     too long
    /// @throws UnknownHostException if the address is unresolved; the message names the host
    /// @throws NativeIOException if the system refuses: EADDRINUSE, EACCES, EADDRNOTAVAIL
    public static SocketFd createServer(SocketAddress address, int backlog) throws IOException {
        return SocketFactory.server(address, backlog);
    }

    /// Creates a stream socket, connects it to an address and waits until it is connected: Python's
    /// `socket.create_connection`.
    ///
    /// @param address the address to connect to
    /// @return a connected socket
    /// @throws IllegalArgumentException if the address is of an unknown class, or a path too long
    /// @throws UnknownHostException if the address is unresolved; the message names the host
    /// @throws NativeIOException if the system refuses or the connect fails: ECONNREFUSED, ETIMEDOUT, ENOENT
    public static SocketFd createConnection(SocketAddress address) throws IOException {
        return SocketFactory.connection(address);
    }

    /// Adopts a socket by its number: the returned object owns the descriptor, and closing the object closes it. Asks
    /// the kernel once for the family, the type and the blocking mode.
    ///
    /// @param fd the number of an open socket that no other code closes
    /// @return a new object that owns the descriptor
    /// @throws IllegalArgumentException if the number is negative
    /// @throws NativeIOException EBADF if it is not open, ENOTSOCK if it is not a socket
    public static SocketFd fromFd(int fd) throws IOException {
        return SocketFactory.of(fd, true);
    }

    /// Borrows a socket by its number: the descriptor keeps its owner, such as a native library. Closing the returned
    /// object unregisters it from its selectors and leaves the descriptor open. Asks the kernel once for the family,
    /// the type and the blocking mode.
    ///
    /// @param fd the number of an open socket, whose owner keeps it open while the object is in use
    /// @return a new object that does not own the descriptor
    /// @throws IllegalArgumentException if the number is negative
    /// @throws NativeIOException EBADF if it is not open, ENOTSOCK if it is not a socket
    public static SocketFd borrow(int fd) throws IOException {
        return SocketFactory.of(fd, false);
    }

    /// Binds the socket to a local address.
    ///
    /// @param address the address; port 0 for any free port
    /// @throws UnknownHostException if the address is unresolved; the message names the host
    /// @throws IllegalArgumentException if the address is not of the family of the socket, of an unknown class, or a
    ///     path too long
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EADDRINUSE, EACCES, EADDRNOTAVAIL, EINVAL if it is already
    ///     bound
    public void bind(SocketAddress address) throws IOException {
        SockAddr sockaddr = SocketDomains.encode(address, domain);
        call(
                fd -> PosixSockets.bind(ErrnoCapture.current(), fd, sockaddr, sockaddr.size()),
                () -> "bind(" + address + ")");
    }

    /// Starts to listen for connections, with the largest backlog that the system allows. Passes a number above every
    /// limit, which the kernel lowers: Linux to `/proc/sys/net/core/somaxconn` (4096 by default, 128 before Linux 5.4),
    /// macOS and the BSDs to the sysctl `kern.ipc.somaxconn` or the like (128 by default).
    ///
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EADDRINUSE, EOPNOTSUPP for datagrams
    public void listen() throws IOException {
        listen(SocketFactory.DEFAULT_BACKLOG);
    }

    /// Starts to listen for connections.
    ///
    /// @param backlog the maximum number of connections that wait to be accepted; the kernel lowers it to its limit,
    ///     see [#listen()]
    /// @throws IllegalArgumentException if the backlog is negative
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EADDRINUSE, EOPNOTSUPP for datagrams
    public void listen(int backlog) throws IOException {
        SocketFactory.requireBacklog(backlog);
        call(fd -> PosixSockets.listen(ErrnoCapture.current(), fd, backlog), () -> "listen(" + backlog + ")");
    }

    /// Accepts a connection. Waits for one if this socket is blocking. Skips connections that were aborted before they
    /// could be accepted.
    ///
    /// The new socket is close-on-exec and takes the blocking mode of this socket. This needs no further system call on
    /// Linux and the BSDs (accept4(2) with SOCK_NONBLOCK); on macOS, fcntl(2) sets it. The mode is the one set last,
    /// before the call, by [#setBlocking] of this object or of a duplicate made by [#dup], else the mode in which this
    /// object was created, adopted or borrowed. A change of the open file by another object, native code or another
    /// process is not seen; call [#setBlocking] here as well then.
    ///
    /// At the limit of open files (EMFILE, ENFILE), the connection stays in the queue and this socket stays readable.
    /// Close a descriptor, or remove the interest in reading for a while.
    ///
    /// @return a new socket, whose [#remoteAddress] is known; null if no connection is waiting and this socket is
    ///     non-blocking
    /// @throws ClosedChannelException if this object is closed, before or during the call
    /// @throws NativeIOException if the system refuses: EMFILE or ENFILE at a limit of open files, EINVAL if this
    ///     socket does not listen
    public @Nullable SocketFd accept() throws IOException {
        SockAddr address = SockAddr.current();
        boolean inherited = blockingMode.get();
        int listening = acquire();
        int result;
        try { // not retryOnEintr: the compiler does not eliminate the lambda
            do {
                result = FACTORY.accept(ErrnoCapture.current(), listening, address, inherited);
            } while (result < 0 && SocketFactory.ACCEPT_AGAIN.contains(-result) && isOpen());
        } finally {
            release();
        }
        if (result < 0) {
            toWriteResult(FACTORY.call("accept"), result);
            return null;
        }
        SocketFd accepted = new SocketFd(result, true, domain, type, inherited);
        try {
            accepted.peer = SocketDomains.decode(address, domain);
            return accepted;
        } catch (Throwable t) {
            accepted.closeAfter(t);
            throw t;
        }
    }

    /// Sets the blocking mode of the open file, see [Fd#setBlocking]. Sockets accepted from now on take the mode too.
    ///
    /// @param blocking true for blocking mode
    /// @throws UnsupportedOperationException for blocking mode, if this is a batched socket of an
    ///     [io.selectors4j.IoUringSelector]
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    @Override
    public void setBlocking(boolean blocking) throws IOException {
        synchronized (blockingMode) { // concurrent calls leave the field and the kernel with the same mode
            super.setBlocking(blocking);
            blockingMode.set(blocking);
        }
    }

    /// Connects the socket. Waits until it is connected if the socket is blocking. For datagrams, sets the address to
    /// send to and to receive from, and does not wait.
    ///
    /// @param address the address to connect to
    /// @return whether the socket is connected; if false, wait until it is writable and call [#finishConnect]
    /// @throws UnknownHostException if the address is unresolved; the message names the host
    /// @throws IllegalArgumentException if the address is not of the family of the socket, of an unknown class, or a
    ///     path too long
    /// @throws ClosedChannelException if this object is closed, before or during the call
    /// @throws NativeIOException if the connect fails: ECONNREFUSED, ETIMEDOUT, EISCONN, EAGAIN if the backlog of a
    ///     Unix socket is full and this socket is non-blocking
    public boolean connect(SocketAddress address) throws IOException {
        SockAddr sockaddr = SocketDomains.encode(address, domain);
        int fd = acquire();
        try {
            int result;
            do {
                result = PosixSockets.connect(ErrnoCapture.current(), fd, sockaddr, sockaddr.size());
                // After EINTR, the kernel continues to connect an IP socket. A Unix socket has not begun (full
                // backlog), a vsock has given up.
            } while (result == -Errno.EINTR && !SocketDomains.isIp(domain) && isOpen());
            if (result == -Errno.EINPROGRESS) {
                pendingPeer = address;
                return false;
            }
            if (result == -Errno.EINTR && isOpen()) {
                pendingPeer = address;
                SingleFdPoll.await(fd, PollFlags.POLLOUT, Deadline.FOREVER);
                return completeConnect(fd);
            }
            if (result < 0) {
                throw connectException(address.toString(), -result);
            }
            // Linux returns 0 also to the first connect after one that succeeded in the background, for any address.
            SockAddr name = SockAddr.current();
            int unknown = PosixSockets.getpeername(ErrnoCapture.current(), fd, name, name.length());
            peer = unknown < 0 ? address : SocketDomains.decode(name, domain);
            pendingPeer = null;
            return true;
        } finally {
            release();
        }
    }

    /// Checks whether a connect in progress has completed. Does not wait.
    ///
    /// @return true if the socket is connected; false if the connect is still in progress, then call again when the
    ///     socket is writable
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the connect failed: the pending error of the socket, such as ECONNREFUSED; ENOTCONN
    ///     if no connect is in progress
    public boolean finishConnect() throws IOException {
        int fd = acquire();
        try {
            // A connected socket may be not writable, because its send buffer is full.
            boolean connected = pendingPeer == null && peer != null;
            return connected || (SingleFdPoll.await(fd, PollFlags.POLLOUT, 0) != 0 && completeConnect(fd));
        } finally {
            release();
        }
    }

    private boolean completeConnect(int fd) throws IOException {
        int error = SocketOptions.get(fd, Constants.SOL_SOCKET, Constants.SO_ERROR, "SO_ERROR");
        SockAddr name = SockAddr.current();
        if (error == 0) {
            error = -PosixSockets.getpeername(ErrnoCapture.current(), fd, name, name.length());
        }
        SocketAddress target = pendingPeer;
        pendingPeer = null;
        if (error > 0) {
            throw connectException(target == null ? "" : target.toString(), error);
        }
        peer = SocketDomains.decode(name, domain);
        return true;
    }

    private IOException connectException(String target, int errno) {
        return isOpen() ? new NativeIOException("connect(" + target + ")", errno) : new AsynchronousCloseException();
    }

    /// Dissolves the association of a datagram socket that [#connect] made: [#remoteAddress] is unknown again, and the
    /// socket receives from every sender. Does nothing on a socket that is not connected. Does not wait.
    ///
    /// Linux also gives up a local address and port that the kernel chose. The BSDs and macOS document EAFNOSUPPORT as
    /// the result of connect(2) here; this method does not report it.
    ///
    /// @throws UnsupportedOperationException if this is a socket for connections
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public void disconnect() throws IOException {
        call(fd -> SocketDomains.dissolve(fd, domain, type), () -> "connect(AF_UNSPEC)");
        peer = null;
        pendingPeer = null;
    }

    /// Shuts down the receiving side: reads return the end of the data.
    ///
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ENOTCONN
    public void shutdownInput() throws IOException {
        call(fd -> shutdown(fd, Constants.SHUT_RD), () -> "shutdown(SHUT_RD)");
    }

    /// Shuts down the sending side: the peer reads the end of the data after the data sent before.
    ///
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ENOTCONN
    public void shutdownOutput() throws IOException {
        call(fd -> shutdown(fd, Constants.SHUT_WR), () -> "shutdown(SHUT_WR)");
    }

    /// Receives bytes or one message: `recv()`. Waits if the socket is blocking.
    ///
    /// @param target the buffer for the bytes, heap or direct
    /// @param flags MSG_* flags, or 0
    /// @return the number of bytes received; 0 if none are available and the call does not wait, for an empty message,
    ///     or if the buffer is full (a datagram is received into a full buffer and lost); -1 at the end of the data of
    ///     a connection, and for an empty message of [Type#SEQPACKET], which looks the same
    /// @throws IllegalArgumentException if the buffer is read-only, or for [#MSG_TRUNC] on a stream
    /// @throws IllegalStateException if the memory of the buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws UnsupportedOperationException if this is a batched socket, for flags other than [#MSG_DONTWAIT]; for
    ///     that one on Windows
    /// @throws ClosedChannelException if this object is closed, before or during the call
    /// @throws NativeIOException if the receive fails: ECONNRESET, ENOTCONN, EINVAL for [#MSG_OOB] without out-of-band
    ///     data
    public int receive(ByteBuffer target, int flags) throws IOException {
        return Messages.receiveBytes(this, target, flags);
    }

    /// Sends bytes or one message: `send()`. Waits if the socket is blocking. Never raises SIGPIPE.
    ///
    /// @param source the bytes, in a heap or direct buffer
    /// @param flags MSG_* flags, or 0
    /// @return the number of bytes sent; 0 if the send buffer is full and the call does not wait
    /// @throws IllegalStateException if the memory of the buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws UnsupportedOperationException if this is a batched socket, for flags other than [#MSG_DONTWAIT]; for
    ///     that one on Windows
    /// @throws ClosedChannelException if this object is closed, before or during the call
    /// @throws NativeIOException if the send fails: EPIPE if the connection is shut down, ECONNRESET, EMSGSIZE
    public int send(ByteBuffer source, int flags) throws IOException {
        if (isBatched(flags)) {
            return write(source);
        }
        return toWriteResult(
                "send",
                retryOnEintr(fd ->
                        byteIo().write(ByteIo.Calls.SOCKET, fd, source, flags | MSG_NOSIGNAL, preservesMessages())));
    }

    /// Reads into several buffers: [#read(ByteBuffer[], int, int)] with all of the array.
    ///
    /// @param targets the buffers for the bytes, heap or direct
    /// @return the number of bytes received; 0 if none are available and the socket is non-blocking, for an empty
    ///     message, or if all buffers are full (a datagram is received into full buffers and lost); -1 at the end of
    ///     the data of a connection
    /// @throws IllegalArgumentException if a buffer is read-only
    /// @throws IllegalStateException if the memory of a buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call
    /// @throws NativeIOException if the receive fails, such as ECONNRESET
    @Override
    public long read(ByteBuffer[] targets) throws IOException {
        return ScatterGather.read(this, targets, 0, targets.length);
    }

    /// Receives bytes or one message into several buffers, in their order: `recvmsg()`. Waits as [#read(ByteBuffer)]
    /// does.
    ///
    /// One call fills the buffers as far as bytes are available. On a stream, it uses at most 1024 buffers (IOV_MAX),
    /// 256 KiB of heap buffers, and the memory segments of one arena. A message is received whole; bytes that do not
    /// fit are lost.
    ///
    /// Creates no objects on a platform thread in steady state, if it passes the same buffers again. A message into
    /// more than 1024 buffers, into more than 256 KiB of heap buffers, or into memory of several arenas needs new
    /// memory for each call.
    ///
    /// @param targets the buffers for the bytes, heap or direct
    /// @param offset the index of the first buffer
    /// @param length the number of buffers
    /// @return the number of bytes received; 0 if none are available and the socket is non-blocking, for an empty
    ///     message, or if all buffers are full (a datagram is received into full buffers and lost); -1 at the end of
    ///     the data of a connection
    /// @throws IndexOutOfBoundsException if the array does not have these buffers
    /// @throws IllegalArgumentException if a buffer is read-only
    /// @throws IllegalStateException if the memory of a buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call
    /// @throws NativeIOException if the receive fails, such as ECONNRESET
    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        return ScatterGather.read(this, targets, offset, length);
    }

    /// Writes from several buffers: [#write(ByteBuffer[], int, int)] with all of the array.
    ///
    /// @param sources the bytes, in heap or direct buffers
    /// @return the number of bytes sent; fewer than the buffers had if the socket is non-blocking, or if an error
    ///     occurred after these bytes, which the next call reports; 0 if there is no room for a message
    /// @throws IllegalStateException if the memory of a buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call
    /// @throws NativeIOException if the send fails: EPIPE if the connection is shut down, ECONNRESET, EMSGSIZE if the
    ///     message is too long, EDESTADDRREQ or ENOTCONN if the socket is not connected
    @Override
    public long write(ByteBuffer[] sources) throws IOException {
        return ScatterGather.write(this, sources, 0, sources.length);
    }

    /// Sends the bytes of several buffers, in their order: `sendmsg()`. On a stream, sends all bytes if the socket is
    /// blocking, else as many as there is room for now. On other sockets, sends one message, however many buffers it
    /// has; without any buffer, sends nothing. Never raises SIGPIPE. Creates objects as rarely as
    /// [#read(ByteBuffer[], int, int)] does.
    ///
    /// @param sources the bytes, in heap or direct buffers
    /// @param offset the index of the first buffer
    /// @param length the number of buffers
    /// @return the number of bytes sent; fewer than the buffers had if the socket is non-blocking, or if an error
    ///     occurred after these bytes, which the next call reports; 0 if there is no room for a message
    /// @throws IndexOutOfBoundsException if the array does not have these buffers
    /// @throws IllegalStateException if the memory of a buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call
    /// @throws NativeIOException if the send fails: EPIPE if the connection is shut down, ECONNRESET, EMSGSIZE if the
    ///     message is too long, EDESTADDRREQ or ENOTCONN if the socket is not connected
    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        return ScatterGather.write(this, sources, offset, length);
    }

    /// Receives one message and returns its sender: `recvfrom()`. Waits if the socket is blocking.
    ///
    /// @param target the buffer for the message, heap or direct; bytes that do not fit are lost
    /// @param flags MSG_* flags, or 0
    /// @return the address of the sender in the form of [#localAddress], the empty path for an unnamed Unix socket;
    ///     null if no message is available and the call does not wait
    /// @throws IllegalArgumentException if the buffer is read-only
    /// @throws IllegalStateException if the memory of the buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed, before or during the call
    /// @throws NativeIOException if the receive fails: ECONNREFUSED if a message sent before found no receiver
    /// @throws UnsupportedOperationException on Windows for [#MSG_DONTWAIT]
    public @Nullable SocketAddress receiveFrom(ByteBuffer target, int flags) throws IOException {
        return Messages.receive(this, target, flags);
    }

    /// Sends one message to an address: `sendto()`. Waits if the socket is blocking. Never raises SIGPIPE.
    ///
    /// @param source the message, in a heap or direct buffer
    /// @param receiver the address of the receiver
    /// @param flags MSG_* flags, or 0
    /// @return the number of bytes sent; 0 if the send buffer is full and the call does not wait
    /// @throws UnknownHostException if the address is unresolved; the message names the host
    /// @throws IllegalArgumentException if the address is not of the family of the socket, of an unknown class, or a
    ///     path too long
    /// @throws IllegalStateException if the memory of the buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed, before or during the call
    /// @throws NativeIOException if the send fails: EMSGSIZE, ENETUNREACH
    /// @throws UnsupportedOperationException on Windows for [#MSG_DONTWAIT]
    public int sendTo(ByteBuffer source, SocketAddress receiver, int flags) throws IOException {
        return Messages.send(this, source, receiver, flags | MSG_NOSIGNAL);
    }

    @Override
    int readMessage(ByteBuffer target) throws IOException {
        return receive(target, 0);
    }

    @Override
    ByteIo.Calls calls() {
        return ByteIo.Calls.SOCKET;
    }

    @Override
    int sendFlags() {
        return MSG_NOSIGNAL;
    }

    @Override
    boolean preservesMessages() {
        return type != Type.STREAM;
    }

    @Override
    boolean zeroIsEnd() {
        return type.zeroIsEnd;
    }

    /// Receives bytes or one message with its sender, flags and control messages: `recvmsg()`. Waits if the socket is
    /// blocking, except for the error queue.
    ///
    /// A stream does not merge bytes that were sent with control messages with those that were sent before or after.
    /// Creates no objects on a platform thread in steady state, except for descriptors that were received.
    ///
    /// @param targets the buffers for the bytes, heap or direct; none receives the control messages only
    /// @param message the object for everything but the bytes; its descriptors that were not taken are closed
    /// @param flags MSG_* flags, or 0; [#MSG_ERRQUEUE] for the error queue
    /// @return true if something was received: [ReceivedMessage#count] is the number of bytes, or -1 at the end of the
    ///     data of a connection; false if nothing is available and the call does not wait
    /// @throws IllegalArgumentException if a buffer is read-only, if a socket for connections has no room for a byte,
    ///     or for [#MSG_TRUNC] on a stream
    /// @throws IllegalStateException if the memory of a buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws UnsupportedOperationException on Windows, or if this is a batched socket
    /// @throws ClosedChannelException if this object is closed, before or during the call
    /// @throws NativeIOException if the receive fails: ECONNRESET, ENOTCONN
    public boolean receiveMessage(ByteBuffer[] targets, ReceivedMessage message, int flags) throws IOException {
        return Messages.receive(this, targets, message, flags);
    }

    /// Sends bytes or one message with control messages: `sendmsg()`. Waits if the socket is blocking. Never raises
    /// SIGPIPE. Makes one call, which sends a stream's control messages with its first byte and may leave bytes in the
    /// buffers: send those without the control messages.
    ///
    /// Creates no objects on a platform thread in steady state, except for passing descriptors.
    ///
    /// @param sources the bytes, in heap or direct buffers, whose positions advance by the bytes that were sent
    /// @param receiver the address to send to; null for the address that the socket is connected to
    /// @param control the control messages; may be empty
    /// @param flags MSG_* flags, or 0
    /// @return true if the message, or a part of a stream's bytes, was sent with all control messages; false if there
    ///     is no room and the call does not wait
    /// @throws IllegalArgumentException if a stream gets no byte to send, if a control message cannot be sent or is of
    ///     another version of IP, or if the address is not of the family of the socket
    /// @throws UnknownHostException if the address is unresolved
    /// @throws IllegalStateException if the memory of a buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws UnsupportedOperationException on Windows; if this is a batched socket, or a descriptor to pass is one;
    ///     for a control message that only Linux has on another system
    /// @throws ClosedChannelException if this object or a descriptor to pass is closed, before or during the call
    /// @throws NativeIOException if the send fails: EPIPE, ECONNRESET, EMSGSIZE, EDESTADDRREQ; EINVAL for a control
    ///     message of another kind of socket or for too many descriptors; EPERM for the credentials of another process;
    ///     ETOOMANYREFS if too many passed descriptors are not received yet
    public boolean sendMessage(
            ByteBuffer[] sources, @Nullable SocketAddress receiver, List<ControlMessage> control, int flags)
            throws IOException {
        return Messages.send(this, sources, receiver, control, flags);
    }

    /// Sends bytes of a file without copying them to the memory of the process: sendfile(2). Sends all bytes if the
    /// socket is blocking, and waits for the disk in any mode. The position of the file does not change.
    ///
    /// @param file the file, open for reading: a regular file or another one that mmap(2) supports, such as a block
    ///     device
    /// @param position the position of the first byte in the file
    /// @param count the number of bytes
    /// @return the number of bytes sent; fewer than the count at the end of the file, if the socket is non-blocking, or
    ///     if an error occurred after these bytes, which the next call reports; 0 if the socket has no room, or the
    ///     position is at or beyond the end of the file
    /// @throws IllegalArgumentException if the position or the count is negative
    /// @throws UnsupportedOperationException if this is not Linux, where sendfile(2) has another prototype; or if this
    ///     is a batched socket
    /// @throws ClosedChannelException if this object or the file is closed
    /// @throws AsynchronousCloseException if this object was closed during this call
    /// @throws NativeIOException if the system refuses or the send fails: EINVAL or ESPIPE if the file cannot be sent,
    ///     EBADF if it is not open for reading, EPIPE if the connection is shut down, ENOTCONN, EOVERFLOW
    public long sendFile(Fd file, long position, long count) throws IOException {
        return Transfer.sendFile(file, position, this, count);
    }

    /// Joins a multicast group on a network interface, for datagrams from all senders: MCAST_JOIN_GROUP. The membership
    /// ends with [#leaveGroup(InetAddress, NetworkInterface)], or when the last duplicate of the socket is closed.
    ///
    /// An IPv6 socket that is not restricted to IPv6 can join IPv4 groups on Linux and macOS. Linux delivers datagrams
    /// of groups that other sockets have joined to a socket bound to the wildcard address, too.
    ///
    /// @param group the address of the group, IPv4 or IPv6
    /// @param interf the network interface
    /// @throws IllegalArgumentException if this is no IP socket, if the group is not a multicast address or is an IPv6
    ///     address for an IPv4 socket, or if the network interface has no index
    /// @throws UnsupportedOperationException if the system lacks MCAST_JOIN_GROUP: OpenBSD, NetBSD, DragonFly BSD
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EADDRINUSE if the socket is a member already, ENODEV if the
    ///     interface is gone, ENOBUFS at the limit of memberships, EINVAL if the socket joined the group for single
    ///     senders
    public void joinGroup(InetAddress group, NetworkInterface interf) throws IOException {
        MulticastOption.JOIN.apply(this, group, interf, null);
    }

    /// Joins a multicast group on a network interface, for datagrams from one sender: MCAST_JOIN_SOURCE_GROUP. Further
    /// calls add further senders.
    ///
    /// @param group the address of the group, IPv4 or IPv6
    /// @param interf the network interface
    /// @param source the address of the sender
    /// @throws IllegalArgumentException if this is no IP socket, if the group is not a multicast address or is an IPv6
    ///     address for an IPv4 socket, if the source is a multicast or wildcard address or of another family than the
    ///     group, or if the network interface has no index
    /// @throws UnsupportedOperationException if the system lacks MCAST_JOIN_SOURCE_GROUP: OpenBSD, NetBSD, DragonFly
    ///     BSD
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EADDRNOTAVAIL if the sender was added already, ENODEV if the
    ///     interface is gone, ENOBUFS at the limit of senders, EINVAL if the socket joined the group for all senders
    public void joinGroup(InetAddress group, NetworkInterface interf, InetAddress source) throws IOException {
        MulticastOption.JOIN_SOURCE.apply(this, group, interf, source);
    }

    /// Leaves a multicast group on a network interface, for all senders: MCAST_LEAVE_GROUP.
    ///
    /// @param group the address of the group, IPv4 or IPv6
    /// @param interf the network interface
    /// @throws IllegalArgumentException if this is no IP socket, if the group is not a multicast address or is an IPv6
    ///     address for an IPv4 socket, or if the network interface has no index
    /// @throws UnsupportedOperationException if the system lacks MCAST_LEAVE_GROUP: OpenBSD, NetBSD, DragonFly BSD
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EADDRNOTAVAIL if the socket is not a member, ENODEV if the
    ///     interface is gone
    public void leaveGroup(InetAddress group, NetworkInterface interf) throws IOException {
        MulticastOption.LEAVE.apply(this, group, interf, null);
    }

    /// Ends the membership of [#joinGroup(InetAddress, NetworkInterface, InetAddress)] for one sender:
    /// MCAST_LEAVE_SOURCE_GROUP. After the last sender, the socket is not a member.
    ///
    /// @param group the address of the group, IPv4 or IPv6
    /// @param interf the network interface
    /// @param source the address of the sender
    /// @throws IllegalArgumentException if this is no IP socket, if the group is not a multicast address or is an IPv6
    ///     address for an IPv4 socket, if the source is a multicast or wildcard address or of another family than the
    ///     group, or if the network interface has no index
    /// @throws UnsupportedOperationException if the system lacks MCAST_LEAVE_SOURCE_GROUP: OpenBSD, NetBSD, DragonFly
    ///     BSD
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EADDRNOTAVAIL if the sender was not added, EINVAL if the socket
    ///     is not a member, ENODEV if the interface is gone
    public void leaveGroup(InetAddress group, NetworkInterface interf, InetAddress source) throws IOException {
        MulticastOption.LEAVE_SOURCE.apply(this, group, interf, source);
    }

    /// Blocks datagrams of one sender to a multicast group that the socket joined for all senders: MCAST_BLOCK_SOURCE.
    ///
    /// @param group the address of the group, IPv4 or IPv6
    /// @param interf the network interface
    /// @param source the address of the sender
    /// @throws IllegalArgumentException if this is no IP socket, if the group is not a multicast address or is an IPv6
    ///     address for an IPv4 socket, if the source is a multicast or wildcard address or of another family than the
    ///     group, or if the network interface has no index
    /// @throws UnsupportedOperationException if the system lacks MCAST_BLOCK_SOURCE: OpenBSD, NetBSD, DragonFly BSD
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EADDRNOTAVAIL if the sender is blocked already, EINVAL if the
    ///     socket is not a member for all senders, ENODEV if the interface is gone
    public void blockSource(InetAddress group, NetworkInterface interf, InetAddress source) throws IOException {
        MulticastOption.BLOCK.apply(this, group, interf, source);
    }

    /// Unblocks a sender that [#blockSource] blocked: MCAST_UNBLOCK_SOURCE.
    ///
    /// @param group the address of the group, IPv4 or IPv6
    /// @param interf the network interface
    /// @param source the address of the sender
    /// @throws IllegalArgumentException if this is no IP socket, if the group is not a multicast address or is an IPv6
    ///     address for an IPv4 socket, if the source is a multicast or wildcard address or of another family than the
    ///     group, or if the network interface has no index
    /// @throws UnsupportedOperationException if the system lacks MCAST_UNBLOCK_SOURCE: OpenBSD, NetBSD, DragonFly BSD
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EADDRNOTAVAIL if the sender is not blocked, EINVAL if the
    ///     socket is not a member for all senders, ENODEV if the interface is gone
    public void unblockSource(InetAddress group, NetworkInterface interf, InetAddress source) throws IOException {
        MulticastOption.UNBLOCK.apply(this, group, interf, source);
    }

    /// Returns the local address of the socket.
    ///
    /// @return the address; the wildcard with port 0, or the empty path, if the socket is not bound; a
    ///     [RawSocketAddress] for another family and for a Unix socket whose name is no path (abstract)
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public SocketAddress localAddress() throws IOException {
        SockAddr address = SockAddr.current();
        call(
                fd -> PosixSockets.getsockname(ErrnoCapture.current(), fd, address, address.length()),
                () -> "getsockname()");
        return SocketDomains.decode(address, domain);
    }

    /// Returns the address of the peer, to which the socket was connected or from which it was accepted. Also works
    /// after the connection is gone or this object is closed.
    ///
    /// @return the address in the form of [#localAddress], the empty path for an unnamed Unix socket
    /// @throws ClosedChannelException if this object is closed and the address was never known
    /// @throws NativeIOException ENOTCONN if the socket is not connected
    public SocketAddress remoteAddress() throws IOException {
        SocketAddress known = peer;
        if (known != null) {
            return known;
        }
        SockAddr address = SockAddr.current();
        call(
                fd -> PosixSockets.getpeername(ErrnoCapture.current(), fd, address, address.length()),
                () -> "getpeername()");
        return SocketDomains.decode(address, domain);
    }

    /// Returns the credentials of the process that connected or listened at the other end of a Unix socket, at the time
    /// of `connect` or `listen`; for a [#pair], those of the process that created it: SO_PEERCRED.
    ///
    /// @return the credentials; process ID 0 and the IDs -1 for a socket that is not connected, or not a Unix one
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public PeerCredentials peerCredentials() throws IOException {
        return use(PeerCredentials::of);
    }

    /// Sets an option: an option of [StandardSocketOptions], of [NativeSocketOptions], of this class, or an option of
    /// `jdk.net.ExtendedSocketOptions` with a constant in this class. Options are compared by name and type.
    ///
    /// On an IPv6 socket, Linux has separate values for IPv4 and IPv6 of IP_TOS, IP_DONTFRAGMENT and the multicast
    /// options. This method sets both.
    ///
    /// With SO_LINGER above 0, closing the socket may block for that many seconds, on Linux even if it is non-blocking:
    /// see [SocketFd].
    ///
    /// @param <T> type of the value
    /// @param option the option
    /// @param value the value; an SO_LINGER below zero switches lingering off
    /// @throws IllegalArgumentException if the option is not known, does not exist on this system or cannot be set; if
    ///     the value is outside of its range, which the constants of [NativeSocketOptions] state: SO_SNDBUF and
    ///     SO_RCVBUF below 0, IP_TOS and IP_MULTICAST_TTL outside of 0
    ///     to 255, TCP_KEEPIDLE, TCP_KEEPINTERVAL and TCP_KEEPCOUNT below 1, a network interface without index
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EINVAL, ENOPROTOOPT or EOPNOTSUPP if the socket is of another
    ///     type or family, EADDRNOTAVAIL or ENODEV if the network interface is gone
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        use(fd -> SocketOptions.set(fd, domain == Constants.AF_INET6, option, value));
    }

    /// Returns the value of an option, one of those that [#setOption(SocketOption, Object)] takes, or
    /// [#SO_INCOMING_NAPI_ID].
    ///
    /// @param <T> type of the value
    /// @param option the option
    /// @return the value; -1 for an SO_LINGER that is off; null for an IP_MULTICAST_IF that is not set, and on an IPv4
    ///     socket if the interface has no IPv4 address. Linux returns twice the buffer size that was set
    /// @throws IllegalArgumentException if the option is not known or does not exist on this system
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    @SuppressWarnings("NullAway") // null only for IP_MULTICAST_IF; every other caller would have to check for it
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return use(fd -> SocketOptions.get(fd, domain == Constants.AF_INET6, option));
    }

    /// Sets an `int` option that has no name in Java, such as NETLINK_ADD_MEMBERSHIP.
    ///
    /// @param level the number of the level, such as 1 for SOL_SOCKET
    /// @param option the number of the option
    /// @param value the value
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ENOPROTOOPT, EINVAL, EPERM
    public void setOption(int level, int option, int value) throws IOException {
        use(fd -> SocketOptions.set(fd, level, option, value));
    }

    /// Sets an option to bytes, in the layout of the option's C type. See [#setOption(int, int, ByteBuffer)].
    ///
    /// @param level the number of the level, such as 1 for SOL_SOCKET
    /// @param option the number of the option
    /// @param value the bytes of the value
    /// @throws IllegalArgumentException if there are more than 64 MiB
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ENOPROTOOPT, EINVAL for another length or value, EPERM
    public void setOption(int level, int option, byte[] value) throws IOException {
        setOption(level, option, ByteBuffer.wrap(value));
    }

    /// Sets an option to the remaining bytes of a buffer, in the layout of the option's C type and in the byte order of
    /// the system. The position of the buffer advances to its limit.
    ///
    /// The values of a few options contain addresses of memory, such as SO_ATTACH_FILTER, and options of netfilter. The
    /// kernel reads and writes there, so only a program that owns the memory may set them.
    ///
    /// @param level the number of the level, such as 1 for SOL_SOCKET
    /// @param option the number of the option
    /// @param value the bytes of the value, heap or direct
    /// @throws IllegalArgumentException if there are more than 64 MiB
    /// @throws IllegalStateException if the memory of the buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ENOPROTOOPT, EINVAL for another length or value, EPERM
    public void setOption(int level, int option, ByteBuffer value) throws IOException {
        use(fd -> SocketOptionBytes.set(fd, level, option, value));
    }

    /// Returns the value of an `int` option that has no name in Java, or the first four bytes of a longer option; see
    /// [#getOption(int, int, int)] for all bytes.
    ///
    /// @param level the number of the level, such as 1 for SOL_SOCKET
    /// @param option the number of the option
    /// @return the value
    /// @throws IllegalArgumentException for SO_GET_FILTER, whose length is no number of bytes
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ENOPROTOOPT, EINVAL
    public int getOption(int level, int option) throws IOException {
        return use(fd -> SocketOptions.get(fd, level, option, level + ", " + option));
    }

    /// Returns the value of an option as bytes, in the layout of the option's C type. The value is never cut: a longer
    /// one is refused. To notice it, the kernel is first offered memory for one more byte.
    ///
    /// @param level the number of the level, such as 1 for SOL_SOCKET
    /// @param option the number of the option
    /// @param maxLength the greatest number of bytes that is expected
    /// @return the bytes that the kernel has returned
    /// @throws IllegalArgumentException if the value has more bytes, or if the number is negative or above 64 MiB
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ENOPROTOOPT, EINVAL if the option needs another length
    public byte[] getOption(int level, int option, int maxLength) throws IOException {
        return use(fd -> SocketOptionBytes.get(fd, level, option, maxLength));
    }

    /// Reads the value of an option into a buffer, whose position advances. The value is never cut, as by
    /// [#getOption(int, int, int)]. The remaining bytes of the buffer are passed to the kernel, because a few options
    /// read them.
    ///
    /// @param level the number of the level, such as 1 for SOL_SOCKET
    /// @param option the number of the option
    /// @param target the buffer for the value, heap or direct
    /// @return the number of bytes that the kernel has returned
    /// @throws IllegalArgumentException if the value has more bytes than the buffer has room for, in which case the
    ///     buffer stays as it is; if the buffer is read-only; or if it has room for more than 64 MiB
    /// @throws IllegalStateException if the memory of the buffer belongs to a closed arena
    /// @throws WrongThreadException if it belongs to an arena confined to another thread
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ENOPROTOOPT, EINVAL if the option needs another length
    public int getOption(int level, int option, ByteBuffer target) throws IOException {
        return use(fd -> SocketOptionBytes.get(fd, level, option, target));
    }

    /// Returns the number of the address family, such as [#AF_INET].
    ///
    /// @return the number: Python's `socket.family`
    public int domain() {
        return domain;
    }

    /// Returns the type of the socket.
    ///
    /// @return the type: Python's `socket.type`
    public Type type() {
        return type;
    }

    /// Duplicates the descriptor. The duplicate shares the connection and the blocking mode, and is not registered
    /// anywhere.
    ///
    /// @return a new object that owns the new descriptor
    /// @throws UnsupportedOperationException if this is a batched socket of an [io.selectors4j.IoUringSelector]
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    @Override
    public SocketFd dup() throws IOException {
        SocketFd copy = new SocketFd(duplicate(), true, domain, type, blockingMode);
        copy.peer = peer;
        return copy;
    }

    @Override
    boolean isBlocking(int fd) throws IOException {
        return Platform.IS_WINDOWS ? blockingMode.get() : super.isBlocking(fd);
    }

    @Override
    protected void preClose(int fd) throws IOException {
        // Non-blocking calls return anyway, and a shutdown would affect all duplicates of the descriptor.
        if (isOwned() && isBlocking(fd)) {
            Fcntl.endBlockingCalls(fd);
        }
    }

    private void call(IntToLongFunction operation, Supplier<String> text) throws IOException {
        SystemCall.check((int) retryOnEintr(operation), text);
    }
}
