package io.selectors4j.stress.misuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.NativeIOException;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.OpenFiles;
import java.io.Closeable;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One run of an action on an object that another thread closes right before one of the action's system calls. If close
/// releases the number then, a new owner gets it at once, and the system call would hit that owner.
///
/// @param function the function before which the object was closed; null if the action makes fewer calls
/// @param thrown the exception of the action, or null
record CloseInjection(@Nullable String function, @Nullable Throwable thrown) {

    private static final RunCounts COUNTS = new RunCounts("misuse");

    /// A call number that no action reaches.
    private static final int NO_CALL = 1_000_000;

    /// The tested action.
    @FunctionalInterface
    interface Action {

        /// Runs the action.
        ///
        /// @return the exception that the library threw, or null
        @Nullable
        Throwable run() throws Exception;

        /// Checks the state after the action, whether the object is closed or not.
        default void checkAfter() throws Exception {}

        /// Closes the objects of the action.
        default void close() throws Exception {}
    }

    /// Prepares an action on an object.
    @FunctionalInterface
    interface Preparation {
        Action with(Closeable object) throws Exception;
    }

    /// Runs an action repeatedly, and closes the object before each of its system calls in turn.
    ///
    /// @param kind the kind of the object
    /// @param name the action's name in messages
    /// @param preparation prepares the action
    static void closeBeforeEachCall(FdKind kind, Object name, Preparation preparation) throws Exception {
        Map<Integer, String> before = OpenFiles.list();
        Throwable usual = run(kind, NO_CALL, preparation).thrown;
        int call = 0;
        CloseInjection injection;
        do {
            try {
                injection = run(kind, call, preparation);
            } catch (AssertionError e) {
                throw new AssertionError(name + " of " + kind + ", call " + call + ": " + e.getMessage(), e);
            }
            if (!injection.isDocumented(usual)) {
                throw new AssertionError(
                        name + " of " + kind + ", closed before " + injection.function, injection.thrown);
            }
            call++;
        } while (injection.function != null);
        COUNTS.add("calls at which the object was closed", call - 1);
        assertThat(OpenFiles.since(before))
                .as("left open by %s of %s", name, kind)
                .isEmpty();
    }

    private static CloseInjection run(FdKind kind, int call, Preparation preparation) throws Exception {
        try (FdReuse.Opened opened = FdReuse.open(kind)) {
            Closeable object = opened.open().object();
            FdReuse reuse = opened.reuse();
            ClosingThread closing = new ClosingThread(object);
            Action action = preparation.with(object);
            try {
                List<@Nullable Throwable> thrown = new ArrayList<>();
                String function = InjectionPoints.before(
                        call,
                        () -> {
                            closing.run();
                            reuse.reuseNumbers();
                        },
                        () -> thrown.add(action.run()));
                closing.expectDone();
                reuse.reuseNumbers();
                action.checkAfter();
                reuse.expectUntouched();
                return new CloseInjection(function, thrown.getFirst());
            } finally {
                action.close();
            }
        }
    }

    /// Returns whether the outcome is documented.
    ///
    /// @param usual the exception of the action on an open object
    private boolean isDocumented(@Nullable Throwable usual) {
        if (thrown == null || thrown instanceof ClosedChannelException || thrown instanceof ClosedSelectorException) {
            return true;
        }
        if (thrown instanceof NativeIOException one && usual instanceof NativeIOException other) {
            return one.errno() == other.errno();
        }
        return usual != null && usual.getClass() == thrown.getClass();
    }
}
