package io.selectors4j.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The [DatagramSocket] of a channel. Every method acts on the channel.
///
/// It is a [MulticastSocket], as the JDK's adaptor is. Every constructor of that class that other packages can call
/// opens a socket of the JDK, so the constructor of this class closes it.
final class DatagramSocketAdaptor extends MulticastSocket {

    private final FdDatagramChannel channel;

    /// The longest wait of a receive in milliseconds, 0 for no limit.
    private volatile int timeout;

    private final SocketGroups groups;

    /// Guards IP_MULTICAST_TTL against [#send(DatagramPacket, byte)], which changes it for one datagram.
    private final ReentrantLock ttlLock = new ReentrantLock();

    /// @throws IOException if the socket of the JDK cannot be opened: at the limit of open files
    DatagramSocketAdaptor(FdDatagramChannel channel) throws IOException {
        super((SocketAddress) null);
        super.close();
        this.channel = channel;
        groups = new SocketGroups(channel);
    }

    private static InetSocketAddress requireInternet(SocketAddress address) {
        if (address instanceof InetSocketAddress internet) {
            return internet;
        }
        throw new UnsupportedAddressTypeException();
    }

    @Override
    public void bind(@Nullable SocketAddress local) throws SocketException {
        InetSocketAddress address = local == null ? new InetSocketAddress(0) : requireInternet(local);
        try {
            channel.bind(address);
        } catch (IOException | RuntimeException e) {
            throw AdaptorFailures.toSocketException(e);
        }
    }

