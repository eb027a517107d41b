package io.selectors4j.stress.concurrency;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Selector;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/// What a thread does with one object, from its opening to its end.
final class LifecycleThread {

    private static final List<ConnectedPair.Kind> KINDS =
            List.of(ConnectedPair.Kind.SOCKET_PAIR, ConnectedPair.Kind.PIPE, ConnectedPair.Kind.SOCKET_PAIR);
    private static final int STEPS = 4;
    private static final long A_MOMENT = 50_000;

    private final Round round;
    private final Selector<Entry> selector;
    private final Random random;

    LifecycleThread(Round round, Random random) {
        this.round = round;
        this.selector = round.selector;
        this.random = random;
    }

    void run() throws IOException {
        try (ConnectedPair link = KINDS.get(random.nextInt(KINDS.size())).open()) {
            Entry entry = new Entry(round, link, mode());
            Fd reader = link.reader();
            if (entry.mode().isOneShot() || random.nextBoolean()) {
                entry.write(1 + random.nextInt(3));
            }
            entry.arm();
            selector.register(reader, entry.mode(), entry);
            for (int steps = random.nextInt(STEPS); steps > 0; steps--) {
                step(entry, reader);
                round.recordProgress();
            }
            if (random.nextInt(4) > 0) {
                entry.awaitDelivery();
            }
            end(entry, link);
        }
    }

    private Interest mode() {
        Interest mode = switch (random.nextInt(4)) {
            case 0 -> Interest.READ.oneShot();
            case 1 -> Interest.READ.edgeTriggered();
            default -> Interest.READ;
        };
        return round.subject.supports(mode) ? mode : Interest.READ;
    }

    private void step(Entry entry, Fd reader) throws IOException {
        switch (random.nextInt(6)) {
            case 0 -> again(entry, reader);
            case 1 -> pause(entry, reader);
            case 2 -> reregister(entry, reader);
            case 3 -> round.wakeupAndWait();
            case 4 -> requireSame(selector.getKey(reader).data(), entry);
            default -> {
                var key = selector.getMap().get(reader);
                if (key != null || !round.isClosed()) {
                    requireSame(key == null ? null : key.data(), entry);
                }
            }
        }
    }

    /// Something more is to be delivered.
    private void again(Entry entry, Fd reader) throws IOException {
        if (entry.mode().isOneShot()) {
            entry.awaitDelivery();
            entry.arm();
            selector.modify(reader, entry.mode(), entry);
        } else {
            entry.write(1 + random.nextInt(3));
            if (random.nextBoolean()) {
                entry.awaitDelivery();
            }
        }
    }

    private void pause(Entry entry, Fd reader) throws IOException {
        selector.modify(reader, Interest.NONE, entry);
        entry.disarm();
        if (entry.mode().isOneShot()) {
            round.wakeupAndWait(); // it may have been about to be delivered
            entry.settle();
        } else {
            entry.write(1);
        }
        linger();
        entry.arm();
        selector.modify(reader, entry.mode(), entry);
        if (random.nextBoolean()) {
            entry.awaitDelivery();
        }
    }

    private void reregister(Entry entry, Fd reader) throws IOException {
        requireSame(selector.unregister(reader).data(), entry);
        entry.disarm();
        if (entry.mode().isOneShot()) {
            round.wakeupAndWait();
            entry.settle();
        }
        linger();
        entry.arm();
        selector.register(reader, entry.mode(), entry);
    }

    private void end(Entry entry, ConnectedPair link) throws IOException {
        Fd reader = link.reader();
        switch (random.nextInt(4)) {
            case 0 -> {
                requireSame(selector.unregister(reader).data(), entry);
                entry.disarm();
            }
            case 1 -> {
                reader.close();
                entry.disarm();
                requireSame(selector.unregister(reader).data(), entry);
            }
            case 2 -> {
                reader.close();
                entry.disarm();
                if (link.writer() instanceof SocketFd other) {
                    awaitEnd(other);
                }
            }
            default -> hangUp(entry, link);
        }
        linger();
    }

    /// The other end closes: the selecting thread sees it, and unregisters the reader.
    private void hangUp(Entry entry, ConnectedPair link) throws IOException {
        link.writer().close();
        if (!entry.mode().isOneShot()) {
            entry.awaitEnd();
        }
        try {
            selector.unregister(link.reader());
        } catch (NotRegisteredException e) {
            // by the selecting thread
        }
        entry.disarm();
    }

    /// What is closed is closed for the other end too, also if the selecting thread sleeps and has handed it to the
    /// kernel, which keeps the open file as long as that waits.
    private void awaitEnd(SocketFd other) throws IOException {
        try {
            while (other.read(ByteBuffer.allocate(1)) == 0) {
                round.requireOpen();
                LockSupport.parkNanos(A_MOMENT);
            }
        } catch (NativeIOException e) {
            if (!e.errnoName().equals("ECONNRESET")) { // if something was not read
                throw e;
            }
        }
    }

    /// Gives what is not to happen some time to happen.
    private void linger() {
        for (int spins = random.nextInt(200); spins > 0; spins--) {
            Thread.onSpinWait();
        }
    }

    private static void requireSame(Object actual, Entry expected) {
        if (actual != expected) {
            throw new AssertionError(actual + " instead of " + expected);
        }
    }
}
