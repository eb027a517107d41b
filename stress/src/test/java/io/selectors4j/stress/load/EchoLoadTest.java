package io.selectors4j.stress.load;

import io.selectors4j.stress.Budget;
import io.selectors4j.stress.Limits;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A short version of the [EchoLoadSoak].
@Timeout(Limits.TEST_SECONDS)
@Tag("ci")
class EchoLoadTest {

    @Test
    void echoServer_survivesAllKindsOfClients() throws Exception {
        EchoLoad.run(
                new LoadScale(300, 20, 4, 300, 300, 1, Duration.ofMillis(1_200), Duration.ofMillis(500)),
                Budget.seed());
    }
}
