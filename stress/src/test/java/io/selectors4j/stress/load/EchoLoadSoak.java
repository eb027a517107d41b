package io.selectors4j.stress.load;

import io.selectors4j.Backend;
import io.selectors4j.stress.Budget;
import io.selectors4j.stress.Limits;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An echo server with thousands of connections and all kinds of clients at once, for minutes. `mvn -Pstress verify`
/// runs it.
@Timeout(Limits.TEST_SECONDS)
class EchoLoadSoak {
    /// The share of the time budget, in percent. Start, end and checks take another seven percent.
    private static final int LOAD_SHARE = 10;

    private static final int BATCHED_SHARE = 5;

    private static final int LONG_LIVED = 9_500;
    private static final int NEVER_READERS = 400;
    private static final int SLOW = 30;
    private static final int FLOOD = 1_500;
    private static final int PHASES = 3;

    /// The number of resets for a budget of 15 minutes.
    private static final int RESETS = 100_000;

    private static final Duration FOR_RESETS =
            Duration.ofMinutes(15).multipliedBy(LOAD_SHARE).dividedBy(100);
    private static final Duration IDLE = Duration.ofSeconds(4);

    @Test
    void echoServer_survivesAllKindsOfClients() throws Exception {
        run(LOAD_SHARE, Backend.best());
    }

    @Test
    void batchedEchoServer_survivesAllKindsOfClients() throws Exception {
        if (Backend.IO_URING.isAvailable()) {
            run(BATCHED_SHARE, Backend.IO_URING);
        }
    }

    private static void run(int share, Backend backend) throws Exception {
        Duration load = Budget.duration(share);
        int resets = (int) (RESETS * load.toMillis() / FOR_RESETS.toMillis());
        EchoLoad.run(
                new LoadScale(
                        LONG_LIVED, NEVER_READERS, SLOW, FLOOD, resets / PHASES, PHASES, load.dividedBy(PHASES), IDLE),
                Budget.seed(),
                backend);
    }
}
