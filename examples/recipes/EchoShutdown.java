import io.selectors4j.*;
import io.selectors4j.fd.*;

interface Handler {
    void ready(Readiness readiness) throws IOException;
}

final Set<Connection> connections = new LinkedHashSet<>(); // the one that was active last is last
Selector<Handler> selector;
SocketFd server;
Duration idleTimeout;
volatile boolean stopping;

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 7000;
    idleTimeout = Duration.ofSeconds(args.length > 1 ? Integer.parseInt(args[1]) : 60);
    try (Selector<Handler> opened = Selector.open();
            SocketFd listener = SocketFd.createServer(new InetSocketAddress("localhost", port));
            TimerFd timer = TimerFd.open(TimerFd.Clock.MONOTONIC);
            SignalFd signals = SignalFd.open("SIGTERM", "SIGINT")) {
        selector = opened;
        server = listener;
        server.setBlocking(false);
        selector.register(server, Interest.READ, _ -> accept());
        // #region timer
        timer.setBlocking(false);
        timer.set(Duration.ofSeconds(1), Duration.ofSeconds(1));
        selector.register(timer, Interest.READ, _ -> {
            timer.read();
            closeIdle();
        });
        // #endregion
        // #region signals
        selector.register(signals, Interest.READ, _ -> {
            IO.println("received " + signals.read());
            stopping = true;
        });
        Thread.ofVirtual().start(this::readCommands);
        // #endregion
        IO.println("listening on " + server.localAddress());
        run();
        IO.println("ended");
    }
}

// #region run
void run() throws IOException {
    while (!stopping) {
        selector.select((key, readiness) -> key.data().ready(readiness));
    }
    server.close(); // clients that connect from now on are refused
    List.copyOf(connections).forEach(Connection::finish);
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!connections.isEmpty() && deadline - System.nanoTime() > 0) {
        Duration rest = Duration.ofNanos(deadline - System.nanoTime());
        selector.select(rest, (key, readiness) -> key.data().ready(readiness));
    }
    for (Connection connection : List.copyOf(connections)) {
        connection.close(); // its client does not read
    }
}

/// Ends the program when the standard input says so. Runs in a thread of its own.
void readCommands() {
    String line;
    while ((line = IO.readln()) != null) {
        if (line.equals("stop")) {
            stopping = true;
            selector.wakeup(); // the selecting thread looks at the field
            return;
        }
    }
}
// #endregion

void accept() throws IOException {
    SocketFd socket = server.accept();
    if (socket != null) {
        Connection connection = new Connection(socket);
        connections.add(connection);
        selector.register(socket, Interest.READ, connection);
    }
}

// #region idle
void closeIdle() throws IOException {
    for (Connection connection : List.copyOf(connections)) {
        if (System.nanoTime() - connection.lastActive < idleTimeout.toNanos()) {
            return; // all others were active later
        }
        connection.close();
    }
}
// #endregion

class Connection implements Handler {
    final SocketFd socket;
    final ByteBuffer output = ByteBuffer.allocate(16 * 1024); // what has been read and not yet written
    long lastActive = System.nanoTime();
    boolean ended;

    Connection(SocketFd socket) {
        this.socket = socket;
    }

    public void ready(Readiness readiness) throws IOException {
        lastActive = System.nanoTime();
        connections.remove(this);
        connections.add(this); // at the end
        try {
            if (readiness.isReadable() && !ended && output.hasRemaining()) {
                ended = socket.read(output) < 0;
            }
            output.flip();
            socket.write(output); // writes as much as the socket has room for
            output.compact();
        } catch (IOException e) { // the client has reset the connection
            close();
            return;
        }
        update();
    }

    /// Reads no more. The connection is closed when its output is written.
    void finish() {
        try {
            ended = true;
            update();
        } catch (IOException e) {
            IO.println(e);
        }
    }

    void update() throws IOException {
        boolean hasOutput = output.position() > 0;
        if (ended && !hasOutput) {
            close();
        } else {
            Interest read = ended || !output.hasRemaining() ? Interest.NONE : Interest.READ;
            Interest write = hasOutput ? Interest.WRITE : Interest.NONE;
            selector.modify(socket, read.or(write), this);
        }
    }

    void close() throws IOException {
        connections.remove(this);
        socket.close();
    }
}
