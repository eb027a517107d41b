import io.selectors4j.fd.*;

/// Prints the file that a server passes over a Unix socket: ReceiveFile SOCKET
void main(String[] args) throws IOException {
    try (SocketFd socket = SocketFd.createConnection(UnixDomainSocketAddress.of(args[0]));
            ReceivedMessage message = new ReceivedMessage()) { // closing it closes descriptors that were not taken
        ByteBuffer name = ByteBuffer.allocate(256);
        socket.receiveMessage(new ByteBuffer[] {name}, message, 0);
        IO.println(message.count() < 0 ? "refused" : StandardCharsets.UTF_8.decode(name.flip()));
        for (Fd file : message.takeDescriptors()) {
            try (file) {
                Transfer.copy(file, Fd.stdout(), Long.MAX_VALUE);
            }
        }
    }
}
