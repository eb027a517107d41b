package io.selectors4j.stress.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.IoUringSelector;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// A selector with batched sockets.
public final class BatchedSession implements AutoCloseable {

    /// The time after which the bytes that have not arrived count as lost.
    private static final long MAX_NANOS = 20_000_000_000L;

    final IoUringSelector<String> selector;

    final List<BatchedStream> streams = new ArrayList<>();

    /// Opens the selector.
    public BatchedSession() throws IOException {
        selector = IoUringSelector.open();
    }

    /// Adds a batched and registered socket.
    public BatchedStream add(ConnectedPair.Kind kind, int count, int writeSize) throws IOException {
        BatchedStream stream = new BatchedStream(kind, count, writeSize);
        streams.add(stream);
        selector.batch(stream.socket);
        selector.register(stream.socket, Interest.READ, "data");
        return stream;
    }

    /// Selects without waiting.
    public void selectNow() throws IOException {
        selector.selectNow((_, _) -> {});
    }

    /// An action between two selects.
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    /// Selects, with an action after each select, until a condition is true.
    void selectUntil(BooleanSupplier condition, Action action) throws IOException {
        repeatUntil(condition, () -> {
            selectNow();
            action.run();
        });
    }

    private static void repeatUntil(BooleanSupplier condition, Action action) throws IOException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start)
                    .as("the condition stays false")
                    .isLessThan(MAX_NANOS);
            action.run();
        }
    }

    /// Transfers until all streams are complete.
    public void transferAll() throws IOException {
        selectUntil(this::isComplete, this::transfer);
        streams.forEach(BatchedStream::requireRightBytes);
    }

    /// Transfers with the calls of the sockets alone, until all streams are complete.
    void transferAllWithoutSelect() throws IOException {
        repeatUntil(this::isComplete, this::transfer);
        streams.forEach(BatchedStream::requireRightBytes);
    }

    private boolean isComplete() {
        return streams.stream().allMatch(BatchedStream::isComplete);
    }

    /// Makes a call of each kind on each socket.
    public void transfer() throws IOException {
        for (BatchedStream stream : streams) {
            stream.transfer();
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        for (BatchedStream stream : streams) {
            stream.close();
        }
    }
}
