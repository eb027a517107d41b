import io.selectors4j.*;
import io.selectors4j.fd.*;

/// Tells each client of a Unix socket which user it is: UnixSocket PATH
void main(String[] args) throws IOException {
    Path path = Path.of(args[0]);
    Files.deleteIfExists(path); // a server that was killed leaves its path
    try (Selector<Void> selector = Selector.open();
            SocketFd server = SocketFd.createServer(UnixDomainSocketAddress.of(path))) {
        server.setBlocking(false);
        selector.register(server, Interest.READ, null);
        IO.println("listening on " + path);
        while (true) {
            selector.select((_, _) -> {
                try (SocketFd client = server.accept()) {
                    if (client != null) {
                        PeerCredentials peer = client.peerCredentials();
                        String text = "you are process " + peer.pid() + " of user " + peer.uid() + "\n";
                        client.write(StandardCharsets.UTF_8.encode(text));
                    }
                }
            });
        }
    } finally {
        Files.deleteIfExists(path);
    }
}
