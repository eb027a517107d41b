package io.selectors4j.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The [ServerSocket] of a channel: [ServerSocketChannel#socket]. Overrides every method of [ServerSocket]; a method
/// that is not overridden would use the [UnusedSocketImpl]. Exceptions have the types and texts of the JDK's adaptor.
///
/// The address stays known after the channel is closed.
final class ServerSocketAdaptor extends ServerSocket {

    /// The backlog of a bind without one, as in [ServerSocket].
    private static final int DEFAULT_BACKLOG = 50;

    private final FdServerSocketChannel channel;

    /// SO_TIMEOUT: the longest wait of an accept in milliseconds, 0 for no limit.
    private volatile int timeout;

    private ServerSocketAdaptor(FdServerSocketChannel channel) {
        super(new UnusedSocketImpl());
        this.channel = channel;
    }

    /// Creates the socket of a channel.
    static ServerSocketAdaptor of(FdServerSocketChannel channel) {
        return new ServerSocketAdaptor(channel);
    }

    @Override
    public void bind(@Nullable SocketAddress local) throws IOException {
        bind(local, DEFAULT_BACKLOG);
    }

    @Override
    public void bind(@Nullable SocketAddress local, int backlog) throws IOException {
        try {
            channel.bind(local == null ? new InetSocketAddress(0) : local, backlog);
        } catch (IOException | RuntimeException e) {
            throw AdaptorFailures.ofOperation(e);
        }
    }

    /// Only channels of IPv4 and IPv6 have a socket.
    private @Nullable InetSocketAddress local() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        InetSocketAddress local = local();
        return local == null ? null : local.getAddress();
    }

    @Override
    public int getLocalPort() {
        InetSocketAddress local = local();
        return local == null ? -1 : local.getPort();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return channel.localAddress();
    }

    /// Accepts a connection. If the channel is non-blocking and there is no timeout, a connection that is waiting is
    /// accepted too.
    ///
    /// @throws java.net.SocketTimeoutException after the timeout
    /// @throws IllegalBlockingModeException if the channel is non-blocking and no connection is waiting, or if it is
    ///     non-blocking and there is a timeout
    @Override
    public Socket accept() throws IOException {
        int millis = timeout;
        try {
            SocketChannel accepted =
                    millis == 0 ? channel.accept() : channel.blockingAccept(SocketAdaptor.toNanos(millis));
            if (accepted == null) {
                throw new IllegalBlockingModeException();
            }
            return accepted.socket();
        } catch (IOException | RuntimeException e) {
            throw AdaptorFailures.ofOperation(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public ServerSocketChannel getChannel() {
        return channel;
    }

    @Override
    public boolean isBound() {
        return channel.localAddress() != null;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    private void requireOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        requireOpen();
        if (timeout < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        this.timeout = timeout;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        requireOpen();
        return timeout;
    }

    private <T> void set(SocketOption<T> option, T value) throws SocketException {
        try {
            channel.setOption(option, value);
        } catch (IOException e) {
            throw AdaptorFailures.toSocketException(e);
        }
    }

    private <T> T get(SocketOption<T> option) throws SocketException {
        try {
            return channel.getOption(option);
        } catch (IOException e) {
            throw AdaptorFailures.toSocketException(e);
        }
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return get(StandardSocketOptions.SO_REUSEADDR);
    }

    /// Sets SO_RCVBUF. The size 0, which a channel accepts, is not allowed here.
    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("size cannot be 0 or negative");
        }
        set(StandardSocketOptions.SO_RCVBUF, size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public String toString() {
        return isBound()
                ? "ServerSocket[addr=" + getInetAddress() + ",localport=" + getLocalPort() + "]"
                : "ServerSocket[unbound]";
    }

    /// Does nothing, as for every server socket of the JDK.
    @Override
    public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {}

    @Override
    public <T> ServerSocket setOption(SocketOption<T> option, T value) throws IOException {
        channel.setOption(option, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return channel.getOption(option);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }
}
