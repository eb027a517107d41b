package io.selectors4j.benchmarks.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.benchmarks.Result;
import io.selectors4j.benchmarks.Spread;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MachineBenchmarkTest {

    private static final Result.Row C = new Result.Row("getppid", "C", new Spread(200, 210.4, 220), null);
    private static final Result.Row FOREIGN = new Result.Row("getppid", "foreign call", new Spread(1, 225, 999), null);

    private static String describe(Result.Row... rows) {
        return MachineBenchmark.describe(new Result("machine", "System call", "ns", "C", List.of(rows)));
    }

    @Test
    void description_hasMedians() {
        assertThat(describe(C, FOREIGN))
                .isEqualTo("A system call took 210 ns in C and 225 ns through a foreign call on this machine.");
    }

    @Test
    void missingCompiler_leavesOutC() {
        assertThat(describe(FOREIGN)).isEqualTo("A system call took 225 ns through a foreign call on this machine.");
    }

    @Test
    void nothingMeasured_givesNoDescription() {
        assertThat(describe()).isEmpty();
    }
}
