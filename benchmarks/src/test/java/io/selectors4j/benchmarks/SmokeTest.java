package io.selectors4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Checks that every benchmark works. With this little effort, the figures are not meaningful.
class SmokeTest {

    /// The number of situations in the results of a benchmark.
    private static final Map<String, Integer> SITUATIONS = Map.of(
            "machine",
            1,
            "chain",
            8,
            "select_one",
            3,
            "wakeup",
            2,
            "churn",
            2,
            "flat",
            3,
            "sleep",
            3,
            "alloc",
            1,
            "nio",
            5,
            "sendfile",
            1);

    private static Stream<Benchmark> benchmarks() {
        return Bench.ALL.stream().filter(benchmark -> !benchmark.name().equals("echo")); // echo has tests of its own
    }

    @Tag("ci")
    @ParameterizedTest
    @MethodSource("benchmarks")
    void everyFigure_isPresentAndPlausible(Benchmark benchmark) throws IOException, InterruptedException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);
        List<Result> results = benchmark.measure(Effort.SMOKE, new Progress(out, true));

        assertThat(results).isNotEmpty();
        for (Result result : results) {
            assertThat(result.rows()).extracting(Result.Row::contender).doesNotContain("");
            assertThat(result.rows()).allSatisfy(row -> {
                assertThat(row.value().low()).isBetween(0.0, row.value().median());
                assertThat(row.value().high())
                        .isGreaterThanOrEqualTo(row.value().median());
                if (!result.unit().equals("bytes")) {
                    assertThat(row.value().median()).isPositive();
                }
            });
            Integer situations = SITUATIONS.get(benchmark.name());
            if (situations != null) {
                assertThat(result.rows().stream().map(Result.Row::situation).distinct())
                        .hasSize(situations);
            }
            assertThat(Report.table(result)).doesNotContain("NaN", "Infinity");
        }
        assertThat(output.toString(StandardCharsets.UTF_8)).contains(benchmark.name());
    }

    @Test
    void everyRatio_hasBenchmark() {
        assertThat(Bench.RATIOS)
                .doesNotHaveDuplicates()
                .allMatch(ratio -> Bench.ALL.stream()
                        .anyMatch(benchmark -> ratio.replace("uring.", "").startsWith(benchmark.name())
                                || ratio.equals("sleep50us.vs_c")));
    }
}
