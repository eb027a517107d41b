package io.selectors4j.stress.load;

import java.io.IOException;
import java.util.SplittableRandom;

/// Stays connected, and says something when it is told to: messages of all sizes, several at once.
final class LongLivedClient extends Client {

    private static final int HOST = 2;
    private static final int LONGEST = 1 << 20;
    private static final int LONG = 1 << 16;
    private static final int MOST_AT_ONCE = 4;
    private static final int LONGEST_EVERY = 500;

    private int messages;
    private boolean isLeaving;

    /// Makes one that says something as soon as it is connected.
    LongLivedClient(ClientPool crowd, Mode mode, SplittableRandom random) throws IOException {
        super(crowd, HOST, mode);
        plan(random);
    }

    /// Begins to say something.
    void say(SplittableRandom random) throws IOException {
        plan(random);
        goOn(0);
    }

    private void plan(SplittableRandom random) {
        messages = 1 + random.nextInt(MOST_AT_ONCE);
        for (int i = 0; i < messages; i++) {
            owe(random.nextInt(LONGEST_EVERY) == 0 ? LONGEST : ShortLivedClient.size(random, LONG));
        }
        crowd().counts().messages += messages;
    }

    /// Half-closes the connection; the server then ends it.
    void leave() throws IOException {
        isLeaving = true;
        goOn(0);
    }

    @Override
    boolean isPassing() {
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
    boolean isExpecting() {
        return messages > 0 || isLeaving;
    }

    @Override
    void step() throws IOException {
        if (isLeaving) {
            endWhenSent();
        } else if (messages > 0 && isEven()) {
            crowd().counts().echoed += messages;
            messages = 0;
            crowd().rest(this);
        }
    }
}
