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

/// One connection to the echo server: sends what is due, and compares what comes back. Subclasses say how much is due, when to read, and how it
/// ends.
abstract class Client implements Source {

    /// How the selector waits for it.
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

    private static final int ETHERNET = 1_448;
    private static final int SMALL_BUFFER = 32 * 1024;

    /// After so many looks without a byte, a second each, somebody has lost something. Connects to a server whose backlog is full take some
    /// seconds. Looks are counted, and not time, which goes on while a process is stopped.
    private static final int PATIENCE = 60;

    private final ClientPool crowd;
    private final long number;
    private final Mode mode;
    private final SocketFd socket;
    private Interest watched = Interest.WRITE;
    private boolean connected;
    private boolean shutDown;
    private long due;
    private long sent;
    private long received;
    private int looks;

    /// Makes a client; [#start] connects it.
    ///
    /// @param crowd all clients
    /// @param host the last byte of its own address, 127.0.0.x: one address has no more than 28,000 ports
    /// @param mode how the selector waits for it
    Client(ClientPool crowd, int host, Mode mode) throws IOException {
        this.crowd = crowd;
        this.mode = mode;
        number = crowd.nextNumber();
        socket = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
        socket.setBlocking(false);
        // The port is chosen when it connects, and may be in use to other peers.
        socket.setOption(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0." + host), 0));
    }

    /// Takes few bytes on the way: in the buffers of both ends, which the kernel makes as large as the segments and the windows let it.
    final void keepBuffersSmall() throws IOException {
        socket.setOption(IPPROTO_TCP, TCP_MAXSEG, ETHERNET);
        socket.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
        socket.setOption(StandardSocketOptions.SO_SNDBUF, SMALL_BUFFER);
    }

    /// Begins to connect.
    final void start() throws IOException {
        crowd.add(this);
        try {
            crowd.selector().register(socket, watched, this);
            if (socket.connect(crowd.server())) {
                setConnected();
            }
        } catch (NativeIOException e) {
            lost(e);
        }
    }

    /// Whether it comes and goes by itself.
    abstract boolean isPassing();

    /// Whether the kernel may refuse it, as long as nothing has come back.
    abstract boolean mayBeRefused();

    /// Takes back what was counted, since nobody will answer.
    void refused() {}

    /// Whether it is to read what comes. What a client that is waited for edge-triggered does not read, it does not hear of again.
    abstract boolean isReading();

    /// Whether it has something to wait for that has to come.
    abstract boolean isExpecting();

    /// Decides how it goes on, after something has happened.
    abstract void step() throws IOException;

    @Override
    public final void ready(Readiness readiness) throws IOException {
        goOn(readiness.isReadable() && isReading() ? Integer.MAX_VALUE : 0);
    }

    /// Receives and sends what it can, and waits for the rest.
    ///
    /// @param limit how many bytes to receive, about
    final void goOn(int limit) throws IOException {
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
            lost(e);
        }
    }

    private void setConnected() {
        connected = true;
        crowd.counts().connections++;
        touch();
    }

    /// Makes so many more bytes due.
    final void owe(long count) {
        due += count;
        touch();
    }

    /// Sends as much as there is room for.
    private void send() throws IOException {
        while (sent < due) {
            int count = socket.write(crowd.contents().at(number, sent, due - sent));
            if (count == 0) {
                return;
            }
            sent += count;
            touch();
        }
    }

    /// Receives what is there and compares it. At the end of the data, the client is done.
    private void receive(int limit) throws IOException {
        int count;
        do {
            ByteBuffer buffer = crowd.buffer(number);
            buffer.limit(Math.min(limit, buffer.limit()));
            count = socket.read(buffer);
            if (count < 0) {
                ended();
            } else if (count > 0) {
                check(buffer.flip());
                received += count;
                crowd.counts().bytes += count;
                touch();
            }
        } while (count > 0 && mode == Mode.EDGE);
    }

    private void check(ByteBuffer buffer) throws IOException {
        if (received + buffer.remaining() > sent) {
            throw failure(buffer.remaining() + " bytes more have come, which were not sent");
        }
        int right = crowd.contents().mismatch(number, received, buffer);
        if (right >= 0) {
            throw failure("byte " + (received + right) + " is wrong, the " + right + "th of " + buffer.remaining()
                    + " that have come");
        }
    }

    private void ended() throws IOException {
        if (shutDown && received == sent && sent == due) {
            crowd.counts().ends++;
        } else if (crowd.isEnding()) {
            crowd.counts().cut++;
        } else {
            throw failure("the server has ended it");
        }
        close();
    }

    /// Where more want to connect than may wait, the kernel lets some believe that they are connected, and refuses them when it sees their data
    /// (SYN cookies). The server has never heard of those.
    private void lost(IOException e) throws IOException {
        if (received == 0 && mayBeRefused()) {
            crowd.counts().refused++;
            if (connected) {
                crowd.counts().connections--;
            }
            refused();
        } else if (crowd.isEnding()) {
            crowd.counts().cut++;
        } else {
            throw failure(e.getMessage());
        }
        close();
    }

    /// Waits for what can go on.
    private void watch() throws IOException {
        Interest events = !connected || sent < due ? Interest.WRITE : Interest.NONE;
        if (connected && isReading()) {
            events = events.or(Interest.READ);
        }
        Interest wanted = switch (mode) {
            case LEVEL -> events;
            case EDGE -> Interest.READ_WRITE.edgeTriggered();
            case ONE_SHOT -> events.oneShot();
        };
        if (wanted != watched || mode == Mode.ONE_SHOT) {
            crowd.selector().modify(socket, wanted, this);
            watched = wanted;
        }
    }

    /// Sends no more: half-closes the connection, with whatever is on the way.
    final void endWhenSent() throws IOException {
        if (sent == due && !shutDown) {
            shutDown = true;
            socket.shutdownOutput();
            touch();
        }
    }

    /// What was not sent yet is due no longer.
    final void cancelRest() {
        due = sent;
        touch();
    }

    /// Closes the connection with a reset, whatever is on the way.
    final void reset() throws IOException {
        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        crowd.counts().resets++;
        close();
    }

    /// Closes the connection. If there is something left to read, the kernel resets it.
    final void close() throws IOException {
        socket.close();
        crowd.remove(this);
    }

    private void touch() {
        looks = 0;
        crowd.counts().moves++;
    }

    /// Looks whether something has happened, and fails if nothing has for too long.
    final void look() throws IOException {
        if (connected && !isExpecting()) {
            looks = 0;
        } else if (looks++ > PATIENCE) {
            throw failure("nothing has come for " + PATIENCE + " s");
        }
    }

    private LoadFailure failure(String text) throws IOException {
        return new LoadFailure(this + " at " + socket.localAddress() + ": " + text);
    }

    /// Whether it has half-closed the connection.
    final boolean isShutDown() {
        return shutDown;
    }

    final boolean isOpen() {
        return socket.isOpen();
    }

    /// Whether everything is back that was due.
    final boolean isEven() {
        return received == due;
    }

    final long received() {
        return received;
    }

    final ClientPool crowd() {
        return crowd;
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + " " + number + " (" + mode + ", fd " + socket.fileno() + ", "
                + (connected ? "connected" : "connecting") + (shutDown ? ", shut down" : "") + "; " + due
                + " bytes due, " + sent + " sent, "
                + received + " received; waits for " + watched + ")";
    }
}
