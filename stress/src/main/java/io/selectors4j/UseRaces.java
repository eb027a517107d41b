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

/// [Descriptor], and the counting of its users: its number is given back once, by the last one, and not used afterwards.
///
/// The number is one that no process has open. So `close` fails with EBADF, which tells who has called it.
public final class UseRaces {

    private UseRaces() {}

    private static boolean released(int result) {
        return result < 0;
    }

    /// A thread uses what another one closes.
    @JCStressTest
    @State
    @Outcome(id = "false, true, false", expect = ACCEPTABLE, desc = "used before, or refused afterwards")
    @Outcome(id = "true, false, false", expect = ACCEPTABLE, desc = "closed meanwhile, and given back by the user")
    @Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "given back twice")
    @Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "never given back")
    @Outcome(id = ".*, .*, true", expect = FORBIDDEN, desc = "used after it was given back")
    public static class UsingAndClosing {
        private final Descriptor descriptor = new Descriptor(Integer.MAX_VALUE);
        private boolean gone;

        @Actor
        public void user(ZZZ_Result r) {
            if (descriptor.acquire() >= 0) {
                r.r3 = gone;
                r.r1 = released(descriptor.release());
            }
        }

        @Actor
        public void closer(ZZZ_Result r) {
            boolean released = released(descriptor.close());
            gone = released;
            r.r2 = released;
        }
    }

    /// A user leaves what another thread closes.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false, true", "false, true, true"},
            expect = ACCEPTABLE,
            desc = "given back by the last one")
    @Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "given back twice")
    @Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "never given back")
    @Outcome(id = ".*, .*, false", expect = FORBIDDEN, desc = "somebody can use it afterwards")
    public static class LeavingAndClosing {
        private final Descriptor descriptor = new Descriptor(Integer.MAX_VALUE);

        public LeavingAndClosing() {
            descriptor.acquire();
        }

        @Actor
        public void user(ZZZ_Result r) {
            r.r1 = released(descriptor.release());
        }

        @Actor
        public void closer(ZZZ_Result r) {
            r.r2 = released(descriptor.close());
        }

        @Arbiter
        public void later(ZZZ_Result r) {
            r.r3 = descriptor.acquire() < 0 && descriptor.fileno() < 0;
        }
    }

    /// Two threads close.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "given back by one of them")
    @Outcome(id = "true, true", expect = FORBIDDEN, desc = "given back twice")
    @Outcome(id = "false, false", expect = FORBIDDEN, desc = "never given back")
    public static class TwoClosing {
        private final Descriptor descriptor = new Descriptor(Integer.MAX_VALUE);

        @Actor
        public void first(ZZ_Result r) {
            r.r1 = released(descriptor.close());
        }

        @Actor
        public void second(ZZ_Result r) {
            r.r2 = released(descriptor.close());
        }
    }

    /// Two threads use what was closed while a third one did.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false, false", "false, true, false"},
            expect = ACCEPTABLE,
            desc = "given back by the last one")
    @Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "given back twice")
    @Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "never given back")
    @Outcome(id = ".*, .*, true", expect = FORBIDDEN, desc = "given back under its users")
    public static class TwoLeaving {
        private final Descriptor descriptor = new Descriptor(Integer.MAX_VALUE);
        private final boolean early;

        public TwoLeaving() {
            descriptor.acquire();
            descriptor.acquire();
            early = released(descriptor.close());
        }

        @Actor
        public void first(ZZZ_Result r) {
            r.r1 = released(descriptor.release());
        }

        @Actor
        public void second(ZZZ_Result r) {
            r.r2 = released(descriptor.release());
        }

        @Arbiter
        public void later(ZZZ_Result r) {
            r.r3 = early;
        }
    }
}
