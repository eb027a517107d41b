package io.selectors4j.benchmarks.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.load.Turns.Situation;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EchoContendersTest {

    private static final Contender POLL = new Contender(EchoContenders.C_POLL, List.of());
    private static final Contender SELECT = new Contender(EchoContenders.C_SELECT, List.of());

    @Test
    void fewConnections_leaveOutNoServer() {
        assertThat(EchoContenders.serving(new Situation(50, 950), List.of(POLL, SELECT)))
                .containsExactly(POLL, SELECT);
    }

    @Test
    void manyConnections_leaveOutSelectInC() {
        assertThat(EchoContenders.serving(new Situation(50, 970), List.of(POLL, SELECT)))
                .containsExactly(POLL);
    }
}
