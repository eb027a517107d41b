package io.selectors4j;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/// What was changed is not delivered as it was before: two objects are ready, and while the first one is handed over, or before, another
/// thread changes the second one.
///
/// An outcome says whether that was done before the handler was called with the first one; and what it was called with for the
/// second one: 0 for nothing, 1 for the key as it was, 2 for the key as it is now.
public final class ReadyQueueRaces {

    private ReadyQueueRaces() {}

    /// A selector with two objects, of which the second one is ready, or both.
    public abstract static class Delivering extends JavaRace {
        final JavaFile first = new JavaFile(3);
        final JavaFile second = new JavaFile(5);
        volatile boolean done;

        Delivering(boolean live, boolean both) {
            super(live);
            if (both) {
                kernel.makeReady(3);
            }
            kernel.makeReady(5);
            register(first, "first");
            register(second, "before");
        }

        final void replace() {
            selector.unregister(second);
            kernel.makeUnready(5);
            register(new JavaFile(5), "after");
        }

        final void deliver(ZI_Result r) {
            select(Duration.ZERO, (key, readiness) -> {
                switch (key.data()) {
                    case "first" -> r.r1 = done;
                    case "before" -> r.r2 = 1;
                    default -> r.r2 = 2;
                }
            });
        }
    }

    /// It is unregistered.
    @JCStressTest
    @State
    @Outcome(
            id = {"false, 0", "false, 1", "true, 0"},
            expect = ACCEPTABLE,
            desc = "delivered before, or not at all")
    @Outcome(id = "true, 1", expect = FORBIDDEN, desc = "delivered after it was unregistered")
    @Outcome(id = ".*, 2", expect = FORBIDDEN, desc = "a key that never was there")
    public static class Unregistering extends Delivering {

        public Unregistering() {
            super(true, true);
        }

        @Actor
        public void selecting(ZI_Result r) {
            deliver(r);
        }

        @Actor
        public void changing() {
            selector.unregister(second);
            done = true;
        }
    }

    /// It is closed.
    @JCStressTest
    @State
    @Outcome(
            id = {"false, 0", "false, 1", "true, 0"},
            expect = ACCEPTABLE,
            desc = "delivered before, or not at all")
    @Outcome(id = "true, 1", expect = FORBIDDEN, desc = "delivered after it was closed")
    @Outcome(id = ".*, 2", expect = FORBIDDEN, desc = "a key that never was there")
    public static class Closing extends Delivering {

        public Closing() {
            super(false, true);
        }

        @Actor
        public void selecting(ZI_Result r) {
            deliver(r);
        }

        @Actor
        public void changing() {
            second.close();
            done = true;
        }
    }

    /// It gets other data.
    @JCStressTest
    @State
    @Outcome(
            id = {"false, 1", "false, 2", "true, 2"},
            expect = ACCEPTABLE,
            desc = "delivered as it was, or as it is now")
    @Outcome(id = "true, 1", expect = FORBIDDEN, desc = "delivered as it was after it was modified")
    @Outcome(id = ".*, 0", expect = FORBIDDEN, desc = "the event is lost")
    public static class Modifying extends Delivering {

        public Modifying() {
            super(true, true);
        }

        @Actor
        public void selecting(ZI_Result r) {
            deliver(r);
        }

        @Actor
        public void changing() {
            modify(second, Interest.READ, "after");
            done = true;
        }
    }

    /// It is unregistered, and another one that is not ready is registered under its number.
    @JCStressTest
    @State
    @Outcome(
            id = {"false, 0", "false, 1", "true, 0"},
            expect = ACCEPTABLE,
            desc = "delivered before, or not at all")
    @Outcome(id = "true, 1", expect = FORBIDDEN, desc = "delivered after it was unregistered")
    @Outcome(id = ".*, 2", expect = FORBIDDEN, desc = "an event of the former registration")
    public static class Replacing extends Delivering {

        public Replacing() {
            super(false, true);
        }

        @Actor
        public void selecting(ZI_Result r) {
            deliver(r);
        }

        @Actor
        public void changing() {
            replace();
            done = true;
        }
    }

    /// The same with a kernel that is told of each change at once.
    @JCStressTest
    @State
    @Outcome(
            id = {"false, 0", "false, 1", "true, 0"},
            expect = ACCEPTABLE,
            desc = "delivered before, or not at all")
    @Outcome(id = "true, 1", expect = FORBIDDEN, desc = "delivered after it was unregistered")
    @Outcome(id = ".*, 2", expect = FORBIDDEN, desc = "an event of the former registration")
    public static class ReplacingLive extends Delivering {

        public ReplacingLive() {
            super(true, true);
        }

        @Actor
        public void selecting(ZI_Result r) {
            deliver(r);
        }

        @Actor
        public void changing() {
            replace();
            done = true;
        }
    }

    /// It is not waited for any more.
    @JCStressTest
    @State
    @Outcome(
            id = {"false, 0", "false, 1", "true, 0"},
            expect = ACCEPTABLE,
            desc = "delivered before, or not at all")
    @Outcome(id = "true, 1", expect = FORBIDDEN, desc = "delivered though nobody waits for it")
    @Outcome(id = ".*, 2", expect = FORBIDDEN, desc = "delivered though nobody waits for it")
    public static class Pausing extends Delivering {

        public Pausing() {
            super(false, true);
        }

        @Actor
        public void selecting(ZI_Result r) {
            deliver(r);
        }

        @Actor
        public void changing() {
            modify(second, Interest.NONE, "after");
            done = true;
        }
    }

    /// Nothing but it is ready, and it is not waited for any more.
    @JCStressTest
    @State
    @Outcome(
            id = {"false, 0", "false, 1"},
            expect = ACCEPTABLE,
            desc = "delivered before, or not at all")
    @Outcome(id = "true, .*", expect = FORBIDDEN, desc = "an object that is not ready")
    @Outcome(id = ".*, 2", expect = FORBIDDEN, desc = "delivered though nobody waits for it")
    public static class PausingAll extends Delivering {

        public PausingAll() {
            super(true, false);
        }

        @Actor
        public void selecting(ZI_Result r) {
            deliver(r);
        }

        @Actor
        public void changing() {
            modify(second, Interest.NONE, "after");
            done = true;
        }
    }
}
