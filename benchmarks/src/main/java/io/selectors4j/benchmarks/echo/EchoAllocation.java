package io.selectors4j.benchmarks.echo;

import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.load.Protocol;
import io.selectors4j.benchmarks.load.Turns;
import io.selectors4j.benchmarks.load.Turns.Situation;
import java.io.IOException;
import java.util.List;

/// Measures how much heap the event loop of the server with selectors4j allocates.
public final class EchoAllocation {

    private static final Situation SITUATION = new Situation(50, 0);

    /// The number of windows. Only the last one counts: before it, the compiler has not removed all allocations yet.
    private static final int WINDOWS = 5;

    private static final int MILLIS = 2000;

    private EchoAllocation() {}

    /// Measures the allocation, which takes about ten seconds.
    ///
    /// @return bytes per echoed message, in steady state
    public static double bytesPerEcho() throws IOException {
        Contender server = EchoContenders.ours();
        try (Turns turns = Turns.start(List.of(server), Protocol.ECHO)) {
            double bytes = 0;
            turns.connect(server, SITUATION);
            for (int i = 0; i < WINDOWS; i++) {
                double before = allocated(turns, server);
                double messages = turns.run(server, MILLIS);
                bytes = (allocated(turns, server) - before) / messages;
            }
            return bytes;
        }
    }

    private static double allocated(Turns turns, Contender server) throws IOException {
        return turns.request(server, "allocated", "bytes");
    }
}
