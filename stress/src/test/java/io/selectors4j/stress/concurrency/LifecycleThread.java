package io.selectors4j.stress.concurrency;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.PollableChannel;
import io.selectors4j.Selector;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/// The lifecycle of one registered object, from open to close.
final class LifecycleThread {

    private static final List<ConnectedPair.Kind> PAIR_KINDS =
            List.of(ConnectedPair.Kind.SOCKET_PAIR, ConnectedPair.Kind.PIPE, ConnectedPair.Kind.SOCKET_PAIR);
    private static final int STEPS = 4;
    private static final long POLL_INTERVAL_NANOS = 50_000;

    private final ConcurrentRun run;
    private final Selector<RegisteredPair> selector;
    private final Random random;

    LifecycleThread(ConcurrentRun run, Random random) {
        this.run = run;
        this.selector = run.selector;
        this.random = random;
    }

    void run() throws IOException {
        try (ConnectedPair connection =
                PAIR_KINDS.get(random.nextInt(PAIR_KINDS.size())).open()) {
            RegisteredPair pair = new RegisteredPair(run, connection, mode());
            PollableChannel reader = connection.reader();
            if (pair.mode().isOneShot() || random.nextBoolean()) {
                pair.write(1 + random.nextInt(3));
            }
            pair.enable();
            selector.register(reader, pair.mode(), pair);
            for (int steps = random.nextInt(STEPS); steps > 0; steps--) {
                step(pair, reader);
                run.recordProgress();
            }
            if (random.nextInt(4) > 0) {
                pair.awaitDispatch();
            }
            end(pair, connection);
        }
    }

    private Interest mode() {
        Interest mode = switch (random.nextInt(4)) {
            case 0 -> Interest.READ.oneShot();
            case 1 -> Interest.READ.edgeTriggered();
            default -> Interest.READ;
        };
        return run.backend.supports(mode) ? mode : Interest.READ;
    }

    private void step(RegisteredPair pair, PollableChannel reader) throws IOException {
        switch (random.nextInt(6)) {
            case 0 -> requestAgain(pair, reader);
            case 1 -> pause(pair, reader);
            case 2 -> reregister(pair, reader);
            case 3 -> run.wakeupAndWait();
            case 4 -> requireSame(selector.getKey(reader).data(), pair);
            default -> {
                var key = selector.getMap().get(reader);
                if (key != null || !run.isClosed()) {
                    requireSame(key == null ? null : key.data(), pair);
                }
            }
        }
    }

    /// Requests another event, or writes more tokens.
    private void requestAgain(RegisteredPair pair, PollableChannel reader) throws IOException {
        if (pair.mode().isOneShot()) {
            pair.awaitDispatch();
            pair.enable();
            selector.modify(reader, pair.mode(), pair);
        } else {
            pair.write(1 + random.nextInt(3));
            if (random.nextBoolean()) {
                pair.awaitDispatch();
            }
        }
    }

    private void pause(RegisteredPair pair, PollableChannel reader) throws IOException {
        selector.modify(reader, Interest.NONE, pair);
        pair.disable();
        if (pair.mode().isOneShot()) {
            run.wakeupAndWait(); // the dispatch may already have begun
            pair.resetRequests();
        } else {
            pair.write(1);
        }
        pauseBriefly();
        pair.enable();
        selector.modify(reader, pair.mode(), pair);
        if (random.nextBoolean()) {
            pair.awaitDispatch();
        }
    }

    private void reregister(RegisteredPair pair, PollableChannel reader) throws IOException {
        requireSame(selector.unregister(reader).data(), pair);
        pair.disable();
        if (pair.mode().isOneShot()) {
            run.wakeupAndWait();
            pair.resetRequests();
        }
        pauseBriefly();
        pair.enable();
        selector.register(reader, pair.mode(), pair);
    }

    private void end(RegisteredPair pair, ConnectedPair connection) throws IOException {
        PollableChannel reader = connection.reader();
        switch (random.nextInt(4)) {
            case 0 -> {
                requireSame(selector.unregister(reader).data(), pair);
                pair.disable();
            }
            case 1 -> {
                reader.close();
                pair.disable();
                requireSame(selector.unregister(reader).data(), pair);
            }
            case 2 -> {
                reader.close();
                pair.disable();
                if (connection.writer() instanceof SocketFd other) {
                    awaitEnd(other);
                }
            }
            default -> hangUp(pair, connection);
        }
        pauseBriefly();
    }

    /// Closes the peer. The selecting thread sees the end of stream and unregisters the reader.
    private void hangUp(RegisteredPair pair, ConnectedPair connection) throws IOException {
        connection.writer().close();
        if (!pair.mode().isOneShot()) {
            pair.awaitEnd();
        }
        try {
            selector.unregister(connection.reader());
        } catch (NotRegisteredException e) {
            // the selecting thread has unregistered it
        }
        pair.disable();
    }

    /// Waits until the peer sees the close. The kernel keeps the open file as long as a system call of the selecting
    /// thread waits on it.
    private void awaitEnd(SocketFd other) throws IOException {
        try {
            while (other.read(ByteBuffer.allocate(1)) == 0) {
                run.requireOpen();
                LockSupport.parkNanos(POLL_INTERVAL_NANOS);
            }
        } catch (NativeIOException e) {
            if (!e.errnoName().equals("ECONNRESET")) { // there were unread bytes
                throw e;
            }
        }
    }

    /// Gives forbidden events some time to occur.
    private void pauseBriefly() {
        for (int spins = random.nextInt(200); spins > 0; spins--) {
            Thread.onSpinWait();
        }
    }

    private static void requireSame(Object actual, RegisteredPair expected) {
        if (actual != expected) {
            throw new AssertionError(actual + " instead of " + expected);
        }
    }
}
