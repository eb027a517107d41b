package io.selectors4j;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.selectors4j.internal.selector.CloseListener;
import io.selectors4j.internal.selector.CloseListeners;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.IZ_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/// Races of [CloseListeners]: closing an object notifies each registered listener once, and no listener can be added
/// afterwards.
public final class CloseListenersRaces {

    private static final int FD = 3;
    private static final Pollable OBJECT = Pollable.borrow(FD);
    private static final SelectorKey<String> KEY = new SelectorKey<>(OBJECT, FD, Interest.READ, "data");

    private CloseListenersRaces() {}

    /// A selector that counts the notifications of closing.
    private static final class CountingListener implements CloseListener {
        private volatile int closings;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread closes
        public void onClosing(Pollable fileobj, int fd) {
            closings++;
        }

        @Override
        public void onReplaced(Pollable fileobj, int fd) {
            throw new AssertionError("no test replaces the object");
        }
    }

    /// The listeners of one object, and two selectors that it can be registered with.
    public abstract static class Listeners {
        private final CloseListeners listeners = new CloseListeners(true, false);
        private final CountingListener first = new CountingListener();
        private final CountingListener second = new CountingListener();

        final boolean addFirst() {
            return listeners.add(first);
        }

        final boolean addSecond() {
            return listeners.add(second);
        }

        final void removeFirst() {
            listeners.remove(first);
        }

        final void removeSecond() {
            listeners.remove(second);
        }

        final void close() {
            listeners.fireClosing(OBJECT, FD);
        }

        final int firstClosings() {
            return first.closings;
        }

        final void closeAndCount(II_Result r) {
            close();
            r.r1 = first.closings;
            r.r2 = second.closings;
        }

        final void rememberFirst() {
            listeners.rememberKey(first, KEY);
        }

        final void rememberSecond() {
            listeners.rememberKey(second, KEY);
        }

        final boolean takeFirst() {
            return listeners.takeRememberedKey(first) != null;
        }

        final boolean takeSecond() {
            return listeners.takeRememberedKey(second) != null;
        }
    }

    /// One thread registers an object while another thread closes it.
    @JCStressTest
    @State
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "registered, then notified")
    @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "refused, because the object is closing")
    @Outcome(id = "true, 0", expect = FORBIDDEN, desc = "a closed object stays registered")
    @Outcome(id = "false, [1-9]", expect = FORBIDDEN, desc = "a refused listener is notified")
    @Outcome(id = "true, [2-9]", expect = FORBIDDEN, desc = "the listener is notified twice")
    public static class AddingAndClosing extends Listeners {

        @Actor
        public void registering(ZI_Result r) {
            r.r1 = addFirst();
        }

        @Actor
        public void closing() {
            close();
        }

        @Arbiter
        public void after(ZI_Result r) {
            r.r2 = firstClosings();
        }
    }

    /// One thread unregisters an object while another thread closes it.
    @JCStressTest
    @State
    @Outcome(
            id = {"0, false", "1, false"},
            expect = ACCEPTABLE,
            desc = "either thread comes first, and no listener can be added afterwards")
    @Outcome(id = ".*, true", expect = FORBIDDEN, desc = "a closed object can be registered")
    @Outcome(id = "[2-9], .*", expect = FORBIDDEN, desc = "the listener is notified twice")
    public static class RemovingAndClosing extends Listeners {

        public RemovingAndClosing() {
            addFirst();
        }

        @Actor
        public void unregistering() {
            removeFirst();
        }

        @Actor
        public void closing() {
            close();
        }

        @Arbiter
        public void after(IZ_Result r) {
            r.r1 = firstClosings();
            r.r2 = addFirst();
        }
    }

    /// Two threads register an object with one selector each.
    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both listeners are notified")
    @Outcome(
            id = {"0, .*", ".*, 0"},
            expect = FORBIDDEN,
            desc = "a closed object stays registered")
    @Outcome(
            id = {"[2-9], .*", ".*, [2-9]"},
            expect = FORBIDDEN,
            desc = "a listener is notified twice")
    public static class TwoAdding extends Listeners {

        @Actor
        public void registering() {
            addFirst();
        }

        @Actor
        public void registeringToo() {
            addSecond();
        }

        @Arbiter
        public void after(II_Result r) {
            closeAndCount(r);
        }
    }

    /// One thread registers an object with a selector while another thread unregisters it from another selector.
    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "only the added listener is notified")
    @Outcome(id = "0, .*", expect = FORBIDDEN, desc = "a closed object stays registered")
    @Outcome(id = ".*, [1-9]", expect = FORBIDDEN, desc = "a removed listener is notified")
    @Outcome(id = "[2-9], .*", expect = FORBIDDEN, desc = "the listener is notified twice")
    public static class AddingAndRemoving extends Listeners {

        public AddingAndRemoving() {
            addSecond();
        }

        @Actor
        public void registering() {
            addFirst();
        }

        @Actor
        public void unregistering() {
            removeSecond();
        }

        @Arbiter
        public void after(II_Result r) {
            closeAndCount(r);
        }
    }

    /// Two threads unregister an object that has closed.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false, false", "false, true, false"},
            expect = ACCEPTABLE,
            desc = "one thread takes the remembered key")
    @Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "both threads take the key")
    @Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "neither thread takes the key")
    @Outcome(id = ".*, .*, true", expect = FORBIDDEN, desc = "the key is still remembered")
    public static class TwoTaking extends Listeners {

        public TwoTaking() {
            rememberFirst();
        }

        @Actor
        public void unregistering(ZZZ_Result r) {
            r.r1 = takeFirst();
        }

        @Actor
        public void unregisteringToo(ZZZ_Result r) {
            r.r2 = takeFirst();
        }

        @Arbiter
        public void after(ZZZ_Result r) {
            r.r3 = takeFirst();
        }
    }

    /// Closing an object makes one selector remember its key, while a thread unregisters it from another selector that
    /// does already.
    @JCStressTest
    @State
    @Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "both keys are remembered")
    @Outcome(
            id = {"false, .*, .*", ".*, false, .*"},
            expect = FORBIDDEN,
            desc = "a key is lost")
    @Outcome(id = ".*, .*, false", expect = FORBIDDEN, desc = "a taken key is still remembered")
    public static class RememberingAndTaking extends Listeners {

        public RememberingAndTaking() {
            rememberFirst();
        }

        @Actor
        public void unregistering(ZZZ_Result r) {
            r.r1 = takeFirst();
        }

        @Actor
        public void closing() {
            rememberSecond();
        }

        @Arbiter
        public void after(ZZZ_Result r) {
            r.r2 = takeSecond();
            r.r3 = !takeFirst();
        }
    }
}
