package io.selectors4j.examples;

import io.selectors4j.Interest;
import io.selectors4j.Readiness;
import io.selectors4j.fd.SocketFd;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sockets: TCP, a connected pair, UDP and netlink.
final class SocketSources {

    private SocketSources() {}

    /// Both ends of a TCP connection. The client is connected and waits for data and for urgent data; the server sends
    /// them when it accepts the connection.
    private static final class TcpConnection implements Closeable {

        private final SocketFd listener = SocketFd.createServer(local(), 1);
        private final SocketFd client = SocketFd.createConnection(listener.localAddress());

        /// A duplicate: a selector accepts one key for each descriptor number.
        private final SocketFd duplicate = client.dup();

        private @Nullable SocketFd accepted;

        TcpConnection() throws IOException {}

        List<ReadySource> sources() {
            return List.of(
                    ReadySource.readable("tcp accept", listener, ReadySource.NONE, this::accept),
                    ReadySource.readable("tcp data", client, ReadySource.NONE, _ -> Hello.from(client)),
                    new ReadySource(
                            "tcp urgent", duplicate, Interest.PRIORITY, ReadySource.NONE, this::receiveUrgent, this));
        }

        private String accept(Readiness readiness) throws IOException {
            SocketFd connection = listener.accept();
            if (connection == null) {
                throw new IOException("there is no connection to accept");
            }
            accepted = connection;
            Hello.to(connection);
            connection.send(ByteBuffer.wrap(new byte[] {'!'}), SocketFd.MSG_OOB);
            return "a connection from " + Text.of(connection.remoteAddress());
        }

        private String receiveUrgent(Readiness readiness) throws IOException {
            ByteBuffer received = ByteBuffer.allocate(1);
            duplicate.receive(received, SocketFd.MSG_OOB);
            return Text.of(received.flip()) + " out of band";
        }

        @Override
        public void close() throws IOException {
            try (duplicate) {
                if (accepted != null) {
                    accepted.close();
                }
            }
        }
    }

    private static InetSocketAddress local() {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    }

    static List<ReadySource> tcp() throws IOException {
        return new TcpConnection().sources();
    }

    /// Returns a source for a connected pair: Unix sockets, on Windows TCP.
    static ReadySource pair() throws IOException {
        SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
        return ReadySource.readable(
                "pair", pair.first(), () -> Hello.to(pair.second()), _ -> Hello.from(pair.first()), pair);
    }

    static ReadySource udp() throws IOException {
        SocketFd socket = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
        socket.bind(local());
        return ReadySource.readable(
                "udp", socket, () -> socket.sendTo(Hello.bytes(), socket.localAddress(), 0), _ -> receiveFrom(socket));
    }

    private static String receiveFrom(SocketFd socket) throws IOException {
        ByteBuffer received = ByteBuffer.allocate(100);
        SocketAddress sender = socket.receiveFrom(received, 0);
        return Text.of(received.flip()) + (sender == null ? "" : " from " + Text.of(sender));
    }

    /// Returns a source for the reply of the kernel to a request about a network interface.
    static ReadySource netlink() throws IOException {
        SocketFd socket = SocketFd.open(SocketFd.AF_NETLINK, SocketFd.Type.RAW, Netlink.ROUTE);
        try {
            socket.write(Netlink.loopbackRequest());
        } catch (Throwable t) {
            try {
                socket.close();
            } catch (IOException e) {
                t.addSuppressed(e);
            }
            throw t;
        }
        return ReadySource.readable("netlink", socket, ReadySource.NONE, _ -> {
            ByteBuffer reply = Netlink.buffer();
            socket.read(reply);
            return Netlink.toString(reply.flip());
        });
    }
}
