package io.selectors4j;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.VarHandle;
import java.util.function.ToIntFunction;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/// Races of [KeyTable]: a thread that reads a new key without the lock, as a dispatch does, sees the new version too.
///
/// `r1` says which key was read: 0 for the previous key, 1 for the new key, 2 for an unexpected or partly visible key,
/// -1 for no key. `r2` says whether the version has changed.
public final class TableRaces {

    private static final int FD = 3;

    private TableRaces() {}

    /// Reads the key and then the version, as a dispatch does.
    private static void read(
            KeyTable<String> table, long version, IZ_Result r, ToIntFunction<SelectorKey<String>> which) {
        SelectorKey<String> key = table.liveKeys()[FD];
        VarHandle.loadLoadFence(); // as in the dispatch
        r.r2 = table.version() != version;
        r.r1 = key == null ? -1 : which.applyAsInt(key);
    }

    /// A selector with one registration or none.
    public abstract static class Reading extends JavaRace {
        final JavaFile file = new JavaFile(FD);
        private final long version;

        Reading(boolean registered) {
            super(true);
            if (registered) {
                register(file, "before");
            }
            version = selector.table().version();
        }

        final void read(IZ_Result r) {
            TableRaces.read(selector.table(), version, r, this::which);
        }

        @SuppressWarnings("ReferenceEquality") // identity is meant
        private int which(SelectorKey<String> key) {
            boolean whole = key.fd() == FD && key.fileobj() == file && key.events() == Interest.READ;
            return whole && key.data().equals("before")
                    ? 0
                    : whole && key.data().equals("after") ? 1 : 2;
        }
    }

    /// One thread registers an object.
    @JCStressTest
    @State
    @Outcome(
            id = {"-1, false", "-1, true", "1, true"},
            expect = ACCEPTABLE,
            desc = "the new key with the new version, or no key yet")
    @Outcome(id = "1, false", expect = FORBIDDEN, desc = "the new key with the previous version")
    @Outcome(
            id = {"0, .*", "2, .*"},
            expect = FORBIDDEN,
            desc = "a key that was never registered")
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
            read(r);
        }
    }

    /// One thread modifies a registration.
    @JCStressTest
    @State
    @Outcome(
            id = {"0, false", "0, true", "1, true"},
            expect = ACCEPTABLE,
            desc = "the new key with the new version, or the previous key")
    @Outcome(id = "1, false", expect = FORBIDDEN, desc = "the new key with the previous version")
    @Outcome(
            id = {"-1, .*", "2, .*"},
            expect = FORBIDDEN,
            desc = "a key that was never registered")
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
            read(r);
        }
    }

    /// The outcomes of removing a registration.
    @Outcome(
            id = {"0, false", "0, true", "-1, true"},
            expect = ACCEPTABLE,
            desc = "the removal with the new version, or the previous key")
    @Outcome(id = "-1, false", expect = FORBIDDEN, desc = "the removal with the previous version")
    @Outcome(
            id = {"1, .*", "2, .*"},
            expect = FORBIDDEN,
            desc = "a key that was never registered")
    public static final class Removal {
        private Removal() {}
    }

    /// One thread unregisters an object.
    @JCStressTest
    @JCStressMeta(Removal.class)
    @State
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
            read(r);
        }
    }

    /// One thread closes a registered object.
    @JCStressTest
    @JCStressMeta(Removal.class)
    @State
    public static class Closing extends Reading {

        public Closing() {
            super(true);
        }

        @Actor
        public void writer() {
            file.close();
        }

        @Actor
        public void reader(IZ_Result r) {
            read(r);
        }
    }

    /// One thread unregisters an object and registers it again.
    @JCStressTest
    @State
    @Outcome(
            id = {"0, false", "0, true", "-1, true", "1, true"},
            expect = ACCEPTABLE,
            desc = "each change with the new version, or the previous key")
    @Outcome(
            id = {"-1, false", "1, false"},
            expect = FORBIDDEN,
            desc = "a change with the previous version")
    @Outcome(id = "2, .*", expect = FORBIDDEN, desc = "a key that was never registered")
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
            read(r);
        }
    }

    /// One thread puts a registration that makes the table grow, and then modifies another registration.
    @JCStressTest
    @State
    @Outcome(
            id = {"0, false", "0, true", "1, true", "-1, true"},
            expect = ACCEPTABLE,
            desc = "each change with the new version, or the previous key; a new array may still be empty")
    @Outcome(
            id = {"1, false", "-1, false"},
            expect = FORBIDDEN,
            desc = "a change with the previous version")
    public static class Growing {

        private static final int LARGE = 64;

        private final KeyTable<String> table = new KeyTable<>();
        private final SelectorKey<String> before = key(FD);
        private final SelectorKey<String> after = key(FD);
        private final SelectorKey<String> other = key(LARGE);
        private final Registration<String> registration = new Registration<>(before, table.nextVersion(), null);
        private final long version;

        public Growing() {
            table.put(registration);
            version = table.version();
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
            read(table, version, r, this::which);
        }

        @SuppressWarnings("ReferenceEquality") // identity is meant
        private int which(SelectorKey<String> key) {
            return key == before ? 0 : 1;
        }
    }
}
