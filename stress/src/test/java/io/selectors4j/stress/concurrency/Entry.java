package io.selectors4j.stress.concurrency;

import io.selectors4j.Interest;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A link whose reader is registered: its owner writes tokens, numbered bytes, and the selecting thread takes them.
/// What is waited for once is not read, so that each time it is asked for anew it has to be delivered, once.
final class Entry {

    private static final int MANY = 64;

    private final Round round;
    private final ConnectedPair link;
    private final Interest mode;
    private final Thread owner = Thread.currentThread();
    private final ByteBuffer buffer = ByteBuffer.allocate(MANY);

    private int written;
    private volatile int armings;
    private volatile int received;
    private volatile int deliveries;
    private volatile boolean atEnd;

    /// The last moment at which it may be delivered.
    private volatile long last = Long.MAX_VALUE;

    Entry(Round round, ConnectedPair link, Interest mode) {
        this.round = round;
        this.link = link;
        this.mode = mode;
    }

    Interest mode() {
        return mode;
    }

    /// Is to be asked for from now on.
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void arm() {
        armings++;
        last = Long.MAX_VALUE;
    }

    /// Is not to be delivered any more; but a call of the handler that was about to be made is still made.
    void disarm() {
        last = Round.next(round.moment());
    }

    void write(int count) throws IOException {
        byte[] tokens = new byte[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = (byte) (written + i);
        }
        if (link.writer().write(ByteBuffer.wrap(tokens)) != count) {
            throw new AssertionError("no room for " + count + " bytes");
        }
        written += count;
    }

    /// Waits until what was written has arrived, since it was last asked for.
    void awaitDelivery() {
        if (mode.isOneShot()) {
            await(() -> deliveries == armings);
        } else {
            await(() -> received == written);
        }
    }

    void awaitEnd() {
        await(() -> atEnd);
    }

    /// It was not asked for any more before it was delivered, perhaps.
    void settle() {
        armings = deliveries;
    }

    private void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            round.requireOpen();
            LockSupport.park(this);
        }
    }

    /// Takes what is there. The selecting thread's.
    ///
    /// @return whether that was the end
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    boolean deliver(long moment) throws IOException {
        if (moment > last) {
            throw new AssertionError("delivered at " + moment + ", but not to be after " + last + ": " + this);
        }
        if (mode.isOneShot()) {
            deliveries++;
            if (deliveries > armings) {
                throw new AssertionError("delivered once too often: " + this);
            }
        } else {
            drain();
        }
        round.recordProgress();
        LockSupport.unpark(owner);
        return atEnd;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void drain() throws IOException {
        try {
            int count = link.reader().read(buffer.clear());
            if (count == 0 && !mode.isEdgeTriggered()) {
                throw new AssertionError("delivered, but there is nothing to read: " + this);
            }
            while (count > 0) {
                for (int i = 0; i < count; i++) {
                    if (buffer.get(i) != (byte) (received + i)) {
                        throw new AssertionError("token " + buffer.get(i) + " instead of " + (received + i));
                    }
                }
                received += count;
                round.received(count);
                count = link.reader().read(buffer.clear());
            }
            atEnd = count < 0;
        } catch (ClosedChannelException e) {
            // just now, by its owner
        }
    }

    @Override
    public String toString() {
        return mode + ", " + received + " of " + written + " tokens, delivered " + deliveries + " times, asked for "
                + armings + " times, " + link.reader();
    }
}
