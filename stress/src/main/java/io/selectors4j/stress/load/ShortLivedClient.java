package io.selectors4j.stress.load;

import java.io.IOException;
import java.util.SplittableRandom;

/// Comes, sends a message, and goes in one way or another.
final class ShortLivedClient extends Client {

    /// How it goes.
    enum Exit {
        /// With a reset before it is connected.
        BEFORE_CONNECTED,
        /// With a reset as soon as it is connected.
        CONNECTED,
        /// With a reset in the middle of what it sends and receives.
        MID_MESSAGE,
        /// With a reset, when its message is back.
        ECHOED,
        /// By a half-close with a long message on the way, which has to come back whole, and then the end.
        ORDERLY
    }

    private static final int HOST = 3;
    private static final int SHORT = 2_000;
    private static final int LONG = 100_000;

    private final Exit exit;

    /// Goes when so many bytes are back.
    private final long until;

    /// Whether it waits for all of its message.
    private boolean isWaiting;

    ShortLivedClient(ClientPool crowd, Exit exit, SplittableRandom random) throws IOException {
        super(crowd, HOST, Mode.LEVEL);
        this.exit = exit;
        long size = switch (exit) {
            case BEFORE_CONNECTED, CONNECTED -> 0;
            case MID_MESSAGE, ORDERLY -> size(random, LONG);
            case ECHOED -> size(random, SHORT);
        };
        until = exit == Exit.MID_MESSAGE ? random.nextLong(size) : size;
        isWaiting = exit == Exit.ECHOED || exit == Exit.ORDERLY;
        if (isWaiting) {
            crowd.counts().messages++;
        }
        owe(size);
    }

    /// A random size: as many short ones as long ones of each order of magnitude.
    static int size(SplittableRandom random, int longest) {
        return (int) Math.exp(random.nextDouble() * Math.log(longest));
    }

    /// Connects.
    void come() throws IOException {
        start();
        if (exit == Exit.BEFORE_CONNECTED && isOpen()) {
            reset();
        }
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
    void refused() {
        if (isWaiting) {
            crowd().counts().messages--;
        }
    }

    @Override
    boolean isReading() {
        return true;
    }

    @Override
    boolean isExpecting() {
        return true;
    }

    @Override
    void step() throws IOException {
        if (isWaiting && isEven()) {
            isWaiting = false;
            crowd().counts().echoed++;
        }
        if (exit == Exit.ORDERLY) {
            endWhenSent();
        } else if (received() >= until) {
            reset();
        }
    }
}
