package io.selectors4j;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// Races of [WakeupState]: no wakeup is lost, and each blocking wait is signalled once.
public final class WakeupRaces {

    private WakeupRaces() {}

    /// A [WakeupState] that every actor uses.
    public abstract static class Waking {
        final WakeupState state = new WakeupState();
    }

    /// A thread begins to block while another thread wakes it.
    @JCStressTest
    @State
    @Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "it blocked, was signalled, and sees the wakeup")
    @Outcome(id = "false, false, true", expect = ACCEPTABLE, desc = "woken before, so it did not block")
    @Outcome(id = "true, false, .*", expect = FORBIDDEN, desc = "it blocks, and no thread signals it")
    @Outcome(id = "false, true, .*", expect = FORBIDDEN, desc = "a signal for a running thread")
    @Outcome(id = ".*, .*, false", expect = FORBIDDEN, desc = "the wakeup is lost")
    public static class BeginningToBlock extends Waking {

        @Actor
        public void blocking(ZZZ_Result r) {
            r.r1 = state.beginBlocking();
        }

        @Actor
        public void waking(ZZZ_Result r) {
            r.r2 = state.wake();
        }

        @Arbiter
        public void after(ZZZ_Result r) {
            r.r3 = state.endBlocking();
        }
    }

    /// Two threads wake a blocked thread.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false, true", "false, true, true"},
            expect = ACCEPTABLE,
            desc = "one thread signals")
    @Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "two signals for one wait")
    @Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "it blocks, and no thread signals it")
    @Outcome(id = ".*, .*, false", expect = FORBIDDEN, desc = "the wakeup is lost")
    public static class TwoWaking extends Waking {

        public TwoWaking() {
            state.beginBlocking();
        }

        @Actor
        public void waking(ZZZ_Result r) {
            r.r1 = state.wake();
        }

        @Actor
        public void wakingToo(ZZZ_Result r) {
            r.r2 = state.wake();
        }

        @Arbiter
        public void after(ZZZ_Result r) {
            r.r3 = state.endBlocking();
        }
    }

    /// A blocked thread ends its wait while another thread wakes it.
    @JCStressTest
    @State
    @Outcome(id = "true, true, false", expect = ACCEPTABLE, desc = "woken while it blocked")
    @Outcome(id = "false, false, true", expect = ACCEPTABLE, desc = "woken while it ran: for the next wait")
    @Outcome(id = "false, .*, false", expect = FORBIDDEN, desc = "the wakeup is lost")
    @Outcome(id = "true, .*, true", expect = FORBIDDEN, desc = "one wakeup counts as two")
    @Outcome(id = "true, false, false", expect = FORBIDDEN, desc = "woken without a signal")
    @Outcome(id = "false, true, true", expect = FORBIDDEN, desc = "a signal for a running thread")
    public static class EndingToBlock extends Waking {

        public EndingToBlock() {
            state.beginBlocking();
        }

        @Actor
        public void blocking(ZZZ_Result r) {
            r.r1 = state.endBlocking();
        }

        @Actor
        public void waking(ZZZ_Result r) {
            r.r2 = state.wake();
        }

        @Arbiter
        public void after(ZZZ_Result r) {
            r.r3 = !state.beginBlocking();
        }
    }

    /// A thread blocks twice while another thread wakes it once.
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 0", "1, 1"},
            expect = ACCEPTABLE,
            desc = "one of the waits ends, or the next wait, with a signal if it has begun")
    @Outcome(id = "0, .*", expect = FORBIDDEN, desc = "the wakeup is lost")
    @Outcome(id = "[2-9], .*", expect = FORBIDDEN, desc = "one wakeup counts as several")
    @Outcome(id = "-1, .*", expect = FORBIDDEN, desc = "a signal without a wait, or a wait without its signal")
    public static class BlockingTwice extends Waking {
        private int woken;
        private int signalled;
        private int wokenBlocked;

        @Actor
        public void blocking() {
            for (int i = 0; i < 2; i++) {
                boolean blocked = state.beginBlocking();
                boolean woke = state.endBlocking();
                woken += woke ? 1 : 0;
                wokenBlocked += woke && blocked ? 1 : 0;
            }
        }

        @Actor
        public void waking() {
            signalled = state.wake() ? 1 : 0;
        }

        @Arbiter
        public void after(II_Result r) {
            int all = woken + (state.isNotified() ? 1 : 0);
            r.r1 = wokenBlocked == signalled ? all : -1;
            r.r2 = signalled;
        }
    }

    /// A woken thread sees all writes that preceded the wakeup.
    @JCStressTest
    @State
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "woken, and sees the reason")
    @Outcome(
            id = {"false, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "not woken yet")
    @Outcome(id = "true, false", expect = FORBIDDEN, desc = "woken, and does not see the reason")
    public static class Visibility extends Waking {
        private boolean reason;

        @Actor
        public void blocking(ZZ_Result r) {
            state.beginBlocking();
            r.r1 = state.endBlocking();
            r.r2 = reason;
        }

        @Actor
        public void waking() {
            reason = true;
            state.wake();
        }
    }
}
