package io.selectors4j.testing;

import io.selectors4j.Pollable;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;

/// A UDP socket.
final class UdpSource implements ReadySource {

    private final SocketFd receiver = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);
    private final SocketFd sender = SocketFd.open(StandardProtocolFamily.INET, SocketFd.Type.DATAGRAM);

    UdpSource() throws IOException {
        receiver.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        receiver.setBlocking(false);
    }

    @Override
    public Pollable pollable() {
        return receiver;
    }

    @Override
    public void fire() throws IOException {
        sender.sendTo(ByteBuffer.allocate(1), receiver.localAddress(), 0);
    }

    @Override
    public void consume() throws IOException {
        while (receiver.read(ByteBuffer.allocate(1)) > 0) {}
    }

    @Override
    public void close() throws IOException {
        try (receiver;
                sender) {
            // try-with-resources closes both
        }
    }
}
