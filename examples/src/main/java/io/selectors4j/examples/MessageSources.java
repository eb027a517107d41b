package io.selectors4j.examples;

import io.selectors4j.fd.ControlMessage;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.NativeSocketOptions;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.ReceivedMessage;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.fd.TcpInfo;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.util.List;

/// What sockets tell beside bytes: descriptors, errors, and the state of a connection.
final class MessageSources {

    private static final ByteBuffer[] NO_BYTES = {};

    private MessageSources() {}

    /// Returns a source for a descriptor that arrives over a Unix socket, as from another process.
    static ReadySource passedDescriptor() throws IOException {
        SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.DATAGRAM);
        return ReadySource.readable(
                "passed", pair.second(), () -> pass(pair.first()), _ -> receivePassed(pair.second()), pair);
    }

    private static void pass(SocketFd socket) throws IOException {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            Hello.to(pipe.writer());
            List<ControlMessage> control = List.of(new ControlMessage.Descriptors(List.of(pipe.reader())));
            socket.sendMessage(NO_BYTES, null, control, 0);
        }
    }

    private static String receivePassed(SocketFd socket) throws IOException {
        try (ReceivedMessage message = new ReceivedMessage()) {
            socket.receiveMessage(NO_BYTES, message, 0);
            try (Fd pipe = message.takeDescriptors().getFirst()) {
                return Hello.from(pipe) + " from a passed descriptor";
            }
        }
    }

    /// Returns a source for the error that answers a datagram to an unused port.
    static ReadySource errorQueue() throws IOException {
        requireLinux("the error queue of a socket");
        SocketFd socket = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
        socket.setOption(NativeSocketOptions.IP_RECVERR, true);
        return ReadySource.readable(
                "errors", socket, () -> socket.sendTo(Hello.bytes(), unusedAddress(), 0), _ -> receiveError(socket));
    }

    private static SocketAddress unusedAddress() throws IOException {
        try (SocketFd socket = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM)) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            return socket.localAddress();
        }
    }

    private static String receiveError(SocketFd socket) throws IOException {
        try (ReceivedMessage message = new ReceivedMessage()) {
            socket.receiveMessage(NO_BYTES, message, SocketFd.MSG_ERRQUEUE);
            return message.control().getFirst() instanceof ControlMessage.ExtendedError error
                            && error.offender() != null
                    ? error.errnoName() + ", reported by " + error.offender().getHostAddress()
                    : "" + message.control();
        }
    }

    /// A connection that waits to be accepted.
    private static final class Connection implements Closeable {

        private final SocketFd listener =
                SocketFd.createServer(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        private final SocketFd client = SocketFd.createConnection(listener.localAddress());

        Connection() throws IOException {}

        @Override
        public void close() throws IOException {
            try (listener;
                    client) {
                // closes both
            }
        }
    }

    /// Returns a source for a connection, whose state is read as one object: TCP_INFO.
    static ReadySource connectionState() throws IOException {
        requireLinux("TCP_INFO");
        Connection connection = new Connection();
        return ReadySource.readable(
                "tcp info",
                connection.listener,
                ReadySource.NONE,
                _ -> describe(TcpInfo.of(connection.client)),
                connection);
    }

    private static void requireLinux(String facility) {
        if (!System.getProperty("os.name").equals("Linux")) {
            throw new UnsupportedOperationException(facility + " is a facility of Linux");
        }
    }

    private static String describe(TcpInfo info) {
        return info.state() + ", segments of up to " + info.sndMss() + " bytes";
    }
}
