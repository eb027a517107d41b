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

/// Something that is done with an object while another thread closes it: right before one of the system calls that this
/// takes. If the object's number is given back then, it has a new owner at once, and the call goes there. So it must
/// not be.
///
/// @param hit before which call it was closed; null if there are not as many
/// @param thrown what was thrown, or null
record ClosingTrial(@Nullable String hit, @Nullable Throwable thrown) {

    private static final RunCounts COUNTS = new RunCounts("misuse");

    /// Nothing makes as many calls.
    private static final int NEVER = 1_000_000;

    /// Something that is done.
    @FunctionalInterface
    interface Action {

        /// Does it.
        ///
        /// @return what it throws, or null
        @Nullable
        Throwable run() throws Exception;

        /// Looks at what has become of it, once the object is closed, or nobody has closed it.
        default void look() throws Exception {}

        /// Closes what was made for it.
        default void close() throws Exception {}
    }

    /// Makes ready what is done with an object.
    @FunctionalInterface
    interface Preparation {
        Action with(Closeable object) throws Exception;
    }

    /// Does something over and over, and closes the object before each of its system calls in turn.
    ///
    /// @param kind of what kind the object is
    /// @param name what is done
    /// @param preparation makes it ready
    static void closeBeforeEachCall(FdKind kind, Object name, Preparation preparation) throws Exception {
        Map<Integer, String> before = OpenFiles.list();
        Throwable usual = run(kind, NEVER, preparation).thrown;
        int call = 0;
        ClosingTrial trial;
        do {
            try {
                trial = run(kind, call, preparation);
            } catch (AssertionError e) {
                throw new AssertionError(name + " of " + kind + ", call " + call + ": " + e.getMessage(), e);
            }
            if (!trial.endsWell(usual)) {
                throw new AssertionError(name + " of " + kind + ", closed before " + trial.hit, trial.thrown);
            }
            call++;
        } while (trial.hit != null);
        COUNTS.add("calls at which the object was closed", call - 1);
        assertThat(OpenFiles.since(before))
                .as("left open by %s of %s", name, kind)
                .isEmpty();
    }

    private static ClosingTrial run(FdKind kind, int call, Preparation preparation) throws Exception {
        try (FdReuse.Opened opened = FdReuse.open(kind)) {
            Closeable object = opened.specimen().object();
            FdReuse successors = opened.successors();
            Closing closing = new Closing(object);
            Action action = preparation.with(object);
            try {
                List<@Nullable Throwable> thrown = new ArrayList<>();
                String hit = InjectionPoints.before(
                        call,
                        () -> {
                            closing.run();
                            successors.takeOver();
                        },
                        () -> thrown.add(action.run()));
                closing.expectDone();
                successors.takeOver();
                action.look();
                successors.expectUntouched();
                return new ClosingTrial(hit, thrown.getFirst());
            } finally {
                action.close();
            }
        }
    }

    /// Whether it ends in a way that is documented.
    ///
    /// @param usual what is thrown if nobody closes the object
    private boolean endsWell(@Nullable Throwable usual) {
        if (thrown == null || thrown instanceof ClosedChannelException || thrown instanceof ClosedSelectorException) {
            return true;
        }
        if (thrown instanceof NativeIOException one && usual instanceof NativeIOException other) {
            return one.errno() == other.errno();
        }
        return usual != null && usual.getClass() == thrown.getClass();
    }
}
