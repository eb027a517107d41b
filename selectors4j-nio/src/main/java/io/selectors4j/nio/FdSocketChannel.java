package io.selectors4j.nio;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.selectors4j.Readiness;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A stream socket that connects, or was accepted. The descriptor is non-blocking in both modes of the channel.
///
/// Locks, in this order: the read lock, the write lock, the state lock. A read or write holds its lock until it has
/// ended, also while it waits; [#close] takes none of the two.
sealed class FdSocketChannel extends SocketChannel implements SelectableFd permits InheritedChannel.Stream {

    private enum State {
        UNCONNECTED,
        PENDING,
        CONNECTED
    }

    private final SocketFd fd;
    private final StandardProtocolFamily family;
    private final StreamIo io;

    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();
    private final Object stateLock = new Object();

    /// Written with the state lock held.
    private volatile State state;

    /// Null if the socket is not bound. That of an accepted socket is null until [#localAddress()] is called.
    @GuardedBy("stateLock")
    private @Nullable SocketAddress localAddress;

    @GuardedBy("stateLock")
    private @Nullable SocketAddress remoteAddress;

    @GuardedBy("stateLock")
    private @Nullable Socket socket;

    /// Which selector batches the socket.
    final BatchOwner batchOwner = new BatchOwner();

    /// Opens an unconnected socket.
    FdSocketChannel(SelectorsProvider provider, StandardProtocolFamily family) throws IOException {
        this(provider, family, Sockets.open(family, SocketFd.Type.STREAM), State.UNCONNECTED);
    }

    /// Creates a channel of a connected socket.
    FdSocketChannel(SelectorsProvider provider, StandardProtocolFamily family, SocketFd connected) throws IOException {
        this(provider, family, connected, State.CONNECTED);
        remoteAddress = connected.remoteAddress();
    }

    private FdSocketChannel(SelectorsProvider provider, StandardProtocolFamily family, SocketFd fd, State state) {
        this.fd = fd;
        this.family = family;
        this.state = state;
        super(provider);
        io = new StreamIo(this, fd);
    }

    @Override
    public SocketFd pollable() {
        return fd;
    }

    /// An unconnected socket is neither readable nor writable, whatever the kernel says.
    @Override
    public int readyOps(Readiness readiness, int ops) {
        int possible = switch (state) {
            case CONNECTED -> ops & ~java.nio.channels.SelectionKey.OP_CONNECT;
            case PENDING -> ops & java.nio.channels.SelectionKey.OP_CONNECT;
            case UNCONNECTED -> 0;
        };
        boolean broken = readiness.isError() || readiness.isHangup();
        return broken ? ops : SelectableFd.super.readyOps(readiness, possible);
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private void ensureConnected() throws ClosedChannelException {
        ensureOpen();
        if (state != State.CONNECTED) {
            throw new NotYetConnectedException();
        }
    }

    @Override
    public SocketChannel bind(@Nullable SocketAddress local) throws IOException {
        readLock.lock();
        writeLock.lock();
        try {
            synchronized (stateLock) {
                ensureOpen();
                if (state == State.PENDING) {
                    throw new ConnectionPendingException();
                }
                if (localAddress() != null) {
                    throw new AlreadyBoundException();
                }
                localAddress = Sockets.bind(fd, local, family);
            }
        } finally {
            writeLock.unlock();
            readLock.unlock();
        }
        return this;
    }

    @Override
    public boolean connect(SocketAddress remote) throws IOException {
        return connect(Addresses.forConnect(remote, family), false, Blocking.FOREVER);
    }

    /// Connects, and waits until the socket is connected, for [SocketAdaptor].
    ///
    /// @param nanos the longest wait, [Blocking#FOREVER] for no limit
    /// @throws SocketTimeoutException after the timeout; the channel is closed
    void blockingConnect(SocketAddress remote, long nanos) throws IOException {
        SocketAddress checked = Addresses.forConnect(remote, family);
        requireBlocking();
        try {
            connect(checked, true, nanos);
        } catch (ClosedChannelException e) {
            throw Blocking.closedDuring(e);
        }
    }

    private boolean connect(SocketAddress remote, boolean waits, long nanos) throws IOException {
        readLock.lock();
        writeLock.lock();
        try {
            boolean blocking = waits || isBlocking();
            if (blocking) {
                Blocking.begin(this);
            }
            synchronized (stateLock) {
                ensureOpen();
                if (state == State.CONNECTED) {
                    throw new AlreadyConnectedException();
                }
                if (state == State.PENDING) {
                    throw new ConnectionPendingException();
                }
                state = State.PENDING;
                remoteAddress = remote;
            }
            try {
                boolean connected =
                        Sockets.connect(this, fd, remote) || (blocking && Sockets.awaitConnection(this, fd, nanos));
                if (connected) {
                    setConnected();
                }
                return connected;
            } catch (IOException | RuntimeException e) {
                throw Sockets.failedConnect(this, e);
            }
        } finally {
            writeLock.unlock();
            readLock.unlock();
        }
    }

    private void setConnected() throws IOException {
        SocketAddress local = fd.localAddress();
        synchronized (stateLock) { // the remote address stays as it was passed to connect, with the name of the host
            ensureOpen();
            localAddress = local;
            state = State.CONNECTED;
        }
    }

    @Override
    public boolean finishConnect() throws IOException {
        if (isConnected()) {
            return true;
        }
        readLock.lock();
        writeLock.lock();
        try {
            boolean blocking = isBlocking();
            if (blocking) {
                Blocking.begin(this);
            }
            ensureOpen();
            if (state == State.CONNECTED) {
                return true;
            }
            if (state != State.PENDING) {
                throw new NoConnectionPendingException();
            }
            try {
                boolean connected = blocking ? Sockets.awaitConnection(this, fd, Blocking.FOREVER) : fd.finishConnect();
                if (connected) {
                    setConnected();
                }
                return connected;
            } catch (IOException | RuntimeException e) {
                throw Sockets.failedConnect(this, e);
            }
        } finally {
            writeLock.unlock();
            readLock.unlock();
        }
    }

    @Override
    public boolean isConnected() {
        return state == State.CONNECTED && isOpen();
    }

    @Override
    public boolean isConnectionPending() {
        return state == State.PENDING && isOpen();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        Objects.requireNonNull(target);
        readLock.lock();
        try {
            ensureConnected();
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
            ensureConnected();
            return io.read(targets, offset, length);
        } finally {
            readLock.unlock();
        }
    }

    /// Reads into an array, and waits for the first byte, for [SocketAdaptor].
    ///
    /// @param nanos the longest wait, [Blocking#FOREVER] for no limit
    /// @return the number of bytes, -1 at the end
    /// @throws SocketTimeoutException after the timeout
    int blockingRead(byte[] target, int offset, int length, long nanos) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
        if (length == 0) {
            return 0;
        }
        readLock.lock();
        try {
            ensureConnected();
            requireBlocking();
            return io.read(buffer, nanos);
        } finally {
            readLock.unlock();
        }
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        Objects.requireNonNull(source);
        writeLock.lock();
        try {
            ensureConnected();
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
            ensureConnected();
            return io.write(sources, offset, length);
        } finally {
            writeLock.unlock();
        }
    }

