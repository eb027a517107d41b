package io.selectors4j;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// Races of a complete selector on a kernel that is written in Java.
public final class SelectorRaces {

    private static final int FD = 3;

    private SelectorRaces() {}

    /// A selector and an object that is ready.
    public abstract static class Selecting extends JavaRace {
        final JavaFile file = new JavaFile(FD);

        Selecting(boolean live, boolean registered) {
            super(live);
            kernel.makeReady(FD);
            if (registered) {
                register(file, "before");
            }
        }

        final boolean register() {
            try {
                register(file, "before");
                return true;
            } catch (ClosedSelectorException | IllegalArgumentException e) {
                return false; // the selector or the object is closed
            }
        }

        final void select() {
            select(SHORTEST, (key, readiness) -> {});
        }

        final boolean unregister() {
            try {
                return selector.unregister(file).data().equals("before");
            } catch (NotRegisteredException e) {
                return false;
            }
        }

        /// Returns whether the object is still in the table or in the kernel.
        final boolean isRegistered() {
            return kernel.watched() != 0 || !selector.getMap().isEmpty();
        }

        final void check(ZZZ_Result r) {
            r.r2 = isRegistered();
            r.r3 = unregister();
        }
    }

    /// One thread selects while another thread closes the selector.
    @JCStressTest
    @State
    @Outcome(
            id = {"false, 1", "true, 1"},
            expect = ACCEPTABLE,
            desc = "the select comes first, or throws; the descriptors are released")
    @Outcome(id = ".*, 0", expect = FORBIDDEN, desc = "never released")
    @Outcome(id = ".*, [2-9]", expect = FORBIDDEN, desc = "released twice")
    @Outcome(id = ".*, -1", expect = FORBIDDEN, desc = "used after it was released")
    public static class SelectingAndClosing extends Selecting {

        public SelectingAndClosing() {
            super(false, false);
        }

        @Actor
        public void selecting(ZI_Result r) {
            try {
                select();
            } catch (ClosedSelectorException e) {
                r.r1 = true;
            }
        }

        @Actor
        public void closing() {
            selector.close();
        }

        @Arbiter
        public void after(ZI_Result r) {
            r.r2 = kernel.releases();
        }
    }

