package io.selectors4j.stress.load;

import java.io.IOException;
import java.util.SplittableRandom;

/// A client that stays connected, and sends messages of all sizes when the pool asks for it, several at once.
final class LongLivedClient extends Client {

    private static final int HOST = 2;
    private static final int LONGEST = 1 << 20;
    private static final int LONG = 1 << 16;
    private static final int MAX_MESSAGES = 4;
    private static final int LONGEST_INTERVAL = 500;

    private int pending;
    private boolean isClosing;

    /// Creates a client that sends as soon as it is connected.
    LongLivedClient(ClientPool pool, Mode mode, SplittableRandom random) throws IOException {
        super(pool, HOST, mode);
        plan(random);
    }

    /// Begins to send messages.
    void send(SplittableRandom random) throws IOException {
        plan(random);
        transfer(0);
    }

    private void plan(SplittableRandom random) {
        pending = 1 + random.nextInt(MAX_MESSAGES);
        for (int i = 0; i < pending; i++) {
            enqueue(random.nextInt(LONGEST_INTERVAL) == 0 ? LONGEST : ShortLivedClient.size(random, LONG));
        }
        pool().counts().messages += pending;
    }

    /// Half-closes the connection. The server then closes it.
    void shutDown() throws IOException {
        isClosing = true;
        transfer(0);
    }

    @Override
    boolean isShortLived() {
        return false;
    }

    @Override
    boolean mayBeRefused() {
        return false;
    }

    @Override
    boolean isReading() {
        return true;
    }

    @Override
    boolean expectsData() {
        return pending > 0 || isClosing;
    }

    @Override
    void step() throws IOException {
        if (isClosing) {
            shutdownWhenSent();
        } else if (pending > 0 && isFullyEchoed()) {
            pool().counts().echoed += pending;
            pending = 0;
            pool().addIdle(this);
        }
    }
}
