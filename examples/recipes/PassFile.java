import io.selectors4j.fd.*;

/// Passes an open file to each client of a Unix socket, if it is a process of the same user: PassFile SOCKET FILE
void main(String[] args) throws IOException {
    Path path = Path.of(args[0]);
    Files.deleteIfExists(path);
    try (SocketFd server = SocketFd.createServer(UnixDomainSocketAddress.of(path))) {
        IO.println("listening on " + path);
        while (true) {
            try (SocketFd client = server.accept()) {
                if (client == null) {
                    continue; // the client has gone meanwhile
                }
                PeerCredentials peer = client.peerCredentials();
                IO.println("process " + peer.pid() + " of user " + peer.uid());
                if (peer.uid() == (int) Files.getAttribute(path, "unix:uid")) {
                    pass(Path.of(args[1]), client);
                }
            }
        }
    } finally {
        Files.deleteIfExists(path);
    }
}

void pass(Path file, SocketFd client) throws IOException {
    try (FileFd open = FileFd.open(file, FileFd.O_RDONLY)) {
        ByteBuffer[] message = {
            StandardCharsets.UTF_8.encode(file.getFileName().toString())
        }; // not empty
        client.sendMessage(message, null, List.of(new ControlMessage.Descriptors(List.of(open))), 0);
    } // the client has a descriptor of its own
}
