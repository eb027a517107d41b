import io.selectors4j.*;
import io.selectors4j.fd.*;
import io.selectors4j.watch.*;

/// Answers each datagram with the text of a file, and reads the file again when it changes: UdpReload FILE PORT
void main(String[] args) throws IOException {
    Path file = Path.of(args[0]).toAbsolutePath();
    try (Selector<String> selector = Selector.open();
            SocketFd socket = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
            InotifyFd changes = InotifyFd.open()) {
        socket.setBlocking(false);
        socket.bind(new InetSocketAddress("localhost", Integer.parseInt(args[1])));
        // The directory, not the file: an editor writes a new file and renames it.
        changes.addWatch(file.getParent(), InotifyFd.IN_CLOSE_WRITE | InotifyFd.IN_MOVED_TO);
        byte[] answer = Files.readAllBytes(file);
        selector.register(socket, Interest.READ, "socket");
        selector.register(changes, Interest.READ, "changes");
        IO.println("listening on " + socket.localAddress());
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        while (true) {
            for (ReadyKey<String> ready : selector.select()) {
                if (ready.fileobj() == socket) {
                    SocketAddress sender = socket.receiveFrom(buffer.clear(), 0);
                    if (sender != null) { // null if the checksum was wrong
                        socket.sendTo(ByteBuffer.wrap(answer), sender, 0);
                    }
                } else if (changes.read().stream().anyMatch(event -> concerns(event, file))) {
                    answer = Files.readAllBytes(file);
                    IO.println("reloaded");
                }
            }
        }
    }
}

boolean concerns(InotifyEvent event, Path file) {
    return event.name().equals(file.getFileName().toString()) || event.has(InotifyFd.IN_Q_OVERFLOW);
}
