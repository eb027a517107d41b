package io.selectors4j.stress.load;

import java.io.IOException;

/// Sends, and does not read what comes back: without end, until nobody takes any more; or so many bytes, and then half-closes the connection.
/// Once it is released, it reads all of it.
final class NeverReader extends Client {

    /// More than anybody takes.
    static final long WITHOUT_END = Long.MAX_VALUE / 2;

    private static final int HOST = 4;

    private final long length;
    private boolean isAccepted;
    private boolean isReleased;

    NeverReader(ClientPool crowd, long length) throws IOException {
        super(crowd, HOST, Mode.LEVEL);
        keepBuffersSmall();
        this.length = length;
        owe(1);
    }

    /// Sends no more, and begins to read.
    void release() throws IOException {
        cancelRest();
        isReleased = true;
        goOn(0);
    }

    /// Whether its first byte is back, which it reads, to be sure that the server has it.
    boolean isAccepted() {
        return isAccepted;
    }

    @Override
    boolean isPassing() {
        return false;
    }

    @Override
    boolean mayBeRefused() {
        return true;
    }

    @Override
    boolean isReading() {
        return !isAccepted || isReleased;
    }

    @Override
    boolean isExpecting() {
        return isReading();
    }

    @Override
    void step() throws IOException {
        if (isAccepted) {
            endWhenSent();
        } else if (isEven()) {
            isAccepted = true;
            owe(length);
        }
    }
}