    @Override
    public void connect(@Nullable InetAddress address, int port) {
        if (address == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        try {
            connectChannel(new InetSocketAddress(address, port));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void connect(@Nullable SocketAddress remote) throws SocketException {
        if (remote == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        connectChannel(requireInternet(remote));
    }

    private void connectChannel(InetSocketAddress remote) throws SocketException {
        try {
            channel.connect(remote, false);
        } catch (ClosedChannelException e) {
            // A closed DatagramSocket ignores a connect.
        } catch (IOException | RuntimeException e) {
            throw AdaptorFailures.toSocketException(e);
        }
    }

    @Override
    public void disconnect() {
        try {
            channel.disconnect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isBound() {
        return channel.localAddress() != null;
    }

    @Override
    public boolean isConnected() {
        return channel.remoteAddress() != null;
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        InetSocketAddress remote = channel.remoteAddress();
        return remote == null ? null : remote.getAddress();
    }

    @Override
    public int getPort() {
        InetSocketAddress remote = channel.remoteAddress();
        return remote == null ? -1 : remote.getPort();
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return channel.remoteAddress();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return isClosed() ? null : channel.localAddress();
    }

    @Override
    public @Nullable InetAddress getLocalAddress() {
        if (isClosed()) {
            return null;
        }
        InetSocketAddress local = channel.localAddress();
        return local == null ? anyAddress() : local.getAddress();
    }

    private static InetAddress anyAddress() {
        return new InetSocketAddress(0).getAddress();
    }

    @Override
    public int getLocalPort() {
        if (isClosed()) {
            return -1;
        }
        InetSocketAddress local = channel.localAddress();
        return local == null ? 0 : local.getPort();
    }

    @Override
    public void send(DatagramPacket packet) throws IOException {
        try {
            synchronized (packet) {
                channel.blockingSend(packet);
            }
        } catch (AlreadyConnectedException e) {
            throw new IllegalArgumentException("Connected and packet address differ", e);
        } catch (ClosedChannelException e) {
            throw new SocketException("Socket closed", e);
        }
    }

    @Override
    public void receive(DatagramPacket packet) throws IOException {
        int millis = timeout;
        try {
            synchronized (packet) {
                channel.blockingReceive(packet, millis == 0 ? Blocking.FOREVER : TimeUnit.MILLISECONDS.toNanos(millis));
            }
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (ClosedChannelException e) {
            throw new SocketException("Socket closed", e);
        }
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

    private <T> @Nullable T get(SocketOption<T> option) throws SocketException {
        try {
            return channel.getOption(option);
        } catch (IOException e) {
            throw AdaptorFailures.toSocketException(e);
        }
    }

    private int getInt(SocketOption<Integer> option) throws SocketException {
        Integer value = get(option);
        return value == null ? 0 : value;
    }

    private boolean getBoolean(SocketOption<Boolean> option) throws SocketException {
        return Boolean.TRUE.equals(get(option));
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("Invalid send size");
        }
        set(StandardSocketOptions.SO_SNDBUF, size);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return getInt(StandardSocketOptions.SO_SNDBUF);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("Invalid receive size");
        }
        set(StandardSocketOptions.SO_RCVBUF, size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return getInt(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return getBoolean(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void setBroadcast(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_BROADCAST, on);
    }

    @Override
    public boolean getBroadcast() throws SocketException {
        return getBoolean(StandardSocketOptions.SO_BROADCAST);
    }

    @Override
    public void setTrafficClass(int trafficClass) throws SocketException {
        set(StandardSocketOptions.IP_TOS, trafficClass);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return getInt(StandardSocketOptions.IP_TOS);
    }

    @Override
    public <T> DatagramSocket setOption(SocketOption<T> option, T value) throws IOException {
        channel.setOption(option, value);
        return this;
    }

    @Override
    public <T> @Nullable T getOption(SocketOption<T> option) throws IOException {
        return channel.getOption(option);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    @Override
    public void setTimeToLive(int ttl) throws IOException {
        ttlLock.lock();
        try {
            set(StandardSocketOptions.IP_MULTICAST_TTL, ttl);
        } finally {
            ttlLock.unlock();
        }
    }

    @Override
    public int getTimeToLive() throws IOException {
        ttlLock.lock();
        try {
            return getInt(StandardSocketOptions.IP_MULTICAST_TTL);
        } finally {
            ttlLock.unlock();
        }
    }

    @Override
    @SuppressWarnings("removal")
    public void setTTL(byte ttl) throws IOException {
        setTimeToLive(Byte.toUnsignedInt(ttl));
    }

    @Override
    @SuppressWarnings("removal")
    public byte getTTL() throws IOException {
        return (byte) getTimeToLive();
    }

    @Override
    @SuppressWarnings("removal")
    public void send(DatagramPacket packet, byte ttl) throws IOException {
        ttlLock.lock();
        try {
            int before = getTimeToLive();
            try {
                setTTL(ttl);
                send(packet);
            } finally {
                setTimeToLive(before);
            }
        } finally {
            ttlLock.unlock();
        }
    }

    @Override
    public void joinGroup(SocketAddress group, @Nullable NetworkInterface networkInterface) throws IOException {
        groups.join(group, networkInterface);
    }

    @Override
    public void leaveGroup(SocketAddress group, @Nullable NetworkInterface networkInterface) throws IOException {
        groups.leave(group, networkInterface);
    }

    @Override
    @Deprecated
    public void joinGroup(InetAddress group) throws IOException {
        try {
            joinGroup(new InetSocketAddress(Objects.requireNonNull(group), 0), null);
        } catch (IllegalArgumentException e) {
            throw new SocketException("joinGroup failed", e);
        }
    }

    @Override
    @Deprecated
    public void leaveGroup(InetAddress group) throws IOException {
        try {
            leaveGroup(new InetSocketAddress(Objects.requireNonNull(group), 0), null);
        } catch (IllegalArgumentException e) {
            throw new SocketException("leaveGroup failed", e);
        }
    }

    @Override
    public void setNetworkInterface(@Nullable NetworkInterface networkInterface) throws SocketException {
        groups.setInterface(networkInterface);
    }

    @Override
    public NetworkInterface getNetworkInterface() throws SocketException {
        return groups.interfaceOrAny();
    }

    @Override
    @Deprecated
    public void setInterface(@Nullable InetAddress address) throws SocketException {
        groups.setInterface(address);
    }

    @Override
    @Deprecated
    public @Nullable InetAddress getInterface() throws SocketException {
        return groups.interfaceAddress();
    }

    @Override
    @Deprecated
    public void setLoopbackMode(boolean disable) throws SocketException {
        set(StandardSocketOptions.IP_MULTICAST_LOOP, !disable);
    }

    @Override
    @Deprecated
    public boolean getLoopbackMode() throws SocketException {
        return !getBoolean(StandardSocketOptions.IP_MULTICAST_LOOP);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public DatagramChannel getChannel() {
        return channel;
    }
}
