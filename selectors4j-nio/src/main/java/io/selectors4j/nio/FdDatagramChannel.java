package io.selectors4j.nio;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.selectors4j.Pollable;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A datagram socket. The descriptor is non-blocking in both modes of the channel.
///
/// Locks, in this order: the read lock, the write lock, the state lock. A receive or send holds its lock until it has
/// ended, also while it waits; [#close] takes none of the two.
sealed class FdDatagramChannel extends DatagramChannel implements SelectableFd permits InheritedChannel.Datagram {

    private final SocketFd fd;
    private final StandardProtocolFamily family;
    private final DatagramIo io;
    private final Memberships memberships;

    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();
    private final Object stateLock = new Object();

    /// The address that the socket is bound to; null if it is not bound. Also known after a close.
    @GuardedBy("stateLock")
    private @Nullable InetSocketAddress localAddress;

    /// The address that the socket is connected to; null if it is not connected. Also known after a close.
    @GuardedBy("stateLock")
    private @Nullable InetSocketAddress remoteAddress;

    /// The local address before the socket was connected.
    @GuardedBy("stateLock")
    private @Nullable InetSocketAddress initialLocalAddress;

    @GuardedBy("stateLock")
    private @Nullable DatagramSocket socket;

    /// Opens a socket that is not bound.
    ///
    /// @param familyGiven whether the program named the family; makes no difference for datagrams
    FdDatagramChannel(SelectorsProvider provider, StandardProtocolFamily family, boolean familyGiven)
            throws IOException {
        this(provider, family, openSocket(family), null);
    }

    /// Creates a channel of a socket that the process has inherited, and makes the socket non-blocking. It is not
    /// connected for the channel, even if the kernel has a peer.
    FdDatagramChannel(SelectorsProvider provider, StandardProtocolFamily family, SocketFd inherited)
            throws IOException {
        inherited.setBlocking(false);
        InetSocketAddress local = (InetSocketAddress) inherited.localAddress();
        this(provider, family, inherited, local);
    }

    private FdDatagramChannel(
            SelectorsProvider provider,
            StandardProtocolFamily family,
            SocketFd fd,
            @Nullable InetSocketAddress localAddress) {
        this.fd = fd;
        this.family = family;
        this.localAddress = localAddress;
        super(provider);
        io = new DatagramIo(this, fd);
        memberships = new Memberships(this, fd, family);
    }

    private static SocketFd openSocket(StandardProtocolFamily family) throws IOException {
        SocketFd fd = Sockets.open(family, SocketFd.Type.DATAGRAM);
        try {
            SocketGroups.anyInterface(); // initializes classes of the JDK
            DatagramOptions.configureNew(fd, family);
            return fd;
        } catch (Throwable t) {
            fd.close();
            throw t;
        }
    }

