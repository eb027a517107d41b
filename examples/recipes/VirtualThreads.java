import io.selectors4j.*;
import io.selectors4j.fd.*;

/// An echo server with a virtual thread for each client: VirtualThreads PORT
void main(String[] args) throws IOException, InterruptedException {
    try (SocketFd server = SocketFd.createServer(new InetSocketAddress("localhost", Integer.parseInt(args[0])))) {
        server.setBlocking(false);
        IO.println("listening on " + server.localAddress());
        while (true) {
            Await.readable(server, null);
            SocketFd client = server.accept(); // non-blocking too
            if (client != null) {
                Thread.ofVirtual().start(() -> serve(client));
            }
        }
    }
}

void serve(SocketFd client) {
    try (client) {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (true) {
            if (!Await.readable(client, Duration.ofMinutes(1))) {
                return; // idle
            }
            if (client.read(buffer.clear()) < 0) {
                return;
            }
            for (buffer.flip(); buffer.hasRemaining(); ) {
                if (client.write(buffer) == 0) {
                    Await.writable(client, null);
                }
            }
        }
    } catch (IOException | InterruptedException e) {
        IO.println(e);
    }
}
