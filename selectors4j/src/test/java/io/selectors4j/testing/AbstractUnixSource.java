package io.selectors4j.testing;

import io.selectors4j.Pollable;
import io.selectors4j.fd.RawSocketAddress;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// A Unix datagram socket bound to an abstract name.
final class AbstractUnixSource implements ReadySource {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final SocketFd receiver = SocketFd.open(StandardProtocolFamily.UNIX, SocketFd.Type.DATAGRAM);
    private final SocketFd sender = SocketFd.open(StandardProtocolFamily.UNIX, SocketFd.Type.DATAGRAM);
    private final RawSocketAddress name;

    AbstractUnixSource() throws IOException {
        String unique = "selectors4j/" + ProcessHandle.current().pid() + "/" + COUNT.incrementAndGet();
        name = RawSocketAddress.unixAbstract(unique.getBytes(StandardCharsets.US_ASCII));
        receiver.bind(name);
        receiver.setBlocking(false);
    }

    @Override
    public Pollable pollable() {
        return receiver;
    }

    @Override
    public void fire() throws IOException {
        sender.sendTo(ByteBuffer.allocate(1), name, 0);
    }

    @Override
    public void consume() throws IOException {
        while (receiver.read(ByteBuffer.allocate(9)) > 0) {
            // one datagram each time
        }
    }

    @Override
    public void close() throws IOException {
        try (receiver;
                sender) {
            // try-with-resources closes both
        }
    }
}