    /// Writes all bytes, and waits until there is room for them, for [SocketAdaptor].
    void blockingWriteFully(byte[] source, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(source, offset, length);
        if (length == 0) {
            return;
        }
        writeLock.lock();
        try {
            ensureConnected();
            requireBlocking();
            io.writeFully(buffer);
        } finally {
            writeLock.unlock();
        }
    }

    /// Sends a byte of out-of-band data, for [SocketAdaptor].
    ///
    /// @return the number of bytes sent; 0 if there is no room and the channel is non-blocking
    int sendOutOfBand(byte data) throws IOException {
        writeLock.lock();
        try {
            ensureConnected();
            return io.sendOutOfBand(data);
        } finally {
            writeLock.unlock();
        }
    }

    private void requireBlocking() {
        if (!isBlocking()) {
            throw new IllegalBlockingModeException();
        }
    }

    @Override
    public SocketChannel shutdownInput() throws IOException {
        synchronized (stateLock) {
            ensureConnected();
            io.shutdownInput();
        }
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        synchronized (stateLock) {
            ensureConnected();
            io.shutdownOutput();
        }
        return this;
    }

    /// Returns the bytes of the connection, for [SocketAdaptor].
    StreamIo io() {
        return io;
    }

    /// Returns the number of bytes that a read returns without waiting, for [SocketAdaptor].
    int available() throws IOException {
        ensureConnected();
        return io.available();
    }

    @Override
    public Socket socket() {
        if (family == StandardProtocolFamily.UNIX) {
            throw new UnsupportedOperationException("Not supported");
        }
        synchronized (stateLock) {
            if (socket == null) {
                localAddress(); // the adaptor returns it also after a close
                socket = SocketAdaptor.of(this);
            }
            return socket;
        }
    }

    /// Returns the local address, of a closed channel if it was known before; null if it is not known.
    @Nullable
    SocketAddress localAddress() {
        synchronized (stateLock) {
            if (localAddress == null && isConnected()) {
                try {
                    localAddress = fd.localAddress();
                } catch (IOException e) {
                    return null; // a failure must not lose the connection
                }
            }
            return localAddress;
        }
    }

    /// Returns the address of the peer, also of a closed channel, or that of a pending connection.
    @Nullable
    SocketAddress remoteAddress() {
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

    private Options options() {
        return family == StandardProtocolFamily.UNIX ? Options.UNIX : Options.STREAM;
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return options().supported();
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> option, T value) throws IOException {
        options().requireSupported(option, value);
        ensureOpen();
        options().set(fd, option, value);
        io.optionSet(option);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        options().requireSupported(option);
        ensureOpen();
        return options().get(fd, option);
    }

    /// Waits until the reads and writes in progress have ended. The descriptor stays non-blocking. A channel in
    /// blocking mode is not batched: all of its keys were cancelled.
    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        if (block) {
            batchOwner.unbatch();
        }
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
        io.close(isRegistered());
    }

    @Override
    public String toString() {
        String label = state == State.PENDING ? ", connecting to=" : ", remote=";
        return "FdSocketChannel["
                + (isOpen() ? fd + text(", local=", localAddress()) + text(label, remoteAddress()) : "closed") + "]";
    }

    private static String text(String label, @Nullable SocketAddress address) {
        return address == null ? "" : label + address;
    }
}
