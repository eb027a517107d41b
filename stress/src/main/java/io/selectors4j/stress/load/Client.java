package io.selectors4j.stress.load;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Readiness;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;

/// A client with one connection to the echo server. It sends its queued bytes and compares the echo. Subclasses decide
/// how many bytes to queue, when to read and how to disconnect.
abstract class Client implements ReadyCallback {

    /// The notification mode of the registration.
    enum Mode {
        LEVEL,
        EDGE,
        ONE_SHOT
    }

    // ip(7), tcp(7)
    private static final int IPPROTO_IP = 0;
    private static final int IP_BIND_ADDRESS_NO_PORT = 24;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_MAXSEG = 2;

    private static final int ETHERNET_MSS = 1_448;
    private static final int SMALL_BUFFER = 32 * 1024;

    /// A client fails after so many checks without progress, one each second. A connect to a server with a full backlog
    /// takes some seconds. Counting checks rather than time tolerates a process that is stopped for a while.
    private static final int MAX_IDLE_CHECKS = 60;

    private final ClientPool pool;
    private final long number;
    private final Mode mode;
    private final SocketFd socket;
    private Interest watched = Interest.WRITE;
    private boolean connected;
    private boolean shutDown;
    private long queued;
    private long sent;
    private long received;
    private int idleChecks;