    @Override
    public Pollable pollable() {
        return fd;
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public DatagramSocket socket() {
        synchronized (stateLock) {
            if (socket == null) {
                try {
                    socket = new DatagramSocketAdaptor(this);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return socket;
        }
    }

    @Override
    public DatagramChannel bind(@Nullable SocketAddress local) throws IOException {
        readLock.lock();
        writeLock.lock();
        try {
            synchronized (stateLock) {
                ensureOpen();
                if (localAddress != null) {
                    throw new AlreadyBoundException();
                }
                bindSocket(local == null ? null : DatagramAddresses.require(local, family));
            }
        } finally {
            writeLock.unlock();
            readLock.unlock();
        }
        return this;
    }

    @GuardedBy("stateLock")
    private InetSocketAddress bindSocket(@Nullable InetSocketAddress local) throws IOException {
        InetSocketAddress bound = (InetSocketAddress) Sockets.bind(fd, local, family);
        localAddress = bound;
        return bound;
    }

    @Override
    public DatagramChannel connect(SocketAddress remote) throws IOException {
        return connect(remote, true);
    }

    /// Connects the socket, for [DatagramSocketAdaptor] also if it is connected already.
    DatagramChannel connect(SocketAddress remote, boolean onlyOnce) throws IOException {
        InetSocketAddress address = DatagramAddresses.require(remote, family);
        readLock.lock();
        writeLock.lock();
        try {
            synchronized (stateLock) {
                ensureOpen();
                if (onlyOnce && remoteAddress != null) {
                    throw new AlreadyConnectedException();
                }
                if (address.getPort() == 0) {
                    throw new SocketException("Can't connect to port 0");
                }
                InetSocketAddress before = localAddress == null ? bindSocket(null) : localAddress;
                fd.connect(Addresses.scoped(address));
                localAddress = (InetSocketAddress) fd.localAddress();
                initialLocalAddress = before;
                remoteAddress = address;
            }
            io.discardReceived(); // other peers may have sent what arrived before
        } catch (IOException e) {
            throw Failures.ofSocket(e);
        } finally {
            writeLock.unlock();
            readLock.unlock();
        }
        return this;
    }

    @Override
    public DatagramChannel disconnect() throws IOException {
        readLock.lock();
        writeLock.lock();
        try {
            synchronized (stateLock) {
                if (isOpen() && remoteAddress != null) {
                    disconnectSocket();
                }
            }
        } finally {
            writeLock.unlock();
            readLock.unlock();
        }
        return this;
    }

    /// Disconnects the socket. Linux then drops a port that it chose itself, so the socket is bound to it again. The
    /// other systems keep the port, but the address stays the one that the connection had, not the wildcard.
    @GuardedBy("stateLock")
    private void disconnectSocket() throws IOException {
        try {
            fd.disconnect();
            remoteAddress = null;
            InetSocketAddress initial = initialLocalAddress;
            initialLocalAddress = null;
            InetSocketAddress local = (InetSocketAddress) fd.localAddress();
            localAddress = local;
            if (initial != null && local.getPort() == 0) {
                bindSocket(initial);
            }
        } catch (IOException e) {
            throw Failures.ofSocket(e);
        }
    }

    /// Begins a receive or send: binds the socket if it is not bound.
    ///
    /// @return the address that the socket is connected to; null if it is not connected
    private @Nullable InetSocketAddress beginTransfer() throws IOException {
        ensureOpen();
        if (isBlocking()) {
            Blocking.begin(this);
        }
        synchronized (stateLock) {
            ensureOpen();
            if (localAddress == null) {
                bindSocket(null);
            }
            return remoteAddress;
        }
    }

    /// Begins a read or write.
    ///
    /// @throws NotYetConnectedException if the socket is not connected
    private void beginConnectedTransfer() throws IOException {
        ensureOpen();
        if (remoteAddress() == null) {
            throw new NotYetConnectedException();
        }
        beginTransfer();
    }

    private void requireBlocking() throws ClosedChannelException {
        ensureOpen();
        if (!isBlocking()) {
            throw new IllegalBlockingModeException();
        }
    }

    @Override
    public @Nullable SocketAddress receive(ByteBuffer target) throws IOException {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        readLock.lock();
        try {
            boolean connected = beginTransfer() != null;
            return io.receive(target, connected, Blocking.FOREVER);
        } finally {
            readLock.unlock();
        }
    }

    /// Receives into a packet, for [DatagramSocketAdaptor]. The caller holds the monitor of the packet.
    ///
    /// @param nanos the longest wait, [Blocking#FOREVER] for no limit
    /// @throws java.net.SocketTimeoutException after the timeout
    void blockingReceive(DatagramPacket packet, long nanos) throws IOException {
        readLock.lock();
        try {
            requireBlocking();
            boolean connected = beginTransfer() != null;
            ByteBuffer buffer = PacketBuffers.bufferOf(packet);
            SocketAddress sender = io.receive(buffer, connected, nanos);
            PacketBuffers.received(packet, buffer, Objects.requireNonNull(sender));
        } finally {
            readLock.unlock();
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        Objects.requireNonNull(target);
        readLock.lock();
        try {
            beginConnectedTransfer();
            return io.read(target);
        } finally {
            readLock.unlock();
        }
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, targets.length);
        readLock.lock();
        try {
            beginConnectedTransfer();
            return io.read(targets, offset, length);
        } finally {
            readLock.unlock();
        }
    }

    @Override
    public int send(ByteBuffer source, SocketAddress target) throws IOException {
        Objects.requireNonNull(source);
        InetSocketAddress receiver = DatagramAddresses.require(target, family);
        writeLock.lock();
        try {
            InetSocketAddress remote = beginTransfer();
            if (remote == null) {
                return io.sendTo(source, receiver);
            }
            if (!receiver.equals(remote)) {
                throw new AlreadyConnectedException();
            }
            return io.write(source);
        } finally {
            writeLock.unlock();
        }
    }

    /// Sends a packet, for [DatagramSocketAdaptor]. The caller holds the monitor of the packet.
    void blockingSend(DatagramPacket packet) throws IOException {
        writeLock.lock();
        try {
            requireBlocking();
            if (packet.getAddress() == null) {
                InetSocketAddress remote = remoteAddress();
                if (remote == null) {
                    throw new IllegalArgumentException("Address not set");
                }
                packet.setSocketAddress(remote);
            }
            send(ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength()), packet.getSocketAddress());
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        Objects.requireNonNull(source);
        writeLock.lock();
        try {
            beginConnectedTransfer();
            return io.write(source);
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, sources.length);
        writeLock.lock();
        try {
            beginConnectedTransfer();
            return io.write(sources, offset, length);
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public boolean isConnected() {
        return isOpen() && remoteAddress() != null;
    }

    /// Returns the local address, also of a closed channel.
    @Nullable
    InetSocketAddress localAddress() {
        synchronized (stateLock) {
            return localAddress;
        }
    }

    /// Returns the address that the socket is connected to, also of a closed channel.
    @Nullable
    InetSocketAddress remoteAddress() {
        synchronized (stateLock) {
            return remoteAddress;
        }
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return localAddress();
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        ensureOpen();
        return remoteAddress();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Options.DATAGRAM.supported();
    }

    @Override
    public <T> DatagramChannel setOption(SocketOption<T> option, T value) throws IOException {
        DatagramOptions.requireSupported(option);
        DatagramOptions.requireType(option, value);
        ensureOpen();
        DatagramOptions.requireValid(option, value);
        DatagramOptions.set(fd, option, value);
        return this;
    }

    @Override
    public <T> @Nullable T getOption(SocketOption<T> option) throws IOException {
        DatagramOptions.requireSupported(option);
        ensureOpen();
        return DatagramOptions.get(fd, option);
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface networkInterface) throws IOException {
        return memberships.join(group, networkInterface, null);
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface networkInterface, InetAddress source)
            throws IOException {
        return memberships.join(group, networkInterface, Objects.requireNonNull(source));
    }

    /// Returns the multicast groups, for [DatagramSocketAdaptor].
    Memberships memberships() {
        return memberships;
    }

    /// Waits until the receives and sends in progress have ended. The descriptor stays non-blocking.
    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        readLock.lock();
        writeLock.lock();
        try {
            ensureOpen();
        } finally {
            writeLock.unlock();
            readLock.unlock();
        }
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        memberships.close();
        fd.close();
    }

    @Override
    public String toString() {
        if (!isOpen()) {
            return "FdDatagramChannel[closed]";
        }
        InetSocketAddress local = localAddress();
        InetSocketAddress remote = remoteAddress();
        return "FdDatagramChannel[" + fd + (local == null ? "" : ", local=" + local)
                + (remote == null ? "" : ", remote=" + remote) + "]";
    }
}
