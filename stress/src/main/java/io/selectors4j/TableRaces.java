package io.selectors4j;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/// [KeyTable]: who reads a key without the lock, as a delivery does, and sees a new one sees as well that something has changed.
///
/// The first number of an outcome says which key was seen: 0 for the one that was there before, 1 for the new one, 2 for another one or
/// one that is not as it was made, -1 for none.
public final class TableRaces {

    private static final int NUMBER = 3;

    private TableRaces() {}

    /// A selector with one registration or none, and how a delivery reads its table.
    public abstract static class Reading extends JavaRace {
        final JavaFile file = new JavaFile(NUMBER);
        private final long changes;

        Reading(boolean registered) {
            super(true);
            if (registered) {
                register(file, "before");
            }
            changes = selector.table().version();
        }

        final void look(IZ_Result r) {
            KeyTable<String> table = selector.table();
            SelectorKey<String> key = table.liveKeys()[NUMBER];
            VarHandle.loadLoadFence(); // as in the delivery
            r.r2 = table.version() != changes;
            r.r1 = which(key);
        }

        @SuppressWarnings("ReferenceEquality") // one object is never another
        private int which(@Nullable SelectorKey<String> key) {
            if (key == null) {
                return -1;
            }
            boolean whole = key.fd() == NUMBER && key.fileobj() == file && key.events() == Interest.READ;
            return whole && key.data().equals("before")
                    ? 0
                    : whole && key.data().equals("after") ? 1 : 2;
        }
    }

    /// A registration begins.
    @JCStressTest
    @State
    @Outcome(
            id = {"-1, false", "-1, true", "1, true"},
            expect = ACCEPTABLE,
            desc = "the new key is seen with its change, or not yet")
    @Outcome(id = "1, false", expect = FORBIDDEN, desc = "the new key without its change")
    @Outcome(
            id = {"0, .*", "2, .*"},
            expect = FORBIDDEN,
            desc = "a key that never was there")
    public static class Registering extends Reading {

        public Registering() {
            super(false);
        }

        @Actor
        public void writer() {
            register(file, "after");
        }

        @Actor
        public void reader(IZ_Result r) {
            look(r);
        }
    }

    /// A registration gets another key.
    @JCStressTest
    @State
    @Outcome(
            id = {"0, false", "0, true", "1, true"},
            expect = ACCEPTABLE,
            desc = "the new key is seen with its change, or not yet")
    @Outcome(id = "1, false", expect = FORBIDDEN, desc = "the new key without its change")
    @Outcome(
            id = {"-1, .*", "2, .*"},
            expect = FORBIDDEN,
            desc = "a key that never was there")
    public static class Modifying extends Reading {

        public Modifying() {
            super(true);
        }

        @Actor
        public void writer() {
            modify(file, Interest.READ, "after");
        }

        @Actor
        public void reader(IZ_Result r) {
            look(r);
        }
    }

    /// A registration ends.
    @JCStressTest
    @State
    @Outcome(
            id = {"0, false", "0, true", "-1, true"},
            expect = ACCEPTABLE,
            desc = "that it has ended is seen with its change, or not yet")
    @Outcome(id = "-1, false", expect = FORBIDDEN, desc = "that it has ended without its change")
    @Outcome(
            id = {"1, .*", "2, .*"},
            expect = FORBIDDEN,
            desc = "a key that never was there")
    public static class Unregistering extends Reading {

        public Unregistering() {
            super(true);
        }

        @Actor
        public void writer() {
            selector.unregister(file);
        }

        @Actor
        public void reader(IZ_Result r) {
            look(r);
        }
    }

    /// A registration ends, and another one begins under the same number.
    @JCStressTest
    @State
    @Outcome(
            id = {"0, false", "0, true", "-1, true", "1, true"},
            expect = ACCEPTABLE,
            desc = "what is new is seen with its change, or not yet")
    @Outcome(
            id = {"-1, false", "1, false"},
            expect = FORBIDDEN,
            desc = "what is new without its change")
    @Outcome(id = "2, .*", expect = FORBIDDEN, desc = "a key that never was there")
    public static class Replacing extends Reading {

        public Replacing() {
            super(true);
        }

        @Actor
        public void writer() {
            selector.unregister(file);
            register(file, "after");
        }

        @Actor
        public void reader(IZ_Result r) {
            look(r);
        }
    }

    /// An object that closes leaves.
    @JCStressTest
    @State
    @Outcome(
            id = {"0, false", "0, true", "-1, true"},
            expect = ACCEPTABLE,
            desc = "that it has left is seen with its change, or not yet")
    @Outcome(id = "-1, false", expect = FORBIDDEN, desc = "that it has left without its change")
    @Outcome(
            id = {"1, .*", "2, .*"},
            expect = FORBIDDEN,
            desc = "a key that never was there")
    public static class Leaving extends Reading {

        public Leaving() {
            super(true);
        }

        @Actor
        public void writer() {
            file.close();
        }

        @Actor
        public void reader(IZ_Result r) {
            look(r);
        }
    }

    /// The table gets longer, and then a registration another key.
    @JCStressTest
    @State
    @Outcome(
            id = {"0, false", "0, true", "1, true", "-1, true"},
            expect = ACCEPTABLE,
            desc = "what is new is seen with its change, or not yet; in an array that is new itself perhaps nothing")
    @Outcome(
            id = {"1, false", "-1, false"},
            expect = FORBIDDEN,
            desc = "what is new without its change")
    public static class Growing {

        private static final int LARGE = 64;

        private final KeyTable<String> table = new KeyTable<>();
        private final SelectorKey<String> before = key(NUMBER);
        private final SelectorKey<String> after = key(NUMBER);
        private final SelectorKey<String> other = key(LARGE);
        private final Registration<String> registration = new Registration<>(before, table.nextVersion(), null);
        private final long changes;

        public Growing() {
            table.put(registration);
            changes = table.version();
        }

        private static SelectorKey<String> key(int fd) {
            return new SelectorKey<>(Pollable.borrow(fd), fd, Interest.READ, "data");
        }

        @Actor
        public void writer() {
            table.put(new Registration<>(other, table.nextVersion(), null));
            registration.setKey(after);
            table.nextVersion();
            table.refresh(registration);
        }

        @Actor
        public void reader(IZ_Result r) {
            SelectorKey<String> key = table.liveKeys()[NUMBER];
            VarHandle.loadLoadFence(); // as in the delivery
            r.r2 = table.version() != changes;
            r.r1 = which(key);
        }

        @SuppressWarnings("ReferenceEquality") // likewise
        private int which(@Nullable SelectorKey<String> key) {
            return key == null ? -1 : key == before ? 0 : 1;
        }
    }
}
