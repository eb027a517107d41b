package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.posix.ByteIo;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixSockets;
import io.selectors4j.internal.posix.SockAddr;
import io.selectors4j.internal.sys.DescriptorFactory;
import io.selectors4j.internal.sys.Fcntl;
import io.selectors4j.internal.sys.SystemCall;
import java.io.Closeable;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A socket: IPv4, IPv6 or Unix, of streams, datagrams or packets; and of any other family, whose addresses are
/// [RawSocketAddress]es, which a socket takes of its own family, whichever that is. New and accepted sockets are blocking, as those of C and Python are.
///
/// Closing a blocking socket while another thread waits in a call on it shuts the connection down, so that the call returns;
/// a thread that waits in [#accept] returns too. Only a connect to a Unix socket whose backlog is full goes on waiting, and
/// what waits on a socket that cannot be shut down: netlink, packet, a vsock that listens. On macOS, OpenBSD, NetBSD and
/// DragonFly BSD, that is every socket that is not connected: an accept goes on, and so does what waits for datagrams.
///
/// Source: socket(2), bind(2), listen(2), accept(2), connect(2), send(2), recv(2), shutdown(2), socket(7), ip(7), unix(7),
/// netlink(7), packet(7), vsock(7).
public final class SocketFd extends Fd {

    /// Unix sockets.
    public static final int AF_UNIX = Constants.AF_UNIX;

    /// IPv4.
    public static final int AF_INET = Constants.AF_INET;

    /// IPv6.
    public static final int AF_INET6 = Constants.AF_INET6;

    /// Messages of the kernel: of network interfaces and routes, of devices. Linux only.
    public static final int AF_NETLINK = LinuxConstants.AF_NETLINK;

    /// Packets as they pass a network interface. Linux only.
    public static final int AF_PACKET = LinuxConstants.AF_PACKET;

    /// Between a virtual machine and its host. Linux only.
    public static final int AF_VSOCK = LinuxConstants.AF_VSOCK;

    /// Send or receive the one byte of out-of-band data of a TCP connection.
    public static final int MSG_OOB = Constants.MSG_OOB;

    /// Receive, and leave the data where they are.
    public static final int MSG_PEEK = Constants.MSG_PEEK;

    /// Return the length of a message, even if it is more than fits. Not for streams. Linux and newer FreeBSD; elsewhere the
    /// length returned is what fits.
    public static final int MSG_TRUNC = Constants.MSG_TRUNC;

    /// Do not wait in this call, even if the socket is blocking.
    public static final int MSG_DONTWAIT = Constants.MSG_DONTWAIT;

    /// Wait until the buffer is full.
    public static final int MSG_WAITALL = Constants.MSG_WAITALL;

    /// Leave out-of-band data among the other data.
    public static final SocketOption<Boolean> SO_OOBINLINE = SocketOptions.SO_OOBINLINE;

    /// Restrict an IPv6 socket to IPv6; otherwise it takes IPv4 too. Off at first on Linux and macOS, and on at first on the
    /// BSDs, of which some cannot have it off.
    public static final SocketOption<Boolean> IPV6_V6ONLY = SocketOptions.IPV6_V6ONLY;

    private final int domain;
    private final Type type;
    private final boolean stream;
    private final SocketPeer peer;
    private final SocketMessages messages;

    /// The kind of a socket.
    public enum Type {
        /// A stream of bytes, connected.
        STREAM(Constants.SOCK_STREAM, true),
        /// Single messages, not reliable between hosts.
        DATAGRAM(Constants.SOCK_DGRAM, false),
        /// Single messages on a reliable connection; Unix sockets have it.
        SEQPACKET(Constants.SOCK_SEQPACKET, true),
        /// Single messages with the headers of the protocol.
        RAW(Constants.SOCK_RAW, false),
        /// Single messages, reliable and in any order.
        RDM(Constants.SOCK_RDM, false);

        final int number;

        /// Whether receiving nothing is the end.
        final boolean ends;

        Type(int number, boolean ends) {
            this.number = number;
            this.ends = ends;
        }
    }

