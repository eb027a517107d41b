package io.selectors4j.nio;

import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The [Socket] of a channel: [SocketChannel#socket]. Overrides every method of [Socket]; a method that is not
/// overridden would use the [UnusedSocketImpl]. Exceptions have the types and texts of the JDK's adaptor.
///
/// Addresses stay known after the channel is closed, except for [#getLocalAddress], which then returns the wildcard.
final class SocketAdaptor extends Socket {

    private final FdSocketChannel channel;

    /// SO_TIMEOUT: the longest wait of a read in milliseconds, 0 for no limit. Streams use the current value for each
    /// read.
    private volatile int timeout;

    private SocketAdaptor(FdSocketChannel channel) throws SocketException {
        super(new UnusedSocketImpl());
        this.channel = channel;
    }

    /// Creates the socket of a channel.
    static SocketAdaptor of(FdSocketChannel channel) {
        try {
            return new SocketAdaptor(channel);
        } catch (SocketException e) { // no constructor of Socket throws it
            throw new AssertionError(e);
        }
    }

    @Override
    public void connect(SocketAddress remote) throws IOException {
        connect(remote, 0);
    }

    /// Connects the channel, which has to be blocking. Closes the channel after a failure or a timeout, and for an
    /// unresolved address.
    ///
    /// @param timeout the longest wait in milliseconds, 0 for no limit
    @Override
    public void connect(SocketAddress remote, int timeout) throws IOException {
        if (remote == null) {
            throw new IllegalArgumentException("connect: The address can't be null");
        }
        if (remote instanceof InetSocketAddress inet && inet.isUnresolved()) {
            throw unresolved(inet);
        }
        if (timeout < 0) {
            throw new IllegalArgumentException("connect: timeout can't be negative");
        }
        try {
            channel.blockingConnect(remote, toNanos(timeout));
        } catch (IOException | RuntimeException e) {
            throw AdaptorFailures.ofOperation(e);
        }
    }

    private IOException unresolved(InetSocketAddress remote) throws IOException {
        if (isClosed()) {
            return new SocketException("Socket is closed");
        }
        if (isConnected()) {
            return new SocketException("Already connected");
        }
        close();
        return new UnknownHostException(remote.toString());
    }

    /// Converts a timeout of `java.net`, in milliseconds with 0 for no limit.
    static long toNanos(int timeout) {
        return timeout == 0 ? Blocking.FOREVER : TimeUnit.MILLISECONDS.toNanos(timeout);
    }

    @Override
    public void bind(@Nullable SocketAddress local) throws IOException {
        try {
            channel.bind(local);
        } catch (IOException | RuntimeException e) {
            throw AdaptorFailures.ofOperation(e);
        }
    }

    /// Only channels of IPv4 and IPv6 have a socket.
    private @Nullable InetSocketAddress local() {
        return (InetSocketAddress) channel.localAddress();
    }

    private @Nullable InetSocketAddress remote() {
        return (InetSocketAddress) channel.remoteAddress();
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        InetSocketAddress remote = remote();
        return remote == null ? null : remote.getAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        InetSocketAddress local = channel.isOpen() ? local() : null;
        return (local == null ? new InetSocketAddress(0) : local).getAddress();
    }

    @Override
    public int getPort() {
        InetSocketAddress remote = remote();
        return remote == null ? 0 : remote.getPort();
    }

    @Override
    public int getLocalPort() {
        InetSocketAddress local = local();
        return local == null ? -1 : local.getPort();
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return channel.remoteAddress();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return channel.localAddress();
    }

    @Override
    public SocketChannel getChannel() {
        return channel;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        requireConnected();
        if (!channel.io().isInputOpen()) {
            throw new SocketException("Socket input is shutdown");
        }
        return new SocketInputStream(channel, () -> timeout);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        requireConnected();
        if (!channel.io().isOutputOpen()) {
            throw new SocketException("Socket output is shutdown");
        }
        return new SocketOutputStream(channel);
    }

    private void requireOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
    }

    private void requireConnected() throws SocketException {
        requireOpen();
        if (!isConnected()) {
            throw new SocketException("Socket is not connected");
        }
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
    public void setTcpNoDelay(boolean on) throws SocketException {
        set(StandardSocketOptions.TCP_NODELAY, on);
    }

    @Override
    public boolean getTcpNoDelay() throws SocketException {
        return get(StandardSocketOptions.TCP_NODELAY);
    }

    /// Sets SO_LINGER.
    ///
    /// @param linger the time in seconds; a negative one switches lingering off
    @Override
    public void setSoLinger(boolean on, int linger) throws SocketException {
        set(StandardSocketOptions.SO_LINGER, on ? linger : -1);
    }

    @Override
    public int getSoLinger() throws SocketException {
        return get(StandardSocketOptions.SO_LINGER);
    }

    @Override
    public void sendUrgentData(int data) throws IOException {
        if (channel.sendOutOfBand((byte) data) == 0) {
            throw new IOException("Socket buffer full");
        }
    }

    @Override
    public void setOOBInline(boolean on) throws SocketException {
        set(SocketFd.SO_OOBINLINE, on);
    }

    @Override
    public boolean getOOBInline() throws SocketException {
        return get(SocketFd.SO_OOBINLINE);
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

    /// Sets SO_SNDBUF. The size 0, which a channel accepts, is not allowed here.
    @Override
    public void setSendBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("Invalid send size");
        }
        set(StandardSocketOptions.SO_SNDBUF, size);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_SNDBUF);
    }

    /// Sets SO_RCVBUF. The size 0, which a channel accepts, is not allowed here.
    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("Invalid receive size");
        }
        set(StandardSocketOptions.SO_RCVBUF, size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public void setKeepAlive(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_KEEPALIVE, on);
    }

    @Override
    public boolean getKeepAlive() throws SocketException {
        return get(StandardSocketOptions.SO_KEEPALIVE);
    }

    @Override
    public void setTrafficClass(int trafficClass) throws SocketException {
        set(StandardSocketOptions.IP_TOS, trafficClass);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return get(StandardSocketOptions.IP_TOS);
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return get(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public void shutdownInput() throws IOException {
        try {
            channel.shutdownInput();
        } catch (IOException | RuntimeException e) {
            throw AdaptorFailures.ofOperation(e);
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        try {
            channel.shutdownOutput();
        } catch (IOException | RuntimeException e) {
            throw AdaptorFailures.ofOperation(e);
        }
    }

    @Override
    public String toString() {
        return isConnected()
                ? "Socket[addr=" + getInetAddress() + ",port=" + getPort() + ",localport=" + getLocalPort() + "]"
                : "Socket[unconnected]";
    }

    /// Returns whether the channel is connected. False once it is closed, unlike the sockets that `java.net` creates.
    @Override
    public boolean isConnected() {
        return channel.isConnected();
    }

    @Override
    public boolean isBound() {
        return channel.localAddress() != null;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public boolean isInputShutdown() {
        return !channel.io().isInputOpen();
    }

    @Override
    public boolean isOutputShutdown() {
        return !channel.io().isOutputOpen();
    }

    /// Does nothing, as for every socket of the JDK.
    @Override
    public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {}

    @Override
    public <T> Socket setOption(SocketOption<T> option, T value) throws IOException {
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
