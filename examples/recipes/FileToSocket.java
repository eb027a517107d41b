import io.selectors4j.*;
import io.selectors4j.fd.*;

/// Sends a file to each client, without copying it to the memory of the process: FileToSocket FILE PORT
void main(String[] args) throws IOException, InterruptedException {
    Path file = Path.of(args[0]);
    try (SocketFd server = SocketFd.createServer(new InetSocketAddress("localhost", Integer.parseInt(args[1])))) {
        server.setBlocking(false);
        IO.println("listening on " + server.localAddress());
        while (Await.readable(server, null)) {
            SocketFd client = server.accept();
            if (client != null) {
                Thread.startVirtualThread(() -> send(file, client));
            }
        }
    }
}

void send(Path file, SocketFd client) {
    try (client;
            FileFd source = FileFd.open(file, FileFd.O_RDONLY)) {
        client.setBlocking(false);
        long count = 0;
        while (count >= 0) { // negative at the end of the file, 0 if the socket has no room
            if (count == 0) {
                Await.writable(client, null);
            }
            count = Transfer.copy(source, client, Long.MAX_VALUE);
        }
    } catch (IOException | InterruptedException e) {
        IO.println(client + ": " + e.getMessage());
    }
}
