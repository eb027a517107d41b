package io.selectors4j.benchmarks.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.benchmarks.Effort;
import io.selectors4j.benchmarks.Progress;
import io.selectors4j.benchmarks.Ratio;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("ci")
final class NioBenchmarkTest {

    private final Progress silent = new Progress(new PrintStream(OutputStream.nullOutputStream()), false);

    @Test
    void everyLoad_hasRatioOfEveryFigure() throws IOException, InterruptedException {
        List<Ratio> ratios = new NioBenchmark().ratios(Effort.SMOKE, silent);

        assertThat(ratios)
                .extracting(Ratio::name)
                .hasSize(20)
                .contains("nio.echo_50.user_cpu.vs_jdk", "nio.accept.cpu.vs_jdk", "nio.datagram.p99.vs_jdk")
                .endsWith("nio.http.alloc.vs_jdk");
        assertThat(ratios)
                .allSatisfy(ratio ->
                        assertThat(ratio.spread().median()).isPositive().isFinite());
    }
}
