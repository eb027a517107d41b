import io.selectors4j.*;
import io.selectors4j.fd.*;

/// Sends the standard input to a server, and prints what the server sends, as nc does: StdinAndSocket HOST PORT
void main(String[] args) throws IOException {
    try (SocketFd socket = SocketFd.createConnection(new InetSocketAddress(args[0], Integer.parseInt(args[1])));
            Fd stdin = Fd.stdin();
            Fd stdout = Fd.stdout();
            Selector<String> selector = openFor(stdin)) {
        selector.register(socket, Interest.READ, "socket");
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        while (true) {
            for (ReadyKey<String> ready : selector.select()) {
                if (ready.fileobj() == stdin) {
                    if (stdin.read(buffer.clear()) < 0) {
                        selector.unregister(stdin);
                        socket.shutdownOutput(); // the server may still send
                    } else {
                        socket.write(buffer.flip()); // blocking: writes all bytes
                    }
                } else if (socket.read(buffer.clear()) < 0) {
                    return;
                } else {
                    stdout.write(buffer.flip());
                }
            }
        }
    }
}

/// Opens a selector that waits for the standard input. Epoll refuses a regular file and /dev/null, poll takes them.
Selector<String> openFor(Fd stdin) throws IOException {
    Selector<String> selector = Selector.open();
    try {
        selector.register(stdin, Interest.READ, "stdin");
        return selector;
    } catch (NativeIOException e) {
        selector.close();
        if (!e.errnoName().equals("EPERM")) {
            throw e;
        }
    }
    Selector<String> polling = Backend.POLL.open();
    polling.register(stdin, Interest.READ, "stdin");
    return polling;
}
