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

/// [SelectingThread]: one thread at a time, and one that gives the descriptors back.
public final class SelectingRaces {

    private SelectingRaces() {}

    /// Two threads begin to select.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false, false", "false, true, false"},
            expect = ACCEPTABLE,
            desc = "one of them selects")
    @Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "both select")
    @Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "none selects")
    @Outcome(id = ".*, .*, true", expect = FORBIDDEN, desc = "given back under a selecting thread")
    public static class TwoSelecting {
        private final SelectingThread selecting = new SelectingThread();

        @Actor
        public void first(ZZZ_Result r) {
            r.r1 = selecting.acquire() == null;
        }

        @Actor
        public void second(ZZZ_Result r) {
            r.r2 = selecting.acquire() == null;
        }

        @Arbiter
        public void later(ZZZ_Result r) {
            r.r3 = selecting.acquireForClose();
        }
    }

    /// A thread begins to select while another one closes.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "it selects, or there is nothing left to select with")
    @Outcome(id = "true, true", expect = FORBIDDEN, desc = "given back under a selecting thread")
    @Outcome(id = "false, false", expect = FORBIDDEN, desc = "never given back")
    public static class BeginningAndClosing {
        private final SelectingThread selecting = new SelectingThread();

        @Actor
        public void selecting(ZZ_Result r) {
            r.r1 = selecting.acquire() == null;
        }

        @Actor
        public void closing(ZZ_Result r) {
            r.r2 = selecting.acquireForClose();
        }
    }

    /// A thread has selected, and closes; another one closes too.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "given back by one of them")
    @Outcome(id = "true, true", expect = FORBIDDEN, desc = "given back twice")
    @Outcome(id = "false, false", expect = FORBIDDEN, desc = "never given back")
    public static class EndingAndClosing {
        private final SelectingThread selecting = new SelectingThread();

        public EndingAndClosing() {
            selecting.acquire();
        }

        @Actor
        public void selecting(ZZ_Result r) {
            selecting.current = null;
            r.r1 = selecting.acquireForClose();
        }

        @Actor
        public void closing(ZZ_Result r) {
            r.r2 = selecting.acquireForClose();
        }
    }
}
