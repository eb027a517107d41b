import io.selectors4j.*;
import io.selectors4j.fd.*;

/// Opens connections to an echo server, sends a line on each, and checks what comes back: ThousandClients PORT [COUNT]
void main(String[] args) throws IOException {
    InetSocketAddress address = new InetSocketAddress("localhost", Integer.parseInt(args[0]));
    int count = args.length > 1 ? Integer.parseInt(args[1]) : 1000;
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    int echoed = 0;
    try (Selector<Client> selector = Selector.open()) {
        for (int i = 0; i < count; i++) {
            SocketFd socket = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.STREAM);
            socket.setBlocking(false);
            socket.connect(address);
            selector.register(socket, Interest.WRITE, new Client(socket, "hello from client " + i + "\n"));
        }
        while (echoed < count) {
            for (ReadyKey<Client> ready : selector.select(Duration.ofSeconds(30))) {
                Client client = ready.data();
                if (ready.isWritable()) {
                    client.socket.finishConnect(); // throws if the connection was refused
                    client.socket.write(ByteBuffer.wrap(client.line.getBytes()));
                    selector.modify(client.socket, Interest.READ, client);
                } else if (client.socket.read(buffer.clear()) < 0) {
                    throw new EOFException("the server has closed " + client.socket);
                } else {
                    client.received.append(StandardCharsets.UTF_8.decode(buffer.flip()));
                    if (client.received.toString().equals(client.line)) {
                        client.socket.close();
                        echoed++;
                    }
                }
            }
        }
    }
    IO.println(echoed + " clients have received their lines");
}

record Client(SocketFd socket, String line, StringBuilder received) {
    Client(SocketFd socket, String line) {
        this(socket, line, new StringBuilder());
    }
}
