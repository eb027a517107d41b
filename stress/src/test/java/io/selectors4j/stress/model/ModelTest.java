package io.selectors4j.stress.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.stress.Budget;
import io.selectors4j.stress.Limits;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Backends;
import io.selectors4j.testing.OpenFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Random sequences of everything that can be done to a selector and to what is registered with it, on all backends
/// side by side, against a model of the contract, with poll(2) to say what is ready.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class ModelTest {

    private static final int LENGTH = 400;

    private static final RunCounts COUNTS = new RunCounts("model");

    private final List<BackendUnderTest> subjects = new ArrayList<>();

    /// Plays a sequence.
    ///
    /// @return what went wrong; null if nothing did
    private @Nullable Throwable play(List<Op> ops) {
        try {
            Map<Integer, String> before = OpenFiles.list();
            try (ModelState world = new ModelState(subjects)) {
                for (Op op : ops) {
                    world.step(op);
                }
            }
            assertThat(OpenFiles.since(before)).as("descriptors left open").isEmpty();
            return null;
        } catch (Throwable t) {
            return t;
        }
    }

    private void playSequences(Predicate<BackendUnderTest> which, int percent) {
        Backends.underTest().stream()
                .filter(subject -> !subject.isLibkqueue() && which.test(subject))
                .forEach(subjects::add);
        long seed = Budget.seed();
        COUNTS.seed(seed);
        Budget budget = Budget.percent(percent);
        long sequences = 0;
        do {
            List<Op> ops = Op.sequence(seed + sequences, LENGTH);
            Throwable failure = play(ops);
            if (failure != null) {
                throw failure(seed + sequences, ops, failure);
            }
            sequences++;
        } while (budget.hasTime());
        COUNTS.add("sequences", sequences);
        COUNTS.add("steps on " + subjects.size() + " backends", sequences * LENGTH);
    }

    @Test
    void anySequenceGivesWhatTheModelSays() {
        playSequences(subject -> !subject.isSimulated(), 10);
    }

    /// The same beside kernels that are written in Java, which take their time.
    @Test
    void anySequenceGivesWhatTheModelSaysOnKqueueToo() {
        playSequences(_ -> true, 3);
        for (BackendUnderTest subject : subjects) {
            assertThat(subject.failure()).isNull();
        }
    }

    private AssertionError failure(long seed, List<Op> ops, Throwable failure) {
        List<Op> few = Shrinker.shrink(ops, shorter -> play(shorter) != null);
        Throwable last = play(few);
        return new AssertionError(
                "-Dstress.seed=" + seed + ", " + few.size() + " of " + ops.size() + " steps: "
                        + (last == null ? failure : last).getMessage() + "\n"
                        + few.stream().map(Op::toString).collect(Collectors.joining("\n")),
                last == null ? failure : last);
    }
}
