package io.selectors4j.stress.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// One step of a sequence. What its numbers mean depends on what is there when it is made, so a sequence stays a sequence whatever is
/// taken out of it.
///
/// @param kind what to do
/// @param slot with which thing, or where to put one
/// @param choice one more number, for what there is to choose
record Op(Kind kind, int slot, int choice) {

    /// What can be done, and how often in proportion to the others.
    enum Kind {
        OPEN(6),
        REGISTER(8),
        MODIFY(6),
        UNREGISTER(3),
        CLOSE(3),
        /// Keeps a duplicate of a thing's open file.
        DUP(1),
        /// The same, and then closes the thing: its open file goes on without it.
        GHOST(2),
        /// Brings it back under its number.
        REVIVE(2),
        /// Closes the oldest of these.
        CLOSE_DUP(1),
        /// Puts another thing's open file in the place of a thing's number.
        DUP2(1),
        WRITE(7),
        READ(5),
        /// Writes from the thing's own end until there is no room.
        FILL(1),
        /// Reads all that at the other end.
        DRAIN(1),
        HALF_CLOSE(1),
        CLOSE_PEER(1),
        /// Closes the other end while bytes are unread there.
        RESET(1),
        WAKEUP(1),
        INTERRUPT(1),
        /// Selects in the waiting form.
        WAIT(3),
        /// A handler throws in the middle of a batch.
        THROW(3);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }
    }

    private static final List<Kind> LOTS = lots();

    private static List<Kind> lots() {
        List<Kind> lots = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < kind.weight; i++) {
                lots.add(kind);
            }
        }
        return lots;
    }

    /// A sequence that a seed stands for.
    static List<Op> sequence(long seed, int length) {
        Random random = new Random(seed);
        List<Op> ops = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            ops.add(new Op(
                    LOTS.get(random.nextInt(LOTS.size())),
                    random.nextInt(ModelState.SLOTS),
                    random.nextInt(Integer.MAX_VALUE)));
        }
        return ops;
    }
}
