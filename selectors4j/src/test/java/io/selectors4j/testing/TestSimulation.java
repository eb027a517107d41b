package io.selectors4j.testing;

import io.selectors4j.Backend;
import io.selectors4j.PollableChannel;
import io.selectors4j.Selector;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A simulation instead of the system, for the contract tests. The module `selectors4j-testing` has one, and runs these
/// tests with the system property `simulation`. Then all pairs, sources and numbers are simulated. A test that needs
/// the system has the tag `system`.
public interface TestSimulation {

    /// The simulation of this run; null if the tests run on the system.
    @Nullable
    TestSimulation CURRENT = load();

    private static @Nullable TestSimulation load() {
        String name = System.getProperty("simulation");
        try {
            return name == null
                    ? null
                    : Class.forName(name)
                            .asSubclass(TestSimulation.class)
                            .getDeclaredConstructor()
                            .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }

    /// Throws an exception if the tests run on a simulation.
    static void requireSystem() {
        if (CURRENT != null) {
            throw new AssertionError("a test that needs the system has no tag \"system\"");
        }
    }

    /// Opens a selector that imitates a backend.
    <A extends @Nullable Object> Selector<A> openSelector(Backend backend);

    /// Opens two connected streams.
    ConnectedPair openPair() throws IOException;

    /// Opens a source of a simulated kind.
    ReadySource openSource(ReadySource.Kind kind) throws IOException;

    /// Duplicates a number onto another one, which may be open.
    void dupOnto(int fd, int number);

    /// Closes a number that no object owns.
    void close(int number);

    /// Returns an object that owns a number.
    PollableChannel adopt(int number);

    /// Returns whether a thread is blocked in a select.
    boolean isBlocked(Thread thread);
}