    /// Creates a client; [#start] connects it.
    ///
    /// @param pool all clients
    /// @param host the last byte of the client's own address 127.0.0.x; one address has no more than 28,000 ports
    /// @param mode the notification mode
    Client(ClientPool pool, int host, Mode mode) throws IOException {
        this.pool = pool;
        this.mode = mode;
        number = pool.nextNumber();
        socket = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
        socket.setBlocking(false);
        // The kernel chooses the port in connect(2), so that different peers can share a port.
        socket.setOption(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0." + host), 0));
    }

    /// Keeps the buffers of both ends small. The kernel scales them with the segment size and the window.
    final void useSmallBuffers() throws IOException {
        socket.setOption(IPPROTO_TCP, TCP_MAXSEG, ETHERNET_MSS);
        socket.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
        socket.setOption(StandardSocketOptions.SO_SNDBUF, SMALL_BUFFER);
    }

    /// Begins to connect.
    final void start() throws IOException {
        pool.add(this);
        try {
            pool.selector().register(socket, watched, this);
            if (socket.connect(pool.server())) {
                setConnected();
            }
        } catch (NativeIOException e) {
            onError(e);
        }
    }

    /// Returns whether the client disconnects by itself; true unless overridden.
    boolean isShortLived() {
        return true;
    }

    /// Returns whether the kernel may refuse the connection until the first byte is echoed; true unless overridden.
    boolean mayBeRefused() {
        return true;
    }

    /// Reverts the counts of messages that will not be echoed.
    void onRefused() {}

    /// Returns whether the client reads. If an edge-triggered client does not read now, the selector does not report
    /// the same bytes again.
    abstract boolean isReading();

    /// Returns whether the client waits for bytes or for the end of the connection; true unless overridden.
    boolean expectsData() {
        return true;
    }

    /// Decides the next action after the client has made progress.
    abstract void step() throws IOException;

    @Override
    public final void ready(Readiness readiness) throws IOException {
        transfer(readiness.isReadable() && isReading() ? Integer.MAX_VALUE : 0);
    }

    /// Receives and sends as much as possible, and updates the interest.
    ///
    /// @param limit the approximate maximum number of bytes to receive
    final void transfer(int limit) throws IOException {
        try {
            if (!connected && socket.finishConnect()) {
                setConnected();
            }
            if (connected && limit > 0) {
                receive(limit);
            }
            if (connected && isOpen()) {
                send();
                step();
            }
            if (isOpen()) {
                watch();
            }
        } catch (NativeIOException e) {
            onError(e);
        }
    }

    private void setConnected() {
        connected = true;
        pool.counts().connections++;
        recordProgress();
    }

    /// Queues so many more bytes.
    final void enqueue(long count) {
        queued += count;
        recordProgress();
    }

    /// Sends until all queued bytes are sent or the socket's buffer is full.
    private void send() throws IOException {
        while (sent < queued) {
            int count = socket.write(pool.contents().at(number, sent, queued - sent));
            if (count == 0) {
                return;
            }
            sent += count;
            recordProgress();
        }
    }

    /// Receives available bytes and compares them. Closes the connection at the end of the stream.
    private void receive(int limit) throws IOException {
        int count;
        do {
            ByteBuffer buffer = pool.buffer(number);
            buffer.limit(Math.min(limit, buffer.limit()));
            count = socket.read(buffer);
            if (count < 0) {
                onEnd();
            } else if (count > 0) {
                check(buffer.flip());
                received += count;
                pool.counts().bytes += count;
                recordProgress();
            }
        } while (count > 0 && mode == Mode.EDGE);
    }

    private void check(ByteBuffer buffer) throws IOException {
        if (received + buffer.remaining() > sent) {
            throw failure(buffer.remaining() + " bytes more than were sent");
        }
        int right = pool.contents().mismatch(number, received, buffer);
        if (right >= 0) {
            throw failure("byte " + (received + right) + " is wrong: byte " + right + " of " + buffer.remaining()
                    + " received bytes");
        }
    }

    private void onEnd() throws IOException {
        if (shutDown && received == sent && sent == queued) {
            pool.counts().completed++;
        } else if (pool.isEnding()) {
            pool.counts().aborted++;
        } else {
            throw failure("the server has closed the connection");
        }
        close();
    }

    /// With more connects than the backlog allows, the kernel uses SYN cookies: some clients see an established
    /// connection, and are refused when they send data. The server never learns of them.
    private void onError(IOException e) throws IOException {
        if (received == 0 && mayBeRefused()) {
            pool.counts().refused++;
            if (connected) {
                pool.counts().connections--;
            }
            onRefused();
        } else if (pool.isEnding()) {
            pool.counts().aborted++;
        } else {
            throw failure(e.getMessage());
        }
        close();
    }

    /// Registers the interest that fits the client's state.
    private void watch() throws IOException {
        Interest events = !connected || sent < queued ? Interest.WRITE : Interest.NONE;
        if (connected && isReading()) {
            events = events.or(Interest.READ);
        }
        Interest requested = switch (mode) {
            case LEVEL -> events;
            case EDGE -> Interest.READ_WRITE.edgeTriggered();
            case ONE_SHOT -> events.oneShot();
        };
        if (requested != watched || mode == Mode.ONE_SHOT) {
            pool.selector().modify(socket, requested, this);
            watched = requested;
        }
    }

    /// Half-closes the connection after all queued bytes were sent.
    final void shutdownWhenSent() throws IOException {
        if (sent == queued && !shutDown) {
            shutDown = true;
            socket.shutdownOutput();
            recordProgress();
        }
    }

    /// Removes the unsent bytes from the queue.
    final void cancelUnsent() {
        queued = sent;
        recordProgress();
    }

    /// Closes the connection with a reset, even if bytes are on the way.
    final void reset() throws IOException {
        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        pool.counts().resets++;
        close();
    }

    /// Closes the connection. The kernel resets it if there are unread bytes.
    final void close() throws IOException {
        socket.close();
        pool.remove(this);
    }

    private void recordProgress() {
        idleChecks = 0;
        pool.counts().operations++;
    }

    /// Checks whether the client has made progress since the last check, and fails after too many checks without
    /// progress.
    final void checkProgress() throws IOException {
        if (connected && !expectsData()) {
            idleChecks = 0;
        } else if (idleChecks++ > MAX_IDLE_CHECKS) {
            throw failure("no progress in " + MAX_IDLE_CHECKS + " checks, one each second");
        }
    }

    private LoadFailure failure(String text) throws IOException {
        return new LoadFailure(this + " at " + socket.localAddress() + ": " + text);
    }

    /// Returns whether the client has half-closed the connection.
    final boolean isShutDown() {
        return shutDown;
    }

    final boolean isOpen() {
        return socket.isOpen();
    }

    /// Returns whether all queued bytes have been echoed.
    final boolean isFullyEchoed() {
        return received == queued;
    }

    final long received() {
        return received;
    }

    final ClientPool pool() {
        return pool;
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + " " + number + " (" + mode + ", fd " + socket.fileno() + ", "
                + (connected ? "connected" : "connecting") + (shutDown ? ", shut down" : "") + "; " + queued
                + " bytes queued, " + sent + " sent, "
                + received + " received; interest " + watched + ")";
    }
}
