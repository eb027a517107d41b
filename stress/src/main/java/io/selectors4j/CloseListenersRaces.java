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

/// [CloseListeners]: an object that closes leaves every selector that it has entered, once, and enters none afterwards.
public final class CloseListenersRaces {

    private static final int NUMBER = 3;
    private static final Pollable OBJECT = Pollable.borrow(NUMBER);
    private static final SelectorKey<String> KEY = new SelectorKey<>(OBJECT, NUMBER, Interest.READ, "data");

    private CloseListenersRaces() {}

    /// A selector that counts what leaves it.
    private static final class Club implements CloseListener {
        private volatile int left;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread leaves
        public void onClosing(Pollable fileobj, int fd) {
            left++;
        }

        @Override
        public void onReplaced(Pollable fileobj, int fd) {
            throw new AssertionError("not here");
        }
    }

    /// An object is registered while it closes.
    @JCStressTest
    @State
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "registered, and it has left")
    @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "refused, since it is closing")
    @Outcome(id = "true, 0", expect = FORBIDDEN, desc = "a closed object stays registered")
    @Outcome(id = "false, [1-9]", expect = FORBIDDEN, desc = "it leaves what it never entered")
    @Outcome(id = "true, [2-9]", expect = FORBIDDEN, desc = "it leaves twice")
    public static class JoiningAndClosing {
        private final CloseListeners membership = new CloseListeners();
        private final Club club = new Club();

        @Actor
        public void registering(ZI_Result r) {
            r.r1 = membership.add(club);
        }

        @Actor
        public void closing() {
            membership.fireClosing(OBJECT, NUMBER);
        }

        @Arbiter
        public void later(ZI_Result r) {
            r.r2 = club.left;
        }
    }

    /// An object is unregistered while it closes.
    @JCStressTest
    @State
    @Outcome(
            id = {"0, false", "1, false"},
            expect = ACCEPTABLE,
            desc = "one or the other comes first, and it can enter none afterwards")
    @Outcome(id = ".*, true", expect = FORBIDDEN, desc = "a closed object can be registered")
    @Outcome(id = "[2-9], .*", expect = FORBIDDEN, desc = "it leaves twice")
    public static class QuittingAndClosing {
        private final CloseListeners membership = new CloseListeners();
        private final Club club = new Club();

        public QuittingAndClosing() {
            membership.add(club);
        }

        @Actor
        public void unregistering() {
            membership.remove(club);
        }

        @Actor
        public void closing() {
            membership.fireClosing(OBJECT, NUMBER);
        }

        @Arbiter
        public void later(IZ_Result r) {
            r.r1 = club.left;
            r.r2 = membership.add(club);
        }
    }

    /// An object is registered with two selectors at once.
    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "it leaves both")
    @Outcome(
            id = {"0, .*", ".*, 0"},
            expect = FORBIDDEN,
            desc = "a closed object stays registered")
    @Outcome(
            id = {"[2-9], .*", ".*, [2-9]"},
            expect = FORBIDDEN,
            desc = "it leaves twice")
    public static class TwoJoining {
        private final CloseListeners membership = new CloseListeners();
        private final Club one = new Club();
        private final Club two = new Club();

        @Actor
        public void first() {
            membership.add(one);
        }

        @Actor
        public void second() {
            membership.add(two);
        }

        @Arbiter
        public void later(II_Result r) {
            membership.fireClosing(OBJECT, NUMBER);
            r.r1 = one.left;
            r.r2 = two.left;
        }
    }

    /// An object is registered with one selector and unregistered from another.
    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "it leaves the one that it is registered with")
    @Outcome(id = "0, .*", expect = FORBIDDEN, desc = "a closed object stays registered")
    @Outcome(id = ".*, [1-9]", expect = FORBIDDEN, desc = "it leaves what it has left already")
    @Outcome(id = "[2-9], .*", expect = FORBIDDEN, desc = "it leaves twice")
    public static class JoiningAndQuitting {
        private final CloseListeners membership = new CloseListeners();
        private final Club one = new Club();
        private final Club two = new Club();

        public JoiningAndQuitting() {
            membership.add(two);
        }

        @Actor
        public void registering() {
            membership.add(one);
        }

        @Actor
        public void unregistering() {
            membership.remove(two);
        }

        @Arbiter
        public void later(II_Result r) {
            membership.fireClosing(OBJECT, NUMBER);
            r.r1 = one.left;
            r.r2 = two.left;
        }
    }

    /// An object has left by closing, and two threads unregister it.
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false, false", "false, true, false"},
            expect = ACCEPTABLE,
            desc = "one of them gets the key")
    @Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "both get the key")
    @Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "none gets the key")
    @Outcome(id = ".*, .*, true", expect = FORBIDDEN, desc = "the key is still there")
    public static class TwoTaking {
        private final CloseListeners membership = new CloseListeners();
        private final Club club = new Club();

        public TwoTaking() {
            membership.rememberKey(club, KEY);
        }

        @Actor
        public void first(ZZZ_Result r) {
            r.r1 = membership.takeRememberedKey(club) != null;
        }

        @Actor
        public void second(ZZZ_Result r) {
            r.r2 = membership.takeRememberedKey(club) != null;
        }

        @Arbiter
        public void later(ZZZ_Result r) {
            r.r3 = membership.takeRememberedKey(club) != null;
        }
    }

    /// An object leaves one selector by closing while it is unregistered from another, which it has left already.
    @JCStressTest
    @State
    @Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "both keys are there")
    @Outcome(
            id = {"false, .*, .*", ".*, false, .*"},
            expect = FORBIDDEN,
            desc = "a key is lost")
    @Outcome(id = ".*, .*, false", expect = FORBIDDEN, desc = "a key is still there")
    public static class DepartingAndTaking {
        private final CloseListeners membership = new CloseListeners();
        private final Club one = new Club();
        private final Club two = new Club();

        public DepartingAndTaking() {
            membership.rememberKey(one, KEY);
        }

        @Actor
        public void unregistering(ZZZ_Result r) {
            r.r1 = membership.takeRememberedKey(one) != null;
        }

        @Actor
        public void closing() {
            membership.rememberKey(two, KEY);
        }

        @Arbiter
        public void later(ZZZ_Result r) {
            r.r2 = membership.takeRememberedKey(two) != null;
            r.r3 = membership.takeRememberedKey(one) == null;
        }
    }
}
