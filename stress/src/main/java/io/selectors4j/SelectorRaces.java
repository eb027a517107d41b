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

/// A selector whole, on a kernel that is written in Java.
public final class SelectorRaces {

    private SelectorRaces() {}

    /// A selector and an object that is ready.
    public abstract static class Selecting extends JavaRace {
        final JavaFile file = new JavaFile(3);

        Selecting(boolean live, boolean registered) {
            super(live);
            kernel.makeReady(3);
            if (registered) {
                register(file, "before");
            }
        }

        final boolean register() {
            try {
                register(file, "before");
                return true;
            } catch (ClosedSelectorException | IllegalArgumentException e) {
                return false; // closed
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

        /// Whether something is still in the table or in the kernel.
        final boolean isThere() {
            return kernel.watched() != 0 || !selector.getMap().isEmpty();
        }
    }

    /// A thread selects while another one closes.
    @JCStressTest
    @State
    @Outcome(
            id = {"false, 1", "true, 1"},
            expect = ACCEPTABLE,
            desc = "the select comes first, or throws; all is given back")
    @Outcome(id = ".*, 0", expect = FORBIDDEN, desc = "never given back")
    @Outcome(id = ".*, [2-9]", expect = FORBIDDEN, desc = "given back twice")
    @Outcome(id = ".*, -1", expect = FORBIDDEN, desc = "used when it was given back")
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
        public void later(ZI_Result r) {
            r.r2 = kernel.releases();
        }
    }

    /// A thread looks what is ready, which something is, while another one closes.
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 1", "-1, 1"},
            expect = ACCEPTABLE,
            desc = "it is handed over, or the select throws; all is given back")
    @Outcome(id = "0, .*", expect = FORBIDDEN, desc = "the select returns as if nothing were ready")
    @Outcome(
            id = {".*, [02-9]", ".*, -1"},
            expect = FORBIDDEN,
            desc = "not given back once, or used when it was")
    public static class LookingAndClosing extends Selecting {

        public LookingAndClosing() {
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
        public void later(II_Result r) {
            r.r2 = kernel.releases();
        }
    }

    /// Two threads close.
    @JCStressTest
    @State
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "all is given back")
    @Outcome(id = "0", expect = FORBIDDEN, desc = "never given back")
    @Outcome(
            id = {"[2-9]", "-1"},
            expect = FORBIDDEN,
            desc = "given back twice, or in part")
    public static class TwoClosing extends Selecting {

        public TwoClosing() {
            super(true, false);
        }

        @Actor
        public void first() {
            selector.close();
        }

        @Actor
        public void second() {
            selector.close();
        }

        @Arbiter
        public void later(I_Result r) {
            r.r1 = kernel.releases();
        }
    }

    /// A thread registers while another one closes the selector.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, true, 1", "false, true, 1"},
            expect = ACCEPTABLE,
            desc = "registered and forgotten, or refused")
    @Outcome(id = ".*, false, .*", expect = FORBIDDEN, desc = "registered with a closed selector")
    @Outcome(
            id = {".*, .*, [02-9]", ".*, .*, -1"},
            expect = FORBIDDEN,
            desc = "not given back once, or used when it was")
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
        public void later(ZZI_Result r) {
            r.r2 = map.isEmpty();
            r.r3 = kernel.releases();
        }
    }

    /// Two threads register something under the same number.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "one of them has registered it")
    @Outcome(id = "true, true", expect = FORBIDDEN, desc = "two registrations of one number")
    @Outcome(id = "false, false", expect = FORBIDDEN, desc = "both were refused")
    public static class TwoRegistering extends Selecting {

        public TwoRegistering() {
            super(false, false);
        }

        private boolean isFirst() {
            try {
                return register();
            } catch (AlreadyRegisteredException e) {
                return false;
            }
        }

        @Actor
        public void first(ZZ_Result r) {
            r.r1 = isFirst();
        }

        @Actor
        public void second(ZZ_Result r) {
            r.r2 = isFirst();
        }
    }

    /// An object is registered while it closes.
    @JCStressTest
    @State
    @Outcome(id = "true, false, true", expect = ACCEPTABLE, desc = "registered; it has left with its key")
    @Outcome(id = "false, false, false", expect = ACCEPTABLE, desc = "refused, since it is closed")
    @Outcome(id = ".*, true, .*", expect = FORBIDDEN, desc = "a closed object stays registered")
    @Outcome(id = "true, .*, false", expect = FORBIDDEN, desc = "its key is lost")
    @Outcome(id = "false, .*, true", expect = FORBIDDEN, desc = "a key though it was refused")
    public static class RegisteringWhatCloses extends Selecting {

        public RegisteringWhatCloses() {
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
        public void later(ZZZ_Result r) {
            r.r2 = isThere();
            r.r3 = unregister();
        }
    }

    /// An object is unregistered while it closes.
    @JCStressTest
    @State
    @Outcome(id = "true, false, false", expect = ACCEPTABLE, desc = "unregistered before or afterwards")
    @Outcome(id = "false, .*, .*", expect = FORBIDDEN, desc = "its key is lost")
    @Outcome(id = ".*, true, .*", expect = FORBIDDEN, desc = "a closed object stays registered")
    @Outcome(id = ".*, .*, true", expect = FORBIDDEN, desc = "its key can be had twice")
    public static class UnregisteringWhatCloses extends Selecting {

        public UnregisteringWhatCloses() {
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
        public void later(ZZZ_Result r) {
            r.r2 = isThere();
            r.r3 = unregister();
        }
    }

    /// A thread selects, and selects again, while another one wakes it.
    @JCStressTest
    @State
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "one of the two selects was ended by it, the other one by the time")
    @Outcome(id = "2", expect = FORBIDDEN, desc = "the wake-up is lost")
    @Outcome(id = "0", expect = FORBIDDEN, desc = "one wake-up ends both")
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
        public void later(I_Result r) {
            select();
            r.r1 = kernel.timeouts();
        }
    }

    /// A thread waits without an end for a copy of what is registered, while another one registers what is ready.
    @JCStressTest
    @State
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "who waits is told of it")
    @Outcome(id = "0", expect = FORBIDDEN, desc = "who waits would wait for ever")
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
            kernel.settle();
        }
    }
}
