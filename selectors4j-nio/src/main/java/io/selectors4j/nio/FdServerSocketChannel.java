package io.selectors4j.nio;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A stream socket that listens. The descriptor is non-blocking in both modes of the channel, and so are the sockets
/// that it accepts.
///
/// Locks, in this order: the accept lock, the state lock. An accept holds its lock until it has ended, also while it
/// waits.
sealed class FdServerSocketChannel extends ServerSocketChannel implements SelectableFd permits InheritedChannel.Server {

    /// The backlog of a program that asks for none.
    private static final int DEFAULT_BACKLOG = 50;

    private final SelectorsProvider provider;
    private final SocketFd fd;
    private final StandardProtocolFamily family;

    private final ReentrantLock acceptLock = new ReentrantLock();
    private final Object stateLock = new Object();

    /// Null until the socket is bound. Written with the state lock held.
    private volatile @Nullable SocketAddress localAddress;

    @GuardedBy("stateLock")
    private @Nullable ServerSocket socket;

    /// Opens an unbound socket.
    FdServerSocketChannel(SelectorsProvider provider, StandardProtocolFamily family) throws IOException {
        this(provider, family, Sockets.openServer(family), null);
    }

    /// Creates a channel of a listening socket.
    FdServerSocketChannel(SelectorsProvider provider, StandardProtocolFamily family, SocketFd listening)
            throws IOException {
        this(provider, family, listening, listening.localAddress());
    }

    private FdServerSocketChannel(
            SelectorsProvider provider,
            StandardProtocolFamily family,
            SocketFd fd,
            @Nullable SocketAddress localAddress) {
        this.provider = provider;
        this.fd = fd;
        this.family = family;
        this.localAddress = localAddress;
        super(provider);
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
    public ServerSocketChannel bind(@Nullable SocketAddress local, int backlog) throws IOException {
        synchronized (stateLock) {
            ensureOpen();
            if (localAddress != null) {
                throw new AlreadyBoundException();
            }
            SocketAddress address = local == null && family == StandardProtocolFamily.UNIX
                    ? TemporaryPaths.next()
                    : Addresses.forBind(local, family);
            if (address.equals(Addresses.UNNAMED)) {
                throw new BindException("Server socket cannot bind to unnamed address");
            }
            Sockets.bindTo(fd, address);
            try {
                fd.listen(backlog < 1 ? DEFAULT_BACKLOG : backlog);
                localAddress = fd.localAddress();
            } catch (IOException e) {
                throw Failures.ofSocket(e);
            }
        }
        return this;
    }

    @Override
    public @Nullable SocketChannel accept() throws IOException {
        return accept(isBlocking(), Blocking.FOREVER);
    }

    /// Accepts a connection, and waits for one, for [ServerSocketAdaptor].
    ///
    /// @param nanos the longest wait, [Blocking#FOREVER] for no limit
    /// @throws SocketTimeoutException after the timeout
    SocketChannel blockingAccept(long nanos) throws IOException {
        if (!isBlocking()) {
            throw new IllegalBlockingModeException();
        }
        return Objects.requireNonNull(accept(true, nanos));
    }

    private @Nullable SocketChannel accept(boolean blocking, long nanos) throws IOException {
        acceptLock.lock();
        try {
            ensureOpen();
            if (localAddress == null) {
                throw new NotYetBoundException();
            }
            if (blocking) {
                Blocking.begin(this);
            }
            SocketFd accepted = fd.accept();
            long start = Blocking.start(nanos);
            while (accepted == null && blocking) {
                if (!Blocking.await(this, fd, Interest.READ, Blocking.remaining(nanos, start))) {
                    throw new SocketTimeoutException("Accept timed out");
                }
                accepted = fd.accept();
            }
            return accepted == null ? null : channel(accepted);
        } catch (IOException e) {
            throw Failures.ofStream(e);
        } finally {
            acceptLock.unlock();
        }
    }

    private SocketChannel channel(SocketFd accepted) throws IOException {
        try {
            return new FdSocketChannel(provider, family, accepted);
        } catch (Throwable t) {
            accepted.close();
            throw t;
        }
    }

    @Override
    public ServerSocket socket() {
        if (family == StandardProtocolFamily.UNIX) {
            throw new UnsupportedOperationException("Not supported");
        }
        synchronized (stateLock) {
            if (socket == null) {
                socket = ServerSocketAdaptor.of(this);
            }
            return socket;
        }
    }

    /// Returns the local address, also of a closed channel; null if the socket is not bound.
    @Nullable
    SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return localAddress;
    }

    private Options options() {
        return family == StandardProtocolFamily.UNIX ? Options.UNIX_SERVER : Options.SERVER;
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return options().supported();
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> option, T value) throws IOException {
        options().requireSupported(option, value);
        ensureOpen();
        options().set(fd, option, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        options().requireSupported(option);
        ensureOpen();
        return options().get(fd, option);
    }

    /// Waits until the accept in progress has ended. The descriptor stays non-blocking.
    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        acceptLock.lock();
        try {
            ensureOpen();
        } finally {
            acceptLock.unlock();
        }
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        fd.close();
    }

    @Override
    public String toString() {
        SocketAddress local = localAddress;
        return "FdServerSocketChannel["
                + (isOpen() ? fd + (local == null ? ", unbound]" : ", " + local + "]") : "closed]");
    }
}
