package io.selectors4j.stress.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// One step of a sequence. Its numbers are interpreted in the current state, so any part of a sequence is a valid
/// sequence.
///
/// @param kind the operation
/// @param slot the descriptor's slot
/// @param choice a number that selects among alternatives
record Op(Kind kind, int slot, int choice) {

    /// The operations, with their relative frequencies.
    enum Kind {
        OPEN(6),
        REGISTER(8),
        MODIFY(6),
        UNREGISTER(3),
        CLOSE(3),
        /// Duplicates the descriptor.
        DUP(1),
        /// Duplicates the descriptor and closes it. Its open file stays open.
        DUP_AND_CLOSE(2),
        /// Reopens the descriptor under its number, from the duplicate.
        REOPEN(2),
        /// Closes the oldest duplicate.
        CLOSE_DUP(1),
        /// Replaces the descriptor's open file by another descriptor's open file, under the same number.
        DUP2(1),
        WRITE(7),
        READ(5),
        /// Writes from the descriptor's own end until the buffers are full.
        FILL(1),
        /// Reads everything at the peer.
        DRAIN(1),
        HALF_CLOSE(1),
        CLOSE_PEER(1),
        /// Closes the peer while it has unread bytes.
        RESET(1),
        WAKEUP(1),
        INTERRUPT(1),
        /// Selects and blocks.
        WAIT(3),
        /// Selects with a handler that throws.
        THROW(3);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }
    }

    private static final List<Kind> WEIGHTED_KINDS = weightedKinds();

    private static List<Kind> weightedKinds() {
        List<Kind> weightedKinds = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < kind.weight; i++) {
                weightedKinds.add(kind);
            }
        }
        return weightedKinds;
    }

    /// Returns the sequence of a seed.
    static List<Op> sequence(long seed, int length) {
        Random random = new Random(seed);
        List<Op> ops = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            ops.add(new Op(
                    WEIGHTED_KINDS.get(random.nextInt(WEIGHTED_KINDS.size())),
                    random.nextInt(ModelState.SLOTS),
                    random.nextInt(Integer.MAX_VALUE)));
        }
        return ops;
    }
}
