package io.selectors4j.stress.load;

import java.io.IOException;

/// A client that sends and does not read the echo. It sends either without end, until all buffers are full, or a number
/// of bytes before it half-closes the connection. Once released, it reads everything.
final class NeverReader extends Client {

    /// More bytes than all buffers hold.
    static final long UNLIMITED = Long.MAX_VALUE / 2;

    private static final int HOST = 4;

    private final long length;
    private boolean isAccepted;
    private boolean isReleased;

    NeverReader(ClientPool pool, long length) throws IOException {
        super(pool, HOST, Mode.LEVEL);
        useSmallBuffers();
        this.length = length;
        enqueue(1);
    }

    /// Cancels the unsent bytes, and begins to read.
    void release() throws IOException {
        cancelUnsent();
        isReleased = true;
        transfer(0);
    }

    /// Returns whether the first byte has been echoed. The client reads that byte, because it proves that the server
    /// has accepted the connection.
    boolean isAccepted() {
        return isAccepted;
    }

    @Override
    boolean isShortLived() {
        return false;
    }

    @Override
    boolean isReading() {
        return !isAccepted || isReleased;
    }

    @Override
    boolean expectsData() {
        return isReading();
    }

    @Override
    void step() throws IOException {
        if (isAccepted) {
            shutdownWhenSent();
        } else if (isFullyEchoed()) {
            isAccepted = true;
            enqueue(length);
        }
    }
}
