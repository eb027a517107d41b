package io.selectors4j.stress.load;

import java.io.IOException;
import java.util.SplittableRandom;

/// Sends as fast as it can, half-closes the connection, and reads in small bites, until the end.
final class SlowReader extends Client {

    private static final int HOST = 5;
    private static final int SHORTEST = 1 << 19;
    private static final int LONGEST = 1 << 21;
    private static final int BITE = 1_000;

    SlowReader(ClientPool crowd, SplittableRandom random) throws IOException {
        super(crowd, HOST, Mode.LEVEL);
        keepBuffersSmall();
        owe(random.nextInt(SHORTEST, LONGEST));
    }

    /// Reads a little.
    void bite() throws IOException {
        goOn(BITE);
    }

    @Override
    boolean isPassing() {
        return true;
    }

    @Override
    boolean mayBeRefused() {
        return true;
    }

    @Override
    boolean isReading() {
        return crowd().isHurried();
    }

    @Override
    boolean isExpecting() {
        return true;
    }

    @Override
    void step() throws IOException {
        endWhenSent();
    }
}
