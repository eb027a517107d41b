package io.selectors4j.stress.load;

import io.selectors4j.stress.Budget;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Thousands of connections to an echo server, and all at once that clients can do to it, for minutes. `mvn -Pstress verify` runs it.
@Timeout(7200)
class Soak {
    /// Of all the time, in percent. Seven more go by with the beginning, the end, and the looks in between.
    private static final int LOAD_SHARE = 15;

    private static final int STAYERS = 9_500;
    private static final int HELD = 400;
    private static final int SLOW = 30;
    private static final int FLOOD = 1_500;
    private static final int PHASES = 3;

    /// So many come and reset the connection if there are 15 minutes for everything.
    private static final int RESETS = 100_000;

    private static final Duration FOR_RESETS =
            Duration.ofMinutes(15).multipliedBy(LOAD_SHARE).dividedBy(100);
    private static final Duration IDLE = Duration.ofSeconds(4);

    @Test
    void anEchoServerHoldsWhateverItsClientsDo() throws Exception {
        Duration load = Budget.duration(LOAD_SHARE);
        int resets = (int) (RESETS * load.toMillis() / FOR_RESETS.toMillis());
        EchoLoad.run(
                new Scale(STAYERS, HELD, SLOW, FLOOD, resets / PHASES, PHASES, load.dividedBy(PHASES), IDLE),
                Budget.seed());
    }
}
