package io.selectors4j.internal.linux;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/// Races of [IoUringRings] and [IoUringBufferRing] with a kernel: each entry is read whole and once, in order, and no
/// entry is overwritten before it was read.
public final class RingRaces {

    private RingRaces() {}

    /// Queues that both actors use.
    public abstract static class Queues {
        final JavaRings queues = new JavaRings();

        /// Publishes the prepared submission entries.
        ///
        /// @return the number of entries that the kernel has not consumed
        final int publish() {
            return queues.rings.publish();
        }
    }

    /// The program publishes two entries, one after the other, while the kernel takes entries. `r3` has the rest.
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 2, 0", "0, 1, 2", "1, 0, 2", "0, 0, 1"},
            expect = ACCEPTABLE,
            desc = "whole, once, in order")
    @Outcome(id = ".*", expect = FORBIDDEN, desc = "in part, twice, never or in another order")
    public static class Submitting extends Queues {

        @Actor
        public void program() {
            queues.add(1);
            publish();
            queues.add(2);
            publish();
        }

        @Actor
        public void kernel(III_Result r) {
            r.r1 = queues.takeSubmission();
            r.r2 = queues.takeSubmission();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = queues.takeSubmission();
        }
    }

    /// The program discards an entry that the kernel has not seen, and uses its slot for another one.
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 3, 0", "0, 1, 3", "1, 0, 3", "0, 0, 1"},
            expect = ACCEPTABLE,
            desc = "the entries that were published")
    @Outcome(id = ".*", expect = FORBIDDEN, desc = "an entry that was discarded, or in part, or never")
    public static class Discarding extends Queues {

        @Actor
        public void program() {
            queues.add(1);
            publish();
            queues.add(2);
            queues.rings.discard(1);
            queues.add(3);
            publish();
        }

        @Actor
        public void kernel(III_Result r) {
            r.r1 = queues.takeSubmission();
            r.r2 = queues.takeSubmission();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = queues.takeSubmission();
        }
    }

    /// The submission queue is full. The program adds an entry if there is room, in the slot of the oldest one. `r2` is
    /// 1 if there was room; `r3` is the entry after the two old ones.
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 0, 0", "1, 1, 3"},
            expect = ACCEPTABLE,
            desc = "the old entry was read before its slot was used again")
    @Outcome(id = "3, .*", expect = FORBIDDEN, desc = "the old entry was overwritten")
    @Outcome(id = ".*", expect = FORBIDDEN, desc = "read in part, or lost")
    public static class SubmittingWhenFull extends Queues {

        public SubmittingWhenFull() {
            queues.add(1);
            queues.add(2);
            publish();
        }

        @Actor
        public void program(III_Result r) {
            if (queues.rings.pending() < queues.rings.sqEntries()) {
                queues.add(3);
                publish();
                r.r2 = 1;
            }
        }

        @Actor
        public void kernel(III_Result r) {
            r.r1 = queues.takeSubmission();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = queues.takeSubmission() == 2 ? queues.takeSubmission() : JavaRings.TORN;
        }
    }

    /// A thread waits until the kernel has consumed an entry, as a submission without the lock does.
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 1", "1, 1"},
            expect = ACCEPTABLE,
            desc = "consumed after the kernel has read the entry")
    @Outcome(id = ".*", expect = FORBIDDEN, desc = "the entry was not read before it counted as consumed")
    public static class Consuming extends Queues {

        public Consuming() {
            queues.add(1);
            publish();
        }

        @Actor
        public void program(II_Result r) {
            if (queues.rings.isConsumed(queues.rings.tail())) {
                r.r1 = 1;
                queues.add(2);
                queues.add(3); // in the slot of the consumed entry
            }
        }

        @Actor
        public void kernel(II_Result r) {
            r.r2 = queues.takeSubmission();
        }
    }

    /// The kernel adds two completions while the program takes completions. `r3` has the rest.
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 2, 0", "0, 1, 2", "1, 0, 2", "0, 0, 1"},
            expect = ACCEPTABLE,
            desc = "whole, once, in order")
    @Outcome(id = ".*", expect = FORBIDDEN, desc = "in part, twice, never or in another order")
    public static class Completing extends Queues {

        @Actor
        public void kernel() {
            queues.complete(1);
            queues.complete(2);
        }

        @Actor
        public void program(III_Result r) {
            r.r1 = queues.takeCompletion();
            r.r2 = queues.takeCompletion();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = queues.takeCompletion();
        }
    }

    /// The completion queue is full. The kernel adds a completion if there is room, in the slot of the oldest one. `r2`
    /// is 1 if there was room; `r3` is the completion after the two old ones.
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 0, 0", "1, 1, 3"},
            expect = ACCEPTABLE,
            desc = "the old completion was read before its slot was given back")
    @Outcome(id = "3, .*", expect = FORBIDDEN, desc = "the old completion was overwritten")
    @Outcome(id = ".*", expect = FORBIDDEN, desc = "read in part, or lost")
    public static class CompletingWhenFull extends Queues {

        public CompletingWhenFull() {
            queues.complete(1);
            queues.complete(2);
        }

        @Actor
        public void kernel(III_Result r) {
            r.r2 = queues.complete(3) ? 1 : 0;
        }

        @Actor
        public void program(III_Result r) {
            r.r1 = queues.takeCompletion();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = queues.takeCompletion() == 2 ? queues.takeCompletion() : JavaRings.TORN;
        }
    }

    /// The program provides two buffers while the kernel takes buffers. `r3` has the rest.
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 2, 0", "0, 1, 2", "1, 0, 2", "0, 0, 1"},
            expect = ACCEPTABLE,
            desc = "whole, once, in order")
    @Outcome(id = ".*", expect = FORBIDDEN, desc = "in part, twice, never or in another order")
    public static class ProvidingBuffers extends Queues {

        @Actor
        public void program() {
            queues.buffers.add(0);
            queues.buffers.add(1);
        }

        @Actor
        public void kernel(III_Result r) {
            r.r1 = queues.takeBuffer(1);
            r.r2 = queues.takeBuffer(1);
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = queues.takeBuffer(1);
        }
    }

    /// The program reads a buffer and gives it back, while the kernel writes into the next buffer that it gets. `r3` is
    /// what the buffer has at the end.
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 0, 1", "1, 1, 2"},
            expect = ACCEPTABLE,
            desc = "read before the buffer was given back")
    @Outcome(id = ".*", expect = FORBIDDEN, desc = "the kernel has overwritten bytes that were not read")
    public static class GivingBack extends Queues {

        public GivingBack() {
            queues.buffers.add(0);
            queues.takeBuffer(1);
            queues.complete(1);
        }

        @Actor
        public void program(III_Result r) {
            r.r1 = queues.takeCompletion() == 1 ? queues.readBuffer(0) : JavaRings.TORN;
            queues.buffers.add(0);
        }

        @Actor
        public void kernel(III_Result r) {
            r.r2 = queues.takeBuffer(2);
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = queues.readBuffer(0);
        }
    }

    /// The kernel writes bytes into a buffer and then adds the completion.
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 0", "1, 1"},
            expect = ACCEPTABLE,
            desc = "no completion yet, or all bytes")
    @Outcome(id = ".*", expect = FORBIDDEN, desc = "a completion without its bytes")
    public static class ReceivingBytes extends Queues {

        public ReceivingBytes() {
            queues.buffers.add(0);
        }

        @Actor
        public void kernel() {
            queues.takeBuffer(1);
            queues.complete(1);
        }

        @Actor
        public void program(II_Result r) {
            r.r1 = queues.takeCompletion();
            r.r2 = r.r1 == 1 ? queues.readBuffer(0) : 0;
        }
    }
}
