package io.selectors4j;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/// Races of [ReadyQueue]: a key that another thread changes during the dispatch is not dispatched with its previous
/// state.
///
/// Two objects are ready. While the selecting thread dispatches the first object, or before, another thread changes the
/// second object. `r1` says whether the change was complete before the handler was called with the first object. `r2`
/// says which key the handler got for the second object: 0 for none, 1 for the previous key, 2 for the current key.
public final class ReadyQueueRaces {

    private static final int FIRST = 3;
    private static final int SECOND = 5;

    private ReadyQueueRaces() {}

    /// A selector with two objects, of which the second object is ready, or both.
    public abstract static class Dispatching extends JavaRace {
        final JavaFile first = new JavaFile(FIRST);
        final JavaFile second = new JavaFile(SECOND);
        private volatile boolean changed;

        Dispatching(boolean live, boolean both) {
            super(live);
            if (both) {
                kernel.makeReady(FIRST);
            }
            kernel.makeReady(SECOND);
            register(first, "first");
            register(second, "before");
        }

        final void unregister() {
            selector.unregister(second);
            changed = true;
        }

        final void close() {
            second.close();
            changed = true;
        }

        final void modify(Interest events) {
            modify(second, events, "after");
            changed = true;
        }

        final void replace() {
            selector.unregister(second);
            kernel.makeUnready(SECOND);
            register(new JavaFile(SECOND), "after");
            changed = true;
        }

        final void dispatch(ZI_Result r) {
            select(Duration.ZERO, (key, readiness) -> {
                switch (key.data()) {
                    case "first" -> r.r1 = changed;
                    case "before" -> r.r2 = 1;
                    default -> r.r2 = 2;
                }
            });
        }
    }

    /// The outcomes of a change after which the second object is not ready any more, while the first object is.
    @Outcome(
            id = {"false, 0", "false, 1", "true, 0"},
            expect = ACCEPTABLE,
            desc = "dispatched before the change, or not at all")
    @Outcome(id = "true, 1", expect = FORBIDDEN, desc = "dispatched after the change")
    @Outcome(id = ".*, 2", expect = FORBIDDEN, desc = "an event of the previous registration, or for a paused key")
    public static final class DispatchedBeforeOrNot {
        private DispatchedBeforeOrNot() {}
    }

    /// Another thread unregisters the second object.
    @JCStressTest
    @JCStressMeta(DispatchedBeforeOrNot.class)
    @State
    public static class Unregistering extends Dispatching {

        public Unregistering() {
            super(true, true);
        }

        @Actor
        public void selecting(ZI_Result r) {
            dispatch(r);
        }

        @Actor
        public void changing() {
            unregister();
        }
    }

    /// Another thread closes the second object.
    @JCStressTest
    @JCStressMeta(DispatchedBeforeOrNot.class)
    @State
    public static class Closing extends Dispatching {

        public Closing() {
            super(false, true);
        }

        @Actor
        public void selecting(ZI_Result r) {
            dispatch(r);
        }

        @Actor
        public void changing() {
            close();
        }
    }

    /// Another thread unregisters the second object, and registers an object that is not ready under the same number.
    @JCStressTest
    @JCStressMeta(DispatchedBeforeOrNot.class)
    @State
    public static class Replacing extends Dispatching {

        public Replacing() {
            super(false, true);
        }

        @Actor
        public void selecting(ZI_Result r) {
            dispatch(r);
        }

        @Actor
        public void changing() {
            replace();
        }
    }

    /// [Replacing] on a live kernel, which applies each change at once.
    @JCStressTest
    @JCStressMeta(DispatchedBeforeOrNot.class)
    @State
    public static class ReplacingLive extends Dispatching {

        public ReplacingLive() {
            super(true, true);
        }

        @Actor
        public void selecting(ZI_Result r) {
            dispatch(r);
        }

        @Actor
        public void changing() {
            replace();
        }
    }

    /// Another thread sets the second object's interest to none.
    @JCStressTest
    @JCStressMeta(DispatchedBeforeOrNot.class)
    @State
    public static class Pausing extends Dispatching {

        public Pausing() {
            super(false, true);
        }

        @Actor
        public void selecting(ZI_Result r) {
            dispatch(r);
        }

        @Actor
        public void changing() {
            modify(Interest.NONE);
        }
    }

    /// Only the second object is ready, and another thread sets its interest to none.
    @JCStressTest
    @State
    @Outcome(
            id = {"false, 0", "false, 1"},
            expect = ACCEPTABLE,
            desc = "dispatched before the change, or not at all")
    @Outcome(id = "true, .*", expect = FORBIDDEN, desc = "an object that is not ready was dispatched")
    @Outcome(id = ".*, 2", expect = FORBIDDEN, desc = "a paused key was dispatched")
    public static class PausingAll extends Dispatching {

        public PausingAll() {
            super(true, false);
        }

        @Actor
        public void selecting(ZI_Result r) {
            dispatch(r);
        }

        @Actor
        public void changing() {
            modify(Interest.NONE);
        }
    }

    /// Another thread attaches other data to the second object.
    @JCStressTest
    @State
    @Outcome(
            id = {"false, 1", "false, 2", "true, 2"},
            expect = ACCEPTABLE,
            desc = "dispatched with the previous key, or with the current key")
    @Outcome(id = "true, 1", expect = FORBIDDEN, desc = "dispatched with the previous key after the change")
    @Outcome(id = ".*, 0", expect = FORBIDDEN, desc = "the event is lost")
    public static class Modifying extends Dispatching {

        public Modifying() {
            super(true, true);
        }

        @Actor
        public void selecting(ZI_Result r) {
            dispatch(r);
        }

        @Actor
        public void changing() {
            modify(Interest.READ);
        }
    }
}
