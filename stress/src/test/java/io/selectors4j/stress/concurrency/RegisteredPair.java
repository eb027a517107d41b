package io.selectors4j.stress.concurrency;

import io.selectors4j.Interest;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A connected pair with a registered reader. Its owner writes tokens, which are numbered bytes, and the selecting
/// thread reads them. A one-shot pair is not read, so that each new request leads to exactly one dispatch.
final class RegisteredPair {

    private static final int BUFFER_SIZE = 64;

    private final ConcurrentRun run;
    private final ConnectedPair connection;
    private final Interest mode;
    private final Thread owner = Thread.currentThread();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE);

    private int written;
    private volatile int requests;
    private volatile int received;
    private volatile int dispatches;
    private volatile boolean atEnd;

    /// The last handler sequence at which a dispatch is allowed.
    private volatile long lastSequence = Long.MAX_VALUE;

    RegisteredPair(ConcurrentRun run, ConnectedPair connection, Interest mode) {
        this.run = run;
        this.connection = connection;
        this.mode = mode;
    }

    Interest mode() {
        return mode;
    }

    /// Allows dispatches from now on.
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void enable() {
        requests++;
        lastSequence = Long.MAX_VALUE;
    }

    /// Forbids dispatches from now on, except for one handler call that the selecting thread has already begun to
    /// dispatch.
    void disable() {
        lastSequence = ConcurrentRun.handlerCallAt(run.handlerSequence());
    }

    void write(int count) throws IOException {
        byte[] tokens = new byte[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = (byte) (written + i);
        }
        if (connection.writer().write(ByteBuffer.wrap(tokens)) != count) {
            throw new AssertionError("no room for " + count + " bytes");
        }
        written += count;
    }

    /// Waits until all written tokens have been received, or a one-shot request has been dispatched.
    void awaitDispatch() {
        if (mode.isOneShot()) {
            await(() -> dispatches == requests);
        } else {
            await(() -> received == written);
        }
    }

    void awaitEnd() {
        await(() -> atEnd);
    }

    /// Drops a request that was cancelled before its dispatch.
    void resetRequests() {
        requests = dispatches;
    }

    private void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            run.requireOpen();
            LockSupport.park(this);
        }
    }

    /// Reads the available tokens, on the selecting thread.
    ///
    /// @return whether the stream has ended
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    boolean dispatch(long handlerSequence) throws IOException {
        if (handlerSequence > lastSequence) {
            throw new AssertionError(
                    "dispatched at " + handlerSequence + ", but not allowed after " + lastSequence + ": " + this);
        }
        if (mode.isOneShot()) {
            dispatches++;
            if (dispatches > requests) {
                throw new AssertionError("dispatched without a request: " + this);
            }
        } else {
            drain();
        }
        run.recordProgress();
        LockSupport.unpark(owner);
        return atEnd;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void drain() throws IOException {
        try {
            int count = connection.reader().read(buffer.clear());
            if (count == 0 && !mode.isEdgeTriggered()) {
                throw new AssertionError("dispatched without readable bytes: " + this);
            }
            while (count > 0) {
                for (int i = 0; i < count; i++) {
                    if (buffer.get(i) != (byte) (received + i)) {
                        throw new AssertionError("token " + buffer.get(i) + " instead of " + (received + i));
                    }
                }
                received += count;
                run.received(count);
                count = connection.reader().read(buffer.clear());
            }
            atEnd = count < 0;
        } catch (ClosedChannelException e) {
            // its owner has closed it
        }
    }

    @Override
    public String toString() {
        return mode + ", " + received + " of " + written + " tokens, delivered " + dispatches + " times, asked for "
                + requests + " times, " + connection.reader();
    }
}
