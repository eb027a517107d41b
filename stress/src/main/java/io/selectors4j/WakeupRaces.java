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

/// [WakeupState]: no wake-up is lost, and each sleep is signalled once.
public final class WakeupRaces {

    private WakeupRaces() {}

    /// A thread falls asleep while another one wakes it.
    @JCStressTest
    @State
    @Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "it slept, was signalled, and learns of it")
    @Outcome(id = "false, false, true", expect = ACCEPTABLE, desc = "it was woken before, and did not fall asleep")
    @Outcome(id = "true, false, .*", expect = FORBIDDEN, desc = "it sleeps, and nobody signals it")
    @Outcome(id = "false, true, .*", expect = FORBIDDEN, desc = "a signal for one that is awake")
    @Outcome(id = ".*, .*, false", expect = FORBIDDEN, desc = "the wake-up is lost")
    public static class Sleeper {
        private final WakeupState state = new WakeupState();

        @Actor
        public void sleeper(ZZZ_Result r) {
            r.r1 = state.beginBlocking();
        }

        @Actor
        public void waker(ZZZ_Result r) {
            r.r2 = state.wake();
        }

        @Arbiter
        public void awake(ZZZ_Result r) {
            r.r3 = state.endBlocking();
        }
    }

    /// Two threads wake a sleeping one.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false, true", "false, true, true"},
            expect = ACCEPTABLE,
            desc = "one of them signals")
    @Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "two signals for one sleep")
    @Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "it sleeps, and nobody signals it")
    @Outcome(id = ".*, .*, false", expect = FORBIDDEN, desc = "the wake-up is lost")
    public static class TwoWakers {
        private final WakeupState state = new WakeupState();

        public TwoWakers() {
            state.beginBlocking();
        }

        @Actor
        public void first(ZZZ_Result r) {
            r.r1 = state.wake();
        }

        @Actor
        public void second(ZZZ_Result r) {
            r.r2 = state.wake();
        }

        @Arbiter
        public void awake(ZZZ_Result r) {
            r.r3 = state.endBlocking();
        }
    }

    /// A wait ends while another thread wakes the one that waits.
    @JCStressTest
    @State
    @Outcome(id = "true, true, false", expect = ACCEPTABLE, desc = "woken while it slept")
    @Outcome(id = "false, false, true", expect = ACCEPTABLE, desc = "woken when it was up: for the next sleep")
    @Outcome(id = "false, .*, false", expect = FORBIDDEN, desc = "the wake-up is lost")
    @Outcome(id = "true, .*, true", expect = FORBIDDEN, desc = "one wake-up counts as two")
    @Outcome(id = "true, false, false", expect = FORBIDDEN, desc = "woken without a signal")
    @Outcome(id = "false, true, true", expect = FORBIDDEN, desc = "a signal for one that is awake")
    public static class GettingUp {
        private final WakeupState state = new WakeupState();

        public GettingUp() {
            state.beginBlocking();
        }

        @Actor
        public void sleeper(ZZZ_Result r) {
            r.r1 = state.endBlocking();
        }

        @Actor
        public void waker(ZZZ_Result r) {
            r.r2 = state.wake();
        }

        @Arbiter
        public void later(ZZZ_Result r) {
            r.r3 = !state.beginBlocking();
        }
    }

    /// A thread sleeps twice while another one wakes it once.
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 0", "1, 1"},
            expect = ACCEPTABLE,
            desc = "one of the sleeps ends, or the next one, with a signal if it has begun")
    @Outcome(id = "0, .*", expect = FORBIDDEN, desc = "the wake-up is lost")
    @Outcome(id = "[2-9], .*", expect = FORBIDDEN, desc = "one wake-up counts as several")
    @Outcome(id = "-1, .*", expect = FORBIDDEN, desc = "a signal without a sleep, or a sleep without its signal")
    public static class SleepingTwice {
        private final WakeupState state = new WakeupState();
        private int woken;
        private int signalled;
        private int slept;

        @Actor
        public void sleeper() {
            for (int i = 0; i < 2; i++) {
                boolean asleep = state.beginBlocking();
                boolean up = state.endBlocking();
                woken += up ? 1 : 0;
                slept += up && asleep ? 1 : 0;
            }
        }

        @Actor
        public void waker() {
            signalled = state.wake() ? 1 : 0;
        }

        @Arbiter
        public void later(II_Result r) {
            int all = woken + (state.isNotified() ? 1 : 0);
            r.r1 = slept == signalled ? all : -1;
            r.r2 = signalled;
        }
    }

    /// Who learns that it was woken sees what was written before.
    @JCStressTest
    @State
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "woken, and sees why")
    @Outcome(
            id = {"false, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "not woken yet")
    @Outcome(id = "true, false", expect = FORBIDDEN, desc = "woken, and does not see why")
    public static class Reason {
        private final WakeupState state = new WakeupState();
        private boolean reason;

        @Actor
        public void sleeper(ZZ_Result r) {
            state.beginBlocking();
            r.r1 = state.endBlocking();
            r.r2 = reason;
        }

        @Actor
        public void waker() {
            reason = true;
            state.wake();
        }
    }
}