    /// One thread polls a ready object while another thread closes the selector.
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 1", "-1, 1"},
            expect = ACCEPTABLE,
            desc = "dispatched, or the select throws; the descriptors are released")
    @Outcome(id = "0, .*", expect = FORBIDDEN, desc = "the select returns no key")
    @Outcome(
            id = {".*, [02-9]", ".*, -1"},
            expect = FORBIDDEN,
            desc = "not released exactly once, or used afterwards")
    public static class PollingAndClosing extends Selecting {

        public PollingAndClosing() {
            super(true, true);
        }

        @Actor
        public void selecting(II_Result r) {
            try {
                select(Duration.ZERO, (key, readiness) -> r.r1++);
            } catch (ClosedSelectorException e) {
                r.r1 = -1;
            }
        }

        @Actor
        public void closing() {
            selector.close();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = kernel.releases();
        }
    }

    /// Two threads close the selector.
    @JCStressTest
    @State
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the descriptors are released")
    @Outcome(id = "0", expect = FORBIDDEN, desc = "never released")
    @Outcome(
            id = {"[2-9]", "-1"},
            expect = FORBIDDEN,
            desc = "released twice, or in part")
    public static class TwoClosing extends Selecting {

        public TwoClosing() {
            super(true, false);
        }

        @Actor
        public void one() {
            selector.close();
        }

        @Actor
        public void two() {
            selector.close();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = kernel.releases();
        }
    }

    /// One thread registers an object while another thread closes the selector.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, true, 1", "false, true, 1"},
            expect = ACCEPTABLE,
            desc = "registered and removed, or refused")
    @Outcome(id = ".*, false, .*", expect = FORBIDDEN, desc = "registered with a closed selector")
    @Outcome(
            id = {".*, .*, [02-9]", ".*, .*, -1"},
            expect = FORBIDDEN,
            desc = "not released exactly once, or used afterwards")
    public static class RegisteringAndClosing extends Selecting {
        private final Map<Pollable, SelectorKey<String>> map = selector.getMap();

        public RegisteringAndClosing() {
            super(true, false);
        }

        @Actor
        public void registering(ZZI_Result r) {
            r.r1 = register();
        }

        @Actor
        public void closing() {
            selector.close();
        }

        @Arbiter
        public void after(ZZI_Result r) {
            r.r2 = map.isEmpty();
            r.r3 = kernel.releases();
        }
    }

    /// Two threads register the same object.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "one thread has registered it")
    @Outcome(id = "true, true", expect = FORBIDDEN, desc = "two registrations of one number")
    @Outcome(id = "false, false", expect = FORBIDDEN, desc = "both threads were refused")
    public static class TwoRegistering extends Selecting {

        public TwoRegistering() {
            super(false, false);
        }

        private boolean tryRegister() {
            try {
                return register();
            } catch (AlreadyRegisteredException e) {
                return false;
            }
        }

        @Actor
        public void one(ZZ_Result r) {
            r.r1 = tryRegister();
        }

        @Actor
        public void two(ZZ_Result r) {
            r.r2 = tryRegister();
        }
    }

    /// One thread registers an object while another thread closes it.
    @JCStressTest
    @State
    @Outcome(id = "true, false, true", expect = ACCEPTABLE, desc = "registered, then removed; the key is remembered")
    @Outcome(id = "false, false, false", expect = ACCEPTABLE, desc = "refused, because the object is closed")
    @Outcome(id = ".*, true, .*", expect = FORBIDDEN, desc = "a closed object stays registered")
    @Outcome(id = "true, .*, false", expect = FORBIDDEN, desc = "its key is lost")
    @Outcome(id = "false, .*, true", expect = FORBIDDEN, desc = "a refused object has a key")
    public static class RegisteringAndClosingFile extends Selecting {

        public RegisteringAndClosingFile() {
            super(false, false);
        }

        @Actor
        public void registering(ZZZ_Result r) {
            r.r1 = register();
        }

        @Actor
        public void closing() {
            file.close();
        }

        @Arbiter
        public void after(ZZZ_Result r) {
            check(r);
        }
    }

    /// One thread unregisters an object while another thread closes it.
    @JCStressTest
    @State
    @Outcome(id = "true, false, false", expect = ACCEPTABLE, desc = "unregistered before close or after it")
    @Outcome(id = "false, .*, .*", expect = FORBIDDEN, desc = "its key is lost")
    @Outcome(id = ".*, true, .*", expect = FORBIDDEN, desc = "a closed object stays registered")
    @Outcome(id = ".*, .*, true", expect = FORBIDDEN, desc = "its key is returned twice")
    public static class UnregisteringAndClosingFile extends Selecting {

        public UnregisteringAndClosingFile() {
            super(true, true);
        }

        @Actor
        public void unregistering(ZZZ_Result r) {
            r.r1 = unregister();
        }

        @Actor
        public void closing() {
            file.close();
        }

        @Arbiter
        public void after(ZZZ_Result r) {
            check(r);
        }
    }

    /// One thread selects twice while another thread wakes it once.
    @JCStressTest
    @State
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the wakeup ends one select, and the timeout ends the other")
    @Outcome(id = "2", expect = FORBIDDEN, desc = "the wakeup is lost")
    @Outcome(id = "0", expect = FORBIDDEN, desc = "one wakeup ends both selects")
    public static class SelectingAndWaking extends Selecting {

        public SelectingAndWaking() {
            super(false, false);
        }

        @Actor
        public void selecting() {
            select();
        }

        @Actor
        public void waking() {
            selector.wakeup();
        }

        @Arbiter
        public void after(I_Result r) {
            select();
            r.r1 = kernel.timeouts();
        }
    }

    /// One thread selects without a timeout on a copy of the table while another thread registers a ready object.
    @JCStressTest
    @State
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the select returns the object")
    @Outcome(id = "0", expect = FORBIDDEN, desc = "the select would block forever")
    public static class WaitingAndRegistering extends Selecting {

        public WaitingAndRegistering() {
            super(false, false);
        }

        @Actor
        public void selecting(I_Result r) {
            select(null, (key, readiness) -> r.r1++);
        }

        @Actor
        public void registering() {
            register();
            kernel.endAllWaits();
        }
    }
}
