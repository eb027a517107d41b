package io.selectors4j;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// Races of [SelectingThread]: one thread selects at a time, and one thread releases the descriptors.
public final class SelectingRaces {

    private SelectingRaces() {}

    /// A [SelectingThread] that every actor uses.
    public abstract static class Selecting {
        private final SelectingThread selecting = new SelectingThread();

        final boolean beginSelect() {
            return selecting.acquire() == null;
        }

        final void endSelect() {
            selecting.current = null;
        }

        final boolean close() {
            return selecting.acquireForClose();
        }
    }

    /// Two threads begin to select.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false, false", "false, true, false"},
            expect = ACCEPTABLE,
            desc = "one thread selects")
    @Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "both threads select")
    @Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "neither thread selects")
    @Outcome(id = ".*, .*, true", expect = FORBIDDEN, desc = "released while a thread selects")
    public static class TwoSelecting extends Selecting {

        @Actor
        public void selecting(ZZZ_Result r) {
            r.r1 = beginSelect();
        }

        @Actor
        public void selectingToo(ZZZ_Result r) {
            r.r2 = beginSelect();
        }

        @Arbiter
        public void after(ZZZ_Result r) {
            r.r3 = close();
        }
    }

    /// One thread begins to select while another thread closes.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "one thread selects, or the other thread releases")
    @Outcome(id = "true, true", expect = FORBIDDEN, desc = "released while a thread selects")
    @Outcome(id = "false, false", expect = FORBIDDEN, desc = "never released")
    public static class BeginningAndClosing extends Selecting {

        @Actor
        public void selecting(ZZ_Result r) {
            r.r1 = beginSelect();
        }

        @Actor
        public void closing(ZZ_Result r) {
            r.r2 = close();
        }
    }

    /// The selecting thread ends its select and closes, while another thread closes too.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "released by one thread")
    @Outcome(id = "true, true", expect = FORBIDDEN, desc = "released twice")
    @Outcome(id = "false, false", expect = FORBIDDEN, desc = "never released")
    public static class EndingAndClosing extends Selecting {

        public EndingAndClosing() {
            beginSelect();
        }

        @Actor
        public void selecting(ZZ_Result r) {
            endSelect();
            r.r1 = close();
        }

        @Actor
        public void closing(ZZ_Result r) {
            r.r2 = close();
        }
    }
}
