import io.selectors4j.*;
import io.selectors4j.fd.*;

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 7000;
    try (Selector<SocketFd> selector = Selector.open();
            SocketFd server = SocketFd.createServer(new InetSocketAddress("localhost", port))) {
        server.setBlocking(false);
        selector.register(server, Interest.READ, server);
        IO.println("listening on " + server.localAddress());
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (true) {
            for (ReadyKey<SocketFd> ready : selector.select()) {
                SocketFd socket = ready.data();
                if (socket == server) {
                    SocketFd client = server.accept();
                    if (client != null) { // null if the client has gone
                        selector.register(client, Interest.READ, client);
                    }
                } else if (socket.read(buffer.clear()) < 0) {
                    socket.close(); // also unregisters it
                } else {
                    socket.write(buffer.flip());
                }
            }
        }
    }
}
