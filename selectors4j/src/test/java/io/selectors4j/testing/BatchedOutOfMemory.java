package io.selectors4j.testing;

import io.selectors4j.Interest;
import io.selectors4j.IoUringSelector;
import io.selectors4j.Pollable;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.SocketFd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A program that runs with a small heap. Batched sockets transfer bytes while the heap is full. Little by little,
/// memory is freed, so that one allocation of a select after the other fails. Then all bytes have to arrive, and the
/// end of the data has to be reported.
public final class BatchedOutOfMemory {

    private static final int ROUNDS = 3;
    private static final int PIECES = 200;
    private static final int SMALL_PIECES = 100;
    private static final int TO_SOCKET = 20_000;
    private static final int TO_PEER = 10_000;
    private static final int LARGEST_BLOCK = 1 << 20;

    /// Fills the heap.
    private static volatile Object @Nullable [] filler;

    /// Are freed one by one while the heap is full.
    private static final @Nullable Object[] SPARE = new @Nullable Object[PIECES];

    private static final byte[] BYTES = new byte[TO_SOCKET];
    private static final ByteBuffer TARGET = ByteBuffer.allocate(TO_SOCKET);

    private static int failures;

    private BatchedOutOfMemory() {}

    /// Runs the program.
    public static void main(String[] args) throws IOException {
        new Random(1).nextBytes(BYTES);
        try (IoUringSelector<String> selector = IoUringSelector.open()) {
            for (int round = -2; round < ROUNDS; round++) { // the first rounds initialize classes
                try (ConnectedPair first = ConnectedPair.Kind.SOCKET_PAIR.open();
                        ConnectedPair second = ConnectedPair.Kind.SOCKET_PAIR.open()) {
                    run(selector, round, first, second);
                }
            }
        }
        System.out.println("failed selects: " + failures);
    }

    private static void run(IoUringSelector<String> selector, int round, ConnectedPair... pairs) throws IOException {
        for (ConnectedPair pair : pairs) {
            selector.batch((SocketFd) pair.reader());
            selector.register(pair.reader(), Interest.READ, "data");
        }
        selector.selectNow((_, _) -> {}); // the receives begin
        for (ConnectedPair pair : pairs) {
            write((Fd) pair.writer(), TO_SOCKET);
            write((Fd) pair.reader(), TO_PEER);
        }
        selectWithoutMemory(selector, round);
        for (ConnectedPair pair : pairs) {
            requireReceived(selector, (Fd) pair.reader());
            requireSent(selector, (Fd) pair.writer());
        }
        for (ConnectedPair pair : pairs) {
            ((SocketFd) pair.writer()).shutdownOutput();
        }
        selectWithoutMemory(selector, round);
        for (ConnectedPair pair : pairs) {
            requireReported(selector, (Fd) pair.reader());
            if (pair.reader().read(TARGET.clear()) != -1) {
                throw new AssertionError("not the end of the data");
            }
            selector.unregister(pair.reader());
        }
    }

    private static void write(Fd fd, int count) throws IOException {
        if (fd.write(ByteBuffer.wrap(BYTES, 0, count)) != count) {
            throw new AssertionError("no room for " + count + " bytes");
        }
    }

    /// Selects with more and more memory, until a select does not fail.
    private static void selectWithoutMemory(IoUringSelector<String> selector, int round) throws IOException {
        if (round < 0) {
            return;
        }
        fillTheHeap();
        boolean failed = true;
        for (int i = 0; i < PIECES && failed; i++) {
            try {
                selector.selectNow((_, _) -> {});
                failed = false;
            } catch (OutOfMemoryError e) {
                failures++;
            }
            SPARE[i] = null;
        }
        filler = null;
    }

    private static void fillTheHeap() {
        for (int i = 0; i < PIECES; i++) {
            SPARE[i] = new byte[i < SMALL_PIECES ? 8 : 1000];
        }
        for (int size = LARGEST_BLOCK; size >= 1; size /= 8) {
            try {
                while (true) {
                    filler = new Object[] {filler, new byte[size]};
                }
            } catch (OutOfMemoryError e) {
                // expected
            }
        }
    }

    private static void requireReported(IoUringSelector<String> selector, Fd socket) throws IOException {
        Set<Pollable> seen = new HashSet<>();
        selector.select(Expect.PATIENCE, (key, _) -> {
            if (!seen.add(key.fileobj())) {
                throw new AssertionError("twice in one select");
            }
        });
        if (!seen.contains(socket)) {
            throw new AssertionError("not reported");
        }
    }

    private static void requireReceived(IoUringSelector<String> selector, Fd socket) throws IOException {
        TARGET.clear();
        while (TARGET.hasRemaining()) {
            requireReported(selector, socket);
            socket.read(TARGET);
        }
        requireBytes("at the socket", TO_SOCKET);
    }

    private static void requireSent(IoUringSelector<String> selector, Fd peer) throws IOException {
        TARGET.clear();
        long start = System.nanoTime();
        while (TARGET.position() < TO_PEER) {
            selector.selectNow((_, _) -> {});
            peer.read(TARGET);
            if (System.nanoTime() - start > Expect.PATIENCE.toNanos()) {
                throw new AssertionError("at the peer: " + TARGET.position() + " bytes");
            }
        }
        requireBytes("at the peer", TO_PEER);
    }

    private static void requireBytes(String place, int count) {
        if (!TARGET.flip().equals(ByteBuffer.wrap(BYTES, 0, count))) {
            throw new AssertionError("other bytes " + place + ": " + TARGET);
        }
    }
}
