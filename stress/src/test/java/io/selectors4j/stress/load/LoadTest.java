package io.selectors4j.stress.load;

import io.selectors4j.stress.Budget;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A miniature of the [Soak], which proves that it works.
@Tag("ci")
@Timeout(1800)
class LoadTest {

    @Test
    void anEchoServerHoldsWhateverItsClientsDo() throws Exception {
        EchoLoad.run(
                new Scale(300, 20, 4, 300, 300, 1, Duration.ofMillis(1_200), Duration.ofMillis(500)), Budget.seed());
    }
}