    /// Two sockets connected to each other.
    ///
    /// @param first the one
    /// @param second the other
    public record Pair(SocketFd first, SocketFd second) implements Closeable {

        /// Closes both.
        @Override
        public void close() throws IOException {
            try (first;
                    second) {
                // nothing but to close both, whatever happens to one
            }
        }
    }

    SocketFd(int fd, boolean owned, int domain, Type type) {
        super(fd, owned);
        this.domain = domain;
        this.type = type;
        stream = type == Type.STREAM;
        peer = new SocketPeer(this, domain);
        messages = new SocketMessages(this, domain, type);
    }

    /// Creates a socket.
    ///
    /// @param family `INET`, `INET6` or `UNIX` of [StandardProtocolFamily]
    /// @param type its kind
    /// @return a new socket
    /// @throws IllegalArgumentException if the family is another one
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files, EAFNOSUPPORT
    public static SocketFd open(ProtocolFamily family, Type type) throws IOException {
        return open(SocketDomains.number(family), type, 0);
    }

    /// Creates a socket of any family.
    ///
    /// @param domain the family's number, such as [#AF_NETLINK]
    /// @param type its kind
    /// @param protocol the protocol's number within the family, mostly 0; that of [#AF_PACKET] is in network byte order
    /// @return a new socket
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files, EAFNOSUPPORT, EPROTONOSUPPORT,
    ///     ESOCKTNOSUPPORT, EPERM for packets and raw IP sockets without the capability CAP_NET_RAW
    public static SocketFd open(int domain, Type type, int protocol) throws IOException {
        return SocketFactory.open(domain, type, protocol);
    }

