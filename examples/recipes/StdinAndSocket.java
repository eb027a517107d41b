import io.selectors4j.*;
import io.selectors4j.fd.*;

/// Sends the standard input to a server, and prints what the server sends, as nc does: StdinAndSocket HOST PORT
void main(String[] args) throws IOException {
    try (SocketFd socket = SocketFd.createConnection(new InetSocketAddress(args[0], Integer.parseInt(args[1])));
            StdinFd stdin = StdinFd.open(); // also a file or /dev/null
            Fd stdout = Fd.stdout();
            Selector<String> selector = Selector.open()) {
        selector.register(stdin, Interest.READ, "stdin");
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
