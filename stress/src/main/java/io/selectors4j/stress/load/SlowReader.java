package io.selectors4j.stress.load;

import java.io.IOException;
import java.util.SplittableRandom;

/// A client that sends as fast as it can, half-closes the connection, and reads small parts until the end.
final class SlowReader extends Client {

    private static final int HOST = 5;
    private static final int SHORTEST = 1 << 19;
    private static final int LONGEST = 1 << 21;
    private static final int READ_SIZE = 1_000;

    SlowReader(ClientPool pool, SplittableRandom random) throws IOException {
        super(pool, HOST, Mode.LEVEL);
        useSmallBuffers();
        enqueue(random.nextInt(SHORTEST, LONGEST));
    }

    /// Reads a small part.
    void readSome() throws IOException {
        transfer(READ_SIZE);
    }

    @Override
    boolean isReading() {
        return pool().readsFast();
    }

    @Override
    void step() throws IOException {
        shutdownWhenSent();
    }
}
