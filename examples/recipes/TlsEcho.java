import io.selectors4j.*;
import io.selectors4j.fd.*;
import java.security.*;
import javax.net.ssl.*;

/// An echo server with TLS: TlsEcho KEYSTORE PASSWORD PORT
void main(String[] args) throws IOException, GeneralSecurityException {
    char[] password = args[1].toCharArray();
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(KeyStore.getInstance(new File(args[0]), password), password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    try (Selector<Connection> selector = Selector.open();
            SocketFd server =
                    SocketFd.createServer(new InetSocketAddress("localhost", Integer.parseInt(args[2])))) {
        server.setBlocking(false);
        selector.register(server, Interest.READ, null);
        IO.println("listening on " + server.localAddress());
        while (true) {
            selector.select((key, _) -> {
                if (key.data() != null) {
                    key.data().ready(selector);
                    return;
                }
                SocketFd socket = server.accept();
                if (socket != null) {
                    selector.register(socket, Interest.READ, new Connection(socket, context));
                }
            });
        }
    }
}

// #region connection
class Connection {
    final SocketFd socket;
    final SSLEngine engine;
    final ByteBuffer received; // encrypted, from the socket
    final ByteBuffer sending; // encrypted, to the socket
    final ByteBuffer plain; // decrypted, to be sent back
    boolean ended;

    Connection(SocketFd socket, SSLContext context) {
        this.socket = socket;
        engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        received = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        sending = ByteBuffer.allocate(2 * engine.getSession().getPacketBufferSize());
        plain = ByteBuffer.allocate(2 * engine.getSession().getApplicationBufferSize());
    }

    void ready(Selector<Connection> selector) throws IOException {
        try {
            boolean progress = true;
            while (progress) { // until neither the socket nor the engine can go on
                progress = receive() | unwrap() | wrap() | send();
            }
        } catch (IOException e) { // no TLS, or the client has reset the connection
            IO.println("closing: " + e.getMessage());
            socket.close();
            return;
        }
        if (engine.isOutboundDone() && sending.position() == 0 || ended && engine.isInboundDone()) {
            socket.close();
            return;
        }
        Interest read = ended || !received.hasRemaining() ? Interest.NONE : Interest.READ;
        Interest write = sending.position() > 0 ? Interest.WRITE : Interest.NONE;
        selector.modify(socket, read.or(write), this);
    }

    boolean receive() throws IOException {
        if (ended || !received.hasRemaining()) {
            return false;
        }
        int count = socket.read(received);
        if (count < 0) {
            ended = true;
            engine.closeInbound(); // throws if the client has not closed TLS first: the data may be cut off
        }
        return count > 0;
    }

    boolean unwrap() throws IOException {
        if (received.position() == 0 || engine.isInboundDone()) {
            return false;
        }
        received.flip();
        SSLEngineResult result = engine.unwrap(received, plain);
        received.compact();
        runTasks();
        if (engine.isInboundDone()) {
            engine.closeOutbound();
        }
        return result.bytesConsumed() > 0;
    }

    boolean wrap() throws IOException {
        boolean handshaking = engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP;
        if (engine.isOutboundDone() || plain.position() == 0 && !handshaking) {
            return false;
        }
        plain.flip();
        SSLEngineResult result = engine.wrap(plain, sending);
        plain.compact();
        runTasks();
        return result.bytesProduced() > 0;
    }

    boolean send() throws IOException {
        sending.flip();
        int count = socket.write(sending);
        sending.compact();
        return count > 0;
    }

    /// Runs the slow steps of the handshake here. A busy server passes them to other threads.
    void runTasks() {
        while (engine.getDelegatedTask() instanceof Runnable task) {
            task.run();
        }
    }
}
// #endregion
