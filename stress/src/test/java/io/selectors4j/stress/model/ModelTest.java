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

/// Random sequences of operations on selectors and registered descriptors, on all backends side by side. A model of the
/// contract and poll(2), or WSAPoll on Windows, give the expected results.
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class ModelTest {

    private static final int LENGTH = 400;

    private static final RunCounts COUNTS = new RunCounts("model");

    private final List<BackendUnderTest> backends = new ArrayList<>();

    /// Runs a sequence.
    ///
    /// @return the failure; null if there is none
    private @Nullable Throwable run(List<Op> ops) {
        try {
            Map<Integer, String> before = OpenFiles.list();
            try (ModelState state = new ModelState(backends)) {
                for (Op op : ops) {
                    state.step(op);
                }
            }
            assertThat(OpenFiles.since(before)).as("descriptors left open").isEmpty();
            return null;
        } catch (Throwable t) {
            return t;
        }
    }

    private void runSequences(Predicate<BackendUnderTest> filter, int percent) {
        Backends.underTest().stream()
                .filter(backend -> !backend.isLibkqueue() && !backend.isBatched() && filter.test(backend))
                .forEach(backends::add);
        long seed = Budget.seed();
        COUNTS.seed(seed);
        Budget budget = Budget.percent(percent);
        long sequences = 0;
        do {
            List<Op> ops = Op.sequence(seed + sequences, LENGTH);
            Throwable failure = run(ops);
            if (failure != null) {
                throw failure(seed + sequences, ops, failure);
            }
            sequences++;
        } while (budget.hasTime());
        COUNTS.add("sequences", sequences);
        COUNTS.add("steps on " + backends.size() + " backends", sequences * LENGTH);
    }

    @Test
    void randomSequence_matchesModel() {
        runSequences(backend -> !backend.isSimulated(), 10);
    }

    /// The same with the simulated kernels, which are slower.
    @Tag("linux")
    @Test
    void randomSequence_matchesModelOnSimulatedKqueue() {
        runSequences(_ -> true, 3);
        for (BackendUnderTest backend : backends) {
            assertThat(backend.failure()).isNull();
        }
    }

    private AssertionError failure(long seed, List<Op> ops, Throwable failure) {
        List<Op> shortest = Shrinker.shrink(ops, shorter -> run(shorter) != null);
        Throwable last = run(shortest);
        return new AssertionError(
                "-Dstress.seed=" + seed + ", " + shortest.size() + " of " + ops.size() + " steps: "
                        + (last == null ? failure : last).getMessage() + "\n"
                        + shortest.stream().map(Op::toString).collect(Collectors.joining("\n")),
                last == null ? failure : last);
    }
}
