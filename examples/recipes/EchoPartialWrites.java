import io.selectors4j.*;
import io.selectors4j.fd.*;

// #region handler
interface Handler {
    void ready(Readiness readiness) throws IOException;
}
// #endregion

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 7000;
    try (Selector<Handler> selector = Selector.open();
            SocketFd server = SocketFd.createServer(new InetSocketAddress("localhost", port))) {
        server.setBlocking(false);
        selector.register(server, Interest.READ, _ -> accept(selector, server));
        IO.println("listening on " + server.localAddress());
        // #region loop
        while (true) {
            selector.select((key, readiness) -> key.data().ready(readiness));
        }
        // #endregion
    }
}

void accept(Selector<Handler> selector, SocketFd server) throws IOException {
    SocketFd socket = server.accept();
    if (socket != null) {
        selector.register(socket, Interest.READ, new Connection(selector, socket));
    }
}

// #region connection
class Connection implements Handler {
    final Selector<Handler> selector;
    final SocketFd socket;
    final ByteBuffer output = ByteBuffer.allocate(16 * 1024); // what has been read and not yet written
    boolean ended;

    Connection(Selector<Handler> selector, SocketFd socket) {
        this.selector = selector;
        this.socket = socket;
    }

    public void ready(Readiness readiness) throws IOException {
        try {
            if (readiness.isReadable() && output.hasRemaining()) {
                ended |= socket.read(output) < 0;
            }
            output.flip();
            socket.write(output); // writes as much as the socket has room for
            output.compact();
        } catch (IOException e) { // the client has reset the connection
            socket.close();
            return;
        }
        boolean hasOutput = output.position() > 0;
        if (ended && !hasOutput) {
            socket.close();
        } else {
            Interest read = ended || !output.hasRemaining() ? Interest.NONE : Interest.READ;
            Interest write = hasOutput ? Interest.WRITE : Interest.NONE;
            selector.modify(socket, read.or(write), this);
        }
    }
}
// #endregion
