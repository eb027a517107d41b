package io.selectors4j.stress.load;

import java.io.IOException;
import java.util.SplittableRandom;

/// A client that connects, sends a message, and disconnects in one of several ways.
final class ShortLivedClient extends Client {

    /// The ways to disconnect.
    enum Exit {
        /// A reset before the connection is established.
        BEFORE_CONNECTED,
        /// A reset as soon as the connection is established.
        CONNECTED,
        /// A reset in the middle of the message.
        MID_MESSAGE,
        /// A reset after the whole message was echoed.
        ECHOED,
        /// A half-close while a long message is on the way. The whole message is echoed, and then the server closes the
        /// connection.
        ORDERLY
    }

    private static final int HOST = 3;
    private static final int SHORT = 2_000;
    private static final int LONG = 100_000;

    private final Exit exit;

    /// The number of echoed bytes after which the client resets the connection.
    private final long resetAfter;

    /// Whether the client waits for the echo of the whole message.
    private boolean expectsEcho;

    ShortLivedClient(ClientPool pool, Exit exit, SplittableRandom random) throws IOException {
        super(pool, HOST, Mode.LEVEL);
        this.exit = exit;
        long size = switch (exit) {
            case BEFORE_CONNECTED, CONNECTED -> 0;
            case MID_MESSAGE, ORDERLY -> size(random, LONG);
            case ECHOED -> size(random, SHORT);
        };
        resetAfter = exit == Exit.MID_MESSAGE ? random.nextLong(size) : size;
        expectsEcho = exit == Exit.ECHOED || exit == Exit.ORDERLY;
        if (expectsEcho) {
            pool.counts().messages++;
        }
        enqueue(size);
    }

    /// Returns a random size: each order of magnitude is equally probable.
    static int size(SplittableRandom random, int longest) {
        return (int) Math.exp(random.nextDouble() * Math.log(longest));
    }

    /// Connects, and for one way to disconnect resets at once.
    void connect() throws IOException {
        start();
        if (exit == Exit.BEFORE_CONNECTED && isOpen()) {
            reset();
        }
    }

    @Override
    void onRefused() {
        if (expectsEcho) {
            pool().counts().messages--;
        }
    }

    @Override
    boolean isReading() {
        return true;
    }

    @Override
    void step() throws IOException {
        if (expectsEcho && isFullyEchoed()) {
            expectsEcho = false;
            pool().counts().echoed++;
        }
        if (exit == Exit.ORDERLY) {
            shutdownWhenSent();
        } else if (received() >= resetAfter) {
            reset();
        }
    }
}
