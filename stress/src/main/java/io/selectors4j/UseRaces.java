package io.selectors4j;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.selectors4j.internal.sys.Descriptor;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// Races of [Descriptor] and its use count: the last user closes the number, once, and no thread uses it afterwards.
///
/// No process has this number open. So `close` fails with EBADF, and its result shows which thread has called it.
public final class UseRaces {

    private UseRaces() {}

    /// A [Descriptor] that every actor uses.
    public abstract static class Using {
        private final Descriptor descriptor = new Descriptor(Integer.MAX_VALUE);

        final boolean acquire() {
            return descriptor.acquire() >= 0;
        }

        final boolean release() {
            return descriptor.release() < 0;
        }

        final boolean close() {
            return descriptor.close() < 0;
        }

        final boolean isClosed() {
            return descriptor.acquire() < 0 && descriptor.fileno() < 0;
        }
    }

    /// One thread uses a descriptor while another thread closes it.
    @JCStressTest
    @State
    @Outcome(id = "false, true, false", expect = ACCEPTABLE, desc = "used before, or refused afterwards")
    @Outcome(id = "true, false, false", expect = ACCEPTABLE, desc = "closed meanwhile, and released by the user")
    @Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "released twice")
    @Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "never released")
    @Outcome(id = ".*, .*, true", expect = FORBIDDEN, desc = "used after it was released")
    public static class UsingAndClosing extends Using {
        private boolean released;

        @Actor
        public void user(ZZZ_Result r) {
            if (acquire()) {
                r.r3 = released;
                r.r1 = release();
            }
        }

        @Actor
        public void closer(ZZZ_Result r) {
            boolean closed = close();
            released = closed;
            r.r2 = closed;
        }
    }

    /// A user releases a descriptor while another thread closes it.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false, true", "false, true, true"},
            expect = ACCEPTABLE,
            desc = "released by the last user")
    @Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "released twice")
    @Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "never released")
    @Outcome(id = ".*, .*, false", expect = FORBIDDEN, desc = "a closed descriptor can be acquired")
    public static class ReleasingAndClosing extends Using {

        public ReleasingAndClosing() {
            acquire();
        }

        @Actor
        public void user(ZZZ_Result r) {
            r.r1 = release();
        }

        @Actor
        public void closer(ZZZ_Result r) {
            r.r2 = close();
        }

        @Arbiter
        public void after(ZZZ_Result r) {
            r.r3 = isClosed();
        }
    }

    /// Two threads close.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "released by one thread")
    @Outcome(id = "true, true", expect = FORBIDDEN, desc = "released twice")
    @Outcome(id = "false, false", expect = FORBIDDEN, desc = "never released")
    public static class TwoClosing extends Using {

        @Actor
        public void closer(ZZ_Result r) {
            r.r1 = close();
        }

        @Actor
        public void closerToo(ZZ_Result r) {
            r.r2 = close();
        }
    }

    /// Two users release a descriptor that was closed during their use.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false, false", "false, true, false"},
            expect = ACCEPTABLE,
            desc = "released by the last user")
    @Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "released twice")
    @Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "never released")
    @Outcome(id = ".*, .*, true", expect = FORBIDDEN, desc = "released by close, during the use")
    public static class TwoReleasing extends Using {
        private final boolean early;

        public TwoReleasing() {
            acquire();
            acquire();
            early = close();
        }

        @Actor
        public void user(ZZZ_Result r) {
            r.r1 = release();
        }

        @Actor
        public void userToo(ZZZ_Result r) {
            r.r2 = release();
        }

        @Arbiter
        public void after(ZZZ_Result r) {
            r.r3 = early;
        }
    }
}
