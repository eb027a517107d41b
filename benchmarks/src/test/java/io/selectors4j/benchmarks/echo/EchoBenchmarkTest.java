package io.selectors4j.benchmarks.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.benchmarks.Effort;
import io.selectors4j.benchmarks.Progress;
import io.selectors4j.benchmarks.Ratio;
import io.selectors4j.benchmarks.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("ci")
final class EchoBenchmarkTest {

    private final EchoBenchmark benchmark = new EchoBenchmark();
    private final Progress silent = new Progress(new PrintStream(OutputStream.nullOutputStream()), false);

    @Test
    void everyServer_isMeasuredInEverySituation() throws IOException, InterruptedException {
        List<Result> results = benchmark.measure(Effort.SMOKE, silent);

        int servers = EchoContenders.all().size();
        assertThat(results)
                .extracting(Result::id)
                .containsExactly("echo_rate", "echo_user", "echo_system", "echo_p50", "echo_p99", "echo_p999");
        assertThat(results)
                .allSatisfy(result -> assertThat(result.rows())
                        .hasSize(3 * servers)
                        .allSatisfy(row -> assertThat(row.value().median()).isPositive()));
    }

    @Test
    void otherServers_areComparedWithOurs() throws IOException, InterruptedException {
        List<Ratio> ratios = benchmark.ratios(Effort.SMOKE, silent);

        assertThat(ratios)
                .extracting(Ratio::name)
                .contains("echo.user_cpu.vs_nio")
                .contains("echo.rate_inverse.vs_nio");
        assertThat(ratios)
                .allSatisfy(ratio -> assertThat(ratio.spread().median()).isPositive());
    }
}
