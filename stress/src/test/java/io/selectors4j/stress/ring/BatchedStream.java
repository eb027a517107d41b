package io.selectors4j.stress.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.NativeIOException;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.testing.ConnectedPair;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A batched socket and its peer, which send each other random bytes.
public final class BatchedStream implements Closeable {

    private static final int PEER_PIECE = 3_000;

    final SocketFd socket;
    final Fd peer;

    private final ConnectedPair pair;
    private final int writeSize;
    private final byte[] bytes;
    private final ByteBuffer toPeer;
    private final ByteBuffer toSocket;
    private final ByteBuffer atPeer;
    private final ByteBuffer atSocket;
    private @Nullable NativeIOException failure;

    /// Opens a pair.
    ///
    /// @param count the number of bytes in each direction
    /// @param writeSize the size of each write of the batched socket
    BatchedStream(ConnectedPair.Kind kind, int count, int writeSize) throws IOException {
        pair = kind.open();
        socket = (SocketFd) pair.reader();
        peer = (Fd) pair.writer();
        if (kind == ConnectedPair.Kind.TCP) {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        this.writeSize = writeSize;
        bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        toPeer = ByteBuffer.wrap(bytes);
        toSocket = ByteBuffer.wrap(bytes);
        atPeer = ByteBuffer.allocate(count);
        atSocket = ByteBuffer.allocate(count);
    }

    /// Returns the batched socket.
    public SocketFd socket() {
        return socket;
    }

    /// Returns the other end.
    public Fd peer() {
        return peer;
    }

    /// Returns whether all bytes have arrived.
    boolean isComplete() {
        return !atPeer.hasRemaining() && !atSocket.hasRemaining();
    }

    /// Returns whether all bytes of the socket have arrived.
    boolean hasSentAll() {
        return !atPeer.hasRemaining();
    }

    /// Returns whether the socket took all bytes that it was given.
    boolean hasWrittenAll() {
        return !toPeer.hasRemaining();
    }

    /// Returns what the first failed call of the socket threw, or null.
    @Nullable
    NativeIOException failure() {
        return failure;
    }

    /// Makes a call of each kind, except those that have failed or have nothing left to do.
    void transfer() throws IOException {
        write();
        read();
        transferAtPeer();
    }

    /// Reads at the peer.
    void readAtPeer() throws IOException {
        peer.read(atPeer);
    }

    /// Reads and writes at the peer.
    void transferAtPeer() throws IOException {
        readAtPeer();
        ByteBuffer piece = toSocket.slice(toSocket.position(), Math.min(PEER_PIECE, toSocket.remaining()));
        toSocket.position(toSocket.position() + peer.write(piece));
    }

    /// Reads; after the first error or the end of the data no more.
    void read() throws IOException {
        try {
            socket.read(atSocket);
        } catch (NativeIOException e) {
            fail(e);
        }
    }

    /// Writes, unless a call has failed.
    void write() throws IOException {
        if (failure != null) {
            return;
        }
        try {
            ByteBuffer piece = toPeer.slice(toPeer.position(), Math.min(writeSize, toPeer.remaining()));
            toPeer.position(toPeer.position() + socket.write(piece));
        } catch (NativeIOException e) {
            fail(e);
        }
    }

    private void fail(NativeIOException e) {
        assertThat(failure).as("a second error: %s", e).isNull();
        failure = e;
    }

    /// Requires that the bytes that have arrived are the first ones that were sent.
    void requireRightBytes() {
        assertThat(atPeer.duplicate().flip()).as("at the peer").isEqualTo(ByteBuffer.wrap(bytes, 0, atPeer.position()));
        assertThat(atSocket.duplicate().flip())
                .as("at the socket")
                .isEqualTo(ByteBuffer.wrap(bytes, 0, atSocket.position()));
    }

    /// Returns whether all bytes of the peer have arrived.
    boolean hasReceivedAll() {
        return !atSocket.hasRemaining();
    }

    @Override
    public void close() throws IOException {
        pair.close();
    }
}