    /// Creates two Unix sockets connected to each other: `socketpair()`.
    ///
    /// @param type their kind
    /// @return the sockets
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files, ESOCKTNOSUPPORT for [Type#RDM]
    public static Pair pair(Type type) throws IOException {
        return SocketFactory.pair(type);
    }

    /// Creates a stream socket that listens on an address: Python's `socket.create_server`. An address of IP may be bound
    /// again while connections of a former server linger (SO_REUSEADDR). A Unix path stays when the socket is closed: who wants
    /// to bind it again has to delete it.
    ///
    /// @param address where to listen; port 0 for any free port
    /// @param backlog how many connections may wait to be accepted
    /// @return a listening socket
    /// @throws IllegalArgumentException if the backlog is negative, or the address is of a class that is not known, or a path too long
    /// @throws UnknownHostException if the address carries a host name that does not resolve; the message names it
    /// @throws NativeIOException if the system refuses: EADDRINUSE, EACCES, EADDRNOTAVAIL
    public static SocketFd createServer(SocketAddress address, int backlog) throws IOException {
        return SocketFactory.server(address, backlog);
    }

    /// Creates a stream socket and connects it to an address, waiting until it is connected: Python's
    /// `socket.create_connection`.
    ///
    /// @param address where to connect to
    /// @return a connected socket
    /// @throws IllegalArgumentException if the address is of a class that is not known, or a path too long
    /// @throws UnknownHostException if the address carries a host name that does not resolve; the message names it
    /// @throws NativeIOException if the system refuses or the connect fails: ECONNREFUSED, ETIMEDOUT, ENOENT
    public static SocketFd createConnection(SocketAddress address) throws IOException {
        return SocketFactory.connection(address);
    }

    /// Makes an object of a socket that nobody else will close. Closing the object closes the socket.
    ///
    /// @param fd the descriptor's number
    /// @return an object that owns it
    /// @throws IllegalArgumentException if the number is negative
    /// @throws NativeIOException EBADF if it is not open, ENOTSOCK if it is not a socket
    public static SocketFd fromFd(int fd) throws IOException {
        return SocketFactory.of(fd, true);
    }

    /// Makes an object of a socket that belongs to somebody else. Closing the object leaves its selectors, and leaves the
    /// socket open.
    ///
    /// @param fd the descriptor's number
    /// @return an object that does not own it
    /// @throws IllegalArgumentException if the number is negative
    /// @throws NativeIOException EBADF if it is not open, ENOTSOCK if it is not a socket
    public static SocketFd borrow(int fd) throws IOException {
        return SocketFactory.of(fd, false);
    }

    /// Gives the socket an address of its own.
    ///
    /// @param address the address; port 0 for any free port
    /// @throws UnknownHostException if the address carries a host name that does not resolve; the message names it
    /// @throws IllegalArgumentException if the address is of another family than the socket, or of a class that is not known, or a path too
    ///     long
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EADDRINUSE, EACCES, EADDRNOTAVAIL, EINVAL if it has an address
    public void bind(SocketAddress address) throws IOException {
        SockAddr sockaddr = SocketDomains.encode(address, domain);
        call(
                fd -> PosixSockets.bind(ErrnoCapture.current(), fd, sockaddr, sockaddr.size()),
                () -> "bind(" + address + ")");
    }

    /// Starts to take connections.
    ///
    /// @param backlog how many connections may wait to be accepted; the kernel lowers it to
    ///     `/proc/sys/net/core/somaxconn`
    /// @throws IllegalArgumentException if the backlog is negative
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EADDRINUSE, EOPNOTSUPP for datagrams
    public void listen(int backlog) throws IOException {
        SocketFactory.requireBacklog(backlog);
        SocketAccept.load();
        call(fd -> PosixSockets.listen(ErrnoCapture.current(), fd, backlog), () -> "listen(" + backlog + ")");
    }

    /// Accepts a connection. Waits for one if the socket is blocking. A connection that was aborted before it could be
    /// accepted is passed over.
    ///
    /// If there is no descriptor left for it (EMFILE), the connection goes on waiting, and so does the listening socket:
    /// close something, or stop waiting for reading for a while.
    ///
    /// @return a new socket, blocking and close-on-exec, whose [#remoteAddress] is the peer's; null if no connection is
    ///     waiting and the socket is non-blocking
    /// @throws ClosedChannelException if this object is closed, before or meanwhile
    /// @throws NativeIOException if the system refuses: EMFILE or ENFILE at a limit of open files, EINVAL if the socket
    ///     does not listen
    public @Nullable SocketFd accept() throws IOException {
        SockAddr address = new SockAddr();
        long result = SocketAccept.next(this, address);
        if (result < 0) {
            toWriteResult(DescriptorFactory.current().call("accept"), result);
            return null;
        }
        return SocketFactory.with(
                new SocketFd((int) result, true, domain, type),
                accepted -> accepted.peer.set(SocketDomains.decode(address, domain)));
    }

    /// Connects the socket, or, for datagrams, sets whom to send to and receive from. Waits if the socket is blocking.
    ///
    /// @param address where to connect to
    /// @return whether it is connected; if not, wait until it is writable and call [#finishConnect]
    /// @throws UnknownHostException if the address carries a host name that does not resolve; the message names it
    /// @throws IllegalArgumentException if the address is of another family than the socket, or of a class that is not known, or a path too
    ///     long
    /// @throws ClosedChannelException if this object is closed, before or meanwhile
    /// @throws NativeIOException if the connect fails: ECONNREFUSED, ETIMEDOUT, EISCONN, EAGAIN if the backlog of a Unix
    ///     socket is full
    public boolean connect(SocketAddress address) throws IOException {
        return peer.connect(address, SocketDomains.encode(address, domain));
    }

    /// Asks how a connect that was begun without waiting has ended. Does not wait.
    ///
    /// @return whether it has ended; false to ask again when the socket is writable
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the connect failed: the pending error of the socket, such as ECONNREFUSED; ENOTCONN if
    ///     none was begun
    public boolean finishConnect() throws IOException {
        return peer.finishConnect();
    }

    /// Stops receiving: reads find the end of the data.
    ///
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ENOTCONN
    public void shutdownInput() throws IOException {
        shutdown(Constants.SHUT_RD, "SHUT_RD");
    }

    /// Stops sending: the peer finds the end of the data when it has read what was sent.
    ///
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ENOTCONN
    public void shutdownOutput() throws IOException {
        shutdown(Constants.SHUT_WR, "SHUT_WR");
    }

    private void shutdown(int how, String name) throws IOException {
        call(fd -> PosixSockets.shutdown(ErrnoCapture.current(), fd, how), () -> "shutdown(" + name + ")");
    }

    /// Receives bytes, or one message: `recv()`. Waits if the socket is blocking.
    ///
    /// @param target where to put the bytes, a heap or a direct buffer
    /// @param flags MSG_* flags, or 0
    /// @return how many bytes were received; 0 if there are none now and the call does not wait, for an empty message, or
    ///     if the buffer is full (a full buffer takes a datagram all the same, and loses it); -1 at the end of a
    ///     connection's data, and for an empty message of [Type#SEQPACKET], which looks the same
    /// @throws IllegalArgumentException if the buffer is read-only, or for [#MSG_TRUNC] on a stream
    /// @throws IllegalStateException if the buffer's memory is an arena's that is closed
    /// @throws WrongThreadException if it is an arena's that only another thread may use
    /// @throws ClosedChannelException if this object is closed, before or meanwhile
    /// @throws NativeIOException if the receive fails: ECONNRESET, ENOTCONN, EINVAL for [#MSG_OOB] without such data
    public int receive(ByteBuffer target, int flags) throws IOException {
        return messages.receive(target, flags);
    }

    /// Sends bytes, or one message: `send()`. Waits if the socket is blocking. Never raises SIGPIPE.
    ///
    /// @param source the bytes, a heap or a direct buffer
    /// @param flags MSG_* flags, or 0
    /// @return how many bytes were sent; 0 if there is no room now and the call does not wait
    /// @throws IllegalStateException if the buffer's memory is an arena's that is closed
    /// @throws WrongThreadException if it is an arena's that only another thread may use
    /// @throws ClosedChannelException if this object is closed, before or meanwhile
    /// @throws NativeIOException if the send fails: EPIPE if the connection is shut down, ECONNRESET, EMSGSIZE
    public int send(ByteBuffer source, int flags) throws IOException {
        return messages.send(source, flags);
    }

    /// Receives one message and says who sent it: `recvfrom()`. Waits if the socket is blocking.
    ///
    /// @param target where to put the bytes, a heap or a direct buffer; what does not fit is lost
    /// @param flags MSG_* flags, or 0
    /// @return the sender's address as [#localAddress] has it, the empty path for a Unix socket without one; null if there is no message now and the
    ///     call does not wait
    /// @throws IllegalArgumentException if the buffer is read-only
    /// @throws IllegalStateException if the buffer's memory is an arena's that is closed
    /// @throws WrongThreadException if it is an arena's that only another thread may use
    /// @throws ClosedChannelException if this object is closed, before or meanwhile
    /// @throws NativeIOException if the receive fails: ECONNREFUSED if an earlier message found no receiver
    public @Nullable SocketAddress receiveFrom(ByteBuffer target, int flags) throws IOException {
        return messages.receiveFrom(target, flags);
    }

    /// Sends one message to an address: `sendto()`. Waits if the socket is blocking. Never raises SIGPIPE.
    ///
    /// @param source the bytes, a heap or a direct buffer
    /// @param receiver whom to send to
    /// @param flags MSG_* flags, or 0
    /// @return how many bytes were sent; 0 if there is no room now and the call does not wait
    /// @throws UnknownHostException if the address carries a host name that does not resolve; the message names it
    /// @throws IllegalArgumentException if the address is of another family than the socket, or of a class that is not known, or a path too
    ///     long
    /// @throws IllegalStateException if the buffer's memory is an arena's that is closed
    /// @throws WrongThreadException if it is an arena's that only another thread may use
    /// @throws ClosedChannelException if this object is closed, before or meanwhile
    /// @throws NativeIOException if the send fails: EMSGSIZE, ENETUNREACH
    public int sendTo(ByteBuffer source, SocketAddress receiver, int flags) throws IOException {
        return messages.sendTo(source, receiver, flags);
    }

    @Override
    int readMessage(ByteBuffer target) throws IOException {
        return receive(target, 0);
    }

    @Override
    ByteIo.ReadCall reading() {
        return ByteIo.ReadCall.RECV;
    }

    @Override
    ByteIo.WriteCall writing() {
        return ByteIo.WriteCall.SEND;
    }

    @Override
    int writingFlags() {
        return SocketMessages.NOSIGNAL;
    }

    @Override
    boolean preservesMessages() {
        return !stream;
    }

    /// The socket's own address.
    ///
    /// @return the address; the wildcard with port 0, or the empty path, if it has none; a [RawSocketAddress] if it is of
    ///     another family, or the name of a Unix socket is no path: an abstract one
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public SocketAddress localAddress() throws IOException {
        SockAddr address = new SockAddr();
        call(
                fd -> PosixSockets.getsockname(ErrnoCapture.current(), fd, address, address.length()),
                () -> "getsockname()");
        return SocketDomains.decode(address, domain);
    }

    /// The address of the peer: the one the socket was connected to or accepted from, also when the connection is gone or
    /// this object is closed.
    ///
    /// @return the address as [#localAddress] has it, the empty path for a Unix socket without one
    /// @throws ClosedChannelException if this object is closed and the address was never known
    /// @throws NativeIOException ENOTCONN if the socket is not connected
    public SocketAddress remoteAddress() throws IOException {
        SocketAddress known = peer.address();
        if (known != null) {
            return known;
        }
        SockAddr address = new SockAddr();
        call(
                fd -> PosixSockets.getpeername(ErrnoCapture.current(), fd, address, address.length()),
                () -> "getpeername()");
        return SocketDomains.decode(address, domain);
    }

    /// Sets an option: one of [StandardSocketOptions] but for multicast, [#SO_OOBINLINE] or [#IPV6_V6ONLY].
    ///
    /// @param <T> type of the value
    /// @param option the option
    /// @param value its value; an SO_LINGER below zero switches lingering off
    /// @throws IllegalArgumentException if the option is not known
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        use(fd -> {
            SocketOptions.set(fd, domain == Constants.AF_INET6, option, value);
            return fd;
        });
    }

