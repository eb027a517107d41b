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

/// Sockets.
final class SocketKinds {

    private SocketKinds() {}

    /// A TCP connection from both ends: the client has connected, and waits for data and for urgent data, which is sent when
    /// the server has accepted.
    private static final class Connected implements Closeable {

        private final SocketFd listener = SocketFd.createServer(local(), 1);
        private final SocketFd client = SocketFd.createConnection(listener.localAddress());

        /// A selector takes one object for each number: the same socket under another number.
        private final SocketFd sameClient = client.dup();

        private @Nullable SocketFd accepted;

        Connected() throws IOException {}

        List<Kind> kinds() {
            return List.of(
                    Kind.readable("tcp accept", listener, Kind.NONE, this::accept),
                    Kind.readable("tcp data", client, Kind.NONE, _ -> Hello.from(client)),
                    new Kind("tcp urgent", sameClient, Interest.PRIORITY, Kind.NONE, this::receiveUrgent, this));
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
            sameClient.receive(received, SocketFd.MSG_OOB);
            return Text.of(received.flip()) + " out of band";
        }

        @Override
        public void close() throws IOException {
            try (sameClient) {
                if (accepted != null) {
                    accepted.close();
                }
            }
        }
    }

    private static InetSocketAddress local() {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    }

    static List<Kind> tcp() throws IOException {
        return new Connected().kinds();
    }

    static Kind unix() throws IOException {
        SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM);
        return Kind.readable("unix", pair.first(), () -> Hello.to(pair.second()), _ -> Hello.from(pair.first()), pair);
    }

    static Kind udp() throws IOException {
        SocketFd socket = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
        socket.bind(local());
        return Kind.readable(
                "udp", socket, () -> socket.sendTo(Hello.bytes(), socket.localAddress(), 0), _ -> receiveFrom(socket));
    }

    private static String receiveFrom(SocketFd socket) throws IOException {
        ByteBuffer received = ByteBuffer.allocate(100);
        SocketAddress sender = socket.receiveFrom(received, 0);
        return Text.of(received.flip()) + (sender == null ? "" : " from " + Text.of(sender));
    }

    /// The kernel's answer to a question for a network interface.
    static Kind netlink() throws IOException {
        SocketFd socket = SocketFd.open(SocketFd.AF_NETLINK, SocketFd.Type.RAW, Netlink.ROUTE);
        try {
            socket.write(Netlink.askForLoopback());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return Kind.readable("netlink", socket, Kind.NONE, _ -> {
            ByteBuffer answer = Netlink.buffer();
            socket.read(answer);
            return Netlink.toString(answer.flip());
        });
    }
}
