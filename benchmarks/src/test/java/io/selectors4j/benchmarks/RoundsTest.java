package io.selectors4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundsTest {

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Progress progress = new Progress(new PrintStream(output, true, StandardCharsets.UTF_8), true);

    private static Rounds rounds() {
        Rounds rounds = new Rounds();
        for (int load = 1; load <= 3; load++) { // the load of the machine grows for both
            rounds.add("slow", Map.of("time", 20.0 * load));
            rounds.add("fast", Map.of("time", 10.0 * load));
        }
        return rounds;
    }

    @Test
    void ratio_isTakenWithinEachRound() {
        assertThat(rounds().ratio("fast", "slow", "time")).isEqualTo(new Spread(0.5, 0.5, 0.5));
        assertThat(rounds().of("fast", "time")).isEqualTo(new Spread(15, 20, 25));
    }

    @Test
    void rows_haveRatiosExceptForTheBase() {
        assertThat(rounds().rows("loaded", "time", "slow"))
                .containsExactly(
                        new Result.Row("loaded", "slow", new Spread(30, 40, 50), null),
                        new Result.Row("loaded", "fast", new Spread(15, 20, 25), new Spread(0.5, 0.5, 0.5)));
    }

    @Test
    void missingBase_givesNoRatios() {
        assertThat(rounds().rows("loaded", "time", "C")).allMatch(row -> row.ratio() == null);
    }

    @Test
    void missingFigure_throws() {
        assertThatThrownBy(() -> rounds().of("fast", "size")).hasMessageContaining("fast has no figure size");
        assertThatThrownBy(() -> rounds().of("unknown", "time")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tooLittleWork_throws() throws IOException {
        assertThat(rounds().requireAtLeast("time", 10)).isNotNull();
        assertThatThrownBy(() -> rounds().requireAtLeast("time", 15))
                .isInstanceOf(IOException.class)
                .hasMessage("fast did less than 15.0 time: 10.0");
    }

    @Test
    void workers_runInTurn() throws IOException {
        Contender one = Contender.task("one", CountingTask.class, "1");
        Contender ten = Contender.task("ten", CountingTask.class, "10");
        try (Workers workers = Workers.start(List.of(one, ten))) {
            Rounds rounds = Rounds.of(workers.all(), "two words", 3, progress);
            assertThat(rounds.of("one", "value").median()).isEqualTo(2);
            assertThat(rounds.of("ten", "value").median()).isEqualTo(20);
            assertThat(rounds.of("ten", "args").median()).isEqualTo(2);
            assertThat(workers.of(one).pid()).isNotEqualTo(workers.of(ten).pid());
        }
        assertThat(output.toString(StandardCharsets.UTF_8))
                .containsSubsequence(
                        "one, round 1 of 3", "ten, round 1 of 3", "one, round 2 of 3", "ten, round 3 of 3");
    }

    @Test
    void endedProcess_throws() throws IOException {
        try (Worker worker = Worker.start(Contender.task("failing", CountingTask.class, "1"))) {
            assertThatThrownBy(() -> worker.request("fail"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("failing ended instead of running: fail");
        }
    }
}