    /// The value of an option: one of [StandardSocketOptions] but for multicast, [#SO_OOBINLINE] or [#IPV6_V6ONLY].
    ///
    /// @param <T> type of the value
    /// @param option the option
    /// @return its value; -1 for an SO_LINGER that is off. Linux doubles the sizes of buffers
    /// @throws IllegalArgumentException if the option is not known
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return use(fd -> SocketOptions.get(fd, domain == Constants.AF_INET6, option));
    }

    /// Sets an option that has no name in Java and is an `int`, such as NETLINK_ADD_MEMBERSHIP.
    ///
    /// @param level the level's number, such as 1 for SOL_SOCKET
    /// @param option the option's number
    /// @param value its value
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ENOPROTOOPT, EINVAL, EPERM
    public void setOption(int level, int option, int value) throws IOException {
        use(fd -> {
            SocketOptions.set(fd, level, option, value);
            return fd;
        });
    }

    /// The value of an option that has no name in Java and is an `int`. Of a longer one, these are the first four bytes.
    ///
    /// @param level the level's number, such as 1 for SOL_SOCKET
    /// @param option the option's number
    /// @return its value
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: ENOPROTOOPT, EINVAL
    public int getOption(int level, int option) throws IOException {
        return use(fd -> SocketOptions.get(fd, level, option, level + ", " + option));
    }

    /// Duplicates the descriptor.
    ///
    /// @return an object that owns the new descriptor
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    @Override
    public SocketFd dup() throws IOException {
        SocketFd copy = new SocketFd(duplicate(), true, domain, type);
        copy.peer.set(peer.address());
        return copy;
    }

    @Override
    protected void preClose(int fd) throws IOException {
        // Calls that do not wait return anyway, and a shutdown would reach all duplicates of the descriptor.
        if (isOwned() && Fcntl.isBlocking(fd)) {
            // ENOTCONN for a listening socket, whose accept returns all the same.
            PosixSockets.shutdown(ErrnoCapture.current(), fd, Constants.SHUT_RDWR);
        }
    }

    private void call(IntToLongFunction operation, Supplier<String> text) throws IOException {
        SystemCall.check((int) transfer(operation), text);
    }
}
