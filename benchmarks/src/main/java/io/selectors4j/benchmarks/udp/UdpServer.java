package io.selectors4j.benchmarks.udp;

import io.selectors4j.Interest;
import io.selectors4j.Selector;
import io.selectors4j.benchmarks.load.LoadedServer;
import io.selectors4j.fd.DatagramBatch;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;

/// A server that sends each datagram back to its sender, with a selector.
abstract class UdpServer implements LoadedServer {

    /// The room for the bytes of a datagram.
    private static final int DATAGRAM = 2048;

    /// The number of datagrams in a batch: as many as there are clients, or more.
    private static final int BATCH = 64;

    final SocketFd socket = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
    private final Selector<UdpServer> selector = Selector.open();

    UdpServer() throws IOException {
        socket.bind(LoadedServer.address(0));
        socket.setBlocking(false);
        selector.register(socket, Interest.READ, this);
    }

    /// Receives and sends one datagram with a call.
    static final class OfCalls extends UdpServer {

        private final ByteBuffer buffer = ByteBuffer.allocateDirect(DATAGRAM);

        OfCalls() throws IOException {}

        @Override
        void echo() throws IOException {
            SocketAddress sender = socket.receiveFrom(buffer.clear(), 0);
            while (sender != null) {
                socket.sendTo(buffer.flip(), sender, 0);
                sender = socket.receiveFrom(buffer.clear(), 0);
            }
        }
    }

    /// Receives and sends a batch of datagrams with a call.
    static final class OfBatches extends UdpServer {

        private final DatagramBatch batch = DatagramBatch.allocate(BATCH, DATAGRAM);

        OfBatches() throws IOException {}

        @Override
        void echo() throws IOException {
            int count;
            do {
                count = batch.receive(socket, 0);
                batch.send(socket, 0, count, 0);
            } while (count == BATCH);
        }
    }

    /// Answers all datagrams that are available.
    abstract void echo() throws IOException;

    @Override
    public final int port() throws IOException {
        return ((InetSocketAddress) socket.localAddress()).getPort();
    }

    @Override
    public final void run() throws IOException {
        while (selector.isOpen()) {
            selector.select(null, (key, _) -> key.data().echo());
        }
    }
}
