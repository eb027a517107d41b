import io.selectors4j.*;
import io.selectors4j.fd.*;

/// Sends each datagram back, up to 64 with one system call: UdpEcho PORT
void main(String[] args) throws IOException {
    try (Selector<String> selector = Selector.open();
            SocketFd socket = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
        socket.setBlocking(false);
        socket.bind(new InetSocketAddress("localhost", Integer.parseInt(args[0])));
        selector.register(socket, Interest.READ, "socket");
        IO.println("listening on " + socket.localAddress());
        DatagramBatch batch = DatagramBatch.allocate(64, 2048); // longer datagrams are cut
        while (true) {
            selector.select();
            int received = batch.receive(socket, 0);
            int sent = 0;
            while (sent < received) { // to the senders, whose addresses the batch still has
                int count = batch.send(socket, sent, received - sent, 0);
                if (count == 0) {
                    break; // no room: the rest is lost, as datagrams may be
                }
                sent += count;
            }
        }
    }
}
