package io.selectors4j.stress.load;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/// What clients send, and what has to come back: the same random bytes over and over, in each connection from a place of its own on. So a
/// byte that is lost, doubled, moved or another connection's is found, and nobody has to keep what was sent.
final class Contents {

    private static final int LENGTH = (1 << 20) - 3;

    /// From where one connection starts to where the next one does.
    private static final int STEP = 7_919;

    private final ByteBuffer heap = ByteBuffer.allocate(LENGTH);
    private final ByteBuffer direct = ByteBuffer.allocateDirect(LENGTH);

    Contents(long seed) {
        byte[] bytes = new byte[LENGTH];
        new SplittableRandom(seed).nextBytes(bytes);
        heap.put(bytes).flip();
        direct.put(bytes).flip();
    }

    /// What a connection sends from a place in its data on.
    ///
    /// @param connection its number; the direct buffer's bytes are for those with an even one
    /// @param position the place
    /// @param limit how many bytes at the most
    /// @return some bytes, at least one
    ByteBuffer at(long connection, long position, long limit) {
        int from = (int) ((connection * STEP + position) % LENGTH);
        return (connection % 2 == 0 ? direct : heap).slice(from, (int) Math.min(limit, LENGTH - from));
    }

    /// Compares what a connection has received.
    ///
    /// @param connection its number
    /// @param position the place in its data
    /// @param received what should be there
    /// @return how many bytes are right before the first wrong one; -1 if all are
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
