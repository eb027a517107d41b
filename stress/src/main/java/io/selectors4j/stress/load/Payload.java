package io.selectors4j.stress.load;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/// The bytes that clients send and receive: a random sequence, repeated without end. Each connection starts at an
/// offset of its own. So a lost, doubled, moved or foreign byte differs from the expected byte, and no client has to
/// store its data.
final class Payload {

    private static final int LENGTH = (1 << 20) - 3;

    /// The distance between the offsets of two consecutive connections.
    private static final int STEP = 7_919;

    private final ByteBuffer heap = ByteBuffer.allocate(LENGTH);
    private final ByteBuffer direct = ByteBuffer.allocateDirect(LENGTH);

    Payload(long seed) {
        byte[] bytes = new byte[LENGTH];
        new SplittableRandom(seed).nextBytes(bytes);
        heap.put(bytes).flip();
        direct.put(bytes).flip();
    }

    /// Returns the next bytes that a connection sends.
    ///
    /// @param connection its number; connections with an even number use the direct buffer
    /// @param position the position in the connection's data
    /// @param limit the maximum number of bytes
    /// @return at least one byte
    ByteBuffer at(long connection, long position, long limit) {
        int from = (int) ((connection * STEP + position) % LENGTH);
        return (connection % 2 == 0 ? direct : heap).slice(from, (int) Math.min(limit, LENGTH - from));
    }

    /// Compares received bytes with the connection's data.
    ///
    /// @param connection its number
    /// @param position the position in the connection's data
    /// @param received the received bytes
    /// @return the number of correct bytes before the first wrong byte; -1 if all bytes are correct
    int mismatch(long connection, long position, ByteBuffer received) {
        int done = 0;
        while (done < received.remaining()) {
            ByteBuffer expected = at(connection, position + done, received.remaining() - done);
            int wrong = expected.mismatch(received.slice(received.position() + done, expected.remaining()));
            if (wrong >= 0) {
                return done + wrong;
            }
            done += expected.remaining();
        }
        return -1;
    }
}
