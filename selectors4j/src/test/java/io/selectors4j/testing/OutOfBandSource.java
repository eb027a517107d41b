package io.selectors4j.testing;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The out-of-band byte of a TCP connection, waited for without the normal data.
final class OutOfBandSource implements ReadySource {

    private final ConnectedPair pair = ConnectedPair.Kind.TCP.open();

    OutOfBandSource() throws IOException {}

    @Override
    public Pollable pollable() {
        return pair.reader();
    }

    @Override
    public Interest interest() {
        return Interest.PRIORITY;
    }

    @Override
    public void fire() throws IOException {
        ((SocketFd) pair.writer()).send(ByteBuffer.allocate(1), SocketFd.MSG_OOB);
    }

    @Override
    public void consume() throws IOException {
        ((SocketFd) pair.reader()).receive(ByteBuffer.allocate(1), SocketFd.MSG_OOB);
    }

    @Override
    public void close() throws IOException {
        pair.close();
    }
}
